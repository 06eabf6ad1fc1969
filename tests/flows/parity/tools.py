"""Python tools: their decorator, their parameters' types, what they return, what they may import."""

from typing import Any

from parity.cases import Case, flow, node, tool

NAMES = "[type(x).__name__, x.name if hasattr(x, 'name') and not isinstance(x, (str, int)) else x]"
TYPED: list[tuple[str, str, Any]] = [
    ("int from a text", "int", "5"),
    ("int from a float", "int", 5.5),
    ("int no number", "int", "five"),
    ("float from an int", "float", 5),
    ("float from a text", "float", "1.5"),
    ("str from an int", "str", 5),
    ("str from a list", "str", [1]),
    ("bool from a text", "bool", "true"),
    ("bool no truth", "bool", "yes"),
    ("bool from an int", "bool", 1),
    ("list from a text", "list", "[1]"),
    ("list no list", "list", "x"),
    ("dict from a text", "dict", '{"a": 1}'),
    ("dict from a list", "dict", [1]),
    ("no annotation from JSON text", "", "[1]"),
    ("no annotation from a number's text", "", "12"),
    ("optional int", "Optional[int]", "5"),
    ("union, the first counts", "Union[int, str]", "5"),
    ("union of None first", "Union[None, int]", "5"),
    ("int or None by a bar", "int | None", "5"),
    ("typing list", "List[int]", "[1]"),
    ("list of int", "list[int]", "[1]"),
    ("any", "Any", "5"),
    ("enum value", "Colour", "red"),
    ("enum unknown value", "Colour", "blue"),
    ("literal type", "Literal['a', 'b']", "a"),
    ("secret", "Secret", "s"),
    ("file path", "FilePath", "a.txt"),
    ("object", "object", "5"),
    ("text annotation", "'int'", "5"),
    ("tuple", "tuple", [1]),
    ("bytes", "bytes", "a"),
]
HEAD = "from enum import Enum\nfrom typing import Any, List, Literal, Optional, Union\nfrom promptflow.contracts.types import FilePath, Secret\n\nclass Colour(str, Enum):\n    RED = 'red'\n    GREEN = 'green'\n"
RETURNS: list[tuple[str, str]] = [
    ("None", "None"),
    ("a tuple", "(1, 2)"),
    ("a set", "{1}"),
    ("bytes", "b'x'"),
    ("a float", "1.5"),
    ("a dataclass", "Point(1, 2)"),
    ("an object", "object()"),
    ("nan", "float('nan')"),
    ("infinity", "float('inf')"),
    ("a datetime", "datetime(2024, 1, 2)"),
    ("a large number", "10**30"),
    ("a nested dictionary", "{'a': {'b': [1, None, True]}}"),
    ("keys that are numbers", "{1: 'a'}"),
    ("an enum", "Colour.RED"),
    ("a class", "Point"),
    ("a named tuple", "Pair(1, 2)"),
    ("a decimal", "Decimal('1.5')"),
    ("a path", "Path('/a')"),
    ("a surrogate", "'\\ud800'"),
    ("a null byte", "'a\\0b'"),
    ("an empty text", "''"),
    ("a frozen set", "frozenset([1])"),
]
#: What has an obvious form in JSON.
WRITTEN = {
    "a set": [1],
    "bytes": "eA==",
    "a dataclass": {"x": 1, "y": 2},
    "nan": "nan",
    "infinity": "inf",
    "a datetime": "2024-01-02T00:00:00",
    "an enum": "red",
    "a decimal": "1.5",
    "a surrogate": "\\ud800",
    "a frozen set": [1],
}


def _written(name: str) -> dict[str, Any]:
    if name not in WRITTEN:
        return {}
    return {
        "better": "what has an obvious form in JSON is written so",
        "ours": {"status": "completed", "outputs": {"o": WRITTEN[name]}, "errors": []},
    }


KINDS = "from collections import namedtuple\nfrom dataclasses import dataclass\nfrom datetime import datetime\nfrom decimal import Decimal\nfrom enum import Enum\nfrom pathlib import Path\n\n@dataclass\nclass Point:\n    x: int\n    y: int\n\nclass Colour(Enum):\n    RED = 'red'\n\nPair = namedtuple('Pair', 'a b')\n"
ONE = flow(node("n", "t.py", x=1), outputs={"o": "${n.output}"})

