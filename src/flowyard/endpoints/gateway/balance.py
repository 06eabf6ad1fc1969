"""Which deployment and which replica takes a request."""

import random
from collections import Counter

from flowyard.endpoints.errors import DeploymentUnknownError, NoTrafficError, ReplicaUnavailableError
from flowyard.endpoints.gateway.ports import DeploymentRoute, EndpointRoute, ReplicaRoute
from flowyard.foundation.errors import nearest

PIN_HEADER = b"azureml-model-deployment"


def choose_deployment(endpoint: EndpointRoute, pinned: str | None, *, draw: float | None = None) -> DeploymentRoute:
    """Return the pinned deployment, or one by the endpoint's traffic split.

    Args:
        endpoint: the endpoint.
        pinned: what the header says; None leaves it to the split.
        draw: a number in [0, 100), for tests; drawn at random otherwise.

    Raises:
        DeploymentUnknownError: the pinned one does not exist.
        NoTrafficError: the split is empty.
    """
    if pinned is not None:
        deployment = endpoint.deployments.get(pinned)
        if deployment is None:
            near = nearest(pinned, list(endpoint.deployments))
            raise DeploymentUnknownError(
                f"The endpoint {endpoint.name!r} has no deployment {pinned!r}.",
                remedy=f"Did you mean {near!r}?" if near else f"It has: {', '.join(endpoint.deployments) or 'none'}.",
            )
        return deployment
    if len(endpoint.traffic) == 1:
        name, share = next(iter(endpoint.traffic.items()))
        if share and name in endpoint.deployments:
            return endpoint.deployments[name]
    point = random.random() * 100 if draw is None else draw  # noqa: S311  # not a secret
    for name, share in endpoint.traffic.items():
        point -= share
        if point < 0 and name in endpoint.deployments:
            return endpoint.deployments[name]
    raise NoTrafficError(
        f"The endpoint {endpoint.name!r} sends no traffic to any deployment.",
        remedy=f"Run: flowyard endpoint update {endpoint.name} --traffic NAME=100, or name a deployment in azureml-model-deployment.",
    )


class Balancer:
    """Gives each request the replica with the fewest requests in flight, in turns among equals. Belongs to one event loop."""

    def __init__(self) -> None:
        self._in_flight: Counter[str] = Counter()
        self._turn = 0

    def acquire(self, endpoint: EndpointRoute, deployment: DeploymentRoute, *, avoid: ReplicaRoute | None = None) -> ReplicaRoute:
        """Return a replica; give it back with `release`. `avoid` is taken only when there is no other.

        Raises:
            ReplicaUnavailableError: there is none; the problem carries the deployment's own error.
        """
        replicas = deployment.replicas
        if not replicas:
            raise _none_ready(endpoint, deployment)
        if len(replicas) == 1:
            chosen = replicas[0]
        else:
            if avoid is not None:
                replicas = tuple(replica for replica in replicas if replica.name != avoid.name)
            self._turn += 1
            start = self._turn % len(replicas)
            chosen = min((*replicas[start:], *replicas[:start]), key=lambda replica: self._in_flight[replica.name])
        self._in_flight[chosen.name] += 1
        return chosen

    def active(self, replica: ReplicaRoute) -> int:
        """Return how many requests it is answering."""
        return self._in_flight.get(replica.name, 0)

    def release(self, replica: ReplicaRoute) -> None:
        """End a use."""
        left = self._in_flight[replica.name] - 1
        if left > 0:
            self._in_flight[replica.name] = left
        else:
            del self._in_flight[replica.name]


def _none_ready(endpoint: EndpointRoute, deployment: DeploymentRoute) -> ReplicaUnavailableError:
    cause = deployment.error or {}
    detail = f" {cause['detail']}" if cause.get("detail") else ""
    return ReplicaUnavailableError(
        f"The deployment {deployment.name!r} of endpoint {endpoint.name!r} has no replica that is ready.{detail}",
        remedy=cause.get("remedy") or f"See: flowyard endpoint logs {endpoint.name} --deployment {deployment.name}",
        extra={"deployment_error": cause} if cause else None,
    )
