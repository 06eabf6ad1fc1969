"""`load_flow`: what it takes, and what a bare callable is as a flow."""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flowyard.flows import load_flow
from flowyard.flows.errors import FlowNotFoundError, InputNotFoundError, InvalidFlowError, LineFailedError
from flowyard.flows.find import find_flow
from flowyard.flows.flex.errors import AggregationError, EntryInitError
from flowyard.flows.promptflow.connections import CustomConnection
from flowyard.foundation.errors import InvalidInputError
from support.flow_folders import ECHO, python_node, write_flow

DAG = {
    "inputs": {"x": {"type": "int", "default": 1}},
    "outputs": {"out": {"type": "int", "reference": "${n}"}},
    "nodes": [python_node("n", x="${inputs.x}")],
}


def double(x: int, unit: str = "m") -> str:
    return f"{2 * x}{unit}"


async def later(x: int) -> int:
    return x


@dataclass
class Times:
    factor: int = 2

    def __call__(self, x: int) -> int:
        return self.factor * x

    def __aggregate__(self, lines: list[int]) -> dict[str, int]:
        return {"sum": sum(lines)}


class Two:
    def __call__(self, x: int) -> int:
        return x

    def __aggregate__(self, one: Any, two: Any) -> None: ...


@pytest.mark.parametrize(
    ("target", "init", "output"),
    [
        (double, None, "6m"),
        (later, None, 3),
        (Times(5), None, 15),
        (Times, {"factor": 4}, 12),
        (Times, None, 6),
        (lambda x: x, None, 3),
        (Times(2).__call__, None, 6),
        (functools.partial(double, unit="km"), None, "6km"),
    ],
)
def test_callables(target: Any, init: dict[str, Any] | None, output: Any) -> None:
    flow = load_flow(target, init=init)
    assert flow(x=3) == {"output": output}
    with pytest.raises(InputNotFoundError, match="'x'"):
        flow.run({"y": 1})


def test_a_callable_is_read_as_a_flow() -> None:
    flow = load_flow(double)
    assert (flow.name, flow.spec.kind, flow.spec.file) == ("double", "flex", Path(__file__).name)
    assert [(spec.name, spec.type, spec.has_default) for spec in flow.spec.inputs.values()] == [
        ("x", "int", False),
        ("unit", "string", True),
    ]
    assert flow(x="3", unit=5) == {"output": "65"}
    record = load_flow(lambda x: 1 // x).run({"x": 0})
    assert record.error is not None
    assert (record.error.code, record.error.location.file if record.error.location else "") == ("ScriptExecutionError", Path(__file__).name)
    with pytest.raises(LineFailedError, match="ZeroDivisionError"):
        load_flow(lambda x: 1 // x)(x=0)


class Connected:
    def __init__(self, keys: CustomConnection) -> None:
        self.keys = keys

    def __call__(self) -> str:
        return self.keys.key[::-1]


def test_a_class_gets_connections() -> None:
    connections = {"mine": {"type": "custom", "configs": {}, "secrets": {"key": "secret-of-mine"}}}
    assert load_flow(Connected, connections, init={"keys": "mine"})() == {"output": "enim-fo-terces"}


def test_the_metrics_of_a_callable() -> None:
    flow = load_flow(Times(2))
    assert flow.run({"x": 3}).metrics == {"sum": 6}
    rows = [flow.run({"x": x}, aggregate=False) for x in (1, 2)]
    assert flow.reduce([(row.inputs, row.reduce) for row in rows]).metrics == {"sum": 6}


def test_callables_that_are_no_flows() -> None:
    with pytest.raises(AggregationError):
        load_flow(Two())
    with pytest.raises(EntryInitError, match="faktor"):
        load_flow(Times, init={"faktor": 1})
    with pytest.raises(InvalidInputError, match="int"):
        load_flow(3)  # type: ignore[arg-type]


def test_kinds_are_found(tmp_path: Path) -> None:
    dag = write_flow(tmp_path / "dag", DAG, n__py=ECHO)
    flex = tmp_path / "flex"
    flex.mkdir()
    (flex / "flow.flex.yaml").write_text("entry: code:run\n")
    (flex / "other.yaml").write_text("inputs: {}\nentry: code:run\n")
    (flex / "code.py").write_text("def run():\n    return 1\n")
    prompt = tmp_path / "prompt"
    prompt.mkdir()
    (prompt / "ask.prompty").write_text("---\nname: x\n---\nuser:\nhi\n")
    found = {path: find_flow(path).kind for path in (dag, dag / "flow.dag.yaml", flex, flex / "other.yaml", prompt, prompt / "ask.prompty")}
    assert list(found.values()) == ["dag", "dag", "flex", "flex", "prompty", "prompty"]
    assert load_flow(flex / "other.yaml")() == load_flow(str(flex))() == {"output": 1}
    assert load_flow(dag)(x=2) == {"out": 2}


def test_a_folder_with_several_flows_does_not_say_which(tmp_path: Path) -> None:
    folder = write_flow(tmp_path, DAG, n__py=ECHO, flow__flex__yaml="entry: n:run\n")
    with pytest.raises(InvalidFlowError, match=r"flow\.dag\.yaml, flow\.flex\.yaml"):
        load_flow(folder)
    assert load_flow(folder / "flow.dag.yaml")(x=2) == {"out": 2}


@pytest.mark.parametrize("name", ["nothing", "notes.txt", "empty"])
def test_no_flow(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "empty").mkdir()
    with pytest.raises(FlowNotFoundError):
        load_flow(tmp_path / name)


def test_variants_and_overrides(tmp_path: Path) -> None:
    dag = {
        "outputs": {"out": {"type": "int", "reference": "${n}"}},
        "nodes": [{"name": "n", "use_variants": True}],
        "node_variants": {
            "n": {
                "default_variant_id": "one",
                "variants": {"one": {"node": python_node("n", "n.py", x=1)}, "two": {"node": python_node("n", "n.py", x=2)}},
            }
        },
    }
    folder = write_flow(tmp_path, dag, n__py=ECHO)
    assert load_flow(folder)() == {"out": 1}
    assert load_flow(folder, variant="${n.two}")() == {"out": 2}
    assert load_flow(folder, overrides={"n": {"x": "3"}})() == {"out": 3}
