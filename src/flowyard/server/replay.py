"""Keeps the answer of a request that came with an ``Idempotency-Key``, and gives it again."""

from dataclasses import dataclass

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flowyard.identity.idempotency import Idempotency

_STATE = "idempotency"


class ReplayedAnswer(Exception):  # noqa: N818 - it is an answer, not an error
    """Leaves a route early with the answer that its request got the first time."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


@dataclass(frozen=True, slots=True)
class _Recording:
    idempotency: Idempotency
    workspace_id: str
    key: str


def begin_recording(scope: Scope, idempotency: Idempotency, workspace_id: str, key: str) -> None:
    """Have the answer of this request kept under `key`."""
    scope.setdefault("state", {})[_STATE] = _Recording(idempotency, workspace_id, key)


def on_replayed_answer(request: Request, error: Exception) -> Response:
    """Give the kept answer."""
    del request
    if not isinstance(error, ReplayedAnswer):
        raise TypeError(type(error).__name__)
    return Response(error.body, status_code=error.status, media_type="application/json", headers={"Idempotent-Replayed": "true"})


class ReplayMiddleware:
    """Collects the answer's body when `begin_recording` was called during the request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        status = 500
        body = bytearray()

        async def collect(message: Message) -> None:
            nonlocal status
            recording: _Recording | None = scope.get("state", {}).get(_STATE)
            if recording is not None and message["type"] == "http.response.start":
                status = message["status"]
            elif recording is not None and message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    # Before the answer leaves: who has seen it can rely on getting it again.
                    await _finish(recording, status, body.decode())
            await send(message)

        try:
            await self._app(scope, receive, collect)
        except BaseException:
            recording = scope.get("state", {}).get(_STATE)
            if recording is not None:
                await _finish(recording, 500, "")
            raise


async def _finish(recording: _Recording, status: int, body: str) -> None:
    await run_in_threadpool(recording.idempotency.finish, recording.workspace_id, recording.key, status, body)
