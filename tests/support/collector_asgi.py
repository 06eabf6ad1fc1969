"""The collector as its server calls it, without a server."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from flowyard.identity.model import Membership, Principal, WorkspaceRecord
from flowyard.server.collector.app import Collector
from flowyard.tracing.otlp.spools import Backlog, OtlpSpools

T = TypeVar("T")


class AnyKey:
    """Takes every key for one that may send to the workspace ``w1``."""

    def by_key_hash(self, key_hash: str) -> Principal:
        """Return who has it."""
        del key_hash
        workspace = WorkspaceRecord(id="w1", name="w1", display_name="w1", created_ns=1)
        return Principal(id="k", name="k", kind="key", memberships=(Membership(workspace=workspace, role="invoker"),))


class CollectorApp:
    """A collector over spools in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.spools = OtlpSpools(folder)
        self._app = Collector(self._none, AnyKey(), self.spools, lambda _: Backlog(0, 0, 0))
        self._loop = asyncio.new_event_loop()

    async def _none(self, scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError(f"{scope['path']} is no path of OTLP")

    def post(self, name: str, *parts: bytes, **headers: str) -> tuple[int, bytes]:
        """Send a request in `parts` and return the status and the body of the answer."""
        return self.run(self.send(name, *parts, **headers))

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        """Run something on the loop."""
        return self._loop.run_until_complete(what)

    async def send(self, name: str, *parts: bytes, **headers: str) -> tuple[int, bytes]:
        """Do what `post` does, on the loop."""
        told = {"authorization": "Bearer k", "content_type": "application/x-protobuf", **headers}
        sent = [(key.replace("_", "-").encode(), value.encode("latin-1")) for key, value in told.items()]
        waiting = [{"type": "http.request", "body": part, "more_body": True} for part in parts] + [{"type": "http.request", "body": b""}]
        answered: list[Any] = []

        async def receive() -> Any:
            return waiting.pop(0)

        async def answer(message: Any) -> None:
            answered.append(message)

        await self._app({"type": "http", "method": "POST", "path": f"/v1/{name}", "headers": sent}, receive, answer)
        return answered[0]["status"], answered[1]["body"]

    def close(self) -> None:
        """Write what waits, and end."""
        self.spools.close()
        self._loop.close()
