"""Flows that were damaged on the way: validation tells what is wrong or the flow runs; nothing else is ever raised.

``FLOWYARD_FUZZ_EXAMPLES`` says how many examples each test takes (default 80).
"""

import copy
import os
import random
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowyard.flows import load_flow, rules
from flowyard.flows.errors import InputNotFoundError, InputTypeError, InvalidFlowError
from flowyard.flows.inspect import graph
from flowyard.flows.model import FlowOptions
from flowyard.foundation.errors import FlowyardError, InvalidInputError
from support.flow_folders import ECHO, llm_node, python_node, scripted, write_flow

EXAMPLES = int(os.environ.get("FLOWYARD_FUZZ_EXAMPLES", "80"))
FUZZ = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
    deadline=None,
    max_examples=EXAMPLES,
)

FLOW: dict[str, Any] = {
    "$schema": "https://example.org/Flow.schema.json",
    "name": "whole",
    "inputs": {
        "q": {"type": "string", "default": "hi", "is_chat_input": True},
        "n": {"type": "int", "default": 2, "enum": [1, 2]},
        "chat_history": {"type": "list", "is_chat_history": True},
    },
    "outputs": {
        "a": {"type": "string", "reference": "${say.output}", "is_chat_output": True},
        "b": {"type": "object", "reference": "${echo.output.k[0]}"},
    },
    "nodes": [
        python_node("echo", "echo.py", x={"k": [1, 2]})
        | {"enable_cache": False, "retry": {"max_attempts": 2, "delay_s": 0}, "timeout_s": 5},
        {"name": "prompt", "type": "prompt", "source": {"type": "code", "path": "p.jinja2"}, "inputs": {"q": "${inputs.q}"}},
        llm_node("say", "ask.jinja2", q="${prompt.output}") | {"activate": {"when": "${inputs.n}", "is": 2}},
        {"name": "pick", "use_variants": True},
        python_node("all", "echo.py", x="${echo.output}") | {"aggregation": True},
    ],
    "node_variants": {
        "pick": {
            "default_variant_id": "v0",
            "variants": {
                "v0": {"node": {"type": "python", "source": {"type": "code", "path": "echo.py"}, "inputs": {"x": "${echo.output.k}"}}},
                "v1": {"node": {"type": "python", "source": {"type": "code", "path": "echo.py"}, "inputs": {"x": "${inputs.n}"}}},
            },
        }
    },
    "environment": {"python_requirements_txt": "requirements.txt"},
    "environment_variables": {"A": "b"},
    "additional_includes": ["../beside.txt"],
    "message_format": "basic",
}
FILES = {"echo__py": ECHO, "p__jinja2": "<{{q}}>\n", "ask__jinja2": "system:\nS\nuser:\n{{q}}\n"}
TEXT = yaml.safe_dump(FLOW, sort_keys=False)

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(min_value=10**40, max_value=10**41), st.floats(), st.text(max_size=20),
    st.sampled_from(["${", "${}", "${inputs.q}", "${echo.output[0]}", "${gone.output}", "${say.output.x}", "../../etc/passwd", "/dev/zero",
                     ".", "", "python", "llm", "true", "\x00", "\u202e", "x" * 3000, "1e999", "2024-01-02", "=", "<<",
                     "!!python/object:x"]),
    st.dates(), st.binary(max_size=8),
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=3),
    max_leaves=8,
)


def _places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(data, dict):
        for key in data:
            found += _places(data[key], (*path, key))
    elif isinstance(data, list):
        for index in range(len(data)):
            found += _places(data[index], (*path, index))
    return found


def _parent(data: Any, path: tuple[Any, ...]) -> Any:
    for step in path[:-1]:
        data = data[step]
    return data


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """A valid flow with one to four things changed: keys dropped or renamed, values swapped or replaced, parts repeated."""
    data: Any = copy.deepcopy(FLOW)
    for _ in range(draw(st.integers(1, 4))):
        places = _places(data)
        if not places:
            break
        path = draw(st.sampled_from(places))
        parent, key = _parent(data, path), path[-1]
        match draw(st.sampled_from(["drop", "replace", "rename", "repeat", "swap", "nest"])):
            case "drop":
                del parent[key]
            case "rename" if isinstance(parent, dict):
                parent[draw(st.text(max_size=10) | st.sampled_from(["naem", "inpts", "Type"]))] = parent.pop(key)
            case "repeat" if isinstance(parent, list):
                parent.append(copy.deepcopy(parent[key]))
            case "swap":
                other = draw(st.sampled_from(places))
                parent[key] = copy.deepcopy(_parent(FLOW, other)[other[-1]]) if _is_there(FLOW, other) else None
            case "nest":
                parent[key] = [parent[key]] if draw(st.booleans()) else {"k": parent[key]}
            case _:
                parent[key] = draw(values)
    return data


def _is_there(data: Any, path: tuple[Any, ...]) -> bool:
    try:
        _parent(data, path)[path[-1]]
    except (KeyError, IndexError, TypeError):
        return False
    return True


def tried(folder: Path) -> str:
    """Validate and run a flow; return ``findings`` or ``run``. Whatever is raised besides our own errors comes through."""
    flow, findings = rules.validate(folder)
    for finding in findings:
        assert finding.code, finding
        assert finding.message, finding
        assert finding.file, finding
        assert finding.line, finding
    errors = [finding for finding in findings if finding.severity == "error"]
    graph(folder)
    if flow is None or errors:
        assert errors
        with pytest.raises(InvalidFlowError):
            load_flow(folder)
        return "findings"
    try:
        loaded = load_flow(folder, connections=scripted())
    except FlowyardError:
        return "findings"
    try:
        record = loaded.run({})
        assert record.status in {"completed", "failed"}
        assert (record.status == "failed") == (record.error is not None)
    except (InputNotFoundError, InputTypeError):
        return "findings"
    finally:
        loaded.close()
    return "run"


