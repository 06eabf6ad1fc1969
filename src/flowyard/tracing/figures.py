"""Figures over telemetry: what is asked, by whom it is answered, and the answer as the API shows it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, get_args

from flowyard.foundation.clock import DAY_NS, HOUR_NS, now_ns, to_rfc3339
from flowyard.foundation.errors import InvalidInputError, Location, nearest
from flowyard.identity.model import Caller
from flowyard.tracing.comparing import compared
from flowyard.tracing.guarding import Guards, seen_search
from flowyard.tracing.questions import Question, Value, cut
from flowyard.tracing.search.model import SCORE
from flowyard.tracing.search.parse import parse_search
from flowyard.tracing.times import read_time
from flowyard.wire.telemetry import Column, Conversation, Figures, Grain, GroupField, Measure, Subject, TelemetryUser

#: Grains by their length in nanoseconds.
GRAINS: dict[Grain, int] = {
    "minute": HOUR_NS // 60,
    "5m": HOUR_NS // 12,
    "15m": HOUR_NS // 4,
    "hour": HOUR_NS,
    "6h": 6 * HOUR_NS,
    "day": DAY_NS,
    "week": 7 * DAY_NS,
}
_BUCKETS, _MOST_BUCKETS, _MOST_GROUPS = 60, 2000, 3
_CURRENCY = "USD"
_FIELDS: tuple[str, ...] = get_args(GroupField)
_UNITS = {"duration": "ms", "first_token": "ms", "cost": "micros", "error_rate": "share"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Sums over the traces of a session or a user; `id` is its."""

    id: str
    others: tuple[str, ...]
    traces: int
    errors: int
    prompt_tokens: int
    completion_tokens: int
    cost_micros: int | None
    currency: str
    first_ns: int
    last_ns: int


class FigureQueries(Protocol):
    """Answers over one workspace's spans, each of which counts once."""

    def figures(self, workspace_id: str, question: Question) -> tuple[list[tuple[Value, ...]], str]:
        """Return rows (bucket's start in nanoseconds where there is a grain, groups, measures) and the currency of their costs.

        With a limit, the groups with the greatest first measure over the whole period come, one more than `limit` where there are more.
        """
        ...

    def tallies(self, workspace_id: str, by: str, since_ns: int, until_ns: int, limit: int) -> list[Tally]:
        """Return sums by ``session`` or ``user``, the latest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as it came over HTTP. `compare_from` and `compare_to` are the period to compare with; without, the one before."""

    of: Subject = "calls"
    group_by: Sequence[str] = ()
    measure: Sequence[Measure] = ("count",)
    grain: Grain = "none"
    q: str | None = None
    since: str | None = None
    until: str | None = None
    compare: bool = False
    compare_from: str | None = None
    compare_to: str | None = None
    limit: int = 100


