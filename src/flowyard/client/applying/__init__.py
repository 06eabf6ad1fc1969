"""Azure ML's YAML files of endpoints and deployments, applied: made, changed, or left as they are."""

from flowyard.client.applying.apply import Applied, apply

__all__ = ["Applied", "apply"]
