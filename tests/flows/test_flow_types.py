"""Types of inputs and how values become them."""

from pathlib import Path
from typing import Any

import pytest

from flowyard.flows import load_flow
from flowyard.flows.errors import InputNotFoundError, InputParseError, InputTypeError
from flowyard.flows.format.types import bind_inputs, coerce
from flowyard.flows.model import InputSpec, Place
from flowyard.flows.rules import validate
from support.flow_folders import ECHO, python_node, write_flow


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("5", "int", 5),
        (5.9, "int", 5),
        (True, "int", 1),
        ("1.5", "double", 1.5),
        (2, "double", 2.0),
        (5, "string", "5"),
        ({"a": 1}, "string", "{'a': 1}"),
        (True, "bool", True),
        ("TRUE", "bool", True),
        ("false", "bool", False),
        ("[1, 2]", "list", [1, 2]),
        ([1], "list", [1]),
        ('{"a": 1}', "object", {"a": 1}),
        ("no json", "object", "no json"),
        ([1], "object", [1]),
        ("anything", "image", "anything"),
    ],
)
def test_coercion(value: Any, kind: str, expected: Any) -> None:
    found = coerce(value, kind)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("value", "kind"), [("five", "int"), ("yes", "bool"), (1, "bool"), ("x", "double"), ("{}", "list"), (5, "list"), ("no", "list")]
)
def test_what_does_not_fit(value: Any, kind: Any) -> None:
    spec = InputSpec(name="v", type=kind, place=Place("f", 1, 1))
    with pytest.raises(InputTypeError, match=f"must be of type {kind}"):
        bind_inputs({"v": spec}, {"v": value})


def test_a_list_that_is_no_json_says_so() -> None:
    spec = InputSpec(name="v", type="list", place=Place("f", 1, 1))
    with pytest.raises(InputParseError, match="no JSON"):
        bind_inputs({"v": spec}, {"v": "[1,"})
    with pytest.raises(InputTypeError) as caught:
        bind_inputs({"v": spec}, {"v": "{}"})
    assert caught.value.code == "InputTypeError"


def test_a_default_that_does_not_fit_fails_only_the_line_that_needs_it(tmp_path: Path) -> None:
    dag = {"inputs": {"n": {"type": "int", "default": "x"}}, "outputs": {"o": {"type": "int", "reference": "${inputs.n}"}}, "nodes": []}
    flow = load_flow(write_flow(tmp_path, dag))
    assert flow(n="5") == {"o": 5}
    with pytest.raises(InputTypeError):
        flow()


def test_defaults_history_and_unknown_names() -> None:
    place = Place("f", 1, 1)
    specs = {
        "a": InputSpec(name="a", type="string", place=place, default="d", has_default=True),
        "chat": InputSpec(name="chat", type="list", place=place),
    }
    assert bind_inputs(specs, {"other": 1}, history="chat") == {"a": "d", "chat": []}
    with pytest.raises(InputNotFoundError, match="'chat'"):
        bind_inputs(specs, {})


def test_a_default_of_the_declared_type_and_null_is_none(tmp_path: Path) -> None:
    dag = (
        "inputs:\n  n: {type: int, default: '5'}\n  m: {type: int, default: null}\noutputs: {}\n"
        "nodes:\n- {name: a, type: python, source: {type: code, path: e.py}, inputs: {x: 1}}\n"
    )
    flow, _ = validate(write_flow(tmp_path, dag, e__py=ECHO))
    assert flow is not None
    assert (flow.inputs["n"].default, flow.inputs["m"].has_default) == (5, False)


def test_unknown_type_is_an_error(tmp_path: Path) -> None:
    dag = {"inputs": {"n": {"type": "float"}}, "outputs": {}, "nodes": [python_node("a", "e.py", x=1)]}
    _, findings = validate(write_flow(tmp_path, dag, e__py=ECHO))
    assert [(finding.code, finding.severity, finding.line) for finding in findings] == [("UnknownType", "error", 3)]
