import contextlib
import dataclasses

import pytest

from flowyard.tracing.context import SpanContext, current
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.recorder import Recorder
from flowyard.tracing.sinks import MemorySink


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()


def test_spans_within_spans_make_a_tree(sink: MemorySink) -> None:
    recorder = Recorder(sink, workspace_id="w", flow="support")
    with recorder.span("support", kind="flow") as flow:
        assert current() == flow.context
        with recorder.span("answer", kind="node", node="answer") as node:
            node.set(model="m", prompt_tokens=3)
        with recorder.span("format", kind="node"):
            pass
    assert current() is None
    answer, formatted, root = sink.records
    assert (answer.parent_id, formatted.parent_id, root.parent_id) == (root.span_id, root.span_id, None)
    assert {record.trace_id for record in sink.records} == {root.trace_id}
    assert (answer.node, answer.model, answer.prompt_tokens) == ("answer", "m", 3)
    assert all((record.workspace_id, record.flow, record.status) == ("w", "support", "ok") for record in sink.records)
    assert root.start_ns <= answer.start_ns
    assert root.duration_ns >= answer.duration_ns + formatted.duration_ns


def test_a_parent_from_another_process_is_kept(sink: MemorySink) -> None:
    parent = SpanContext("a" * 32, "b" * 16)
    with Recorder(sink).span("POST /score", kind="http", parent=parent) as span:
        assert span.context.trace_id == parent.trace_id
    assert sink.records[0].parent_id == parent.span_id


def test_an_exception_marks_the_span_and_goes_on(sink: MemorySink) -> None:
    with pytest.raises(ValueError, match="no such city"), Recorder(sink).span("lookup", kind="tool"):
        raise ValueError("no such city")
    (record,) = sink.records
    assert record.status == "error"
    assert record.status_message == "ValueError: no such city"
    assert record.events[0].name == "exception"
    assert record.events[0].attributes == {"exception.type": "ValueError", "exception.message": "no such city"}


def test_a_reason_that_was_given_stays(sink: MemorySink) -> None:
    with contextlib.suppress(KeyError), Recorder(sink).span("lookup") as span:
        span.fail("the city is missing")
        raise KeyError("city")
    assert sink.records[0].status_message == "the city is missing"


def test_a_span_ended_by_hand_leaves_the_context_alone_and_ends_once(sink: MemorySink) -> None:
    recorder = Recorder(sink)
    span = recorder.start("chat", kind="llm")
    assert current() is None
    span.event("first_token", index=0)
    span.end()
    span.end()
    (record,) = sink.records
    assert record.events[0].name == "first_token"
    assert record.events[0].at_ns >= record.start_ns


def test_bound_defaults_lie_over_the_recorder_s_own(sink: MemorySink) -> None:
    recorder = Recorder(sink, workspace_id="w", endpoint="a").bind(endpoint="b", session_id="s")
    recorder.start("x").end()
    recorder.start("y", endpoint="c").end()
    assert [(record.workspace_id, record.endpoint, record.session_id) for record in sink.records] == [("w", "b", "s"), ("w", "c", "s")]


def test_a_record_made_elsewhere_takes_the_defaults_it_lacks(sink: MemorySink) -> None:
    recorder = Recorder(sink, workspace_id="w", flow="f", deployment="blue")
    recorder.emit(SpanRecord(trace_id="a" * 32, span_id="b" * 16, name="n", kind="node", start_ns=1, duration_ns=2, flow="other"))
    (record,) = sink.records
    assert (record.workspace_id, record.flow, record.deployment) == ("w", "other", "blue")


@dataclasses.dataclass
class Inner:
    key: str


def test_known_secrets_leave_no_part_of_a_span(sink: MemorySink) -> None:
    recorder = Recorder(sink, scrub=lambda text: text.replace("hunter2", "***"))
    with contextlib.suppress(RuntimeError), recorder.span("call hunter2") as span:
        span.attributes["flowyard.input"] = {"hunter2": ["a hunter2", ("hunter2", 1)], "deep": Inner("hunter2"), "raw": b"hunter2"}
        span.event("sent", header="Bearer hunter2")
        raise RuntimeError("hunter2 was refused")
    (record,) = sink.records
    assert "hunter2" not in repr(record)
    assert record.attributes["flowyard.input"]["***"] == ["a ***", ["***", 1]]
    assert record.attributes["flowyard.input"]["deep"] == {"key": "***"}
