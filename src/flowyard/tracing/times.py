"""Times as callers write them: a moment of RFC 3339, or how long ago."""

import re

from flowyard.foundation.clock import from_rfc3339, now_ns
from flowyard.foundation.errors import InvalidInputError, Location

_AGO = re.compile(r"(?P<count>\d{1,6})(?P<unit>s|m|h|d|w)")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}


def read_time(name: str, value: str | None) -> int | None:
    """Return a time in UTC nanoseconds; None for None.

    Args:
        name: the parameter, for the message.
        value: ``2026-11-23T04:05:06Z``, or how long ago: ``30s``, ``15m``, ``2h``, ``7d``, ``4w``.

    Raises:
        InvalidInputError: it is neither.
    """
    if value is None:
        return None
    ago = _AGO.fullmatch(value)
    if ago is not None:
        return now_ns() - int(ago["count"]) * _UNITS[ago["unit"]] * 10**9
    try:
        return from_rfc3339(value)
    except (ValueError, OverflowError) as error:
        raise InvalidInputError(
            f"{name} is {value!r}, expected a time of RFC 3339, or how long ago: {error}.",
            remedy="Write it as 2026-11-23T04:05:06Z, or as 2h or 7d.",
            location=Location(pointer=f"/query/{name}"),
        ) from error
