"""The collector as raw ASGI: OTLP/HTTP on ``/v1/traces``, ``/v1/logs`` and ``/v1/metrics``."""

import asyncio
import logging
import re
import time
from collections.abc import Callable
from typing import Any, Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import FlowyardError
from flowyard.identity.errors import BadCredentialError, PermissionDeniedError
from flowyard.identity.model import Principal
from flowyard.identity.permissions import allowed
from flowyard.identity.secrets import secret_hash
from flowyard.server.collector.bodies import GoneError, Room, UnsupportedError, read_body, unpacked
from flowyard.tracing.otlp.bounds import check_size
from flowyard.tracing.otlp.decode import SERVICES, count_unfit, message_type, parse, parse_json
from flowyard.tracing.otlp.spools import Backlog, BusyError, OtlpSpools

logger = logging.getLogger(__name__)

_PATH = re.compile(r"/(?:otlp/)?v1/(traces|logs|metrics)")
_PROTOBUF, _JSON = "application/x-protobuf", "application/json"
#: A key's owner is asked for again after so many seconds.
KNOWN_S = 1.0
#: More than this in the spools, not read yet, is too much: workspaces that have more than their share of it wait, so that what is
#: acknowledged shows before long.
BACKLOG_BYTES = 512 * 1024 * 1024
_RETRY_AFTER = b"1"
# What is larger, packed or not, is read on a thread, one after the other: reading takes many times its size.
_SMALL_PACKED, _SMALL = 16 * 1024, 256 * 1024
_SENDERS = 10_000


class SignIn(Protocol):
    """Tells who a key is."""

    def by_key_hash(self, key_hash: str) -> Principal:
        """Return who has the key of this SHA-256; raises `BadCredentialError`."""
        ...


class Collector:
    """Wraps the server's application and takes the paths of OTLP.

    Args:
        app: gets all other requests.
        sign_in: tells who a key is.
        spools: where requests go.
        backlog: tells what of a workspace nobody has read yet.
    """

    def __init__(self, app: ASGIApp, sign_in: SignIn, spools: OtlpSpools, backlog: Callable[[str], Backlog]) -> None:
        self._app = app
        self._sign_in = sign_in
        self._spools = spools
        self._backlog = backlog
        self._senders: dict[str, tuple[str, float]] = {}
        self._room = Room()
        self._one = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        found = _PATH.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        form = headers.get(b"content-type", "").partition(";")[0].strip().lower()
        try:
            if scope["method"] != "POST":
                raise _NotPostedError("OTLP is sent with POST.", remedy="Point an exporter of OTLP/HTTP here.")
            answer = await self._take(found[1], headers, form, receive)
        except GoneError:
            return
        except FlowyardError as error:
            await _refuse(send, error, form)
            return
        await _answer(send, 200, answer, form)

    async def _take(self, name: str, headers: dict[bytes, str], form: str, receive: Receive) -> bytes:
        workspace_id = await self._sender(headers)
        if form not in {_PROTOBUF, _JSON}:
            raise UnsupportedError(f"The Content-Type is {form[:100]!r}.", remedy=f"Send {_PROTOBUF} or {_JSON}.")
        encoding = headers.get(b"content-encoding", "identity").strip().lower()
        with self._room.claim() as claim:
            payload, unfit = await self._understood(name, form, encoding, await read_body(receive, claim))
        if self._backlog(workspace_id).is_over(BACKLOG_BYTES):
            raise BusyError("More has come in than was read yet.", remedy="Send the request again in a second.")
        await self._spools.put(workspace_id, SERVICES[name][0], payload)
        return _accepted(name, unfit, form)

    async def _understood(self, name: str, form: str, encoding: str, body: bytes) -> tuple[bytes, int]:
        """Return a request as protobuf, and how many of its spans have no valid ids."""
        if len(body) <= _SMALL_PACKED or (encoding == "identity" and len(body) <= _SMALL):
            body = unpacked(body, encoding)
            if len(body) <= _SMALL:
                return _checked(name, form, body)
            encoding = "identity"
        async with self._one:
            return await asyncio.to_thread(lambda: _checked(name, form, unpacked(body, encoding)))

    async def _sender(self, headers: dict[bytes, str]) -> str:
        """Return the workspace of whoever sends.

        Raises:
            BadCredentialError: there is no key, or it does not work.
            PermissionDeniedError: it may not send telemetry.
        """
        scheme, _, secret = headers.get(b"authorization", "").partition(" ")
        secret = secret.strip() if scheme.lower() == "bearer" else headers.get(b"api-key", "") or headers.get(b"x-api-key", "")
        if not secret:
            raise BadCredentialError(
                "The request has no key.",
                remedy="Set OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20<key>; flowyard key create makes one",
            )
        digest = secret_hash(secret)
        known = self._senders.get(digest)
        if known is not None and known[1] > time.monotonic():
            return known[0]
        principal = await asyncio.to_thread(self._sign_in.by_key_hash, digest)
        caller = principal.enter()
        if caller is None or not allowed(caller.role, "telemetry:write"):
            raise PermissionDeniedError("This key may not send telemetry.", remedy="Make one with the role invoker or contributor.")
        if len(self._senders) >= _SENDERS:
            self._senders.clear()
        self._senders[digest] = (caller.workspace_id, time.monotonic() + KNOWN_S)
        return caller.workspace_id


class _NotPostedError(FlowyardError):
    """Another method than POST."""

    code = "MethodNotAllowed"
    title = "OTLP is sent with POST"
    status = 405


def _checked(name: str, form: str, body: bytes) -> tuple[bytes, int]:
    check_size(name, body, json=form == _JSON)
    request = parse(name, body) if form == _PROTOBUF else parse_json(name, body)
    return body if form == _PROTOBUF else request.SerializeToString(), count_unfit(name, request)


def _accepted(name: str, refused: int, form: str) -> bytes:
    if not refused:
        return b"" if form == _PROTOBUF else b"{}"
    answer = message_type(name, answer=True)()
    answer.partial_success.rejected_spans = refused
    answer.partial_success.error_message = f"{refused} spans have no valid trace or span id and were not kept."
    return _written(answer, form)


def _written(message: Any, form: str) -> bytes:
    if form != _JSON:
        return message.SerializeToString()
    from google.protobuf import json_format

    return json_format.MessageToJson(message, indent=None).encode()


async def _refuse(send: Send, error: FlowyardError, form: str) -> None:
    """Answer as the protocol says: a ``google.rpc.Status`` in the form that came."""
    problem = error.problem()
    text = f"{problem.detail} {problem.remedy or ''}".strip()
    body = _status(text) if form != _JSON else b'{"message":%s}' % _quoted(text)
    more = ((b"retry-after", _RETRY_AFTER),) if error.status in {429, 503} else ()
    await _answer(send, error.status, body, form, more)


def _status(text: str) -> bytes:
    """Return a ``google.rpc.Status`` with `text` as its message: field 2, a text."""
    data = text.encode()
    length, sizes = len(data), bytearray()
    while length > 0x7F:
        sizes.append((length & 0x7F) | 0x80)
        length >>= 7
    return b"\x12" + bytes(sizes) + bytes([length]) + data


def _quoted(text: str) -> bytes:
    return to_json(text)


async def _answer(send: Send, status: int, body: bytes, form: str, more: tuple[tuple[bytes, bytes], ...] = ()) -> None:
    kind = _JSON if form == _JSON else _PROTOBUF
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode()), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
