"""Scores: what people, programs and evaluators think of a trace or of one of its spans."""

from dataclasses import dataclass
from typing import Literal

ScoreSource = Literal["user", "api", "evaluator"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One score that counts. `value` is a number (1 and 0 for thumbs up and down), `label` a word, `comment` the reason."""

    score_id: str
    trace_id: str
    span_id: str | None
    name: str
    value: float | None
    label: str | None
    comment: str | None
    source: ScoreSource
    author: str | None
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreWrite:
    """Score a trace, or with `span_id` a span of it. At least one of value, label and comment; the same name again replaces yours."""

    trace_id: str
    name: str = "feedback"
    span_id: str | None = None
    value: float | None = None
    label: str | None = None
    comment: str | None = None
    source: ScoreSource | None = None
