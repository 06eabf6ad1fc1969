"""Scores of traces and spans: given, read, taken back. They are telemetry: appended, and the latest counts."""

import math
import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.foundation.ids import new_id
from flowyard.identity.model import Caller
from flowyard.tracing.errors import ScoreNotFoundError
from flowyard.tracing.guarding import Guards, withhold_score
from flowyard.tracing.signals import COMMENT_LIMIT, LABEL_LIMIT, Score, ScoreSource, is_score_name
from flowyard.wire.scores import Score as WireScore
from flowyard.wire.scores import ScoreWrite

_TRACE = re.compile(r"[0-9a-f]{32}")
_SPAN = re.compile(r"[0-9a-f]{16}")


class ScoreSink(Protocol):
    """Takes scores. `tracing.spool.SpoolSink` is one."""

    def emit_score(self, score: Score) -> None:
        """Take one score; it is durable when `flush` returns."""
        ...

    def flush(self) -> None:
        """Return when everything emitted so far is durable.

        Raises:
            SpoolWriteError: the disk refuses.
        """
        ...


class ScoreQueries(Protocol):
    """Reads one workspace's scores."""

    def scores_of(self, workspace_id: str, trace_ids: Sequence[str]) -> list[Score]:
        """Return every score of these traces, replaced and withdrawn ones among them, the earliest first."""
        ...

    def score(self, workspace_id: str, score_id: str) -> Score | None:
        """Return one score, or None."""
        ...


class ScoreService:
    """Gives, lists and withdraws scores, within the caller's workspace."""

    def __init__(self, sink: ScoreSink, queries: ScoreQueries, guards: Guards) -> None:
        self._sink = sink
        self._queries = queries
        self._guards = guards

    def give(self, caller: Caller, written: ScoreWrite) -> WireScore:
        """Keep a score, durably; it shows within a second. The trace may still be on its way.

        Raises:
            InvalidInputError: an id, the name or the value is not valid, or there is neither value, label nor comment.
            SpoolWriteError: the disk refuses.
        """
        score = checked_score(written, workspace_id=caller.workspace_id, author=caller.actor, source=_source(caller, written.source))
        self._sink.emit_score(score)
        self._sink.flush()
        return to_wire(score)

    def of_trace(self, caller: Caller, trace_id: str) -> tuple[WireScore, ...]:
        """Return the scores of a trace and its spans that count, the earliest first."""
        found = self._queries.scores_of(caller.workspace_id, [trace_id.lower()]) if _TRACE.fullmatch(trace_id.lower()) else []
        return tuple(to_wire(score) for score in counting(self._seen(caller, found)))

    def of_traces(self, caller: Caller, trace_ids: Sequence[str]) -> list[Score]:
        """Return the scores of traces that count, without words that are withheld from the caller."""
        return counting(self._seen(caller, self._queries.scores_of(caller.workspace_id, trace_ids)))

    def _seen(self, caller: Caller, scores: list[Score]) -> list[Score]:
        lacked = self._guards.lacked(caller, {score.trace_id for score in scores})
        return [withhold_score(score) if score.trace_id in lacked else score for score in scores]

    def withdraw(self, caller: Caller, score_id: str) -> None:
        """Take a score back.

        Raises:
            ScoreNotFoundError: the workspace has none of this id that counts.
            SpoolWriteError: the disk refuses.
        """
        score = self._queries.score(caller.workspace_id, score_id)
        counted = counting(self._queries.scores_of(caller.workspace_id, [score.trace_id])) if score else []
        if score is None or all(one.score_id != score_id for one in counted):
            raise ScoreNotFoundError(
                f"There is no score {score_id!r} in this workspace, or it counts no more.",
                remedy="List those of a trace with: flowyard trace scores TRACE",
            )
        back = Score(
            score_id=new_id(),
            at_ns=max(now_ns(), score.at_ns + 1),
            workspace_id=caller.workspace_id,
            trace_id=score.trace_id,
            span_id=score.span_id,
            name=score.name,
            source=score.source,
            author=score.author,
            withdrawn=True,
            attributes={"withdrawn_by": caller.actor},
        )
        self._sink.emit_score(back)
        self._sink.flush()


def counting(scores: Iterable[Score]) -> list[Score]:
    """Return the scores that count: of each author, name, trace and span the latest, unless it was withdrawn; the earliest first."""
    latest: dict[tuple[str, str | None, str, str | None], Score] = {}
    for score in sorted(scores, key=lambda one: (one.at_ns, one.score_id)):
        latest[score.trace_id, score.span_id, score.name, score.author] = score
    return sorted((score for score in latest.values() if not score.withdrawn), key=lambda one: (one.at_ns, one.score_id))


def checked_score(written: ScoreWrite, *, workspace_id: str, author: str | None, source: ScoreSource) -> Score:
    """Return the score that somebody wrote, as it is kept.

    Raises:
        InvalidInputError: a field of it is not valid.
    """
    trace_id = written.trace_id.lower()
    _check(_TRACE.fullmatch(trace_id), "trace_id", f"{written.trace_id[:80]!r} is no trace id.", "It has 32 hexadecimal digits.")
    span_id = written.span_id.lower() if written.span_id else None
    _check(
        span_id is None or _SPAN.fullmatch(span_id), "span_id", f"{(span_id or '')[:80]!r} is no span id.", "It has 16 hexadecimal digits."
    )
    _check(
        is_score_name(written.name),
        "name",
        f"{written.name[:120]!r} is no name of a score.",
        "Use a letter, then letters, digits, spaces and _.-, for instance helpfulness.",
    )
    finite = written.value is None or math.isfinite(written.value)
    _check(finite, "value", f"The value {written.value} is no finite number.", "Send a number, or a label.")
    _check_length("label", written.label, LABEL_LIMIT)
    _check_length("comment", written.comment, COMMENT_LIMIT)
    said = written.value is not None or bool(written.label) or bool(written.comment)
    _check(said, "value", "The score says nothing.", "Give a value, a label or a comment.")
    return Score(
        score_id=new_id(),
        at_ns=now_ns(),
        workspace_id=workspace_id,
        trace_id=trace_id,
        span_id=span_id,
        name=written.name,
        value=written.value,
        label=written.label or None,
        comment=written.comment or None,
        source=source,
        author=author,
    )


def to_wire(score: Score) -> WireScore:
    """Return a score as the API shows it."""
    return WireScore(
        score_id=score.score_id,
        trace_id=score.trace_id,
        span_id=score.span_id,
        name=score.name,
        value=score.value,
        label=score.label,
        comment=score.comment,
        source=score.source,
        author=score.author,
        at=to_rfc3339(score.at_ns),
    )


def _source(caller: Caller, wanted: ScoreSource | None) -> ScoreSource:
    return wanted or ("user" if caller.kind == "user" else "api")


def _check(fits: object, field: str, message: str, remedy: str) -> None:
    if not fits:
        raise InvalidInputError(message, remedy=remedy, location=Location(pointer=f"/{field}"))


def _check_length(field: str, text: str | None, limit: int) -> None:
    _check(text is None or len(text) <= limit, field, f"The {field} has {len(text or '')} characters.", f"It may have {limit}.")
