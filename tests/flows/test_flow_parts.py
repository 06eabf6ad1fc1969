"""Parts of a flow: one node alone, and from a node on."""

from pathlib import Path
from typing import Any

import pytest

from flowyard.flows import load_flow
from flowyard.flows.errors import InputNotFoundError, NodeNotFoundError, NodeOutputMissingError, PartUnsupportedError
from flowyard.flows.flow import LoadedFlow
from flowyard.flows.resolvers.direct import DirectResolver
from flowyard.flows.runtime.line import Engine
from flowyard.flows.runtime.part import Part
from flowyard.flows.runtime.record import LineRecord
from support.flow_folders import ECHO, llm_node, python_node, scripted, write_flow

TOOL = "from promptflow.core import tool\n\n@tool\n"
ADD = TOOL + "def add(x: int, y: int = 100) -> int:\n    return x + y\n"
LIST = TOOL + "def all_of(a=None, b=None):\n    return [a, b]\n"
SUM = (
    "from promptflow.core import log_metric, tool\n\n@tool\ndef run(values, names):\n"
    + "    log_metric('sum', sum(values))\n    return [values, names]\n"
)
INPUTS = {"x": {"type": "int"}, "go": {"type": "bool", "default": True}}


def run(flow: LoadedFlow, given: dict[str, Any] | None = None, **part: Any) -> LineRecord:
    chosen, inputs = flow.part(Part(**part), given or {})
    return chosen.run(inputs)


def statuses(record: LineRecord) -> dict[str, str]:
    return {node.node: node.status for node in record.nodes}


@pytest.fixture
def flow(tmp_path: Path) -> LoadedFlow:
    """a → b → c; side ← a, under a condition; join ← c, side; total: the aggregation of join."""
    nodes = [
        python_node("a", "add.py", x="${inputs.x}", y=1),
        python_node("b", "add.py", x="${a.output}", y=10),
        python_node("c", "add.py", x="${b.output}"),
        {**python_node("side", "echo.py", x="${a.output}"), "activate": {"when": "${inputs.go}", "is": True}},
        python_node("join", "list.py", a="${c.output}", b="${side.output}"),
        {**python_node("total", "sum.py", values="${c.output}", names="${inputs.x}"), "aggregation": True},
    ]
    dag = {
        "inputs": INPUTS,
        "outputs": {
            "joined": {"type": "list", "reference": "${join.output}"},
            "first": {"type": "int", "reference": "${a.output}"},
            "asked": {"type": "int", "reference": "${inputs.x}"},
        },
        "nodes": nodes,
    }
    return load_flow(write_flow(tmp_path, dag, add__py=ADD, echo__py=ECHO, list__py=LIST, sum__py=SUM))


def test_one_node_takes_flow_inputs_and_gives_its_output(flow: LoadedFlow) -> None:
    record = run(flow, {"x": "5"}, node="a")
    assert (record.outputs, statuses(record)) == ({"output": 6}, {"a": "completed"})


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({}, {"outputs": {"a": 7}}),
        ({"a.output": 7}, {}),
        ({"x": 7}, {}),
        ({"x": 7, "inputs.x": 99}, {"outputs": {"a": 1}}),
        ({"a.output": 7, "x": 1}, {}),
    ],
)
def test_what_another_node_gave_comes_as_prompt_flow_writes_it(flow: LoadedFlow, given: dict[str, Any], part: dict[str, Any]) -> None:
    assert run(flow, given, node="b", **part).outputs == {"output": 17}


def test_a_literal_of_one_node_can_be_given_as_text(flow: LoadedFlow) -> None:
    assert run(flow, {"x": 1, "y": "5"}, node="b").outputs == {"output": 6}


def test_one_node_runs_whatever_its_condition_says(flow: LoadedFlow) -> None:
    assert run(flow, {"inputs.go": False}, node="side", outputs={"a": "it"}).outputs == {"output": "it"}


def test_from_a_node_on(flow: LoadedFlow) -> None:
    record = run(flow, {"x": 5}, node="c", onward=True, outputs={"a": 1, "b": 2, "side": "s", "join": "old"})
    assert statuses(record) == {"c": "completed", "join": "completed", "total": "completed"}
    assert record.outputs == {"joined": [102, "s"], "first": 1, "asked": 5}
    assert record.metrics == {"sum": 102}
    assert record.node("total").output == [[102], [5]]


def test_from_a_node_on_conditions_count(flow: LoadedFlow) -> None:
    record = run(flow, {"x": 5, "go": False}, node="a", onward=True)
    assert statuses(record)["side"] == "bypassed"
    assert record.outputs["joined"] == [116, None]


