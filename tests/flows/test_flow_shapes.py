"""The engine as named shapes: each small flow says what one rule of execution means."""

import asyncio
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from flowyard.flows import load_flow
from flowyard.flows.errors import InputNotFoundError, InputTypeError, LineFailedError
from flowyard.flows.runtime.context import active_node
from flowyard.tracing.context import current
from flowyard.tracing.recorder import Recorder
from flowyard.tracing.sinks import MemorySink
from support.flow_folders import ECHO, llm_node, python_node, scripted, write_flow

TOOL = "from promptflow.core import tool\n\n@tool\n"
ADD = TOOL + "def add(x: int, y: int = 100) -> int:\n    return x + y\n"
LIST = TOOL + "def all_of(a=None, b=None):\n    return [a, b]\n"
FAIL = TOOL + "def fail(x):\n    value = x\n    raise ValueError(f'no {value}')\n"


def flow_of(nodes: list[dict[str, Any]], output: str, inputs: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "inputs": inputs or {"x": {"type": "int", "default": 1}},
        "outputs": {"out": {"type": "object", "reference": output}},
        "nodes": nodes,
    }


def statuses(record: Any) -> dict[str, str]:
    return {node.node: node.status for node in record.nodes}


def test_chain(tmp_path: Path) -> None:
    nodes = [
        python_node("c", "add.py", x="${b}"),
        python_node("b", "add.py", x="${a.output}"),
        python_node("a", "add.py", x="${inputs.x}", y=1),
    ]
    flow = load_flow(write_flow(tmp_path, flow_of(nodes, "${c.output}"), add__py=ADD))
    assert flow(x=1) == {"out": 202}
    record = flow.run({"x": 1})
    assert [node.node for node in record.nodes] == ["a", "b", "c"]
    assert record.node("b").inputs == {"x": 2}


def test_diamond(tmp_path: Path) -> None:
    nodes = [
        python_node("top", "echo.py", x="${inputs.x}"),
        python_node("left", "add.py", x="${top}", y=10),
        python_node("right", "add.py", x="${top}", y=20),
        python_node("join", "list.py", a="${left}", b="${right}"),
    ]
    flow = load_flow(write_flow(tmp_path, flow_of(nodes, "${join}"), echo__py=ECHO, add__py=ADD, list__py=LIST))
    assert flow(x=5) == {"out": [15, 25]}


def test_fan_in_of_flow_inputs_and_literals(tmp_path: Path) -> None:
    flow = load_flow(
        write_flow(tmp_path, flow_of([python_node("join", "list.py", a="${inputs.x}", b={"k": [1]})], "${join}"), list__py=LIST)
    )
    assert flow(x=5) == {"out": [5, {"k": [1]}]}


def test_empty_literals_leave_the_parameters_default(tmp_path: Path) -> None:
    for literal in ("", None):
        folder = write_flow(tmp_path, flow_of([python_node("a", "add.py", x="${inputs.x}", y=literal)], "${a}"), add__py=ADD)
        assert load_flow(folder)(x=1) == {"out": 101}


def bypass_flow(tmp_path: Path, **changes: Any) -> Any:
    check = {**python_node("check", "echo.py", x="${inputs.x}"), "activate": {"when": "${inputs.go}", "is": True}}
    nodes = [
        check,
        python_node("after", "echo.py", x="${check}"),
        python_node("mix", "list.py", a="${check}", b="${inputs.x}"),
        python_node("join", changes.get("join", "list.py"), a="${after}", b="${free}"),
        python_node("free", "echo.py", x=7),
    ]
    dag = flow_of(nodes, changes.get("output", "${join}"), {"x": {"type": "int"}, "go": {"type": "bool"}})
    return load_flow(write_flow(tmp_path, dag, echo__py=ECHO, list__py=LIST, strict__py=TOOL + "def strict(a, b):\n    return [a, b]\n"))


def test_bypass_spreads_to_nodes_whose_every_source_was_bypassed(tmp_path: Path) -> None:
    record = bypass_flow(tmp_path).run({"x": 1, "go": False})
    assert record.status == "completed"
    assert statuses(record) == {"check": "bypassed", "after": "bypassed", "mix": "bypassed", "free": "completed", "join": "completed"}
    assert record.outputs == {"out": [None, 7]}


