"""Prompties and flows as functions in Python code, inside of flows and outside."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowyard.flows import load_flow
from flowyard.flows.errors import (
    FlowNotFoundError,
)
from flowyard.flows.promptflow.client import load_flow as their_load_flow
from flowyard.flows.promptflow.connections import OpenAIConnection
from flowyard.flows.promptflow.core import AsyncFlow, AsyncPrompty, Flow, OpenAIModelConfiguration, Prompty
from flowyard.flows.prompty.errors import MissingRequiredInputError, OutputKeyError
from flowyard.foundation.errors import FlowyardError, InvalidInputError
from flowyard.inference.providers.scripted_app import ScriptedApp
from flowyard.tracing.recorder import Recorder
from flowyard.tracing.sinks import MemorySink
from support.asgi_server import serving
from support.flow_folders import python_node, scripted, write_flow
from support.prompties import QUESTION, load, prompty

JSON = "response_format: {type: json_object}"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The base URL of a scripted model: it answers with what it was asked."""
    with serving(ScriptedApp("rules: [{echo: true}]", key="k")) as url:
        yield f"{url}/v1"


def test_as_a_function(tmp_path: Path, server: str) -> None:
    own = {"configuration": OpenAIModelConfiguration(model="scripted", base_url=server, api_key="k")}
    file = prompty(tmp_path, rest="inputs:\n  question: {type: string}\n  more: {type: int, default: 3}")
    ask = Prompty.load(file, model=own)
    assert ask(question="hi") == "hi"
    assert ask.render(question="hi") == str([{"role": "system", "content": "You are."}, {"role": "user", "content": "hi"}])
    assert (ask.name, ask.path, ask.code) == ("Ask", file, tmp_path)
    with pytest.raises(MissingRequiredInputError, match="question"):
        ask(other=1)
    with pytest.raises(InvalidInputError, match="keywords"):
        ask("hi")
    streaming = Prompty.load(file, model={**own, "parameters": {"stream": True}})
    assert "".join(streaming(question="one two")) == "one two"

    async def awaited() -> Any:
        found = await AsyncPrompty.load(file, model=own)(question="hi")
        pieces = [piece async for piece in await AsyncPrompty.load(file, model={**own, "parameters": {"stream": True}})(question="a b")]
        return found, "".join(pieces)

    assert asyncio.run(awaited()) == ("hi", "a b")


def test_tokens_are_estimated(tmp_path: Path) -> None:
    ask = Prompty.load(prompty(tmp_path, parameters="max_tokens: 10"))
    short, long = (ask.estimate_token_count(question="word " * count) for count in (1, 401))
    assert 20 < short < 40
    assert 490 < long - short < 510
    assert ask.estimate_token_count(question="é" * 5) - ask.estimate_token_count(question="é") == 4
    with pytest.raises(InvalidInputError, match="max_tokens"):
        Prompty.load(prompty(tmp_path, parameters="max_tokens: 1")).estimate_token_count(question="x")


def test_as_a_function_whose_answer_cannot_be_used(tmp_path: Path, server: str) -> None:
    own = {"configuration": OpenAIModelConfiguration(model="scripted", base_url=server, api_key="k")}
    file = prompty(tmp_path, parameters=JSON, rest=f"{QUESTION}\noutputs:\n  zz: {{type: int}}")
    with pytest.raises(OutputKeyError):
        Prompty.load(file, model=own)(question='{"a": 1}')
    with pytest.raises(FlowyardError, match="no connections"):
        Prompty.load(prompty(tmp_path))(question="x")
    with pytest.raises(FlowNotFoundError):
        Prompty.load(tmp_path / "nothing.prompty")
    with pytest.raises(InvalidInputError, match=r"\.prompty"):
        Prompty.load(tmp_path)


def test_a_connection_object(tmp_path: Path, server: str) -> None:
    """As a Python node gets it: given as it is, or made a model configuration."""
    file = prompty(tmp_path)
    file.write_text(file.read_text().replace("    connection: model\n", ""))
    own = OpenAIConnection("k", base_url=server)
    for configuration in ({"connection": own}, OpenAIModelConfiguration.from_connection(own, "scripted")):
        assert Prompty.load(file, model={"configuration": configuration})(question="hi") == "hi"


INSIDE = """
from promptflow.core import Prompty, tool


@tool
def run(question: str):
    ask = Prompty.load("ask.prompty")
    return ask(question=question) + ask(question=question)
"""


def test_inside_a_python_node(tmp_path: Path) -> None:
    """It uses the flow's connections, and its tokens and spans are the node's."""
    sink = MemorySink()
    prompty(tmp_path)
    dag = {
        "inputs": {"question": {"type": "string"}},
        "outputs": {"out": {"type": "string", "reference": "${run.output}"}},
        "nodes": [python_node("run", question="${inputs.question}")],
    }
    flow = load_flow(write_flow(tmp_path, dag, run__py=INSIDE), scripted(), recorder=Recorder(sink))
    record = flow.run({"question": "hi"})
    assert record.outputs == {"out": "hihi"}
    once = load(tmp_path / "ask.prompty").run({"question": "hi"}).nodes[0]
    assert record.nodes[0].prompt_tokens == 2 * once.prompt_tokens
    spans = sink.records
    node = next(span for span in spans if span.kind == "node")
    assert [span.parent_id for span in spans if span.kind == "llm"] == [node.span_id] * 2


NESTED = """
from promptflow.core import AsyncFlow, AsyncPrompty, Flow, Prompty


async def run(question: str):
    inner = Flow.load("inner")
    return {
        "sync": Prompty.load("ask.prompty")(question=question),
        "awaited": await AsyncPrompty.load("ask.prompty")(question=question),
        "flow": inner(question=question),
        "awaited_flow": await AsyncFlow.load("inner")(question=question),
        "through": Flow.load("ask.prompty")(question=question),
    }
"""


def test_inside_a_coroutine_and_through_flows(tmp_path: Path) -> None:
    """Synchronous calls inside of a coroutine wait on loops of their own, at any depth."""
    prompty(tmp_path)
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "flow.flex.yaml").write_text("entry: code:run\n")
    (inner / "code.py").write_text(
        "from promptflow.core import Prompty\n\nasync def run(question):\n    return Prompty.load('../ask.prompty')(question=question)\n"
    )
    (tmp_path / "flow.flex.yaml").write_text("entry: code:run\n")
    (tmp_path / "code.py").write_text(NESTED)
    expected = {"sync": "hi", "awaited": "hi", "flow": {"output": "hi"}, "awaited_flow": {"output": "hi"}, "through": "hi"}
    assert load_flow(tmp_path, scripted())(question="hi") == expected


def test_flows_by_their_names_of_old(tmp_path: Path) -> None:
    file = prompty(tmp_path)
    dag = write_flow(
        tmp_path / "dag",
        {
            "inputs": {"x": {"type": "int"}},
            "outputs": {"out": {"type": "int", "reference": "${n}"}},
            "nodes": [python_node("n", x="${inputs.x}")],
        },
        n__py="from promptflow.core import tool\n\n@tool\ndef run(x):\n    return 10 // x\n",
    )
    assert isinstance(their_load_flow(file), Prompty)
    flow = their_load_flow(dag)
    assert flow(x=5) == {"out": 2}
    assert isinstance(flow, Flow)
    assert flow.invoke({"x": 2}).run_info.node("n").status == "completed"
    with pytest.raises(FlowyardError, match="ZeroDivisionError"):
        flow(x=0)
    assert isinstance(AsyncFlow.load(file), AsyncPrompty)
