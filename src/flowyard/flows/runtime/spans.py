"""Spans of a line, made from its records."""

import time
from collections.abc import Iterator
from typing import Any

from flowyard.flows.runtime.record import LineRecord, NodeRecord
from flowyard.foundation.codecs import plain
from flowyard.foundation.errors import Problem
from flowyard.tracing.model import SpanEvent, SpanRecord
from flowyard.tracing.recorder import Recorder


def emit_spans(record: LineRecord, recorder: Recorder) -> None:
    """Give `recorder` one span for the line and one for each node that ran. Values are encoded when they are handed over."""
    for span in line_spans(record):
        recorder.emit(span)


def line_spans(record: LineRecord) -> Iterator[SpanRecord]:
    """Yield one span for each node that ran, and one for the line."""
    for node in record.nodes:
        if node.status in {"completed", "failed", "canceled"}:
            yield _node_span(record, node)
    yield SpanRecord(
        trace_id=record.trace_id,
        span_id=record.span_id,
        parent_id=record.parent_id,
        name=record.flow,
        kind="flow",
        start_ns=record.start_ns,
        duration_ns=record.duration_ns,
        status="error" if record.status == "failed" else "ok",
        status_message=record.error.detail if record.error else None,
        flow=record.flow,
        attributes={"flowyard.input": record.inputs, "flowyard.output": record.outputs, **_bypassed(record), **_error(record.error)},
    )


def _bypassed(record: LineRecord) -> dict[str, Any]:
    names = [node.node for node in record.nodes if node.status == "bypassed"]
    return {"flowyard.bypassed": names} if names else {}


def _node_span(line: LineRecord, node: NodeRecord) -> SpanRecord:
    failed = node.status != "completed"
    attributes: dict[str, Any] = {"flowyard.input": node.inputs, "flowyard.node.kind": node.kind}
    if not failed:
        attributes["flowyard.output"] = node.output
    if node.status == "canceled":
        attributes["flowyard.canceled"] = True
    if node.cached:
        attributes["flowyard.cached"] = True
        attributes["flowyard.saved.prompt_tokens"] = node.saved_prompt_tokens
        attributes["flowyard.saved.completion_tokens"] = node.saved_completion_tokens
    if node.failed_attempts:
        attributes["flowyard.failed_attempts"] = plain(node.failed_attempts)
    if node.logs:
        attributes["flowyard.logs"] = "".join(node.logs)
    return SpanRecord(
        trace_id=line.trace_id,
        span_id=node.span_id,
        parent_id=line.span_id,
        name=node.node,
        kind="node",
        start_ns=node.start_ns,
        duration_ns=node.duration_ns,
        status="error" if failed else "ok",
        status_message=node.error.detail if node.error else ("canceled" if failed else None),
        flow=line.flow,
        node=node.node,
        model=node.model,
        attributes={**attributes, **_error(node.error)},
        events=[_exception(node.error)] if node.error else [],
    )


def _error(problem: Problem | None) -> dict[str, Any]:
    if problem is None:
        return {}
    return {"error.type": problem.code, "flowyard.error.location": plain(problem.location) if problem.location else None}


def _exception(problem: Problem) -> SpanEvent:
    attributes = {
        "exception.type": problem.extra.get("exception", problem.code),
        "exception.message": problem.detail,
        "exception.stacktrace": problem.extra.get("traceback"),
    }
    return SpanEvent("exception", time.time_ns(), attributes)
