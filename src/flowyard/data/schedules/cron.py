"""Times of a cron expression (POSIX crontab: minute, hour, day of month, month, day of week), in UTC."""

import calendar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flowyard.foundation.clock import NANOSECONDS
from flowyard.foundation.errors import InvalidInputError, Location

_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day of month", 1, 31), ("month", 1, 12), ("day of week", 0, 7))
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_DAYS = {name: number for number, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
_NAMES: dict[str, dict[str, int]] = {"month": _MONTHS, "day of week": _DAYS}
_LONGEST = 200
#: A day that an expression names comes within so many years (29 February), or never.
_YEARS = 9


@dataclass(frozen=True, slots=True)
class Cron:
    """The times of an expression. A day fits when it is in both fields; where both are limited, when it is in one (as crontab has it)."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either: bool

    def after(self, ns: int) -> int:
        """Return the first time after `ns` (both UTC nanoseconds).

        Raises:
            InvalidInputError: there is none, such as on 30 February.
        """
        moment = datetime.fromtimestamp(ns // NANOSECONDS, UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
        last = moment.year + _YEARS
        while moment.year < last:
            if moment.month not in self.months or not self._on(moment):
                moment = (moment + timedelta(days=1)).replace(hour=0, minute=0)
            elif moment.hour not in self.hours:
                moment = (moment + timedelta(hours=1)).replace(minute=0)
            elif moment.minute not in self.minutes:
                moment += timedelta(minutes=1)
            else:
                return int(moment.timestamp()) * NANOSECONDS
        raise InvalidInputError("The schedule names a day that never comes.", location=Location(pointer="/cron"))

    def _on(self, moment: datetime) -> bool:
        in_month, in_week = moment.day in self.days, (moment.weekday() + 1) % 7 in self.weekdays
        return in_month or in_week if self.either else in_month and in_week


def parse_cron(text: str) -> Cron:
    """Read an expression of five fields: numbers, names (``mon``, ``jan``), ``*``, ranges, lists and steps.

    Raises:
        InvalidInputError: it is none; the message says which field.
    """
    fields = text.split()
    if len(fields) != len(_FIELDS) or len(text) > _LONGEST:
        raise InvalidInputError(
            f"{text[:_LONGEST]!r} is no schedule: it has {len(fields)} fields of 5.",
            remedy='Write minute, hour, day of month, month, day of week, such as "0 6 * * *": every day at six, UTC.',
            location=Location(pointer="/cron"),
        )
    minutes, hours, days, months, weekdays = (_field(field, *about) for field, about in zip(fields, _FIELDS, strict=True))
    found = Cron(minutes, hours, days, months, frozenset(day % 7 for day in weekdays), "*" not in (fields[2][0], fields[4][0]))
    found.after(0)
    return found


def _field(text: str, name: str, low: int, high: int) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        start = low if span == "*" else _number(first, name, low, high)
        end = _number(last, name, low, high) if dash else high if span == "*" or step else start
        every = _number(step, name, 1, high) if step else 1
        if start > end or ("/" in part and not step):
            raise _wrong(part, name, low, high)
        found |= set(range(start, end + 1, every))
    return frozenset(found)


def _number(text: str, name: str, low: int, high: int) -> int:
    number = _NAMES.get(name, {}).get(text.lower())
    if number is None:
        if not (text.isascii() and text.isdecimal() and low <= int(text) <= high):
            raise _wrong(text, name, low, high)
        number = int(text)
    return number


def _wrong(text: str, name: str, low: int, high: int) -> InvalidInputError:
    return InvalidInputError(
        f"{text[:50]!r} is no {name} of a schedule.",
        remedy=f"Write numbers from {low} to {high}, *, ranges (1-5), lists (1,15) and steps (*/15).",
        location=Location(pointer="/cron"),
    )
