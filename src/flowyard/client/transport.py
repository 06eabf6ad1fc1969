"""HTTP to a Flowyard server: typed requests, problem details as errors, server-sent events."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import IO, Any, Protocol, TypeVar, cast
from urllib.parse import urlencode

import urllib3

from flowyard.client.errors import BadAnswerError, NoServerError
from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.errors import PROBLEM_JSON, FlowyardError, Problem, RemoteError
from flowyard.tracing.context import current

T = TypeVar("T")

_PART = 64 * 1024
_TIMEOUT = urllib3.Timeout(connect=5, read=120)


class Target(Protocol):
    """What a download is written to: an open file."""

    def write(self, data: bytes, /) -> object:
        """Take a piece."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSentEvent:
    """One event of a stream (WHATWG server-sent events)."""

    data: str
    event: str = "message"
    id: str | None = None


class Transport:
    """Requests to one server within one workspace.

    Paths that begin with ``/`` are taken from the server's root; all others are below
    ``/api/v1/workspaces/<workspace>/``. An empty `workspace` is the one that the key belongs to.
    """

    def __init__(self, url: str, api_key: str | None, workspace: str) -> None:
        self.url = url.rstrip("/")
        self._workspace = workspace
        self.api_key = api_key
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._pool = urllib3.PoolManager(retries=False, timeout=_TIMEOUT, maxsize=4)

    @property
    def workspace(self) -> str:
        """The workspace's name; asked of the server, once, when it is not known."""
        if not self._workspace:
            from flowyard.wire.identity import Me

            self._workspace = self.get("/api/v1/me", Me).workspaces[0].name
        return self._workspace

    def get(self, path: str, kind: type[T], *, params: Mapping[str, Any] | None = None) -> T:
        """GET `path` and decode the answer as `kind`. All methods raise RemoteError with what the server said, or NoServerError."""
        return decode(self.request("GET", path, params=params).data, kind)

    def post(
        self, path: str, kind: type[T], *, body: Any = None, params: Mapping[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> T:
        """POST `body` as JSON and decode the answer as `kind`."""
        return decode(self.request("POST", path, body=_json(body), params=params, headers=headers).data, kind)

    def put(self, path: str, kind: type[T], *, body: Any = None, headers: dict[str, str] | None = None) -> T:
        """PUT `body` as JSON and decode the answer as `kind`."""
        return decode(self.request("PUT", path, body=_json(body), headers=headers).data, kind)

    def patch(self, path: str, kind: type[T], *, body: Any = None) -> T:
        """PATCH with `body` as JSON and decode the answer as `kind`."""
        return decode(self.request("PATCH", path, body=_json(body)).data, kind)

    def delete(self, path: str, *, params: Mapping[str, Any] | None = None, headers: dict[str, str] | None = None) -> None:
        """DELETE `path`."""
        self.request("DELETE", path, params=params, headers=headers)

    def request(
        self,
        method: str,
        path: str,
        *,
        body: bytes | IO[bytes] | None = None,
        params: Mapping[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        stream: bool = False,
    ) -> urllib3.BaseHTTPResponse:
        """Send one request and return the answer when its status is below 400."""
        fields = _fields(params or {})
        trace = current()
        within = {} if trace is None else {"traceparent": trace.traceparent()}
        sent = {**self._headers, **within, **({"Content-Type": "application/json"} if body is not None else {}), **(headers or {})}
        try:
            answer = self._pool.request(
                method,
                self.address(path) + (f"?{_query(fields)}" if fields else ""),
                body=body,
                headers=sent,
                preload_content=not stream,
            )
        except urllib3.exceptions.HTTPError as error:
            raise NoServerError(
                f"The server at {self.url} does not answer: {_reason(error)}.", remedy="Start one with: flowyard up"
            ) from error
        if answer.status >= 400:
            raise _remote_error(answer)
        return answer

    def stream(
        self, path: str, *, method: str = "GET", body: Any = None, params: Mapping[str, Any] | None = None, last_event_id: str | None = None
    ) -> Iterator[ServerSentEvent]:
        """Yield server-sent events until the server ends the stream. Closing the iterator closes the connection."""
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last_event_id} if last_event_id else {})
        answer = self.request(method, path, body=_json(body), params=params, headers=headers, stream=True)
        try:
            yield from _events(answer)
        finally:
            answer.close()

    def download(self, path: str, target: Target, *, params: Mapping[str, Any] | None = None) -> None:
        """GET `path` and write the answer to `target`, piece by piece.

        Raises:
            NoServerError: the answer ended before its end; what `target` has is not whole.
        """
        answer = self.request("GET", path, params=params, stream=True)
        try:
            for part in answer.stream(_PART):
                target.write(part)
        except urllib3.exceptions.HTTPError as error:
            raise NoServerError(
                f"The answer of {self.url} broke off: {_reason(error)}.", remedy="What was written is not whole; do it again."
            ) from error
        finally:
            answer.close()

    def clock(self) -> Callable[[], float]:
        """Return a function that tells the server's time, seconds since 1970, by what it says now (to a second)."""
        told = self.request("GET", "/version").headers.get("Date")
        ahead = parsedate_to_datetime(told).timestamp() - time.time() if told else 0.0
        return lambda: time.time() + (ahead if abs(ahead) > 1 else 0.0)

    def address(self, path: str) -> str:
        """Return the whole URL of `path`."""
        return self.url + path if path.startswith("/") else f"{self.url}/api/v1/workspaces/{self.workspace}/{path}"


def _json(body: Any) -> bytes | None:
    return None if body is None else to_json(body)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fields(params: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return parameters as pairs: lists give several, None none."""
    pairs: list[tuple[str, str]] = []
    for key, value in params.items():
        values = cast("list[object]", value) if isinstance(value, list | tuple) else [value]
        pairs += ((key, _text(item)) for item in values if item is not None)
    return pairs


def _query(fields: list[tuple[str, str]]) -> str:
    return urlencode(fields)


def _reason(error: urllib3.exceptions.HTTPError) -> str:
    return type(error).__name__.removesuffix("Error")


def _remote_error(answer: urllib3.BaseHTTPResponse) -> FlowyardError:
    data = answer.data
    if PROBLEM_JSON in answer.headers.get("Content-Type", ""):
        return RemoteError(decode(data, Problem))
    text = data[:300].decode("utf-8", "replace")
    return BadAnswerError(f"HTTP {answer.status}: {text}", remedy="Is FLOWYARD_URL the address of a Flowyard server?")


def _events(answer: urllib3.BaseHTTPResponse) -> Iterator[ServerSentEvent]:
    event, identifier, data = "message", None, list[str]()
    for line in _lines(answer):
        if not line:
            if data:
                yield ServerSentEvent(data="\n".join(data), event=event, id=identifier)
            event, data = "message", []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            data.append(value)
        elif field == "event":
            event = value
        elif field == "id":
            identifier = value


def _lines(answer: urllib3.BaseHTTPResponse) -> Iterator[str]:
    rest = b""
    while chunk := answer.read1():
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.removesuffix(b"\r").decode("utf-8")
