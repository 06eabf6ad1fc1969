"""Requests that are answered by a call: whole in one packet, known at sight, and done before the next one is looked at.

A server spends most of its time on what it must be ready for: bodies that trickle, answers that stream, clients that leave. An application
that can answer some requests at once has a method `direct` and names their path, `direct_path`; all others, and whatever looks unusual, go
the general way.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from flowyard.compute.connections import HEAD_BYTES, BoundedProtocol

Direct = Callable[[Mapping[bytes, bytes], bytes], bytes | None]
"""Takes the headers of a ``POST`` to `direct_path` (names in lower case) and its body; returns the bytes of the answer (`whole_answer`).

None: the request has to go the general way, and nothing has been done for it.
"""

_END = b"\r\n\r\n"
_HEADERS = re.compile(rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~]*\r\n)+")
#: They ask for more than an answer.
_UNUSUAL = frozenset({b"transfer-encoding", b"expect", b"connection", b"upgrade"})


class DirectProtocol(BoundedProtocol):
    """The server's protocol for an application that has a method `direct`."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        app: Any = self.config.app
        self._direct: Direct = app.direct
        self._line = request_line(app.direct_path)
        self._defaults: list[tuple[bytes, bytes]] = []
        self._told = b""

    def data_received(self, data: bytes) -> None:
        """Answer a request that came whole, where the application does."""
        request = whole_request(data, self._line) if self.between() else None
        answer = self._answered(*request) if request is not None else None
        if answer is None:
            super().data_received(data)
            return
        self._unset_keepalive_if_required()
        self.waits_since = None
        self.gathering.write_now(self._with_defaults(answer))

    def _with_defaults(self, answer: bytes) -> bytes:
        """Return an answer with the headers that the server adds to all, the date among them."""
        defaults = self.server_state.default_headers
        if defaults is not self._defaults:
            self._defaults, self._told = defaults, b"".join(b"%b: %b\r\n" % pair for pair in defaults)
        begin = answer.index(b"\n") + 1
        return b"%b%b%b" % (answer[:begin], self._told, answer[begin:])

    def _answered(self, headers: Mapping[bytes, bytes], body: bytes) -> bytes | None:
        try:
            return self._direct(headers, body)
        except Exception:
            self.logger.exception("Exception in the application")
            return whole_answer(500, [(b"content-type", b"text/plain; charset=utf-8")], b"Internal Server Error")


def request_line(path: bytes) -> bytes:
    """Return how a ``POST`` to a path begins."""
    return b"POST %s HTTP/1.1\r\n" % path


def whole_request(data: bytes, begin: bytes) -> tuple[dict[bytes, bytes], bytes] | None:
    """Return headers and body of a plain request that begins with `begin` and is all of `data`; None: it is something else."""
    if not data.startswith(begin):
        return None
    end = data.find(_END, 0, HEAD_BYTES)
    if end < 0 or _HEADERS.fullmatch(data, len(begin), end + 2) is None:
        return None
    headers: dict[bytes, bytes] = {}
    for line in data[len(begin) : end].split(b"\r\n"):
        name, _, value = line.partition(b":")
        name = name.lower()
        if name in headers or name in _UNUSUAL:
            return None
        headers[name] = value.strip()
    told, body = headers.get(b"content-length", b""), data[end + len(_END) :]
    return (headers, body) if told.isdigit() and int(told) == len(body) else None


def whole_answer(status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> bytes:
    """Return an answer as it goes over the wire."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    parts = [b"HTTP/1.1 %d %s\r\ncontent-length: %d\r\n" % (status, phrase.encode(), len(body))]
    for name, value in headers:
        parts += (name, b": ", value, b"\r\n")
    parts += (b"\r\n", body)
    return b"".join(parts)