class FigureService:
    """Answers what the usage page, the command line and later monitors ask, within the caller's workspace."""

    def __init__(self, queries: FigureQueries, guards: Guards) -> None:
        self._queries = queries
        self._guards = guards

    def ask(self, caller: Caller, asked: Asked) -> Figures:
        """Return the figures.

        Raises:
            InvalidInputError: the period, the search or the grain does not fit.
        """
        since, until = _period(asked.since, asked.until)
        grain = _grain(asked.grain, until - since)
        if len(asked.group_by) > _MOST_GROUPS:
            raise InvalidInputError(f"There are {len(asked.group_by)} groupings.", remedy=f"Use at most {_MOST_GROUPS}.")
        groups = tuple(dict.fromkeys(_grouping(name) for name in asked.group_by))
        search = parse_search(asked.q) if asked.q else None
        measures: tuple[Measure, ...] = tuple(dict.fromkeys(asked.measure)) or ("count",)
        question = Question(
            subject=asked.of,
            group_by=groups,
            measures=measures,
            since_ns=since,
            until_ns=until,
            grain_ns=GRAINS.get(grain),
            search=seen_search(self._guards, caller, search, told=any(name.startswith(SCORE) for name in groups)),
            limit=asked.limit,
        )
        period = _compared_period(asked, since, until)
        currency = _CURRENCY

        def ask(one: Question) -> list[tuple[Value, ...]]:
            nonlocal currency
            rows, currency = self._queries.figures(caller.workspace_id, one)
            return rows

        if period is None:
            rows, truncated = cut(ask(question), question)
            previous = None
        else:
            rows, previous, truncated = compared(ask, question, replace(question, since_ns=period[0], until_ns=period[1]))
        grain_ns = question.grain_ns
        # The first bucket of the one period is laid over the first of the other.
        later = 0 if period is None or grain_ns is None else (since // grain_ns - period[0] // grain_ns) * grain_ns
        return Figures(
            columns=_columns(question),
            rows=tuple(_row(row, grain_ns is not None, 0) for row in rows),
            previous=None if previous is None else tuple(_row(row, grain_ns is not None, later) for row in previous),
            since=to_rfc3339(since),
            until=to_rfc3339(until),
            previous_since=None if period is None else to_rfc3339(period[0]),
            previous_until=None if period is None else to_rfc3339(period[1]),
            grain=grain,
            currency=currency,
            truncated=truncated,
        )

    def sessions(self, caller: Caller, *, since: str | None, until: str | None, limit: int) -> tuple[Conversation, ...]:
        """Return the sessions, the one with the latest trace first.

        Raises:
            InvalidInputError: the period cannot be read.
        """
        found = self._queries.tallies(caller.workspace_id, "session", *_period(since, until), limit)
        return tuple(
            Conversation(
                session_id=tally.id,
                users=tally.others,
                traces=tally.traces,
                errors=tally.errors,
                prompt_tokens=tally.prompt_tokens,
                completion_tokens=tally.completion_tokens,
                cost_micros=None if tally.cost_micros is None else str(tally.cost_micros),
                currency=tally.currency,
                first_at=to_rfc3339(tally.first_ns),
                last_at=to_rfc3339(tally.last_ns),
            )
            for tally in found
        )

    def users(self, caller: Caller, *, since: str | None, until: str | None, limit: int) -> tuple[TelemetryUser, ...]:
        """Return the users of the applications, the one with the latest trace first.

        Raises:
            InvalidInputError: the period cannot be read.
        """
        found = self._queries.tallies(caller.workspace_id, "user", *_period(since, until), limit)
        return tuple(
            TelemetryUser(
                user_id=tally.id,
                sessions=len(tally.others),
                traces=tally.traces,
                errors=tally.errors,
                prompt_tokens=tally.prompt_tokens,
                completion_tokens=tally.completion_tokens,
                cost_micros=None if tally.cost_micros is None else str(tally.cost_micros),
                currency=tally.currency,
                first_at=to_rfc3339(tally.first_ns),
                last_at=to_rfc3339(tally.last_ns),
            )
            for tally in found
        )


def _period(since: str | None, until: str | None) -> tuple[int, int]:
    """Return the period, by default the last 24 hours."""
    end = read_time("until", until) or now_ns()
    start = read_time("since", since)
    start = end - DAY_NS if start is None else start
    if start >= end:
        raise InvalidInputError(
            "The period ends before it begins.", remedy="Give since before until.", location=Location(pointer="/query/since")
        )
    return start, end


def _grain(wanted: Grain, length_ns: int) -> Grain:
    if wanted == "none":
        return wanted
    if wanted == "auto":
        for name, grain_ns in GRAINS.items():
            if length_ns / grain_ns <= _BUCKETS:
                return name
        return "week"
    if length_ns / GRAINS[wanted] > _MOST_BUCKETS:
        raise InvalidInputError(
            f"The period has more than {_MOST_BUCKETS} times {wanted}.",
            remedy="Choose a coarser grain, or auto.",
            location=Location(pointer="/query/grain"),
        )
    return wanted


def _compared_period(asked: Asked, since: int, until: int) -> tuple[int, int] | None:
    """Return the period to compare with; None where none is wanted."""
    start, end = read_time("compare_from", asked.compare_from), read_time("compare_to", asked.compare_to)
    if start is None and end is None:
        return (since - (until - since), since) if asked.compare else None
    if start is None:
        raise InvalidInputError(
            "The period to compare with has an end and no beginning.",
            remedy="Give compare_from too.",
            location=Location(pointer="/query/compare_from"),
        )
    end = start + (until - since) if end is None else end
    if start >= end:
        raise InvalidInputError(
            "The period to compare with ends before it begins.",
            remedy="Give compare_from before compare_to.",
            location=Location(pointer="/query/compare_from"),
        )
    _grain(asked.grain, end - start)
    return start, end


def _grouping(name: str) -> str:
    if name in _FIELDS or (name.startswith(SCORE) and len(name) > len(SCORE)):
        return name
    like = nearest(name, set(_FIELDS))
    raise InvalidInputError(
        f"There is no field {name!r}.",
        remedy=f"Did you mean {like}?" if like else f"There are: {', '.join(_FIELDS)}, {SCORE}NAME.",
        location=Location(pointer="/query/group_by"),
    )


def _columns(question: Question) -> tuple[Column, ...]:
    time = (Column(name="time", type="time"),) if question.grain_ns is not None else ()
    groups = (Column(name=name, type="text") for name in question.group_by)
    return (*time, *groups, *(_measured(name) for name in question.measures))


def _measured(name: Measure) -> Column:
    unit = next((unit for start, unit in _UNITS.items() if name.startswith(start)), None)
    return Column(name=name, type="number" if unit in {"ms", "share"} else "integer", unit=unit)


def _row(row: tuple[Value, ...], series: bool, later_ns: int) -> tuple[Value, ...]:
    return (to_rfc3339(int(row[0] or 0) + later_ns), *row[1:]) if series else row


MEASURES: tuple[Measure, ...] = get_args(Measure)