def test_active_nodes_run(tmp_path: Path) -> None:
    assert bypass_flow(tmp_path)(x=1, go=True) == {"out": [1, 7]}


def test_a_bypassed_source_of_a_parameter_without_default_is_none_with_a_warning(tmp_path: Path) -> None:
    record = bypass_flow(tmp_path, join="strict.py").run({"x": 1, "go": False})
    assert record.outputs == {"out": [None, 7]}
    assert "'a' of node 'join'" in record.warnings[0]


def test_a_bypassed_output_is_none_and_its_property_fails(tmp_path: Path) -> None:
    assert bypass_flow(tmp_path / "a", output="${check.output}")(x=1, go=False) == {"out": None}
    record = bypass_flow(tmp_path / "b", output="${check.output.key}").run({"x": 1, "go": False})
    assert record.status == "failed"
    assert record.error.code == "InvalidReferenceProperty"


def test_activate_compares_typed_values(tmp_path: Path) -> None:
    node = {**python_node("a", "echo.py", x=1), "activate": {"when": "${inputs.go}", "is": "true"}}
    flow = load_flow(write_flow(tmp_path, flow_of([node], "${a}", {"go": {"type": "bool"}}), echo__py=ECHO))
    assert statuses(flow.run({"go": True})) == {"a": "bypassed"}


def test_an_active_node_runs_even_if_all_its_sources_were_bypassed(tmp_path: Path) -> None:
    off = {**python_node("off", "echo.py", x=1), "activate": {"when": "${inputs.x}", "is": 99}}
    on = {**python_node("on", "list.py", a="${off}"), "activate": {"when": "${inputs.x}", "is": 1}}
    record = load_flow(write_flow(tmp_path, flow_of([off, on], "${on}"), echo__py=ECHO, list__py=LIST)).run({"x": 1})
    assert statuses(record) == {"off": "bypassed", "on": "completed"}


def test_a_condition_on_a_bypassed_node_bypasses(tmp_path: Path) -> None:
    off = {**python_node("off", "echo.py", x=1), "activate": {"when": "${inputs.x}", "is": 99}}
    on = {**python_node("on", "echo.py", x=2), "activate": {"when": "${off.output}", "is": None}}
    record = load_flow(write_flow(tmp_path, flow_of([off, on], "${on}"), echo__py=ECHO)).run({"x": 1})
    assert statuses(record) == {"off": "bypassed", "on": "bypassed"}


def test_partial_failure_stops_the_line_and_says_where(tmp_path: Path) -> None:
    nodes = [python_node("good", "echo.py", x=1), python_node("bad", "fail.py", x="${good}"), python_node("later", "echo.py", x="${bad}")]
    flow = load_flow(write_flow(tmp_path, flow_of(nodes, "${later}"), echo__py=ECHO, fail__py=FAIL))
    record = flow.run({})
    assert statuses(record) == {"good": "completed", "bad": "failed"}
    assert record.error.code == "ToolExecutionError"
    assert (record.error.location.file, record.error.location.line) == ("fail.py", 6)
    assert record.error.extra["node"] == "bad"
    tree = record.error.extra["error"]
    assert (tree["code"], tree["innerError"]["code"]) == ("UserError", "ToolExecutionError")
    assert tree["additionalInfo"][0]["info"]["type"] == "ValueError"
    assert "flowyard" not in record.error.extra["traceback"]
    with pytest.raises(LineFailedError, match="no 1"):
        flow()


def test_the_location_is_the_deepest_line_of_the_flows_own_files(tmp_path: Path) -> None:
    helper = "def deep(value):\n    return {}[value]\n"
    tool = "from promptflow.core import tool\nfrom helper import deep\n\n@tool\ndef run(x):\n    return deep(x)\n"
    record = load_flow(write_flow(tmp_path, flow_of([python_node("a", x=1)], "${a}"), a__py=tool, helper__py=helper)).run({})
    assert (record.error.location.file, record.error.location.line) == ("helper.py", 2)


