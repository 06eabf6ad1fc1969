"""Environments: the packages that a flow asks for, installed once for each set and shared by whatever runs the flow."""

from flowyard.flows.environments.resolve import environment_for, other_python
from flowyard.flows.environments.store import Environment, list_environments, prune_environments, remove_environment

__all__ = ["Environment", "environment_for", "list_environments", "other_python", "prune_environments", "remove_environment"]
