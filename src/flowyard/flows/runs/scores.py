"""Scores that an evaluation run gives: what it says of each row of another run, attached to the trace of that row."""

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from flowyard.flows.runs.spec import RunSpec
from flowyard.flows.runs.store import RunStore
from flowyard.tracing.signals import COMMENT_LIMIT, Score, is_score_name
from flowyard.tracing.spool import SpoolSink
from flowyard.wire.runs import RunLine

#: What an evaluator writes beside a result of the name before it; only the number, the verdict and the reason become a score.
_BESIDE = ("_score", "_label", "_passed", "_result", "_reason", "_status", "_threshold", "_properties")
#: The output of a flow that returns one value has no name of its own.
_UNNAMED = "output"
#: A label is a word or a few; longer texts are what was judged, or why.
_LABEL = 60
#: Scores become durable when so many have gathered.
_FLUSH = 5000
_IDS = UUID("6f1d3f0a-52c4-5f0e-9a55-2f5a0a3f8c11")


class Said(NamedTuple):
    """One score that a row's outputs say."""

    name: str
    value: float | None
    label: str | None
    comment: str | None


def scores_in(outputs: Mapping[str, Any], flow_name: str) -> Iterator[Said]:
    """Yield the scores that the outputs of an evaluation's row say, under their names.

    A number (or truth value, as 1 or 0) is a score's value, a text of one line and at most 60 characters its label; null, lists and
    objects are none. What an evaluator of ours, or of azure-ai-evaluation, writes beside ``X`` makes one score of that name: ``X_score``
    is the value where ``X`` itself is no number, ``X_result`` the label, ``X_reason`` the comment. ``output`` is called as the flow is.
    """
    shared = outputs.get("reason")
    for name, found in outputs.items():
        if _is_beside(name, outputs) or (name == "reason" and len(outputs) > 1):
            continue
        stem = name.removesuffix("_label").removesuffix("_score")
        value, label = _number(found), _label(found)
        if value is None:
            value = _number(outputs.get(f"{name}_score"))
        if label is None:
            label = _label(outputs.get(f"{name}_result"))
        called = flow_name if name == _UNNAMED and is_score_name(flow_name) else name
        if (value is None and label is None) or not is_score_name(called):
            continue
        yield Said(called, value, label, _comment(outputs.get(f"{name}_reason") or outputs.get(f"{stem}_reason") or shared))


def give_scores(spec: RunSpec, store: RunStore, sink: SpoolSink, *, workspace_id: str, by_run: bool) -> int:
    """Score the traces of the rows that `spec` judged, and return how many scores these are.

    A score's id is made of the run, the row and the name, its time is the row's: given again, after a crash, it is the same score.

    Args:
        spec: the run, over another one.
        store: its rows.
        sink: takes the scores.
        workspace_id: whose they are; empty on files alone.
        by_run: each variant of this run judged the other's variant of that name.

    Raises:
        SpoolWriteError: the disk refuses.
    """
    if spec.run is None:
        return 0
    given = 0
    with RunStore(spec.run) as judged:
        for row in store.each(status="completed"):
            trace_id, _ = judged.trace_of(row.line, row.variant if by_run else "")
            _, ended_ns = store.trace_of(row.line, row.variant)
            if trace_id is None:
                continue
            for said in scores_in(row.outputs, spec.flow_name):
                sink.emit_score(_score(spec, row, said, trace_id=trace_id, at_ns=ended_ns, workspace_id=workspace_id))
                given += 1
                if given % _FLUSH == 0:
                    sink.flush()
    sink.flush()
    return given


def _score(spec: RunSpec, row: RunLine, said: Said, *, trace_id: str, at_ns: int, workspace_id: str) -> Score:
    attributes: dict[str, Any] = {"run": spec.name, "line": row.line, "flow": spec.flow_name}
    if row.variant:
        attributes["variant"] = row.variant
    return Score(
        score_id=str(uuid5(_IDS, "\n".join((workspace_id, spec.name, trace_id, str(row.line), row.variant, said.name)))),
        at_ns=at_ns,
        workspace_id=workspace_id,
        trace_id=trace_id,
        name=said.name,
        value=said.value,
        label=said.label,
        comment=said.comment,
        source="evaluator",
        author=f"run/{spec.name}",
        attributes=attributes,
    )


def _is_beside(name: str, outputs: Mapping[str, Any]) -> bool:
    """Return whether `name` goes with another output."""
    stem, end = next(((name.removesuffix(end), end) for end in _BESIDE if name.endswith(end)), ("", ""))
    if not stem:
        return False
    return stem in outputs or (end not in {"_score", "_label"} and (f"{stem}_score" in outputs or f"{stem}_label" in outputs))


def _number(found: object) -> float | None:
    if isinstance(found, bool):
        return float(found)
    if not isinstance(found, int | float):
        return None
    try:
        value = float(found)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


def _label(found: object) -> str | None:
    text = found.strip() if isinstance(found, str) else ""
    return text if text and len(text) <= _LABEL and "\n" not in text else None


def _comment(found: object) -> str | None:
    text = found.strip() if isinstance(found, str) else ""
    return text[:COMMENT_LIMIT] or None
