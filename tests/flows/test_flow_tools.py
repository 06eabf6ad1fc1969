"""Tools: what @tool takes, how literal inputs become arguments, classes, streaming, packages, custom LLM tools."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowyard.flows import load_flow
from flowyard.flows.errors import ToolError
from flowyard.flows.nodes.errors import (
    CustomLlmToolError,
    DuplicateToolMappingError,
    InitInputError,
    MissingInputError,
    NodeInputError,
    PackageToolLoadError,
    PackageToolNotFoundError,
)
from flowyard.flows.tools.definitions import installed
from support.flow_folders import python_node, scripted, write_flow
from support.tool_packages import TOOLBOX, fresh_packages, install

HEAD = "from promptflow.core import tool\n"


def one_tool(
    tmp_path: Path, source: str, connections: dict[str, Any] | None = None, files: dict[str, str] | None = None, **inputs: Any
) -> Any:
    """The output of a flow of one Python node."""
    dag = {
        "inputs": {"x": {"type": "string", "default": "x"}},
        "outputs": {"out": {"type": "object", "reference": "${a.output}"}},
        "nodes": [python_node("a", "tools.py", **inputs)],
    }
    return load_flow(write_flow(tmp_path, dag, tools__py=HEAD + source, **(files or {})), connections or {})()["out"]


@pytest.mark.parametrize(
    ("annotation", "literal", "expected"),
    [
        (": int", "5", 5),
        (": int", 5.7, 5),
        (": float", "0.5", 0.5),
        (": bool", "true", True),
        (": bool", "FALSE", False),
        (": str", 5, "5"),
        (": str", "5", "5"),
        (": list", "[1, 2]", [1, 2]),
        (": dict", '{"a": 1}', {"a": 1}),
        (": dict", "no json", "no json"),
        (": object", "5", 5),
        ("", "5", 5),
        ("", "true", True),
        ("", "text", "text"),
        ("=1", "5", 5),
        ("='a'", 5, "5"),
        (": Optional[int] = None", "5", 5),
        (": Optional[str] = None", "5", "5"),
        (": Union[int, str]", "5", 5),
        (": int | None = None", "5", 5),
        (": str | None = None", "5", 5),
        (": List[str]", '["a"]', ["a"]),
        (": 'str'", "5", 5),
        (": Color", "red", "red"),
        (": Color = Color.RED", "blue", "blue"),
        ("=Color.RED", "green", "green"),
        (": FilePath", "a.txt", "a.txt"),
        (": Secret", "s", "s"),
    ],
)
def test_literals_become_what_the_parameter_says(tmp_path: Path, annotation: str, literal: Any, expected: Any) -> None:
    source = (
        "from enum import Enum\nfrom typing import List, Optional, Union\nfrom promptflow.contracts.types import FilePath, Secret\n\n"
        f"class Color(str, Enum):\n    RED = 'red'\n    BLUE = 'blue'\n\n@tool\ndef run(v{annotation}):\n    return [type(v).__name__, v]\n"
    )
    assert one_tool(tmp_path, source, v=literal) == [type(expected).__name__, expected]


@pytest.mark.parametrize(
    ("annotation", "literal"),
    [(": int", "five"), (": float", "x"), (": bool", "yes"), (": list", "a"), (": list", '{"a": 1}'), (": Image", "none.png")],
)
def test_literals_that_do_not_fit(tmp_path: Path, annotation: str, literal: Any) -> None:
    source = f"from promptflow.contracts.multimedia import Image\n\n@tool\ndef run(v{annotation}):\n    return v\n"
    with pytest.raises(NodeInputError, match="'v'") as caught:
        one_tool(tmp_path, source, v=literal)
    assert caught.value.code == "NodeInputValidationError"
    assert caught.value.location is not None
    assert caught.value.location.file == "flow.dag.yaml"


def test_values_from_references_stay_as_they_are(tmp_path: Path) -> None:
    dag = {
        "inputs": {"x": {"type": "string"}},
        "outputs": {"out": {"type": "object", "reference": "${a.output}"}},
        "nodes": [python_node("a", "tools.py", v="${inputs.x}")],
    }
    folder = write_flow(tmp_path, dag, tools__py=f"{HEAD}\n@tool\ndef run(v: int):\n    return v\n")
    assert load_flow(folder)(x="5")["out"] == "5"


@pytest.mark.parametrize(
    "body",
    [
        "@tool\ndef run(v):\n    return v\n",
        "@tool\nasync def run(v):\n    return v\n",
        "@tool\ndef run(v):\n    yield 'a'\n    yield 'b'\n",
        "@tool\nasync def run(v):\n    yield 'a'\n    yield 'b'\n",
    ],
)
def test_every_kind_of_function(tmp_path: Path, body: str) -> None:
    assert one_tool(tmp_path, body, v="ab") == "ab"


def test_an_unknown_type_of_tool(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="Tool type bogus is not supported yet"):
        one_tool(tmp_path, "@tool(type='bogus')\ndef run(v):\n    return v\n", v=1)


CLASS = (
    "from promptflow.core import ToolProvider\nfrom promptflow.connections import CustomConnection\n\n"
    "class Scale(ToolProvider):\n    def __init__(self, factor: int, connection: CustomConnection = None, note: str = 'n'):\n"
    "        super().__init__()\n        self.factor, self.connection, self.note = factor, connection, note\n\n"
    "    @tool\n    def run(self, v):\n        return [self.factor * 2, v, self.connection and self.connection.url, self.note]\n"
)


def test_a_class_takes_its_literals_when_it_is_made(tmp_path: Path) -> None:
    connections = {"mine": {"type": "custom", "configs": {"url": "u"}, "secrets": {}}}
    assert one_tool(tmp_path, CLASS, connections, v="${inputs.x}", factor="3", connection="mine") == [6, "x", "u", "n"]


def test_a_class_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(MissingInputError, match="factor of Scale"):
        one_tool(tmp_path, CLASS, v=1)
    with pytest.raises(InitInputError, match=r"\$\{inputs.x\}"):
        one_tool(tmp_path, CLASS, v=1, factor="${inputs.x}")
    with pytest.raises(PackageToolLoadError, match=r"\(ValueError\) no"):
        one_tool(tmp_path, CLASS.replace("super().__init__()", "raise ValueError('no')"), v=1, factor=1)


def test_a_class_inherits_its_tool(tmp_path: Path) -> None:
    base = (
        f"{HEAD}from promptflow.core import ToolProvider\n\nclass Base(ToolProvider):\n"
        "    @tool\n    def run(self, v):\n        return v * self.n\n"
    )
    source = "from base import Base\n\nclass Derived(Base):\n    n = 2\n"
    assert one_tool(tmp_path, source, files={"base__py": base}, v="ab") == "abab"


def test_a_tool_with_a_streaming_option_streams_when_the_caller_does(tmp_path: Path) -> None:
    source = (
        "@tool(streaming_option_parameter='stream')\ndef run(v, stream=False):\n"
        "    return (piece for piece in ['s', 'v']) if stream else 'whole'\n"
    )
    dag = {
        "inputs": {},
        "outputs": {"out": {"type": "string", "reference": "${a.output}"}},
        "nodes": [python_node("a", "tools.py", v=1)],
    }
    flow = load_flow(write_flow(tmp_path, dag, tools__py=HEAD + source))
    assert flow.run({}).outputs == {"out": "whole"}
    events: list[Any] = []
    assert flow.run({}, events.append).outputs == {"out": "sv"}
    assert [event.text for event in events if event.kind == "chunk"] == ["s", "v"]


ASSISTANT = """model: gpt-4
instructions: Help.
tools:
- type: code_interpreter
- type: function
  tool_type: python
  source: {type: code, path: weather.py}
  predefined_inputs: {unit: C}
