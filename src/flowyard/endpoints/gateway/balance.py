"""Which deployment and which replica takes a request."""

import asyncio
import random
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from contextlib import suppress

from flowyard.endpoints.errors import DeploymentOverloadedError, DeploymentUnknownError, NoTrafficError, ReplicaUnavailableError
from flowyard.endpoints.gateway.ports import DeploymentRoute, EndpointRoute, ReplicaRoute
from flowyard.endpoints.online.model import replica_prefix
from flowyard.foundation.errors import nearest

PIN_HEADER = b"azureml-model-deployment"
#: Requests that wait for one deployment, at one gateway.
MOST_WAITING = 1000
#: Replicas that are gone are started again within seconds.
RETRY_AFTER_S = 5

# Azure ML's default of `max_queue_wait_ms`.
_QUEUE_WAIT_MS = 500
# How long a waiting request takes to see a replica that was added.
_LOOK_S = 0.1

#: Returns a deployment as it is now; None: it is gone.
Look = Callable[[], DeploymentRoute | None]


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


class _Load:
    """The requests of one deployment that are under way, waiting ones included, and their sum over time in seconds."""

    __slots__ = ("at", "count", "seconds")

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0
        self.at = time.monotonic()

    def change(self, by: int) -> None:
        now = time.monotonic()
        self.seconds += self.count * (now - self.at)
        self.at = now
        self.count += by


class Balancer:
    """Gives each request the replica with the fewest requests in flight, in turns among equals. Belongs to one event loop.

    Where a deployment bounds the requests of an instance, those over it wait here, first come, first served.
    """

    def __init__(self) -> None:
        self._in_flight: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Event]] = {}
        self._loads: dict[str, _Load] = {}
        self._turn = 0

    def acquire(self, endpoint: EndpointRoute, deployment: DeploymentRoute, *, avoid: ReplicaRoute | None = None) -> ReplicaRoute:
        """Return a replica whatever it has to do; give it back with `release`. `avoid` is taken only when there is no other.

        Raises:
            ReplicaUnavailableError: there is none; the problem carries the deployment's own error.
        """
        if not deployment.replicas:
            raise _none_ready(endpoint, deployment)
        self._load(deployment.id).change(1)
        return self._take(self._least(deployment, avoid))

    async def admit(
        self, endpoint: EndpointRoute, deployment: DeploymentRoute, look: Look, *, avoid: ReplicaRoute | None = None
    ) -> ReplicaRoute:
        """Return a replica that has room for a request, waiting for one; give it back with `release`.

        Args:
            endpoint: the endpoint.
            deployment: the deployment.
            look: returns the deployment as it is now: replicas come and go while requests wait.
            avoid: the replica that lost the request just now; it is taken only when there is no other, and the request waits in front.

        Raises:
            ReplicaUnavailableError: there is no replica.
            DeploymentOverloadedError: none had room in time, or too many requests wait.
        """
        most = deployment.request.max_concurrent_requests_per_instance
        if most is None or not deployment.replicas:
            return self.acquire(endpoint, deployment, avoid=avoid)
        queue = self._waiting.setdefault(deployment.id, deque())
        if not queue and self._has_room(replica := self._least(deployment, avoid), most):
            self._load(deployment.id).change(1)
            return self._take(replica)
        if len(queue) >= MOST_WAITING:
            raise _overloaded(deployment, "queue_full", len(queue))
        turn = asyncio.Event()
        queue.append(turn) if avoid is None else queue.appendleft(turn)
        load = self._load(deployment.id)
        load.change(1)
        try:
            return await self._wait(endpoint, deployment, look, turn, avoid)
        except BaseException:
            load.change(-1)
            raise
        finally:
            queue.remove(turn)
            self._wake(deployment)

    def known(self) -> Iterable[str]:
        """Return the ids of the deployments that requests have gone to."""
        return self._loads.keys()

    def open_s(self, deployment_id: str) -> float:
        """Return the sum over time of the requests to a deployment that were under way, waiting ones included, in seconds."""
        load = self._load(deployment_id)
        load.change(0)
        return load.seconds

    def replicas_of(self, deployment_id: str) -> dict[str, int]:
        """Return how many requests each replica of a deployment is answering, those included that get no more."""
        prefix = replica_prefix(deployment_id)
        return {name: count for name, count in self._in_flight.items() if name.startswith(prefix)}

    def waiting(self, deployment_id: str) -> int:
        """Return how many requests wait for a replica of a deployment."""
        return len(self._waiting.get(deployment_id, ()))

    def active(self, replica: ReplicaRoute) -> int:
        """Return how many requests it is answering."""
        return self._in_flight.get(replica.name, 0)

    def release(self, deployment: DeploymentRoute, replica: ReplicaRoute) -> None:
        """End a use."""
        self._load(deployment.id).change(-1)
        left = self._in_flight[replica.name] - 1
        if left > 0:
            self._in_flight[replica.name] = left
        else:
            del self._in_flight[replica.name]
        if self._waiting:
            self._wake(deployment)

    async def _wait(
        self, endpoint: EndpointRoute, deployment: DeploymentRoute, look: Look, turn: asyncio.Event, avoid: ReplicaRoute | None
    ) -> ReplicaRoute:
        now = asyncio.get_running_loop().time
        bound = deployment.request.max_queue_wait_ms
        until = now() + (_QUEUE_WAIT_MS if bound is None else bound) / 1000
        queue = self._waiting[deployment.id]
        while True:
            if queue[0] is turn:
                deployment = look() or deployment
                most = deployment.request.max_concurrent_requests_per_instance
                if deployment.replicas and self._has_room(replica := self._least(deployment, avoid), most):
                    return self._take(replica)
            left = until - now()
            if left <= 0:
                break
            turn.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, _LOOK_S)):
                    await turn.wait()
        if not deployment.replicas:
            raise _none_ready(endpoint, deployment)
        raise _overloaded(deployment, "queue_wait", len(queue))

    def _wake(self, deployment: DeploymentRoute) -> None:
        queue = self._waiting.get(deployment.id)
        if queue:
            queue[0].set()
        elif queue is not None:
            del self._waiting[deployment.id]

    def _least(self, deployment: DeploymentRoute, avoid: ReplicaRoute | None) -> ReplicaRoute:
        replicas = deployment.replicas
        if len(replicas) == 1:
            return replicas[0]
        if avoid is not None:
            replicas = tuple(replica for replica in replicas if replica.name != avoid.name)
        self._turn += 1
        start = self._turn % len(replicas)
        return min((*replicas[start:], *replicas[:start]), key=lambda replica: self._in_flight[replica.name])

    def _load(self, deployment_id: str) -> _Load:
        load = self._loads.get(deployment_id)
        if load is None:
            load = self._loads[deployment_id] = _Load()
        return load

    def _has_room(self, replica: ReplicaRoute, most: int | None) -> bool:
        return most is None or self._in_flight[replica.name] < most

    def _take(self, replica: ReplicaRoute) -> ReplicaRoute:
        self._in_flight[replica.name] += 1
        return replica


