"""The data plane: the gateway before every request, and online endpoints with their deployments and replicas."""
