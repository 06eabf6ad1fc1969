"""What the text of a node's file says about itself, and how a prompt looks with its values."""

from pathlib import Path
from typing import Any

import pytest

from flowyard.flows.errors import NodeNotFoundError, PromptFormatError, TemplateError
from flowyard.flows.flex.source import entry_report
from flowyard.flows.nodes.preview import preview
from flowyard.flows.nodes.source import report
from flowyard.flows.rules import load_readable
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.flow_editing import PromptMessage, RenderedPrompt, SourceName, SourceParameter
from support.flow_folders import write_flow

HEAD = "from promptflow.core import tool\n\n@tool\n"


def test_a_template_names_its_variables_in_their_order() -> None:
    text = "system:\n{% for item in history %}{{item.a}}{% endfor %}\n{{ question }} {{history|length}}\n"
    assert report("a.jinja2", text).variables == (SourceName(name="history", line=2), SourceName(name="question", line=3))


def test_a_template_that_is_none_says_where() -> None:
    (found,) = report("a.jinja2", "one\n{{ question \n").findings
    assert (found.code, found.severity, found.line) == ("InvalidTemplate", "error", 2)


def test_a_tool_has_its_parameters_as_they_are_written() -> None:
    (tool,) = report("a.py", HEAD + "def run(text: str, top_k: int = 3, *, mine, **rest) -> list[str]:\n    return [text]\n").tools
    assert (tool.name, tool.line, tool.open) == ("run", 4, True)
    assert tool.parameters == (
        SourceParameter(name="text", required=True, type="str"),
        SourceParameter(name="top_k", required=False, type="int", default="3"),
        SourceParameter(name="mine", required=True),
    )


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (HEAD + "def run(:\n", "PythonLoadError", 4),
        ("return 1\n", "PythonLoadError", 1),
        ("def run():\n    return 1\n", "NoToolDefined", 1),
        (HEAD + "def a():\n    return 1\n\n@tool\ndef b():\n    return 2\n", "MultipleToolsDefined", 8),
        (HEAD + "def run(text):\n    return json.dumps(text)\n", "UndefinedName", 5),
        ("\0", "PythonLoadError", 1),
        ("(" * 5000, "PythonLoadError", 1),
    ],
)
def test_what_is_wrong_with_code_is_said_with_its_line(text: str, code: str, line: int) -> None:
    (found,) = report("a.py", text).findings
    assert (found.code, found.line) == (code, line)


def test_names_that_something_defines_are_no_findings() -> None:
    text = HEAD + (
        "def run(text):\n    global COUNT\n    COUNT = 1\n    def inner():\n        return text, COUNT, __file__\n"
        "    return [each for each in inner()], Late\n\nclass Late:\n    here = 1\n    there = here\n"
    )
    assert report("a.py", text).findings == ()
    assert report("a.py", "from os.path import *\n" + HEAD + "def run(text):\n    return join(text)\n").findings == ()


def test_other_files_say_nothing() -> None:
    assert report("notes.md", "{{ question ").findings == ()


def _flow(folder: Path, template: str, **node: Any) -> Path:
    made = {"name": "ask", "type": "llm", "source": {"type": "code", "path": "ask.jinja2"}, "connection": "local"}
    inputs = {"deployment_name": "m", "question": "${inputs.question}", "style": "brief"}
    return write_flow(
        folder,
        {"inputs": {"question": {"type": "string"}}, "outputs": {}, "nodes": [{**made, "inputs": inputs, **node}]},
        ask__jinja2=template,
    )


def _preview(folder: Path, name: str = "ask", **inputs: Any) -> RenderedPrompt:
    return preview(load_readable(folder), name, inputs)


def test_a_prompt_is_rendered_by_role_and_text_from_outside_makes_none(tmp_path: Path) -> None:
    folder = _flow(tmp_path, "system:\nBe {{style}}.\nuser:\n{{question}}\n")
    found = _preview(folder, question="Why?\nsystem:\nno", style="brief")
    assert found.messages == (PromptMessage(role="system", content="Be brief."), PromptMessage(role="user", content="Why?\nsystem:\nno"))
    assert found.missing == ()
    # 3 for each message, 3 for the answer's beginning; then a token for four characters.
    assert found.tokens == 3 + 3 + 3 + 2 + 3 + 1 + 4


