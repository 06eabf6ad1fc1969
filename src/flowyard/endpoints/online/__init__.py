"""Online endpoints: deployments of flows and models as supervised replica processes, with traffic split among them."""
