"""``/metrics`` as raw ASGI, before the control plane."""

import asyncio
import logging
from collections.abc import Callable

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flowyard.foundation.errors import PROBLEM_JSON, FlowyardError, InvalidInputError
from flowyard.identity.errors import BadCredentialError, PermissionDeniedError
from flowyard.identity.model import Caller
from flowyard.identity.permissions import allowed
from flowyard.identity.sign_in import SignInService
from flowyard.monitoring.exposition import merged, of_workspace, render
from flowyard.monitoring.metrics import Reading, Readings
from flowyard.monitoring.service import Monitoring
from flowyard.server.errors import BodyTooLargeError, MethodNotAllowedError, UnexpectedError
from flowyard.server.problems import problem_body

logger = logging.getLogger(__name__)

_LIMIT = 64 * 1024 * 1024
_REMEDY = "Make one with: flowyard key create prometheus --role monitor, and send it as Authorization: Bearer <key>"
_decode = msgspec.json.Decoder(Readings).decode


class Scrapes:
    """Wraps the server's application and takes ``/metrics``.

    GET answers with what the server knows. POST is how the gateway passes a scrape on: its own readings are the body, as JSON, and are
    shown with the server's; nothing of them is kept.

    Args:
        app: gets all other requests.
        monitoring: reads how the installation is.
        sign_in: tells who a key is.
    """

    #: Tells what the server counted of its own requests.
    own: Callable[[], Readings] = staticmethod(dict[str, list[Reading]])

    def __init__(self, app: ASGIApp, monitoring: Monitoring, sign_in: SignInService) -> None:
        self._app = app
        self._monitoring = monitoring
        self._sign_in = sign_in
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or scope["path"] != "/metrics":
            await self._app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        try:
            page, content_type = await self._answer(scope["method"], headers, receive)
        except FlowyardError as error:
            await _refuse(send, error)
        except Exception:
            logger.exception("A scrape failed")
            await _refuse(send, UnexpectedError("The scrape failed; the server's log has the reason.", remedy="See logs/server.log."))
        else:
            await _send(send, 200, content_type, page)

    async def _answer(self, method: str, headers: dict[bytes, str], receive: Receive) -> tuple[bytes, str]:
        if method not in {"GET", "HEAD", "POST"}:
            raise MethodNotAllowedError(f"{method} is not served at /metrics.", remedy="Use GET.")
        caller = await asyncio.to_thread(self._caller, headers.get(b"authorization", ""))
        passed_on = _read(await _body(receive)) if method == "POST" else {}
        own = self.own()
        async with self._one_at_a_time:
            return await asyncio.to_thread(self._page, caller, [passed_on, own], headers.get(b"accept", ""))

    def _caller(self, authorization: str) -> Caller:
        """Return who scrapes.

        Raises:
            BadCredentialError: there is no key, or it does not work.
            PermissionDeniedError: it may not read metrics.
        """
        scheme, _, key = authorization.partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise BadCredentialError("/metrics needs a key.", remedy=_REMEDY)
        caller = self._sign_in.by_key(key.strip()).enter()
        if caller is None or not allowed(caller.role, "metrics:read"):
            raise PermissionDeniedError("This key may not read metrics.", remedy=_REMEDY)
        return caller

    def _page(self, caller: Caller, parts: list[Readings], accept: str) -> tuple[bytes, str]:
        found = merged([*parts, self._monitoring.read()])
        if not self._monitoring.sees_all(caller.workspace_id):
            found = of_workspace(found, caller.workspace_id)
        return render(found, accept)


def _read(body: bytes) -> Readings:
    try:
        return _decode(body)
    except msgspec.MsgspecError as error:
        raise InvalidInputError(f"The body is no readings: {error}.", remedy="Use GET; POST is for gateways.") from error


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message: Message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > _LIMIT:
            raise BodyTooLargeError(f"The body is larger than {_LIMIT // 1024 // 1024} MiB.", remedy="Use GET.")
        if not message.get("more_body", False):
            return b"".join(parts)


async def _refuse(send: Send, error: FlowyardError) -> None:
    more = ((b"www-authenticate", b'Bearer realm="flowyard"'),) if error.status == 401 else ()
    await _send(send, error.status, PROBLEM_JSON, problem_body(error, None), more)


async def _send(send: Send, status: int, content_type: str, body: bytes, more: tuple[tuple[bytes, bytes], ...] = ()) -> None:
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
