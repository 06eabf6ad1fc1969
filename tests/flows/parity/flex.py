"""Flex flows: functions and classes."""

from typing import Any

from parity.cases import Case

FUNCTION = "entry: flow:run\n"
BODY = "def run(x: int, y: str = 'd'):\n    return {text}\n"
CLASS = """class Flow:
    def __init__(self, base: int = 1):
        self.base = base

    def __call__(self, x: int):
        return {"sum": self.base + x}

    def __aggregate__(self, line_results):
        return {"total": sum(line["sum"] for line in line_results), "count": len(line_results)}
"""
AGGREGATES = [
    ("a list", "[1]"),
    ("a number", "5"),
    ("None", "None"),
    ("no numbers", "{'a': 'text', 'b': [1], 'c': {'d': 1}, 'e': True, 'f': None}"),
    ("a field of a result", "{'sum': line_results[0].sum}"),
]
HALF = "class Flow:\n    def __call__(self, x: int):\n        return 1 / x\n\n    def __aggregate__(self, line_results):\n        return {'n': len(line_results)}\n"
RETURNS = [
    ("a dictionary", "{'a': x}"),
    ("a number", "x + 1"),
    ("a text", "y"),
    ("None", "None"),
    ("a list", "[x]"),
    ("a dataclass", "Point(x, 2)"),
]
HEAD = "from dataclasses import dataclass\n\n\n@dataclass\nclass Point:\n    x: int\n    y: int\n\n\n"


def flex(name: str, source: str, yaml: str = FUNCTION, **more: Any) -> Case:
    return Case(name=name, flow=yaml, entry="flow.flex.yaml", files={"flow.py": source}, **more)


FIELDS: dict[str, Any] = {"better": "a dataclass gives its fields", "ours": {"outputs": {"x": 3, "y": 2}}}