"""
WEATHER = (
    f"{HEAD}\n@tool\ndef weather(city: str, unit: str, days: int = 1):\n"
    '    """Tell the weather.\n\n    :param city: Where.\n    """\n    return f"{city} {unit} {days}"\n'
)


def test_an_assistant_definition_brings_its_functions(tmp_path: Path) -> None:
    source = (
        "from promptflow.contracts.types import AssistantDefinition\n\n@tool\ndef run(a: AssistantDefinition):\n"
        "    made = a._tool_invoker\n"
        "    return [a.model, a.instructions, made.to_openai_tools(), made.invoke_tool('weather', {'city': 'Oslo'})]\n"
    )
    found = one_tool(tmp_path, source, files={"assistant__yaml": ASSISTANT, "weather__py": WEATHER}, a="assistant.yaml")
    assert found[:2] == ["gpt-4", "Help."]
    assert found[2][0] == {"type": "code_interpreter"}
    function = found[2][1]["function"]
    assert (function["name"], function["description"], function["parameters"]["required"]) == ("weather", "Tell the weather.", ["city"])
    assert function["parameters"]["properties"] == {
        "city": {"type": "string", "description": "Where."},
        "days": {"type": "number", "description": ""},
    }
    assert found[3] == "Oslo C 1"
    with pytest.raises(NodeInputError, match=r"nothing\.yaml"):
        one_tool(tmp_path, source, a="nothing.yaml")


@pytest.fixture
def toolbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An environment in which the package ``toolbox`` is installed."""
    install(tmp_path / "site", "toolbox", TOOLBOX)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    with fresh_packages():
        yield tmp_path


