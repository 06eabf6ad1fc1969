"""Copies of requests to a deployment whose answers go to nobody: what it makes of real requests is seen before it serves them."""

import asyncio
import random
from http import HTTPStatus

from flowyard.endpoints.gateway.backends import Ways
from flowyard.endpoints.gateway.finder import Finder
from flowyard.endpoints.gateway.loopback import request_head
from flowyard.endpoints.gateway.meters import GatewayMeters
from flowyard.endpoints.gateway.ports import DeploymentRoute, EndpointRoute
from flowyard.flows.serving.app import TOKEN_HEADER
from flowyard.foundation.errors import FlowyardError
from flowyard.tracing.recorder import LiveSpan, Recorder

#: Copies under way at a time, of all endpoints; one that would be more is not sent.
MOST_COPIES = 16

_WITHIN_S = 600.0


class Mirror:
    """Sends copies beside the requests themselves, which never wait for one. Belongs to one event loop."""

    def __init__(self, finder: Finder, ways: Ways, recorder: Recorder, meters: GatewayMeters) -> None:
        self._finder = finder
        self._ways = ways
        self._recorder = recorder
        self._under_way: set[asyncio.Task[None]] = set()
        self._meters = meters

    def offer(self, endpoint: EndpointRoute, headers: list[tuple[bytes, bytes]], body: bytes, live: LiveSpan) -> None:
        """Send a copy of a request to ``/score`` if the endpoint mirrors it; `live` is the span of the request itself."""
        for name, share in endpoint.mirror_traffic.items():
            if random.random() * 100 >= share:  # noqa: S311  # not a secret
                continue
            deployment = endpoint.deployments.get(name)
            if deployment is None or deployment.kind == "model" or not deployment.replicas or len(self._under_way) >= MOST_COPIES:
                self._count(endpoint, name, "dropped")
                continue
            task = asyncio.create_task(self._copy(endpoint, deployment, headers, body, live))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _copy(
        self, endpoint: EndpointRoute, deployment: DeploymentRoute, headers: list[tuple[bytes, bytes]], body: bytes, live: LiveSpan
    ) -> None:
        span = self._recorder.start(
            live.record.name,
            kind="http",
            parent=live.context,
            workspace_id=endpoint.workspace_id,
            endpoint=endpoint.name,
            deployment=deployment.name,
            flow=deployment.flow,
        )
        span.attributes["flowyard.mirror"] = True
        try:
            status = await self._send(endpoint, deployment, [(b"traceparent", span.context.traceparent().encode()), *headers], body)
        except FlowyardError as error:
            span.fail(str(error))
            span.set(error_type=error.code)
            self._count(endpoint, deployment.name, "failed")
        else:
            span.attributes["http.response.status_code"] = status
            if status >= HTTPStatus.BAD_REQUEST:
                span.fail(f"HTTP {status}")
                span.set(error_type=str(status))
            self._count(endpoint, deployment.name, "sent")
        finally:
            span.end()

    async def _send(self, endpoint: EndpointRoute, deployment: DeploymentRoute, headers: list[tuple[bytes, bytes]], body: bytes) -> int:
        balancer = self._ways.balancer
        replica = await balancer.admit(endpoint, deployment, self._finder.look(endpoint, deployment))
        try:
            sent = [(TOKEN_HEADER, replica.token.encode()), *headers]
            bound_ms = deployment.request.request_timeout_ms
            within_s = _WITHIN_S if bound_ms is None else bound_ms / 1000
            head = request_head("POST", "/score", replica.address, sent, len(body))
            answer = await self._ways.upstreams.loopback.send(replica.address, head, body, timeout_s=within_s)
            try:
                async for _ in answer.pieces():
                    pass
            finally:
                await answer.close()
            return answer.status
        finally:
            balancer.release(deployment, replica)

    def _count(self, endpoint: EndpointRoute, deployment: str, outcome: str) -> None:
        self._meters.mirrored[endpoint.workspace_id, endpoint.name, deployment, outcome] += 1