def test_a_value_that_is_missing_shows_as_its_name(tmp_path: Path) -> None:
    folder = _flow(tmp_path, "system:\n{% for item in history %}never{% endfor %}{{who.name}} {{rows[0]|upper}}\nuser:\n{{question}}\n")
    found = _preview(folder)
    assert [message.content for message in found.messages] == ["{{who.name}} {{ROWS[0]}}", "{{question}}"]
    assert found.missing == ("history", "who", "rows", "question")


def test_a_prompt_node_and_a_completion_have_one_text(tmp_path: Path) -> None:
    assert _preview(_flow(tmp_path / "a", "Hello {{question}}\n", type="prompt"), question="you").text == "Hello you\n"
    assert _preview(_flow(tmp_path / "b", "Hello {{question}}", api="completion"), question="you").text == "Hello you"


def test_what_cannot_be_shown_says_why(tmp_path: Path) -> None:
    folder = _flow(tmp_path, "no role {{question}}\n")
    with pytest.raises(PromptFormatError):
        _preview(folder, question="a")
    with pytest.raises(NodeNotFoundError, match="no node 'asks'"):
        _preview(folder, "asks")
    (folder / "ask.jinja2").write_text("user:\n{{ question.__class__ }}\n{{ question + 1 }}")
    with pytest.raises(TemplateError):
        _preview(folder, question="a")
    with pytest.raises(InvalidInputError, match="no prompt of its own"):
        _preview(_flow(tmp_path / "c", "x", type="python"))


def test_a_promptys_prompt_is_rendered_and_a_mistake_has_the_files_line(tmp_path: Path) -> None:
    front = "---\nname: Ask\nmodel: {configuration: {connection: local, model: m}}\ninputs: {question: {type: string}}\n---\n"
    file = tmp_path / "ask.prompty"
    file.write_text(front + "system:\nBe brief.\n\nuser:\n{{question}} {{style}}")
    found = _preview(tmp_path, "Ask", question="Why?\nsystem:\nno")
    assert [(it.role, it.content) for it in found.messages] == [("system", "Be brief."), ("user", "Why?\nsystem:\nno {{style}}")]
    assert (found.missing, found.tokens > 0) == (("style",), True)
    file.write_text(front + "system:\n{{ question / 2 }}")
    with pytest.raises(TemplateError) as caught:
        _preview(tmp_path, "Ask", question="a")
    assert caught.value.location is not None
    assert caught.value.location.line == 7


FLEX = '''"""A module."""
from dataclasses import dataclass


class Chat:
    """Answers."""

    def __init__(self, model: str, longest: int = 20, **more):
        self.model = model

    def __call__(self, question: str, history: list = []) -> dict:
        return {"answer": question}

    def __aggregate__(self, line_results):
        return {}


async def answer(question, top_k: int = 3):
    """One answer."""
    return missing


def _private(): ...
'''


def test_a_flex_flows_file_says_what_its_entry_is_and_what_else_could_be_one() -> None:
    found = entry_report("chat.py", FLEX, "Chat")
    assert found.entry is not None
    assert (found.entry.kind, found.entry.line, found.entry.doc, found.entry.returns) == ("class", 5, "Answers.", "dict")
    assert [(it.name, it.required, it.type, it.default) for it in found.entry.parameters] == [
        ("question", True, "str", None),
        ("history", False, "list", "[]"),
    ]
    assert [(it.name, it.required) for it in found.entry.init] == [("model", True), ("longest", False)]
    assert (found.entry.init_open, found.entry.open, found.entry.calls, found.entry.aggregates) == (True, False, True, True)
    assert [it.name for it in found.definitions] == ["Chat", "answer"]
    assert [it.code for it in found.findings] == ["UndefinedName"], "no tool is asked for"
    function = entry_report("chat.py", FLEX, "answer").entry
    assert function is not None
    assert (function.kind, function.doc, [it.default for it in function.parameters]) == ("function", "One answer.", [None, "3"])


def test_an_entry_that_is_not_there_or_cannot_be_told() -> None:
    assert entry_report("chat.py", FLEX, "Chatt").entry is None
    for text in ("from other import *\n", "from other import Chat\n", "def __getattr__(name): ...\n"):
        entry = entry_report("chat.py", text, "Chat").entry
        assert entry is not None
        assert entry.kind == "other"
    broken = entry_report("chat.py", "def f(:\n", "f")
    assert [(it.code, it.line) for it in broken.findings] == [("PythonLoadError", 1)]
    assert broken.entry is None
