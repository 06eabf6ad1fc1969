"""Requests that come whole in one packet and are known at sight: read here, without the parser and its calls back.

A server spends most of its time on what it must be ready for: bodies that trickle, requests that follow at once, clients that want more
than an answer. Whatever looks unusual goes the general way. An application that can answer some requests by a call, done before the next
one is looked at, has a method `direct` and names their path, `direct_path`.
"""

import re
from asyncio import Event
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from flowyard.compute.connections import BoundedProtocol
from flowyard.compute.one_write import whole_answer

Direct = Callable[[Mapping[bytes, bytes], bytes], bytes | None]
"""Takes the headers of a ``POST`` to `direct_path` (names in lower case) and its body; returns the bytes of the answer (`whole_answer`).

None: the request has to go the general way, and nothing has been done for it.
"""

#: Longer heads are unusual.
_LONGEST = 4096
_DIGITS = 12
_END = b"\r\n\r\n"
#: Paths that mean what they say: nothing in them is encoded, and no query follows.
_LINE = re.compile(rb"POST (?P<path>/[\w.~/-]*) HTTP/1\.1\r\n")
_HEADERS = re.compile(rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~]*\r\n)+")
#: They ask for more than an answer.
_UNUSUAL = frozenset({b"transfer-encoding", b"expect", b"upgrade"})


class Head(NamedTuple):
    """The head of a ``POST``: its path, its headers (names in lower case), and how long its body is."""

    path: bytes
    headers: Mapping[bytes, bytes]
    length: int


class WholeProtocol(BoundedProtocol):
    """The server's protocol, which reads requests that came whole by itself."""

    def data_received(self, data: bytes) -> None:
        """Begin a request that came whole; leave all else to the parser."""
        end = data.find(_END, 0, _LONGEST) + 2 if self.between() else 0
        head = self.head_of(data[:end]) if end > 1 else None
        if head is None or len(data) - end - 2 != head.length:
            super().data_received(data)
            return
        self._unset_keepalive_if_required()
        self.begin(head, data[end + 2 :])

    def head_of(self, data: bytes) -> Head | None:
        """Return what `read_head` does. Clients send the same head again and again: some are kept."""
        return _kept_head(data)

    def begin(self, head: Head, body: bytes) -> None:
        """Give a request to the application."""
        self.on_message_begin()
        self.waits_since = None
        scope: Any = self.scope
        scope |= {"method": "POST", "path": head.path.decode(), "raw_path": head.path, "query_string": b""}
        scope["headers"] = list(head.headers.items())
        self.cycle = cycle = RequestResponseCycle(
            scope=scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=Event(),
            expect_100_continue=False,
            keep_alive=True,
            on_response=self.on_response_complete,
        )
        cycle.body += body
        cycle.more_body = False
        cycle.message_event.set()
        protocol: Any = self  # whose application may be of many kinds
        protocol._start_asgi_task(cycle, protocol.app)


class DirectProtocol(WholeProtocol):
    """The server's protocol for an application that has a method `direct`."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        app: Any = self.config.app
        self._direct: Direct = app.direct
        self._path: bytes = app.direct_path

    def head_of(self, data: bytes) -> Head | None:
        """Return what `read_head` does. A gateway sends no head again: each has its trace's id."""
        return read_head(data)

    def begin(self, head: Head, body: bytes) -> None:
        """Answer a request, where the application does."""
        answer = self._answered(head.headers, body) if head.path == self._path else None
        if answer is None:
            super().begin(head, body)
        else:
            self.waits_since = None
            self.gathering.write_now(self.with_defaults(answer))

    def _answered(self, headers: Mapping[bytes, bytes], body: bytes) -> bytes | None:
        try:
            return self._direct(headers, body)
        except Exception:
            self.logger.exception("Exception in the application")
            return whole_answer(500, [(b"content-type", b"text/plain; charset=utf-8")], b"Internal Server Error")


def read_head(data: bytes) -> Head | None:
    """Return the head of a plain ``POST``, which ends with its last header's line; None: it is something else."""
    line = _LINE.match(data)
    headers = plain_headers(data, line.end(), len(data)) if line is not None else None
    if line is None or headers is None:
        return None
    told = headers.get(b"content-length", b"")
    if not told.isdigit() or len(told) > _DIGITS or headers.get(b"connection", b"keep-alive").lower() != b"keep-alive":
        return None
    return Head(line["path"], headers, int(told))


def plain_headers(data: bytes, begin: int, end: int) -> dict[bytes, bytes] | None:
    """Return the headers that stand in `data`, each with its line's end, names in lower case.

    None: they are not written plainly, one comes again, or one asks for more than a message.
    """
    if _HEADERS.fullmatch(data, begin, end) is None:
        return None
    headers: dict[bytes, bytes] = {}
    for pair in data[begin : end - 2].split(b"\r\n"):
        name, _, value = pair.partition(b":")
        name = name.lower()
        if name in headers or name in _UNUSUAL:
            return None
        headers[name] = value.strip()
    return headers


_kept_head = lru_cache(maxsize=256)(read_head)