def test_an_unknown_argument_fails_the_node_at_its_place_in_the_yaml(tmp_path: Path) -> None:
    record = load_flow(write_flow(tmp_path, flow_of([python_node("a", "echo.py", x=1, wrong=2)], "${a}"), echo__py=ECHO)).run({})
    assert record.error.extra["exception"] == "TypeError"
    assert record.error.location.file == "flow.dag.yaml"


def test_system_exit_in_a_tool_fails_the_node_not_the_process(tmp_path: Path) -> None:
    quits = TOOL + "def run(x):\n    raise SystemExit(3)\n"
    assert load_flow(write_flow(tmp_path, flow_of([python_node("a", x=1)], "${a}"), a__py=quits)).run({}).status == "failed"


def test_missing_and_misfit_inputs(tmp_path: Path) -> None:
    folder = write_flow(tmp_path, flow_of([python_node("a", "echo.py", x="${inputs.x}")], "${a}", {"x": {"type": "int"}}), echo__py=ECHO)
    flow = load_flow(folder)
    with pytest.raises(InputNotFoundError, match="'x'"):
        flow()
    with pytest.raises(InputTypeError, match="'many'"):
        flow(x="many")
    assert flow(x="5", unknown=1) == {"out": 5}


def test_blocking_nodes_that_need_not_wait_run_side_by_side(tmp_path: Path) -> None:
    barrier = TOOL + "import threading\nmeet = threading.Barrier(2)\n@tool\ndef run(x):\n    meet.wait(10)\n    return x\n"
    barrier = barrier.replace("\n@tool\nimport", "\nimport")
    nodes = [python_node("a", "meet.py", x=1), python_node("b", "meet.py", x=2), python_node("join", "list.py", a="${a}", b="${b}")]
    flow = load_flow(write_flow(tmp_path, flow_of(nodes, "${join}"), meet__py=barrier, list__py=LIST))
    assert flow() == {"out": [1, 2]}


def test_the_first_failure_cancels_the_rest(tmp_path: Path) -> None:
    slow = "import asyncio\nfrom promptflow.core import tool\n\n@tool\nasync def run(x):\n    await asyncio.sleep(30)\n"
    bad = (
        "import asyncio\nfrom promptflow.core import tool\n\n@tool\n"
        "async def run(x):\n    await asyncio.sleep(0.01)\n    raise KeyError(x)\n"
    )
    nodes = [python_node("slow", x=1), python_node("bad", x=2), python_node("join", "list.py", a="${slow}", b="${bad}")]
    flow = load_flow(write_flow(tmp_path, flow_of(nodes, "${join}"), slow__py=slow, bad__py=bad, list__py=LIST))
    began = time.monotonic()
    record = flow.run({})
    assert time.monotonic() - began < 10
    assert statuses(record) == {"slow": "canceled", "bad": "failed"}
    assert record.error.location.line == 7


async def test_canceling_the_caller_cancels_the_nodes(tmp_path: Path) -> None:
    slow = "import asyncio\nfrom promptflow.core import tool\n\n@tool\nasync def run(x):\n    await asyncio.sleep(30)\n"
    flow = load_flow(write_flow(tmp_path, flow_of([python_node("slow", x=1)], "${slow}"), slow__py=slow))
    began = asyncio.Event()

    class Watch:
        def begin(self, record: Any) -> None:
            began.set()

        node = fields = chunk = lambda self, *_: None

    task = asyncio.create_task(flow.run_async({}, Watch()))
    await began.wait()
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_async_tools_and_sync_tools_mix(tmp_path: Path) -> None:
    tool = "import asyncio\nfrom promptflow.core import tool\n\n@tool\nasync def run(x):\n    await asyncio.sleep(0)\n    return x + 1\n"
    nodes = [python_node("a", x="${inputs.x}"), python_node("b", "add.py", x="${a}", y=1)]
    flow = load_flow(write_flow(tmp_path, flow_of(nodes, "${b}"), a__py=tool, add__py=ADD))
    assert flow(x=1) == {"out": 3}


