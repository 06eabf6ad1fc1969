"""Time: UTC, integer nanoseconds inside, RFC 3339 outside."""

import time
from datetime import UTC, datetime

NANOSECONDS = 1_000_000_000
HOUR_NS = 3600 * NANOSECONDS
DAY_NS = 24 * HOUR_NS


def now_ns() -> int:
    """Return nanoseconds since 1970-01-01T00:00:00Z."""
    return time.time_ns()


def to_rfc3339(ns: int) -> str:
    """Write `ns` (UTC nanoseconds) as RFC 3339 with microseconds, for instance ``2026-11-23T04:05:06.789000Z``."""
    seconds, rest = divmod(ns, NANOSECONDS)
    moment = datetime.fromtimestamp(seconds, UTC)
    return f"{moment.isoformat()[:19]}.{rest // 1000:06d}Z"


def from_rfc3339(text: str) -> int:
    """Read an RFC 3339 time with an offset into UTC nanoseconds.

    Raises:
        ValueError: `text` is no RFC 3339 time, or has no offset.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset; write it as 2026-11-23T04:05:06Z")
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * NANOSECONDS + moment.microsecond * 1000
