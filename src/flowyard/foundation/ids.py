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
    return "%032x" % (_random.getrandbits(128) or 1)


def new_span_id() -> str:
    """Return a span id: 16 lower-case hex digits, never all zero."""
    try:
        return _spare.pop()
    except IndexError:
        text = _random.randbytes(8 * _AT_ONCE).hex()
        _spare.extend(part for start in range(0, len(text), 16) if (part := text[start : start + 16]) != _ZERO)
        return new_span_id()


def new_secret(prefix: str) -> str:
    """Return ``<prefix>_<43 url-safe characters>``: 256 random bits."""
    import secrets  # brings OpenSSL, which no flow process needs for this

    return f"{prefix}_{secrets.token_urlsafe(32)}"


#: Trace and span ids are no secrets, and a flow makes four for a line: no system call for each, and span ids many at once.
_random = random.Random(os.urandom(32))  # noqa: S311
_AT_ONCE, _ZERO = 64, "0" * 16
_spare: list[str] = []


def _begin_anew() -> None:
    _random.seed(os.urandom(32))
    _spare.clear()


os.register_at_fork(after_in_child=_begin_anew)
