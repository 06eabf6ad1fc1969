"""Flex flows and prompties that were damaged on the way, and code that is none: findings or a run, and never anything else.

``FLOWYARD_FUZZ_EXAMPLES`` says how many examples each test takes (default 80).
"""

import copy
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowyard.flows import load_flow
from flowyard.flows.inspect import graph
from flowyard.flows.model import FlowOptions
from flowyard.flows.rules import validate
from flowyard.foundation.errors import FlowyardError

FUZZ = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=int(os.environ.get("FLOWYARD_FUZZ_EXAMPLES", "80")),
)
CODE = "class C:\n    def __init__(self, k=1): pass\n    def __call__(self, a, b='x'): return a\n\ndef run(a): return a\n"
FLEX: dict[str, Any] = {
    "entry": "code:C",
    "inputs": {"a": {"type": "int", "default": 1}, "b": {"type": "string", "default": ""}},
    "outputs": {"o": {"type": "string", "is_chat_output": True}},
    "init": {"k": {"type": "int", "default": 2}},
    "sample": {"inputs": {"a": 1}, "init": {"k": 3}},
    "environment_variables": {"A": "b"},
    "code": ".",
    "additional_includes": [],
    "tags": {"a": "b"},
}
PROMPTY: dict[str, Any] = {
    "name": "n",
    "model": {
        "api": "chat",
        "configuration": {"connection": "model", "model": "scripted"},
        "parameters": {"temperature": 0, "tools": [], "response_format": {"type": "json_object"}, "stream": False},
        "response": "first",
    },
    "inputs": {"q": {"type": "string", "default": "x"}, "h": {"type": "list", "default": []}},
    "outputs": {"a": {"type": "string"}},
    "sample": {"q": "x"},
    "template": "jinja2",
    "environment_variables": {"A": "b"},
}
TEMPLATES = [
    "user:\n{{q}}\n",
    "hello",
    "{{ q",
    "{% for i in h %}\n{{i.role}}:\n{% endfor %}",
    "user:\n{{ q.__class__.__mro__ }}",
    "user:\n{{ q * 9 }}{{ 1 / 0 }}",
]
ODD: list[Any] = [
    *(None, "", 0, -1, True, 3.5, [], {}, [1], {"a": 1}, "x" * 300, "${env:X}", "${file:no}", "${file:code.py}", "${file:/etc/passwd}"),
    *(
        "é\u2028",
        "\x00",
        10**40,
        float("nan"),
        "code:C",
        "code:run",
        "os:path",
        "..",
        "../..",
        "/",
        "list",
        "float",
        {"type": "int"},
        [[[]]],
    ),
]
MODEL = {"model": {"type": "scripted", "configs": {"script": "rules: [{echo: true}]"}, "secrets": {}}}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(item, (*path, key))


def damaged(data: dict[str, Any], random: Random) -> str:
    """Return the YAML of `data` with up to three things dropped, renamed or replaced, and perhaps a character too many."""
    data = copy.deepcopy(data)
    for _ in range(random.randint(1, 3)):
        path = random.choice([*places(data)] or [()])
        parent: Any = data
        for key in path[:-1]:
            parent = parent[key]
        what = random.random()
        if path and what < 0.3 and isinstance(parent, dict):
            del parent[path[-1]]
        elif path and what < 0.4 and isinstance(parent, dict):
            parent[f"{path[-1]}{random.choice('x _')}"] = parent.pop(path[-1])
        elif path:
            parent[path[-1]] = copy.deepcopy(random.choice(ODD))
    text = yaml.safe_dump(data, allow_unicode=True)
    if random.random() < 0.2:
        at = random.randrange(len(text))
        text = text[:at] + random.choice(["\t", "{", "[", "&a ", "*a", "\x00", "---\n", ":", "é", "'", '"']) + text[at:]
    return text


def tried(file: Path, inputs: dict[str, Any]) -> None:
    """Validate and run a flow; whatever is raised besides our own errors comes through."""
    for root in (None, file.parent):
        flow, findings = validate(file, FlowOptions(root=root))
        assert flow is not None or any(finding.severity == "error" for finding in findings)
        assert all(finding.code and finding.message and finding.file for finding in findings)
        graph(file, root)
    try:
        record = load_flow(file, MODEL).run(inputs)
    except FlowyardError:
        return
    assert record.status in {"completed", "failed"}


@FUZZ
@given(st.randoms(use_true_random=False))
def test_flex_flows(tmp_path: Path, random: Random) -> None:
    (tmp_path / "code.py").write_text(CODE)
    (tmp_path / "flow.flex.yaml").write_text(damaged(FLEX, random))
    tried(tmp_path / "flow.flex.yaml", {"a": 1})


@FUZZ
@given(st.randoms(use_true_random=False))
def test_code(tmp_path: Path, random: Random) -> None:
    lines = CODE.splitlines(keepends=True)
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(lines))
        lines[at] = random.choice(
            ["", lines[at][1:], lines[at] * 2, "import nothing_here\n", "é = \x00\n", "def (\n", "    return 1\n", "C = 3\n"]
        )
    (tmp_path / "code.py").write_text("".join(lines))
    (tmp_path / "flow.flex.yaml").write_text(random.choice(["entry: code:C\n", "entry: code:run\n", "entry: code:lines\n"]))
    tried(tmp_path / "flow.flex.yaml", {"a": 1})


@FUZZ
@given(st.randoms(use_true_random=False))
def test_prompties(tmp_path: Path, random: Random) -> None:
    file = tmp_path / "x.prompty"
    file.write_text(f"---\n{damaged(PROMPTY, random)}---\n{random.choice(TEMPLATES)}")
    tried(file, {"q": "x", "h": []})