def test_the_flow_is_valid_before_it_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "beside.txt").write_text("x")
    folder = write_flow(tmp_path / "flow", TEXT, **FILES)
    assert [finding for finding in rules.validate(folder)[1] if finding.severity == "error"] == []
    assert tried(folder) == "run"


@FUZZ
@given(data=damaged())
def test_damaged_data(tmp_path: Path, data: Any) -> None:
    (tmp_path / "beside.txt").write_text("x")
    try:
        text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    except yaml.YAMLError:
        return
    (tmp_path / "flow").mkdir(exist_ok=True)
    folder = write_flow(tmp_path / "flow", "", **FILES)
    (folder / "flow.dag.yaml").write_text(text, encoding="utf-8", errors="surrogatepass")
    tried(folder)


@FUZZ
@given(seed=st.integers(0, 2**32), edits=st.integers(1, 8))
def test_damaged_text(tmp_path: Path, seed: int, edits: int) -> None:
    chance = random.Random(seed)
    data = bytearray(TEXT.encode())
    pieces = [
        b"\t",
        b"&a ",
        b"*a",
        b": ",
        b"- ",
        b"\n",
        b"'",
        b'"',
        b"{",
        b"[",
        b"\x00",
        b"\xff",
        b"!!map ",
        b"<<: *a\n",
        b"|",
        b">",
        b"%YAML 9\n",
        b"---\n",
        b"...\n",
        b"#",
        b"? ",
    ]
    for _ in range(edits):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(4):
            case 0:
                data[at:at] = chance.choice(pieces)
            case 1:
                del data[at : at + chance.randrange(1, 30)]
            case 2:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case _:
                start = chance.randrange(len(data) + 1)
                data[at:at] = data[start : start + chance.randrange(200)]
    (tmp_path / "beside.txt").write_text("x")
    folder = write_flow(tmp_path / "flow", "", **FILES)
    (folder / "flow.dag.yaml").write_bytes(bytes(data))
    tried(folder)


@FUZZ
@given(
    template=st.text(alphabet=st.sampled_from("{}%# abnqforifendset.|()[]'\"-+\n:0\u00e9"), max_size=120),
    kind=st.sampled_from(["p", "ask"]),
)
def test_damaged_templates(tmp_path: Path, template: str, kind: str) -> None:
    (tmp_path / "beside.txt").write_text("x")
    tried(write_flow(tmp_path / "flow", TEXT, **FILES | {f"{kind}__jinja2": template}))


@FUZZ
@given(seed=st.integers(0, 2**32))
def test_damaged_python(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray((ECHO + "\n\nclass Other:\n    value = {'a': [1, 2]}\n").encode())
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(len(data) + 1)
        data[at : at + chance.randrange(6)] = chance.choice(
            [b"", b"(", b":", b"\n", b"  ", b"\t", b"\x00", b"\xe9", b"async ", b"yield ", b"@", b"*", b"lambda", b"0" * 50, b"if x"]
        )
    (tmp_path / "beside.txt").write_text("x")
    folder = write_flow(tmp_path / "flow", TEXT, **FILES)
    (folder / "echo.py").write_bytes(bytes(data))
    tried(folder)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5000,
        "{a: " * 3000,
        "a: " + "- " * 3000,
        "- " * 200 + "x",
        "nodes: &a [*a]\n",
        "a: &a {b: *a}\n",
        "x" * 5_000_000,
        "\ufeff" + TEXT,
        "\x00",
        "? [a, b]\n: c\nnodes: []\n",
        "nodes: !!python/object/apply:os.system ['true']\n",
        "nodes: !unknown []\n",
        "%YAML 3.0\n---\nnodes: []\n",
        "a: 1\n---\nb: 2\n",
        "inputs: {q: {type: int, default: " + "9" * 5000 + "}}\nnodes: []\n",
        "inputs: {q: {type: double, default: 1" + "0" * 400 + "}}\nnodes: []\n",
        "nodes: 2024-13-45\n",
        "nodes: 2024-01-01 99:00:00\n",
        "<<: [a, b]\nnodes: []\n",
        "<<: x\nnodes: []\n",
        "nodes: [{name: [a]}, {name: {b: c}}, {name: null}, 5, [], null]\n",
    ],
    ids=range(21),
)
def test_what_has_broken_readers(tmp_path: Path, text: str) -> None:
    folder = write_flow(tmp_path / "flow", "", **FILES)
    (folder / "flow.dag.yaml").write_text(text, encoding="utf-8")
    tried(folder)


@pytest.mark.parametrize("variant", ["", "x", "${a}", "${a.b", "${.}", "${pick.v9}", "${nope.v0}", "${pick.v1}", "${pick.v1.x}"])
def test_any_variant_is_taken_or_refused(tmp_path: Path, variant: str) -> None:
    (tmp_path / "beside.txt").write_text("x")
    folder = write_flow(tmp_path / "flow", TEXT, **FILES)
    options = FlowOptions(variant=variant, overrides={"pick": {"x": "1"}})
    if re.fullmatch(r"\$\{[^.}]+\.[^}]+\}", variant) is None:
        with pytest.raises(InvalidInputError, match="names no variant"):
            rules.validate(folder, options)
        return
    _, findings = rules.validate(folder, options)
    assert variant == "${pick.v1}" or "VariantNotFound" in {finding.code for finding in findings}
