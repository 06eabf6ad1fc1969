"""Endpoint routes in few words."""

from typing import Any

from flowyard.endpoints.gateway.ports import DeploymentRoute, EndpointRoute, ReplicaRoute


def endpoint(traffic: dict[str, int], *deployments: DeploymentRoute, name: str = "support") -> EndpointRoute:
    found = {item.name: item for item in deployments}
    return EndpointRoute(id=f"id-{name}", workspace_id="w1", name=name, traffic=traffic, deployments=found)


def deployment(name: str, *addresses: str, model: str | None = None, token: str | None = None, **fields: Any) -> DeploymentRoute:
    replicas = tuple(
        ReplicaRoute(name=f"{name}/{i}", address=address, token=token or f"token-{name}") for i, address in enumerate(addresses)
    )
    return DeploymentRoute(id=name, name=name, kind="model" if model else "flow", model=model, replicas=replicas, **fields)