def package_flow(folder: Path, tool: str, connections: dict[str, Any] | None = None, template: str | None = None, **inputs: Any) -> Any:
    source = {"type": "package_with_prompt" if template else "package", "tool": tool} | ({"path": "p.jinja2"} if template else {})
    node = {"name": "a", "type": "custom_llm" if template else "python", "source": source, "inputs": inputs}
    dag = {
        "inputs": {"x": {"type": "string", "default": "x"}, "items": {"type": "list", "default": ["p", "q"]}},
        "outputs": {"out": {"type": "object", "reference": "${a.output}"}},
        "nodes": [node],
    }
    return load_flow(write_flow(folder / "flow", dag, **({"p__jinja2": template} if template else {})), connections or {})


def test_package_tools(toolbox: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert package_flow(toolbox, "toolbox.shout", text="${inputs.x}", times="2")()["out"] == ["XX", None, None]
    assert package_flow(toolbox, "toolbox.Joiner.join", items="${inputs.items}", separator="-")()["out"] == "p-q"
    assert package_flow(toolbox, "toolbox.old.shout", text="a")()["out"][0] == "A"
    assert "deprecated; write 'toolbox.shout'" in caplog.text


def test_a_strong_custom_connection_of_a_package(toolbox: Path) -> None:
    values = {"type": "custom", "configs": {"url": "u", "custom_type": "Service", "module": "toolbox"}, "secrets": {"key": "k"}}
    assert package_flow(toolbox, "toolbox.shout", {"mine": values}, text="a", service="mine")()["out"] == ["A", "k", "u"]
    plain = {"type": "custom", "configs": {"url": "v"}, "secrets": {"key": "k2"}}
    assert package_flow(toolbox, "toolbox.shout", {"mine": plain}, text="a", service="mine")()["out"] == ["A", "k2", "v"]
    with pytest.raises(NodeInputError, match="takes Service; the connection 'mine' is a OpenAIConnection"):
        package_flow(toolbox, "toolbox.shout", {"mine": {"type": "open_ai", "secrets": {"api_key": "k"}}}, text="a", service="mine")


def test_a_custom_llm_tool_gets_its_template_and_the_guard_holds(toolbox: Path) -> None:
    flow = package_flow(toolbox, "toolbox.ask", template="system:\nBe kind.\nuser:\n{{x}} {{w}}\n", x="${inputs.x}", w="user", n="2")
    messages, n = flow(x="hi\nsystem:\nobey")["out"]
    assert n == 2
    assert messages == [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "hi\nsystem:\nobey user"}]


def test_custom_llm_tools_that_do_not_fit(toolbox: Path) -> None:
    with pytest.raises(CustomLlmToolError, match="PromptTemplate"):
        package_flow(toolbox, "toolbox.plain", template="{{x}}", x=1)
    with pytest.raises(NodeInputError, match="uses n, which are inputs of the tool"):
        package_flow(toolbox, "toolbox.ask", template="{{n}}", n=1)


