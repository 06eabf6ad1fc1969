"""Requests that are answered by a call: whole in one packet, known at sight, and done before the next one is looked at.

A server spends most of its time on what it must be ready for: bodies that trickle, answers that stream, clients that leave. An application
that can answer some requests at once says so by its method `direct`; all others, and whatever looks unusual, go the general way.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from flowyard.compute.connections import HEAD_BYTES, BoundedProtocol

Direct = Callable[[Mapping[bytes, bytes], bytes], bytes | None]
"""Takes the headers of a ``POST /score`` (names in lower case) and its body; returns the bytes of the answer (`whole_answer`).

None: the request has to go the general way, and nothing has been done for it.
"""

_LINE = b"POST /score HTTP/1.1\r\n"
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

    def data_received(self, data: bytes) -> None:
        """Answer a request that came whole, where the application does."""
        request = whole_request(data) if self.between() else None
        answer = self._answered(*request) if request is not None else None
        if answer is None:
            super().data_received(data)
            return
        self._unset_keepalive_if_required()
        self.waits_since = None
        self.gathering.write_now(answer)

    def _answered(self, headers: Mapping[bytes, bytes], body: bytes) -> bytes | None:
        try:
            return self._direct(headers, body)
        except Exception:
            self.logger.exception("Exception in the application")
            return whole_answer(500, [(b"content-type", b"text/plain; charset=utf-8")], b"Internal Server Error")


def whole_request(data: bytes) -> tuple[dict[bytes, bytes], bytes] | None:
    """Return headers and body of a ``POST /score`` that `data` is, from its first byte to its last; None: it is something else."""
    if not data.startswith(_LINE):
        return None
    end = data.find(_END, 0, HEAD_BYTES)
    if end < 0 or _HEADERS.fullmatch(data, len(_LINE), end + 2) is None:
        return None
    headers: dict[bytes, bytes] = {}
    for line in data[len(_LINE) : end].split(b"\r\n"):
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
