"""The outermost layer: request ids, security headers, limits of bodies, and an answer and a log line for every unexpected error."""

import logging
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flowyard.foundation.errors import PROBLEM_JSON, FlowyardError
from flowyard.foundation.ids import new_id
from flowyard.server.errors import BodyTooLargeError, UnexpectedError
from flowyard.server.problems import problem_body

logger = logging.getLogger(__name__)

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

MAX_BODY_BYTES = 16 * 1024 * 1024
#: Addresses that take more, by the last part of their path.
#: A file of a datastore and a part of an upload (``content``) have limits of their own in their routes.
LARGER_BODIES = {"snapshots": 512 * 1024 * 1024, "data": 512 * 1024 * 1024, "content": 5 * 1024**3}
# A client that is still sending when the answer comes may never read it, so what is too large is read and dropped, up to here.
_DRAIN_BYTES = 64 * 1024 * 1024


class Frame:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else new_id()
        scope.setdefault("state", {})["request_id"] = request_id
        body = _Body(receive, LARGER_BODIES.get(scope["path"].rpartition("/")[2], MAX_BODY_BYTES))
        answer = _Answer(send, request_id, body, api=scope["path"].startswith("/api/"))
        declared = headers.get("content-length", "0")
        if declared.isdecimal() and int(declared) > body.limit:
            await answer.too_large()
            return
        try:
            await self._app(scope, body.receive, answer.send)
        except Exception:
            # The caller learns nothing of what is inside; the log has it all under the request's id.
            logger.exception("request %s failed: %s %s", request_id, scope["method"], scope["path"])
            if answer.started:
                raise
            await answer.fail()


class _TooLargeError(Exception):
    """Ends the reading of a body; the answer is made by `_Answer`."""


class _Body:
    """One request's body on its way in."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._seen = 0
        self._ended = False
        self.limit = limit

    @property
    def exceeded(self) -> bool:
        """Whether more came than the address takes."""
        return self._seen > self.limit

    async def receive(self) -> Message:
        """Pass a message on, or raise when there were too many bytes."""
        message = await self._next()
        if self.exceeded:
            raise _TooLargeError
        return message

    async def drain(self) -> None:
        """Read and drop what is still coming."""
        start = self._seen
        while not self._ended and self._seen - start < _DRAIN_BYTES:
            await self._next()

    async def _next(self) -> Message:
        message = await self._receive()
        self._ended = message["type"] != "http.request" or not message.get("more_body", False)
        self._seen += len(message.get("body", b""))
        return message


class _Answer:
    """One answer on its way out."""

    def __init__(self, send: Send, request_id: str, body: _Body, *, api: bool) -> None:
        self._send = send
        self._request_id = request_id
        self._body = body
        self._api = api
        self._replaced = False
        self.started = False

    async def send(self, message: Message) -> None:
        """Pass a message on; the first one gets the headers. When the body was too large, say that instead."""
        if self._replaced:
            return
        if message["type"] == "http.response.start":
            if self._body.exceeded:
                self._replaced = True
                await self.too_large()
                return
            self._decorate(MutableHeaders(scope=message))
            self.started = True
        await self._send(message)

    async def too_large(self) -> None:
        """Answer a body that is too large."""
        await self._body.drain()
        mebibytes = self._body.limit // 1024 // 1024
        await self._problem(BodyTooLargeError(f"The body is larger than {mebibytes} MiB.", remedy="Send less at once."))

    async def fail(self) -> None:
        """Answer an unexpected error."""
        message = f"The server failed; its log has the reason under {self._request_id}."
        await self._problem(
            UnexpectedError(message, remedy="Try again; if it stays, look into the log (logs/server.log in the home folder).")
        )

    async def _problem(self, error: FlowyardError) -> None:
        body = problem_body(error, f"urn:uuid:{self._request_id}")
        start: Message = {
            "type": "http.response.start",
            "status": error.status,
            "headers": [(b"content-type", PROBLEM_JSON.encode()), (b"content-length", str(len(body)).encode())],
        }
        self._decorate(MutableHeaders(scope=start))
        self.started = True
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})

    def _decorate(self, headers: MutableHeaders) -> None:
        for name, value in SECURITY_HEADERS.items():
            headers.setdefault(name, value)
        headers["x-request-id"] = self._request_id
        if self._api:
            headers.setdefault("cache-control", "no-store")