def _overloaded(deployment: DeploymentRoute, reason: str, waiting: int) -> DeploymentOverloadedError:
    bounds = deployment.request
    each = bounds.max_concurrent_requests_per_instance
    what = f"{len(deployment.replicas)} instance(s) of {deployment.name!r} answer {each} request(s) each at a time, and {waiting} wait"
    if reason == "queue_full":
        why = f"{what}: no more can."
    else:
        wait_ms = _QUEUE_WAIT_MS if bounds.max_queue_wait_ms is None else bounds.max_queue_wait_ms
        why = f"{what}; this one waited the {wait_ms} ms of max_queue_wait_ms."
    return DeploymentOverloadedError(
        why,
        remedy="Try again in a moment; raise instance_count, max_concurrent_requests_per_instance or max_queue_wait_ms.",
        extra={"reason": reason, "waiting": waiting, "retry_after_s": 1},
    )


def _none_ready(endpoint: EndpointRoute, deployment: DeploymentRoute) -> ReplicaUnavailableError:
    cause = deployment.error or {}
    detail = f" {cause['detail']}" if cause.get("detail") else ""
    return ReplicaUnavailableError(
        f"The deployment {deployment.name!r} of endpoint {endpoint.name!r} has no replica that is ready.{detail}",
        remedy=cause.get("remedy") or f"See: flowyard endpoint logs {endpoint.name} --deployment {deployment.name}",
        extra={"retry_after_s": RETRY_AFTER_S, **({"deployment_error": cause} if cause else {})},
    )