def test_a_node_that_was_bypassed_counts_as_that(flow: LoadedFlow) -> None:
    record = run(flow, {"x": 5}, node="c", onward=True, outputs={"b": 2}, bypassed=frozenset({"side", "gone"}))
    assert record.outputs == {"joined": [102, None], "asked": 5}
    assert run(flow, node="join", outputs={"c": 1}, bypassed=frozenset({"side"})).outputs == {"output": [1, None]}


def test_an_aggregation_alone_gets_lists_of_one(flow: LoadedFlow) -> None:
    record = run(flow, {"inputs.x": 3}, node="total", outputs={"c": 4})
    assert (record.outputs, record.metrics) == ({"output": [[4], [3]]}, {"sum": 4})
    assert run(flow, {"c.output": [1, 2], "names": 3}, node="total").outputs == {"output": [[1, 2], [3]]}
    failed = run(flow, {"c.output": 1, "names": 3}, node="total")
    assert failed.error is not None
    assert failed.error.extra["source_line"] == "log_metric('sum', sum(values))"


def test_what_is_not_known_is_named(flow: LoadedFlow) -> None:
    with pytest.raises(NodeOutputMissingError, match=r"takes \${c.output}, and what c, side gave is not known") as missing:
        run(flow, node="join")
    assert missing.value.extra == {"node": "join", "nodes": ["c", "side"]}
    assert missing.value.remedy is not None
    assert missing.value.remedy.startswith("Run c, side first, or give the output: --inputs c.output=...")
    with pytest.raises(NodeOutputMissingError, match="what b, side gave"):
        run(flow, node="c", onward=True, outputs={"c": 1})
    with pytest.raises(NodeNotFoundError, match="no node 'jion'") as unknown:
        run(flow, node="jion")
    assert unknown.value.remedy == "Did you mean 'join'?"
    with pytest.raises(InputNotFoundError, match="'x'"):
        run(flow, node="a")


def test_a_flow_that_is_no_graph_has_no_parts(tmp_path: Path) -> None:
    (tmp_path / "flow.flex.yaml").write_text("entry: code:run\n")
    (tmp_path / "code.py").write_text("def run(x: int) -> int:\n    return x\n")
    with pytest.raises(PartUnsupportedError, match="flex flow"):
        run(load_flow(tmp_path), node="run")


def test_a_prompt_is_rendered_again_so_that_its_roles_count(tmp_path: Path) -> None:
    dag = {
        "inputs": {"q": {"type": "string"}},
        "outputs": {"o": {"type": "string", "reference": "${answer.output}"}},
        "nodes": [
            {"name": "say", "type": "prompt", "source": {"type": "code", "path": "say.jinja2"}, "inputs": {"q": "${inputs.q}"}},
            llm_node("answer", "answer.jinja2", text="${say.output}"),
        ],
    }
    folder = write_flow(tmp_path, dag, say__jinja2="system:\nBe brief.\nuser:\n{{q}}\n", answer__jinja2="{{text}}")
    engine = Engine(resolver=DirectResolver(scripted("rules: [{answer: fine}]")))
    engine.exchanges = True
    flow = LoadedFlow.load(folder, engine, scripted())
    record = run(flow, {"q": "hello"}, node="answer", outputs={"say": "kept text"})
    assert (record.outputs, statuses(record)) == ({"output": "fine"}, {"say": "completed", "answer": "completed"})
    sent = record.node("answer").result().exchanges[0]
    assert sent.request["messages"] == [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hello"}]
    assert sent.response is not None
    assert sent.response["choices"][0]["message"]["content"] == "fine"
    given = run(flow, {"say.output": "system:\nkept text"}, node="answer").node("answer").result().exchanges[0]
    assert given.request["messages"] == [{"role": "system", "content": "kept text"}]


def test_no_secret_is_in_what_is_told_of_a_models_call(tmp_path: Path) -> None:
    dag = {
        "inputs": {"q": {"type": "string"}},
        "outputs": {"o": {"type": "string", "reference": "${answer.output}"}},
        "nodes": [llm_node("answer", q="${inputs.q}")],
    }
    folder = write_flow(tmp_path, dag, answer__jinja2="user:\n{{q}}\n")
    engine = Engine(resolver=DirectResolver(scripted()), scrub=lambda text: text.replace("hidden-key", "***"))
    engine.exchanges = True
    record = LoadedFlow.load(folder, engine, scripted()).run({"q": "say hidden-key"})
    sent = record.node("answer").result().exchanges[0]
    assert sent.request["messages"] == [{"role": "user", "content": "say ***"}]
    assert "hidden-key" not in str(sent.response)
    streamed = LoadedFlow.load(folder, engine, scripted()).run({"q": "say hidden-key"}, lambda _: None)
    told = streamed.node("answer").result().exchanges[0]
    assert (told.streamed, told.request["messages"]) == (True, [{"role": "user", "content": "say ***"}])
    assert told.response is not None
    assert told.response["choices"][0]["message"]["content"] == "say ***"
