"""Ids: UUIDv7 (RFC 9562) for what we name, W3C Trace Context ids for spans, random secrets."""

import os
import random
import time


def new_id() -> str:
    """Return a UUIDv7: text, 36 characters, sorted by its time in milliseconds."""
    raw = (time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10)
    value = int.from_bytes(raw, "big")
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def new_trace_id() -> str:
    """Return a trace id: 32 lower-case hex digits, never all zero."""
    try:
        return _spare_traces.pop()
    except IndexError:
        return _taken(_spare_traces, 16)


def new_span_id() -> str:
    """Return a span id: 16 lower-case hex digits, never all zero."""
    try:
        return _spare.pop()
    except IndexError:
        return _taken(_spare, 8)


def _taken(spare: list[str], size: int) -> str:
    """Make some ids of so many bytes, keep them in `spare`, and return one more."""
    text, digits = _random.randbytes(size * _AT_ONCE).hex(), 2 * size
    made = [part for start in range(0, len(text), digits) if (part := text[start : start + digits]).strip("0")]
    first = made.pop()
    spare += made
    return first


def new_secret(prefix: str) -> str:
    """Return ``<prefix>_<43 url-safe characters>``: 256 random bits."""
    import secrets  # brings OpenSSL, which no flow process needs for this

    return f"{prefix}_{secrets.token_urlsafe(32)}"


#: Trace and span ids are no secrets, and a flow makes four for a line: no system call for each, and many at once.
_random = random.Random(os.urandom(32))  # noqa: S311
_AT_ONCE = 64
_spare: list[str] = []
_spare_traces: list[str] = []


def _begin_anew() -> None:
    _random.seed(os.urandom(32))
    _spare.clear()
    _spare_traces.clear()


os.register_at_fork(after_in_child=_begin_anew)