SOURCES: list[tuple[str, str]] = [
    ("bare decorator, old import", "from promptflow import tool\n\n@tool\ndef any_name(x):\n    return x\n"),
    ("called decorator", "from promptflow.core import tool\n\n@tool()\ndef run(x):\n    return x\n"),
    (
        "decorator with a name",
        "from promptflow.core import tool\n\n@tool(name='My tool', description='d', type='python')\ndef run(x):\n    return x\n",
    ),
    (
        "decorator with input settings",
        "from promptflow._core.tool import InputSetting, tool\n\n@tool(input_settings={'x': InputSetting()})\ndef run(x):\n    return x\n",
    ),
    ("decorator by its module", "import promptflow.core as pf\n\n@pf.tool\ndef run(x):\n    return x\n"),
    ("decorator under another name", "from promptflow.core import tool as mark\n\n@mark\ndef run(x):\n    return x\n"),
    ("imported from a helper", "from promptflow.core import tool\nfrom helper import twice\n\n@tool\ndef run(x):\n    return twice(x)\n"),
    (
        "imported inside of the function",
        "from promptflow.core import tool\n\n@tool\ndef run(x):\n    from helper import twice\n    return twice(x)\n",
    ),
    (
        "a tool that was imported does not count",
        "from promptflow.core import tool\nfrom other import other_tool\n\n@tool\ndef run(x):\n    return x\n",
    ),
    ("keyword only", "from promptflow.core import tool\n\n@tool\ndef run(*, x):\n    return x\n"),
    ("a default of its own", "from promptflow.core import tool\n\n@tool\ndef run(x, y=4):\n    return [x, y]\n"),
    (
        "a second decorator above",
        "import functools\nfrom promptflow.core import tool\n\ndef shout(f):\n    @functools.wraps(f)\n    def inner(*a, **k):\n        return str(f(*a, **k)) + '!'\n    return inner\n\n@tool\n@shout\ndef run(x):\n    return x\n",
    ),
    (
        "trace",
        "from promptflow.core import tool\nfrom promptflow.tracing import trace\n\n@trace\ndef inner(x):\n    return x + 1\n\n@tool\ndef run(x):\n    return inner(x)\n",
    ),
    (
        "reads a file of the flow",
        "from pathlib import Path\nfrom promptflow.core import tool\n\n@tool\ndef run(x):\n    return Path('data.txt').read_text()\n",
    ),
    (
        "reads a file beside itself",
        "from pathlib import Path\nfrom promptflow.core import tool\n\n@tool\ndef run(x):\n    return (Path(__file__).parent / 'data.txt').read_text()\n",
    ),
    ("its __name__", "from promptflow.core import tool\n\n@tool\ndef run(x):\n    return __name__ != '__main__'\n"),
    (
        "future annotations",
        "from __future__ import annotations\nfrom promptflow.core import tool\n\n@tool\ndef run(x: int) -> list[int]:\n    return [x]\n",
    ),
    ("positional only", "from promptflow.core import tool\n\n@tool\ndef run(x, /):\n    return x\n"),
    ("a lambda is no tool", "from promptflow.core import tool\n\nrun = tool(lambda x: x)\n"),
]

CASES = [
    *(
        Case(
            name=f"literal: {name}",
            flow=flow(node("n", "t.py", x=value), outputs={"o": "${n.output}"}),
            files={"t.py": tool(f"return {NAMES}", parameters=f"x: {kind}" if kind else "x", head=HEAD)},
        )
        for name, kind, value in TYPED
    ),
    *(
        Case(
            name=f"from an input: {name}",
            flow=flow(node("n", "t.py", x="${inputs.v}"), inputs={"v": "object"}, outputs={"o": "${n.output}"}),
            inputs={"v": value},
            files={"t.py": tool(f"return {NAMES}", parameters=f"x: {kind}" if kind else "x", head=HEAD)},
        )
        for name, kind, value in TYPED[:6]
    ),
    *(
        Case(name=f"returns {name}", flow=ONE, files={"t.py": tool(f"return {text}", head=KINDS)}, **_written(name))
        for name, text in RETURNS
    ),
    *(
        Case(
            name=name,
            flow=ONE,
            files={
                "t.py": text,
                "helper.py": "def twice(x):\n    return 2 * x\n",
                "other.py": "from promptflow.core import tool\n\n@tool\ndef other_tool(x):\n    return x\n",
                "data.txt": "data",
            },
            code="NoToolDefined" if "lambda" in name else None,
        )
        for name, text in SOURCES
    ),
]
