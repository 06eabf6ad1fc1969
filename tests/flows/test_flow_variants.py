"""Variants by name, overrides of nodes, and the findings of all of them."""

from pathlib import Path
from typing import Any

import pytest

from flowyard.flows import rules
from flowyard.flows.format.overrides import parse_overrides
from flowyard.flows.format.variants import parse_variant
from flowyard.flows.model import FlowOptions, RetryPolicy
from flowyard.foundation.errors import InvalidInputError
from support.flow_folders import ECHO, python_node, write_flow


def variants(**nodes: dict[str, Any]) -> dict[str, Any]:
    """A flow whose node ``n`` has these variants, the first by default."""
    table = {
        name: {"node": {key: value for key, value in node.items() if key != "name"}, "description": name} for name, node in nodes.items()
    }
    return {
        "outputs": {"o": {"type": "string", "reference": "${n.output}"}},
        "nodes": [{"name": "n", "use_variants": True}],
        "node_variants": {"n": {"default_variant_id": next(iter(nodes)), "variants": table}},
    }


def test_a_flow_knows_all_its_variants(tmp_path: Path) -> None:
    folder = write_flow(tmp_path, variants(a=python_node("n", "e.py", x=1), b=python_node("n", "e.py", x=2)), e__py=ECHO)
    spec = rules.load_valid(folder)
    table = spec.node_variants["n"]
    assert (table.default, table.chosen, list(table.nodes), table.descriptions) == ("a", "a", ["a", "b"], {"a": "a", "b": "b"})
    assert table.nodes["b"].name == "n"
    other = rules.load_valid(folder, FlowOptions(variant="${n.b}"))
    assert (other.node_variants["n"].chosen, other.nodes[0].inputs) == ("b", table.nodes["b"].inputs)
    assert other.nodes[0].use_variants


def test_what_is_wrong_with_another_variant_is_a_warning(tmp_path: Path) -> None:
    bad = python_node("n", "gone.py", x="${nope}") | {"retry": {"max_attempts": "many"}}
    folder = write_flow(tmp_path, variants(a=python_node("n", "e.py", x=1), b=bad), e__py=ECHO)
    found = {(finding.code, finding.severity) for finding in rules.validate(folder)[1]}
    assert found == {("InvalidSource", "warning"), ("NodeReferenceNotFound", "warning"), ("WrongType", "warning")}
    assert all("${n.b}" in finding.message for finding in rules.validate(folder)[1] if finding.code != "WrongType")
    chosen = {(finding.code, finding.severity) for finding in rules.validate(folder, FlowOptions(variant="${n.b}"))[1]}
    assert chosen == {("InvalidSource", "error"), ("NodeReferenceNotFound", "error"), ("WrongType", "error")}


@pytest.mark.parametrize(
    ("variant", "code", "remedy"),
    [
        ("${n.bb}", "VariantNotFound", "Did you mean 'b'?"),
        ("${m.b}", "VariantNotFound", "There are: n."),
        ("${n.zebra}", "VariantNotFound", "There are: a, b."),
    ],
)
def test_a_variant_that_is_not_there(tmp_path: Path, variant: str, code: str, remedy: str) -> None:
    folder = write_flow(tmp_path, variants(a=python_node("n", "e.py", x=1), b=python_node("n", "e.py", x=2)), e__py=ECHO)
    found = [finding for finding in rules.validate(folder, FlowOptions(variant=variant))[1] if finding.severity == "error"]
    assert [(finding.code, finding.remedy) for finding in found] == [(code, remedy)]


def test_a_default_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    dag = variants(a=python_node("n", "e.py", x=1))
    dag["node_variants"]["n"]["default_variant_id"] = "z"
    found = [finding for finding in rules.validate(write_flow(tmp_path, dag, e__py=ECHO))[1] if finding.severity == "error"]
    assert [finding.code for finding in found] == ["NodeOfVariantNotFound"]
    assert "There are: a." in found[0].message


def test_overrides(tmp_path: Path) -> None:
    node = {
        "name": "a",
        "type": "llm",
        "source": {"type": "code", "path": "p.jinja2"},
        "inputs": {"model": "m"},
        "connection": "one",
        "api": "chat",
    }
    folder = write_flow(tmp_path, {"nodes": [node, python_node("p", "e.py", x=1)]}, p__jinja2="user:\nhi\n", e__py=ECHO)
    overrides = parse_overrides(["a.connection=two", "a.model=large", "p.x=${inputs.q}", "a.temperature=0.5=x"])
    assert overrides == {"a": {"connection": "two", "model": "large", "temperature": "0.5=x"}, "p": {"x": "${inputs.q}"}}
    flow, findings = rules.validate(folder, FlowOptions(overrides=overrides))
    assert flow is not None
    assert (flow.nodes[0].connection, str(flow.nodes[1].inputs["x"].value)) == ("two", "${inputs.q}")
    assert "InputReferenceNotFound" in {finding.code for finding in findings}
    _, findings = rules.validate(folder, FlowOptions(overrides={"aa": {"model": "x"}}))
    assert [(finding.code, finding.remedy) for finding in findings] == [("OverriddenNodeNotFound", "Did you mean 'a'?")]


@pytest.mark.parametrize("word", ["a", "a=b", "a.b", ".b=c", "a.=c"])
def test_words_that_override_nothing(word: str) -> None:
    with pytest.raises(InvalidInputError, match="overrides nothing"):
        parse_overrides([word])


def test_names_of_variants() -> None:
    assert parse_variant("${a.b}") == ("a", "b")
    assert parse_variant("'${a.b.c}'") == ("a", "b.c")
    for wrong in ("a.b", "${a}", "${.b}", "${a.}", ""):
        with pytest.raises(InvalidInputError, match="names no variant"):
            parse_variant(wrong)


def test_policies_of_a_node(tmp_path: Path) -> None:
    node = python_node("a", "e.py", x=1) | {"retry": {"max_attempts": 5, "on": ["NodeTimeout", "ValueError"]}, "timeout_s": 1.5}
    spec = rules.load_valid(write_flow(tmp_path, {"nodes": [node]}, e__py=ECHO))
    assert spec.nodes[0].retry == RetryPolicy(max_attempts=5, delay_s=1.0, backoff=2.0, on=("NodeTimeout", "ValueError"))
    assert spec.nodes[0].timeout_s == 1.5