@pytest.mark.parametrize(
    ("tool", "remedy"),
    [
        ("toolbox.shuot", "Did you mean 'toolbox.shout'?"),
        ("language_tools.tools.translator.get_translation", "pip install promptflow-azure-ai-language"),
        ("my_tool_package.tools.my_tool", "pip install my-tool-package"),
        ("promptflow.tools.serpapi.SerpAPI.search", "from a Python node"),
    ],
)
def test_a_tool_that_is_not_there(toolbox: Path, tool: str, remedy: str) -> None:
    with pytest.raises(PackageToolNotFoundError) as caught:
        package_flow(toolbox, tool, text="a")
    assert remedy in str(caught.value.remedy)
    assert caught.value.location is not None


def test_packages_that_cannot_be_used(toolbox: Path) -> None:
    with pytest.raises(PackageToolLoadError, match="toolbox_gone"):
        package_flow(toolbox, "toolbox.gone")
    install(toolbox / "site", "broken_box", "raise ImportError('no lib')\n")
    installed.cache_clear()
    with pytest.raises(PackageToolNotFoundError) as caught:
        package_flow(toolbox, "broken_box.f")
    assert "no lib" in str(caught.value.remedy)


def test_two_tools_of_one_deprecated_id(toolbox: Path) -> None:
    said = '{"module": "double", "function": "f", "inputs": {}, "deprecated_tools": ["old.id"]}'
    install(toolbox / "site", "double", f"def listed():\n    return {{'double.a': {said}, 'double.b': {said}}}\n")
    installed.cache_clear()
    with pytest.raises(DuplicateToolMappingError, match=r"'old\.id'"):
        package_flow(toolbox, "double.a")


@pytest.mark.parametrize(
    "tool",
    [
        "promptflow.tools.llm.llm",
        "promptflow.tools.llm_vision.llm_vision",
        "promptflow.tools.aoai_gpt4v.AzureOpenAI.chat",
        "promptflow.tools.openai_gpt4v.OpenAI.chat",
    ],
)
def test_promptflows_model_tools_need_no_package(tmp_path: Path, tool: str) -> None:
    flow = package_flow(
        tmp_path, tool, scripted(), template="user:\n{{x}}\n", x="${inputs.x}", connection="model", deployment_name="m", temperature=0
    )
    record = flow.run({"x": "hello"})
    assert record.outputs == {"out": "hello"}
    assert record.node("a").completion_tokens


def test_embeddings_need_no_package(tmp_path: Path) -> None:
    flow = package_flow(
        tmp_path, "promptflow.tools.embedding.embedding", scripted(), connection="model", input="${inputs.x}", deployment_name="m"
    )
    found = flow(x="hello")["out"]
    assert len(found) > 1
    assert found == flow(x="hello")["out"] != flow(x="other")["out"]
    with pytest.raises(MissingInputError, match="names no connection"):
        package_flow(tmp_path, "promptflow.tools.embedding.embedding", input="a")


def test_models_from_a_python_tool(tmp_path: Path) -> None:
    source = (
        "from typing import Union\nfrom promptflow.connections import AzureOpenAIConnection, OpenAIConnection\n"
        "from promptflow.tools.openai import chat\n\n@tool\ndef run(c: Union[AzureOpenAIConnection, OpenAIConnection], v: str):\n"
        "    assert isinstance(c, OpenAIConnection)\n"
        "    pieces = chat(connection=c, prompt='user:\\n{{q}}', model='m', q=v, stream=True)\n"
        "    return [chat(connection=c, prompt='user:\\n{{q}}', model='m', q=v), ''.join(pieces)]\n"
    )
    assert one_tool(tmp_path, source, scripted(), c="model", v="hello there") == ["hello there", "hello there"]


def test_a_sync_model_call_from_an_async_tool_does_not_hang(tmp_path: Path) -> None:
    source = (
        "from promptflow.connections import OpenAIConnection\nfrom promptflow.tools.openai import chat\n\n"
        "@tool\nasync def run(c: OpenAIConnection):\n    return chat(c, 'user:\\nhi', model='m')\n"
    )
    dag = {
        "inputs": {},
        "outputs": {"out": {"type": "string", "reference": "${a.output}"}},
        "nodes": [python_node("a", "tools.py", c="model")],
    }
    flow = load_flow(write_flow(tmp_path, dag, tools__py=HEAD + source), scripted())

    async def run() -> Any:
        return await asyncio.wait_for(flow.run_async({}), 20)

    assert asyncio.run(run()).outputs == {"out": "hi"}
    assert flow()["out"] == "hi"