CASES = [
    *(
        flex(f"returns {name}", HEAD + BODY.format(text=text), inputs={"x": 3}, **(FIELDS if "dataclass" in name else {}))
        for name, text in RETURNS
    ),
    flex("default of the function", BODY.format(text="[x, y]"), inputs={"x": 1}),
    flex("given for the default", BODY.format(text="[x, y]"), inputs={"x": 1, "y": "z"}),
    flex("missing input", BODY.format(text="x"), code="InputNotFound"),
    flex("raises", "def run(x):\n    raise ValueError('no')\n", inputs={"x": 1}),
    flex("asynchronous", "async def run(x: int):\n    return x\n", inputs={"x": 1}),
    flex("a generator", "def run(x: int):\n    yield 'a'\n    yield 'b'\n", inputs={"x": 1}),
    flex("no such function", BODY.format(text="x"), "entry: flow:walk\n", inputs={"x": 1}, code="PythonLoadError"),
    flex("no such module", BODY.format(text="x"), "entry: gone:run\n", inputs={"x": 1}, code="PythonLoadError"),
    flex("no entry", BODY.format(text="x"), "inputs: {}\n", inputs={"x": 1}, code="InvalidFlexFlowEntry"),
    flex(
        "a class with init",
        CLASS,
        "entry: flow:Flow\n",
        inputs={"x": 2},
        init={"base": 10},
        better="a test aggregates over its one line",
        ours={"metrics": {"total": 12, "count": 1}},
    ),
    flex("a class in a batch", CLASS, "entry: flow:Flow\n", rows=[{"x": 1}, {"x": 2}], mapping={"x": "${data.x}"}, init={"base": 10}),
    flex(
        "an aggregation that fails",
        CLASS.replace('"total"', '"total": 1 / 0, "x"'),
        "entry: flow:Flow\n",
        rows=[{"x": 1}],
        mapping={"x": "${data.x}"},
    ),
    *(
        flex(
            f"a column of the name of an input that {what}, not mapped",
            f"def run(x: int, y{default}):\n    return [x, y]\n",
            rows=[{"x": 1, "y": "z"}, {"x": 2, "y": "z"}],
            mapping={"x": "${data.x}"},
        )
        for what, default in (("has none for its default", "=None"), ("has a default", "='d'"), ("has no default", ""))
    ),
    flex(
        "a column of the name of an input that has none for its default, without a mapping",
        "def run(x: int, y=None):\n    return [x, y]\n",
        rows=[{"x": 1, "y": "z"}],
        better="without a mapping every column feeds the input of its name",
        ours={"lines": [{"errors": [], "nodes": {}, "outputs": {"output": [1, "z"]}, "status": "completed"}]},
    ),
    flex("a typed input", "def run(x: int):\n    return type(x).__name__\n", inputs={"x": "5"}),
    flex(
        "inputs in the YAML",
        "def run(x):\n    return [type(x).__name__, x]\n",
        "entry: flow:run\ninputs:\n  x:\n    type: int\n    default: 7\n",
    ),
    flex(
        "environment variables",
        "import os\n\n\ndef run(x: int):\n    return os.environ['A']\n",
        FUNCTION + "environment_variables:\n  A: b\n",
        inputs={"x": 1},
    ),
    *(
        flex(
            f"__aggregate__ returns {name}",
            CLASS.replace('{"total": sum(line["sum"] for line in line_results), "count": len(line_results)}', text),
            "entry: flow:Flow\n",
            rows=[{"x": 1}],
            mapping={"x": "${data.x}"},
        )
        for name, text in AGGREGATES
    ),
    flex("__aggregate__ over lines of which one failed", HALF, "entry: flow:Flow\n", rows=[{"x": 0}, {"x": 2}], mapping={"x": "${data.x}"}),
    flex(
        "an asynchronous class",
        HALF.replace("def ", "async def "),
        "entry: flow:Flow\n",
        rows=[{"x": 1}, {"x": 2}],
        mapping={"x": "${data.x}"},
    ),
    flex("a class without __call__", "class Flow:\n    pass\n", "entry: flow:Flow\n", inputs={"x": 1}, code="PythonLoadError"),
    flex("an entry that is no function", "run = 5\n", inputs={"x": 1}, code="PythonLoadError"),
    flex("an entry without a colon", BODY.format(text="x"), "entry: flow.run\n", inputs={"x": 1}, code="InvalidFlexFlowEntry"),
    flex("an init that the class does not take", CLASS, "entry: flow:Flow\n", inputs={"x": 1}, init={"gone": 7}),
    flex("an init that raises", CLASS.replace("self.base = base", "raise ValueError('no')"), "entry: flow:Flow\n", inputs={"x": 1}),
    flex("an init without its argument", CLASS.replace("base: int = 1", "base: int"), "entry: flow:Flow\n", inputs={"x": 1}),
    flex("inputs that nobody takes", BODY.format(text="x"), inputs={"x": 1, "z": 2}),
    flex("inputs by ** of the code", "def run(x: int, **more):\n    return [x, more]\n", inputs={"x": 1, "z": 2}),
    flex("a value that does not fit", BODY.format(text="x"), inputs={"x": "five"}),
    flex("a generator as an output", "def run(x: int):\n    return {'a': (str(i) for i in range(x)), 'b': x}\n", inputs={"x": 3}),
    flex("an asynchronous generator", "async def run(x: int):\n    yield 'a'\n    yield 'b'\n", inputs={"x": 1}),
    flex("the sample", BODY.format(text="x"), FUNCTION + "sample:\n  inputs:\n    x: 9\n"),
    flex(
        "an empty default stands for the code's",
        BODY.format(text="y"),
        FUNCTION + "inputs:\n  x:\n    type: int\n  y:\n    type: string\n    default: ''\n",
        inputs={"x": 1},
    ),
    flex(
        "an input that the code does not take",
        BODY.format(text="x"),
        FUNCTION + "inputs:\n  x:\n    type: int\n  z:\n    type: int\n",
        inputs={"x": 1},
        code="SignatureMismatch",
    ),
]