@pytest.mark.parametrize("word", ["def", "async def"])
def test_generators_are_joined_unless_the_caller_streams(tmp_path: Path, word: str) -> None:
    tool = f"from promptflow.core import tool\n\n@tool\n{word} run(x):\n    for piece in ['a', 'b', 1]:\n        yield piece\n"
    flow = load_flow(write_flow(tmp_path, flow_of([python_node("a", x=1)], "${a}"), a__py=tool))
    assert flow() == {"out": "ab1"}
    events: list[Any] = []
    record = flow.run({}, events.append)
    assert [event.text for event in events if event.kind == "chunk"] == ["a", "b", "1"]
    assert record.node("a").output == "ab1"


@pytest.mark.parametrize("word", ["def", "async def"])
def test_a_generator_can_feed_a_node_and_an_output(tmp_path: Path, word: str) -> None:
    tool = f"from promptflow.core import tool\n\n@tool\n{word} run(x):\n    yield 'a'\n    yield 'b'\n"
    count = TOOL + "def count(pieces):\n    return len(list(pieces))\n"
    dag = flow_of([python_node("a", x=1), python_node("n", "count.py", pieces="${a}")], "${n}")
    dag["outputs"]["text"] = {"type": "string", "reference": "${a}"}
    assert load_flow(write_flow(tmp_path, dag, a__py=tool, count__py=count))() == {"out": 2, "text": "ab"}


def test_a_failing_generator_fails_its_node(tmp_path: Path) -> None:
    tool = TOOL + "def run(x):\n    yield 'a'\n    raise ValueError('broke off')\n"
    record = load_flow(write_flow(tmp_path, flow_of([python_node("a", x=1)], "${a}"), a__py=tool)).run({})
    assert statuses(record) == {"a": "failed"}
    assert record.error.location.line == 6


def test_aggregation_runs_over_the_one_line_and_logs_metrics(tmp_path: Path) -> None:
    total = (
        "from promptflow.core import log_metric, tool\n\n@tool\ndef run(values, names, scale):\n"
        "    log_metric('sum', sum(values) * scale)\n    return [values, names]\n"
    )
    reduce = {**python_node("total", values="${a.output.v}", names="${inputs.x}", scale=2), "aggregation": True}
    second = {**python_node("second", "echo.py", x="${total.output}"), "aggregation": True}
    value = TOOL + "def value(x):\n    return {'v': x}\n"
    folder = write_flow(
        tmp_path,
        flow_of([reduce, second, python_node("a", "value.py", x="${inputs.x}")], "${a.output.v}"),
        total__py=total,
        value__py=value,
        echo__py=ECHO,
    )
    record = load_flow(folder).run({"x": 21})
    assert record.outputs == {"out": 21}
    assert record.metrics == {"sum": 42.0}
    assert record.node("second").output == [[21], [21]]
    assert record.node("total").kind == "aggregation"


def test_aggregation_does_not_run_after_a_failed_line(tmp_path: Path) -> None:
    reduce = {**python_node("total", "echo.py", x="${bad}"), "aggregation": True}
    record = load_flow(
        write_flow(tmp_path, flow_of([reduce, python_node("bad", "fail.py", x=1)], "${bad}"), echo__py=ECHO, fail__py=FAIL)
    ).run({})
    assert statuses(record) == {"bad": "failed"}


def test_outputs_may_be_inputs_and_literals(tmp_path: Path) -> None:
    dag = flow_of([python_node("a", "echo.py", x=1)], "${inputs.x}")
    dag["outputs"]["word"] = {"type": "string", "reference": "hi ${inputs.x}"}
    assert load_flow(write_flow(tmp_path, dag, echo__py=ECHO))(x=3) == {"out": 3, "word": "hi ${inputs.x}"}


