"""The reference grammar, row by row as in the format's description."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowyard.flows import load_flow
from flowyard.flows.errors import InvalidFlowError
from flowyard.flows.format.references import parse_value, property_getter
from flowyard.flows.model import Constant, InputReference, NodeReference
from support.flow_folders import ECHO, python_node, write_flow

VALUE = (
    "from promptflow.core import tool\n\n\nclass Thing:\n    part = {'k v': 'attribute'}\n\n\n@tool\ndef run():\n"
    "    return {'a': {'b': 1}, 'l': [10, {'k v': 20}], 'k': 'key', 't': Thing()}\n"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${inputs.x}", InputReference("x")),
        ("${flow.x}", InputReference("x")),
        ("${inputs.o.z}", InputReference("o.z")),
        ("${n}", NodeReference("n")),
        ("${n.output}", NodeReference("n")),
        ("${n.output.a.b}", NodeReference("n", "output", "a.b")),
        ("${n.output[0]}", NodeReference("n", "output[0]")),
        ("hi ${inputs.a}", Constant("hi ${inputs.a}")),
        ("${inputs.a} ${inputs.a}", InputReference("a} ${inputs.a")),
        ("${}", NodeReference("")),
        ("${n.}", NodeReference("n", "")),
        ("$", Constant("$")),
        ("", Constant("")),
        (None, Constant(None)),
        (5, Constant(5)),
        (["${n}"], Constant(["${n}"])),
    ],
)
def test_what_a_text_refers_to(text: Any, expected: Any) -> None:
    assert parse_value(text) == expected


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("${n.output.a.b}", 1),
        ("${n.output.l[0]}", 10),
        ("${n.output.l[1]['k v']}", 20),
        ("${n.output.['k']}", "key"),
        ("${n.output.t.part['k v']}", "attribute"),
    ],
)
def test_properties(tmp_path: Path, reference: str, expected: Any) -> None:
    dag = {"inputs": {}, "outputs": {"out": {"type": "object", "reference": reference}}, "nodes": [python_node("n")]}
    found = load_flow(write_flow(tmp_path, dag, n__py=VALUE))()["out"]
    assert found == expected


def test_a_whole_output_that_is_no_json_fails_the_line(tmp_path: Path) -> None:
    dag = {"outputs": {"out": {"type": "object", "reference": "${n}"}}, "nodes": [python_node("n")]}
    record = load_flow(write_flow(tmp_path, dag, n__py=VALUE)).run({})
    assert record.error is not None
    assert (record.status, record.error.code, record.node("n").status) == ("failed", "FlowOutputUnserializable", "completed")
    assert record.error.location is not None
    assert record.error.location.line is not None


def test_an_output_reads_another_section_as_output(tmp_path: Path) -> None:
    dag = {"outputs": {"out": {"type": "object", "reference": "${n.outputs.a}"}}, "nodes": [python_node("n")]}
    assert load_flow(write_flow(tmp_path, dag, n__py=VALUE))() == {"out": {"b": 1}}


def test_an_index_on_output_itself_fails_the_line_not_the_load(tmp_path: Path) -> None:
    dag = {
        "outputs": {"out": {"type": "object", "reference": "${a}"}},
        "nodes": [python_node("n"), python_node("a", "e.py", x="${n.output[0]}")],
    }
    record = load_flow(write_flow(tmp_path, dag, n__py=VALUE, e__py=ECHO)).run({})
    assert record.error.code == "UnsupportedReference"
    assert record.error.extra["node"] == "a"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("${inputs.o.z}", "InputReferenceNotFound"),
        ("${inputs.nope}", "InputReferenceNotFound"),
        ("${inputs.o} ${inputs.o}", "InputReferenceNotFound"),
        ("${nope.output}", "NodeReferenceNotFound"),
    ],
)
def test_references_that_do_not_load(tmp_path: Path, value: str, code: str) -> None:
    dag = {"inputs": {"o": {"type": "object"}}, "outputs": {}, "nodes": [python_node("a", "e.py", x=value)]}
    with pytest.raises(InvalidFlowError) as caught:
        load_flow(write_flow(tmp_path, dag, e__py=ECHO))
    assert code in {finding.code for finding in caught.value.findings}
    assert caught.value.location is not None
    assert caught.value.location.line is not None


@given(st.text(max_size=60))
def test_any_text_is_a_value(text: str) -> None:
    found = parse_value(text)
    if not (text.startswith("${") and text.endswith("}")):
        assert found == Constant(text)


@given(
    st.recursive(
        st.integers(),
        lambda inner: (
            st.lists(inner, min_size=1, max_size=3)
            | st.dictionaries(st.from_regex(r"[a-z]\w{0,5}", fullmatch=True), inner, min_size=1, max_size=3)
        ),
        max_leaves=8,
    ),
    st.data(),
)
def test_every_path_into_a_value_leads_there(value: Any, data: st.DataObject) -> None:
    path, current = "", value
    while isinstance(current, list | dict) and data.draw(st.booleans()):
        if isinstance(current, list):
            index = data.draw(st.integers(0, len(current) - 1))
            path, current = f"{path}[{index}]", current[index]
        else:
            key = data.draw(st.sampled_from(sorted(current)))
            path, current = (f"{path}['{key}']" if data.draw(st.booleans()) else f"{path}.{key}"), current[key]
    assert property_getter(NodeReference("n", "output", path))(value) is current
