"""Types of flow inputs: coercion of what is given, of defaults, and what does not fit."""

from typing import Any

from parity.cases import ECHO, Case, flow, node, tool

SHOW = tool("return [type(x).__name__, x if isinstance(x, (bool, int, float, str, list, dict, type(None))) else str(x)]")

GIVEN: list[tuple[str, Any]] = [
    ("int", 5),
    ("int", "5"),
    ("int", 5.9),
    ("int", True),
    ("int", "five"),
    ("int", "5.5"),
    ("int", None),
    ("int", " 7 "),
    ("double", 1.5),
    ("double", "1.5"),
    ("double", 2),
    ("double", "x"),
    ("double", True),
    ("double", "1e3"),
    ("bool", True),
    ("bool", "TRUE"),
    ("bool", "false"),
    ("bool", "yes"),
    ("bool", 1),
    ("bool", None),
    ("string", "s"),
    ("string", 5),
    ("string", {"a": 1}),
    ("string", [1]),
    ("string", None),
    ("string", True),
    ("string", 1.0),
    ("list", [1, "a"]),
    ("list", "[1, 2]"),
    ("list", "{}"),
    ("list", "no"),
    ("list", 5),
    ("list", "[1,"),
    ("object", {"a": 1}),
    ("object", '{"a": 1}'),
    ("object", "no json"),
    ("object", [1]),
    ("object", 5),
    ("object", "5"),
    ("secret", "s"),
    ("secret", 5),
    ("prompt_template", "t"),
    ("file_path", "a/b.txt"),
    ("file_path", '{"a": 1}'),
    ("assistant_definition", "a"),
    ("object", "null"),
    ("object", "true"),
]

DEFAULTS: list[tuple[str, Any]] = [
    ("int", "5"),
    ("int", "x"),
    ("double", "2"),
    ("bool", "true"),
    ("bool", "no"),
    ("list", "[1]"),
    ("object", '{"a": 1}'),
    ("string", 5),
    ("string", ""),
    ("int", None),
    ("list", []),
    ("bool", False),
    ("int", 0),
]


def typed(kind: str, **more: Any) -> dict[str, Any]:
    return flow(
        node("n", "show.py", x="${inputs.v}"), inputs={"v": {"type": kind, **more}}, outputs={"o": "${n.output}", "v": "${inputs.v}"}
    )


CASES = [
    *(Case(name=f"{kind} given {value!r}", flow=typed(kind), files={"show.py": SHOW}, inputs={"v": value}) for kind, value in GIVEN),
    *(
        Case(
            name=f"{kind} by default {value!r}",
            flow=typed(kind, default=value),
            files={"show.py": SHOW},
            code="InputNotFound" if value is None else None,
        )
        for kind, value in DEFAULTS
    ),
    Case(name="given wins over the default", flow=typed("int", default=1), files={"show.py": SHOW}, inputs={"v": 2}),
    Case(name="missing input", flow=typed("int"), files={"show.py": SHOW}, code="InputNotFound"),
    Case(name="unknown input is left out", flow=typed("int"), files={"show.py": SHOW}, inputs={"v": 1, "w": 2}),
    Case(name="unknown type float", flow=typed("float"), files={"show.py": SHOW}, inputs={"v": 1}, code="UnknownType"),
    Case(
        name="unknown type of an output",
        flow={**typed("int"), "outputs": {"o": {"type": "float", "reference": "${n.output}"}}},
        files={"show.py": SHOW},
        inputs={"v": 1},
        code="UnknownType",
    ),
    Case(
        name="output without a type",
        flow={**typed("int"), "outputs": {"o": {"reference": "${n.output}"}}},
        files={"show.py": SHOW},
        inputs={"v": 1},
        code="MissingType",
    ),
    Case(name="input without a type", flow={**typed("int"), "inputs": {"v": {"default": 1}}}, files={"show.py": SHOW}, code="MissingType"),
    Case(name="enum is not enforced", flow=typed("string", enum=["a", "b"]), files={"show.py": SHOW}, inputs={"v": "c"}),
    Case(
        name="output type does not convert",
        flow={**typed("int"), "outputs": {"o": {"type": "int", "reference": "hello"}}},
        files={"show.py": SHOW},
        inputs={"v": 1},
    ),
    Case(name="type is case sensitive", flow=typed("Int"), files={"show.py": SHOW}, inputs={"v": 1}, code="UnknownType"),
    Case(
        name="yaml reads yes as a text",
        flow="inputs: {}\noutputs: {o: {type: string, reference: '${n.output}'}}\nnodes:\n"
        "- {name: n, type: python, source: {type: code, path: echo.py}, inputs: {x: yes}}\n",
        files={"echo.py": ECHO},
    ),
    Case(
        name="yaml reads 010 as ten",
        flow="inputs: {}\noutputs: {o: {type: string, reference: '${n.output}'}}\nnodes:\n"
        "- {name: n, type: python, source: {type: code, path: echo.py}, inputs: {x: 010}}\n",
        files={"echo.py": ECHO},
    ),
    Case(
        name="yaml reads 1_000 as a text",
        flow="inputs: {}\noutputs: {o: {type: string, reference: '${n.output}'}}\nnodes:\n"
        "- {name: n, type: python, source: {type: code, path: echo.py}, inputs: {x: 1_000}}\n",
        files={"echo.py": ECHO},
    ),
    Case(
        name="yaml reads 0x1F as a number",
        flow="inputs: {}\noutputs: {o: {type: string, reference: '${n.output}'}}\nnodes:\n"
        "- {name: n, type: python, source: {type: code, path: echo.py}, inputs: {x: 0x1F}}\n",
        files={"echo.py": ECHO},
    ),
    Case(
        name="yaml reads 1e3 as a number",
        flow="inputs: {}\noutputs: {o: {type: string, reference: '${n.output}'}}\nnodes:\n"
        "- {name: n, type: python, source: {type: code, path: echo.py}, inputs: {x: 1e3}}\n",
        files={"echo.py": ECHO},
    ),
    Case(
        name="yaml reads a date",
        flow="inputs: {}\noutputs: {o: {type: string, reference: '${n.output}'}}\nnodes:\n"
        "- {name: n, type: python, source: {type: code, path: show.py}, inputs: {x: 2024-01-02}}\n",
        files={"show.py": SHOW},
    ),
]