def test_spans_are_made_of_the_records(tmp_path: Path) -> None:
    sink = MemorySink()
    traced = (
        "from promptflow.core import tool\nfrom promptflow.tracing import trace\n\n@trace\ndef inner(a):\n    return a * 2\n\n"
        "@tool\ndef run(x):\n    return inner(x)\n"
    )
    folder = write_flow(
        tmp_path, flow_of([python_node("a", x="${inputs.x}"), python_node("b", "fail.py", x="${a}")], "${b}"), a__py=traced, fail__py=FAIL
    )
    record = load_flow(folder, recorder=Recorder(sink, workspace_id="w")).run({"x": 4})
    spans = {span.name: span for span in sink.records}
    assert {name: span.kind for name, span in spans.items()} == {"inner": "function", "a": "node", "b": "node", tmp_path.name: "flow"}
    assert spans["inner"].parent_id == spans["a"].span_id == record.node("a").span_id
    assert spans["a"].parent_id == spans[tmp_path.name].span_id
    assert {span.trace_id for span in sink.records} == {record.trace_id}
    assert spans["b"].status == "error"
    assert spans["b"].attributes["flowyard.error.location"]["line"] == 6
    assert spans["a"].attributes["flowyard.output"] == 8
    assert spans["inner"].attributes["flowyard.input"] == {"a": 4}


def test_secrets_do_not_enter_records(tmp_path: Path) -> None:
    tool = (
        "from promptflow.core import tool\nfrom promptflow.connections import CustomConnection\n\n@tool\n"
        "def run(conn: CustomConnection, x):\n    return f'{conn.key} {conn.url} {conn.secrets[\"key\"]}'\n"
    )
    connections = {"mine": {"type": "custom", "configs": {"url": "http://u"}, "secrets": {"key": "very-secret-value"}}}
    record = load_flow(write_flow(tmp_path, flow_of([python_node("a", conn="mine", x=1)], "${a}"), a__py=tool), connections).run({})
    assert record.node("a").inputs == {"conn": "mine", "x": 1}
    assert "very-secret-value" not in str(record.node("a"))
    assert "http://u" in record.node("a").output


def test_calls_from_many_threads_do_not_mix(tmp_path: Path) -> None:
    flow = load_flow(write_flow(tmp_path, flow_of([python_node("a", "echo.py", x="${inputs.x}")], "${a}"), echo__py=ECHO))
    wrong: list[int] = []

    def call(number: int) -> None:
        if any(flow(x=number) != {"out": number} for _ in range(50)):
            wrong.append(number)

    threads = [threading.Thread(target=call, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_flow_inside_an_async_flows_sync_node(tmp_path: Path) -> None:
    inner = write_flow(
        tmp_path / "inner",
        flow_of([llm_node("say", word="${inputs.x}")], "${say}", {"x": {"type": "string"}}),
        say__jinja2="user:\n{{word}}\n",
    )
    tool = (
        "from promptflow.core import tool\nfrom flowyard.flows import load_flow\n\n@tool\ndef run(x):\n"
        f"    conn = {scripted()!r}\n    return load_flow({str(inner)!r}, conn)(x=x)['out']\n"
    )
    outer = flow_of([python_node("a", x="${inputs.x}"), llm_node("say", word="${a}")], "${say}", {"x": {"type": "string"}})
    folder = write_flow(tmp_path / "outer", outer, a__py=tool, say__jinja2="user:\n{{word}}!\n")
    assert load_flow(folder, scripted())(x="hi") == {"out": "hi!"}


def test_wide_lines_on_a_full_pool_do_not_wait_for_one_another(tmp_path: Path) -> None:
    sleep = "import time\nfrom promptflow.core import tool\n\n@tool\ndef run(x):\n    time.sleep(0.002)\n    return x\n"
    nodes = [python_node("a", "sleep.py", x=1), python_node("b", "sleep.py", x=2), python_node("join", "list.py", a="${a}", b="${b}")]
    flow = load_flow(write_flow(tmp_path, flow_of(nodes, "${join}"), sleep__py=sleep, list__py=LIST))

    async def all_of_them() -> list[Any]:
        return await asyncio.gather(*(flow.run_async({}) for _ in range(200)))

    assert {str(record.outputs) for record in asyncio.run(all_of_them())} == {"{'out': [1, 2]}"}


def test_a_run_leaves_its_callers_context_as_it_was(tmp_path: Path) -> None:
    tool = TOOL + "def run(x):\n    yield 'a'\n"
    flow = load_flow(write_flow(tmp_path, flow_of([python_node("a", x=1)], "${a}"), a__py=tool))
    flow()
    assert (current(), active_node()) == (None, None)
