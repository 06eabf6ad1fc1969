"""Every rule finds what it is for, at its place, and says what to write instead."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowyard.flows import rules
from flowyard.flows.format.document import read_document
from flowyard.flows.graph.order import find_cycle, topological_order
from flowyard.flows.inspect import graph
from flowyard.flows.model import FlowOptions
from flowyard.wire.flows import Finding
from support.flow_folders import ECHO, python_node, write_flow

NODE = "- {name: a, type: python, source: {type: code, path: e.py}, inputs: {x: 1}}\n"


def codes(folder: Path) -> list[tuple[str, str]]:
    return [(finding.code, finding.severity) for finding in rules.validate(folder)[1]]


CASES: dict[str, tuple[str, str, int]] = {
    "no nodes": ("inputs: {}\noutputs: {}\n", "MissingNodes", 1),
    "no YAML": ("inputs: [\n", "InvalidYaml", 2),
    "empty": ("", "EmptyFile", 1),
    "a list": ("- a\n", "WrongType", 1),
    "twice the same key": ("inputs: {}\ninputs: {}\nnodes:\n" + NODE, "DuplicateKey", 2),
    "wrong type of a section": ("inputs: text\nnodes:\n" + NODE, "WrongType", 1),
    "duplicate node": ("nodes:\n" + NODE + NODE, "DuplicateNodeName", 3),
    "node without a name": ("nodes:\n- {type: python}\n" + NODE, "MissingName", 2),
    "unknown node type": ("nodes:\n" + NODE.replace("python", "pyton"), "UnknownNodeType", 2),
    "unknown node": ("nodes:\n" + NODE.replace("x: 1", "x: '${b.output}'"), "NodeReferenceNotFound", 2),
    "unknown input": ("inputs: {text: {type: string}}\nnodes:\n" + NODE.replace("x: 1", "x: '${inputs.txt}'"), "InputReferenceNotFound", 3),
    "unknown output": ("outputs:\n  o: {type: string, reference: '${b.output}'}\nnodes:\n" + NODE, "OutputReferenceNotFound", 2),
    "empty output": ("outputs:\n  o: {type: string, reference: ''}\nnodes:\n" + NODE, "EmptyOutputReference", 2),
    "cycle": (
        "nodes:\n" + NODE.replace("x: 1", "x: '${b}'") + NODE.replace("name: a", "name: b").replace("x: 1", "x: '${a}'"),
        "NodeCircularDependency",
        2,
    ),
    "missing source": ("nodes:\n- {name: a, type: python}\n", "MissingSource", 2),
    "source not there": ("nodes:\n" + NODE.replace("e.py", "ee.py"), "InvalidSource", 2),
    "source outside, not there": ("nodes:\n" + NODE.replace("e.py", "../e.py"), "InvalidSource", 2),
    "bad Python": ("nodes:\n" + NODE.replace("e.py", "bad.py"), "PythonLoadError", 2),
    "no tool": ("nodes:\n" + NODE.replace("e.py", "none.py"), "NoToolDefined", 1),
    "two tools": ("nodes:\n" + NODE.replace("e.py", "two.py"), "MultipleToolsDefined", 8),
    "bad template": ("nodes:\n- {name: a, type: prompt, source: {type: code, path: bad.jinja2}}\n", "InvalidTemplate", 2),
    "reserved variable": (
        "nodes:\n- {name: a, type: llm, connection: local, source: {type: code, path: model.jinja2}, inputs: {model: m}}\n",
        "NodeInputValidationError",
        2,
    ),
    "normal node uses aggregation": (
        "nodes:\n" + NODE.replace("name: a", "name: r, aggregation: true") + NODE.replace("x: 1", "x: '${r}'"),
        "InvalidNodeReference",
        3,
    ),
    "aggregation condition on a normal node": (
        "nodes:\n" + NODE + NODE.replace("name: a", "name: r, aggregation: true, activate: {when: '${a}', is: 1}"),
        "InvalidNodeReference",
        3,
    ),
    "condition on an unknown input": (
        "nodes:\n" + NODE.replace("x: 1}", "x: 1}, activate: {when: '${inputs.q}', is: 1}"),
        "InputNotFound",
        2,
    ),
    "condition without is": ("nodes:\n" + NODE.replace("x: 1}", "x: 1}, activate: {when: a}"), "FlowDefinitionError", 2),
    "node without a type": ("nodes:\n" + NODE.replace("type: python, ", ""), "MissingNodeType", 2),
    "output without a type": ("outputs: {o: {reference: '${a}'}}\nnodes:\n" + NODE, "MissingType", 1),
    "csharp": ("language: csharp\nnodes:\n" + NODE, "LanguageNotSupported", 1),
    "message format": ("message_format: morse\nnodes:\n" + NODE, "InvalidMessageFormatType", 1),
    "retry": ("nodes:\n" + NODE.replace("x: 1}", "x: 1}, retry: {max_attempts: 0}"), "WrongValue", 2),
    "timeout": ("nodes:\n" + NODE.replace("x: 1}", "x: 1}, timeout_s: soon"), "WrongType", 2),
    "include that is not there": ("additional_includes: [../gone.txt]\nnodes:\n" + NODE, "AdditionalIncludeNotFound", 1),
    "variant that is not there": ("nodes:\n- {name: a, use_variants: true}\n", "NodeOfVariantNotFound", 2),
    "input without a type": ("inputs: {n: {default: 1}}\nnodes:\n" + NODE, "MissingType", 1),
}

WARNINGS: dict[str, tuple[str, str, str]] = {
    "unknown top key": ("input: {}\nnodes:\n" + NODE, "UnknownKey", "Did you mean 'inputs'?"),
    "unknown node key": ("nodes:\n" + NODE.replace("inputs:", "inptus:"), "UnknownKey", "Did you mean 'inputs'?"),
    "unknown argument": ("nodes:\n" + NODE.replace("x: 1", "x: 1, xx: 2"), "UnknownToolArgument", "Did you mean 'x'?"),
    "missing argument": ("nodes:\n" + NODE.replace("x: 1", ""), "MissingToolArgument", "Add inputs: x: ..."),
    "index on output": (
        "nodes:\n" + NODE + NODE.replace("name: a", "name: b").replace("x: 1", "x: '${a.output[0]}'"),
        "UnsupportedReference",
        "Write ${a.output}",
    ),
    "reserved name": ("nodes:\n" + NODE.replace("name: a", "name: flow"), "ReservedNodeName", "Rename it."),
    "no node in the list": ("nodes: []\n", "EmptyNodes", "Add a node."),
    "default that does not fit": ("inputs: {n: {type: int, default: x}}\nnodes:\n" + NODE, "WrongDefault", ""),
    "null output": ("outputs: {o: {type: string, reference: null}}\nnodes:\n" + NODE, "NullOutput", "Write reference"),
    "another section at an output": (
        "outputs: {o: {type: string, reference: '${a.other}'}}\nnodes:\n" + NODE,
        "SectionIgnored",
        "Write ${a.output}",
    ),
    "output of an aggregation": (
        "outputs: {o: {type: int, reference: '${a}'}}\nnodes:\n" + NODE.replace("name: a", "name: a, aggregation: true"),
        "AggregationOutputIgnored",
        "metric",
    ),
    "variable that nobody feeds": (
        "nodes:\n- {name: a, type: prompt, source: {type: code, path: ask.jinja2}, inputs: {word: 1}}\n",
        "TemplateVariableNotFed",
        "Did you mean 'word'?",
    ),
    "chat without an answer": ("inputs: {q: {type: string, is_chat_input: true}}\nnodes:\n" + NODE, "InvalidChatFlow", "is_chat_output"),
    "packages of a file that is not there": (
        "environment: {python_requirements_txt: need.txt}\nnodes:\n" + NODE,
        "RequirementsNotFound",
        "Create it",
    ),
}

FILES = {
    "e__py": ECHO,
    "bad__py": "from promptflow.core import tool\ndef run(:\n",
    "none__py": "def run(x):\n    return x\n",
    "two__py": ECHO + ECHO.replace("from promptflow.core import tool\n\n\n", "").replace("run", "again"),
    "bad__jinja2": "hello\n{% if x %}\n",
    "model__jinja2": "user:\n{{model}}\n",
    "ask__jinja2": "{{words}}\n",
}


@pytest.mark.parametrize("name", CASES)
def test_errors(tmp_path: Path, name: str) -> None:
    dag, code, line = CASES[name]
    found = [finding for finding in rules.validate(write_flow(tmp_path, dag, **FILES))[1] if finding.code == code]
    assert found, codes(tmp_path)
    assert found[0].severity == "error"
    assert found[0].column is not None
    assert found[0].line == line


@pytest.mark.parametrize("name", WARNINGS)
def test_warnings_do_not_stop_a_flow(tmp_path: Path, name: str) -> None:
    dag, code, remedy = WARNINGS[name]
    found = [finding for finding in rules.validate(write_flow(tmp_path, dag, **FILES))[1] if finding.code == code]
    assert found, codes(tmp_path)
    assert found[0].severity == "warning"
    assert remedy in (found[0].remedy or "")
    rules.load_valid(tmp_path)


def test_every_rule_is_exercised_here() -> None:
    tried = {code for _, code, _ in (*CASES.values(), *WARNINGS.values())}
    elsewhere = {"InvalidEncoding", "MissingConnection", "MissingModel", "SourceOutside"}
    assert {rule.code for rule in rules.ALL} <= tried | elsewhere


def test_a_source_beside_the_folder_runs_on_files_alone_and_not_where_a_root_is_set(tmp_path: Path) -> None:
    folder = write_flow(tmp_path / "flow", "nodes:\n" + NODE.replace("e.py", "../e.py"))
    (tmp_path / "e.py").write_text(ECHO)
    assert codes(folder) == [("SourceOutside", "warning")]
    assert rules.load_valid(folder).nodes
    found = rules.validate(folder, FlowOptions(root=folder))[1]
    assert [(finding.code, finding.severity) for finding in found] == [("InvalidSource", "error")]


def test_llm_nodes_without_connection_or_model_are_warned_about(tmp_path: Path) -> None:
    dag = "nodes:\n- {name: a, type: llm, source: {type: code, path: ask.jinja2}, inputs: {words: 1}}\n"
    assert codes(write_flow(tmp_path, dag, **FILES)) == [("MissingConnection", "warning"), ("MissingModel", "warning")]


def test_all_findings_come_at_once(tmp_path: Path) -> None:
    dag = "nodes:\n- {name: a, type: python, source: {path: nope.py}, inputs: {x: '${gone}'}, colour: red}\n"
    assert {code for code, _ in codes(write_flow(tmp_path, dag))} == {"InvalidSource", "NodeReferenceNotFound", "UnknownKey"}


def test_yaml_is_read_as_1_2(tmp_path: Path) -> None:
    document, findings = read_document(
        "a: yes\nb: 010\nc: 0o17\nd: 1e3\ne: 2024-01-01\nf: ~\ng: true\nh: &x {k: 1}\ni: {<<: *x, l: 2}\n", "f"
    )
    assert document is not None
    assert findings == []
    assert document.plain() == {
        "a": "yes",
        "b": 10,
        "c": 15,
        "d": 1000.0,
        "e": date(2024, 1, 1),
        "f": None,
        "g": True,
        "h": {"k": 1},
        "i": {"k": 1, "l": 2},
    }


def test_aliases_cannot_blow_up() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    for before, name in zip("abcdefg", "bcdefgh", strict=True):
        bomb += f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    assert "DocumentTooLarge" in {finding.code for finding in read_document(bomb, "f")[1]}
    assert "RecursiveAlias" in {finding.code for finding in read_document("a: &a [*a]\n", "f")[1]}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(text=st.text(alphabet=st.sampled_from("abn:-{}[]'\"\n |>&*#!%@`,?\t0$"), max_size=120))
def test_no_text_breaks_validation(tmp_path: Path, text: str) -> None:
    assert all(isinstance(finding, Finding) for finding in rules.validate(write_flow(tmp_path, text))[1])


@given(st.dictionaries(st.integers(0, 8).map(str), st.lists(st.integers(0, 8).map(str), max_size=4), max_size=9))
def test_order_and_cycle_agree(needs: dict[str, list[str]]) -> None:
    order = topological_order(needs)
    for position, name in enumerate(order):
        assert all(need in order[:position] for need in needs[name] if need in needs)
    cycle = find_cycle(needs)
    assert (cycle is None) == (len(order) == len(needs))
    if cycle:
        assert all(cycle[index - 1] in needs[name] for index, name in enumerate(cycle))


def test_a_graph_without_running_anything(tmp_path: Path) -> None:
    dag = (
        "inputs: {q: {type: string, is_chat_input: true}, chat_history: {type: list}}\n"
        "outputs: {o: {type: string, reference: '${a.output.x}', is_chat_output: true}}\n"
        "nodes:\n- {name: a, type: python, source: {type: code, path: boom.py}, inputs: {x: '${inputs.q}', y: 3}}\n"
    )
    folder = write_flow(
        tmp_path, dag, boom__py="from promptflow.core import tool\n\nraise RuntimeError\n\n\n@tool\ndef run(x, y):\n    return x\n"
    )
    found = graph(folder)
    assert [(edge.source, edge.target, edge.label) for edge in found.edges] == [("inputs", "a", "x"), ("a", "outputs", "o")]
    assert found.nodes[0].inputs == {"x": "${inputs.q}", "y": 3}
    assert (found.nodes[0].line, found.findings) == (4, ())
    assert [spec.is_chat_history for spec in found.inputs] == [False, True]
    assert graph(tmp_path / "nothing").findings[0].code == "FlowFileMissing"


def test_every_rule_is_in_the_docs() -> None:
    text = (Path(__file__).parents[2] / "docs" / "flow-format.md").read_text()
    assert [rule.code for rule in rules.ALL if rule.code not in text] == []


@pytest.mark.parametrize("path", ["x" * 5000, "folder/" + "y" * 300 + ".py", "nul\0.py"])
def test_a_path_that_no_file_can_have_is_a_finding(tmp_path: Path, path: str) -> None:
    dag = {"outputs": {"o": {"reference": "${n}"}}, "nodes": [{"name": "n", "type": "python", "source": {"type": "code", "path": path}}]}
    _, findings = rules.validate(write_flow(tmp_path / "source", dag))
    assert "InvalidSource" in {finding.code for finding in findings}
    include = {**dag, "additional_includes": [path], "nodes": [python_node("n", "n.py")]}
    _, findings = rules.validate(write_flow(tmp_path / "include", include, n__py=ECHO))
    assert [finding for finding in findings if finding.severity == "error"]
