"""What a former run says, for a part of a flow that runs again."""

from pathlib import Path
from typing import Any

import pytest

from flowyard.flows import load_flow
from flowyard.flows.errors import FormerRunError
from flowyard.flows.former import former, of_results, of_trace
from flowyard.flows.session import part_of
from flowyard.tracing.recorder import Recorder
from flowyard.tracing.service import summarise, to_span, to_trace
from flowyard.tracing.sinks import MemorySink
from flowyard.wire.flows import FlowTest
from flowyard.wire.runs import RunLine, RunLineDetail
from flowyard.wire.traces import TraceDetail
from support.flow_folders import ECHO, python_node, write_flow

LIST = "from promptflow.core import tool\n\n\n@tool\ndef run(a=None, b=None):\n    return [a, b]\n"


def flow_at(folder: Path, sink: MemorySink) -> Any:
    nodes = [
        python_node("a", "echo.py", x="${inputs.x}"),
        {**python_node("side", "echo.py", x="${a.output}"), "activate": {"when": "${inputs.go}", "is": True}},
        python_node("join", "list.py", a="${a.output}", b="${side.output}"),
    ]
    dag = {
        "inputs": {"x": {"type": "string"}, "go": {"type": "bool", "default": False}},
        "outputs": {"out": {"type": "list", "reference": "${join.output}"}},
        "nodes": nodes,
    }
    return load_flow(write_flow(folder, dag, echo__py=ECHO, list__py=LIST), recorder=Recorder(sink, workspace_id="w1"))


def test_a_trace_and_a_row_say_what_the_nodes_gave(tmp_path: Path) -> None:
    sink = MemorySink()
    flow = flow_at(tmp_path / "f", sink)
    record = flow.run({"x": "it"})
    spans = sorted(sink.records, key=lambda span: span.start_ns)
    trace = TraceDetail(trace=to_trace(summarise(spans)), spans=tuple(to_span(span, spans[0].start_ns) for span in spans))
    row = RunLine(line=2, variant="", status="completed", inputs=record.inputs, outputs={})
    detail = RunLineDetail(row=row, nodes=tuple(each.result() for each in record.nodes))
    asked: list[tuple[str, int]] = []

    def row_of(name: str, line: int) -> RunLineDetail:
        asked.append((name, line))
        return detail

    found = former(record.trace_id, "f", lambda _: trace, row_of)
    assert found == former("my_run:2", "f", lambda _: trace, row_of)
    assert asked == [("my_run", 2)]
    assert found.inputs == {"x": "it", "go": False}
    assert (found.outputs, found.bypassed) == ({"a": "it", "join": ["it", None]}, frozenset({"side"}))
    part, inputs = part_of(flow, found.filled(FlowTest(node="join", onward=True)))
    assert part.run(inputs).outputs == {"out": ["it", None]}
    part, inputs = part_of(flow, found.filled(FlowTest(node="join", outputs={"side": "given"})))
    assert part.run(inputs).outputs == {"output": ["it", "given"]}
    part, inputs = part_of(flow, found.filled(FlowTest(node="a", inputs={"x": "other"})))
    assert part.run(inputs).outputs == {"output": "other"}
    with pytest.raises(FormerRunError, match="none of the flow 'g': it is of 'f'"):
        of_trace(trace, "g")


def test_what_a_request_says_comes_first() -> None:
    before = of_results({"x": 1, "y": 2}, ())
    filled = before.filled(FlowTest(inputs={"inputs.x": 5, "z": 3}, bypassed=("n",), run="r:0"))
    assert filled == FlowTest(inputs={"inputs.x": 5, "inputs.y": 2, "z": 3}, bypassed=("n",))


@pytest.mark.parametrize("name", ["", ":1", "run:x", "run:-1"])
def test_a_name_that_is_none(name: str) -> None:
    with pytest.raises(FormerRunError, match="names no run"):
        former(name, "f", lambda _: pytest.fail("asked"), lambda _name, _row: pytest.fail("asked"))
