"""The reference grammar."""

from typing import Any

from parity.cases import ECHO, Case, flow, node, tool

VALUE = tool(
    "return {'a': {'b': 1}, 'l': [10, {'k v': 20}], 'k': 'key', 't': Thing(), 'output': 'inner', '0': 'zero', 'x-y': 'dash', 'n': None}",
    parameters="",
    head="\nclass Thing:\n    part = {'k v': 'attribute'}\n    number = 3\n",
)
ROWS = tool("return [[1, 2], {'a': 3}]", parameters="")

PATHS = [
    "${n.output.a.b}",
    "${n.output.a}",
    "${n.output.l[0]}",
    "${n.output.l[1]['k v']}",
    "${n.output.['k']}",
    "${n.output['k']}",
    "${n.output[0]}",
    "${n.output.output}",
    "${n.output.t.number}",
    "${n.output.t.part['k v']}",
    "${n.output.missing}",
    "${n.output.a.missing}",
    "${n.output.l[9]}",
    "${n.output.a[0]}",
    "${n.output.l.first}",
    "${n.output.x-y}",
    "${n.output.['x-y']}",
    "${n.output.['0']}",
    "${n.output.0}",
    "${n.other}",
    "${n.outputs.a}",
    "${n.output.n}",
    "${n.output.n.x}",
    "${n.output.l[-1]}",
    "${n.output.a..b}",
    "${n.output.}",
    "${n.}",
    "${n.output.a.b.c}",
    "${n.output. a}",
    "${n.output.a .b}",
]

INPUTS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("${inputs.a}", {"a": "string"}, {"a": "x"}),
    ("${flow.a}", {"a": "string"}, {"a": "x"}),
    ("${inputs.o.z}", {"o": "object"}, {"o": {"z": 1}}),
    ("${inputs.['o']}", {"o": "object"}, {"o": {"z": 1}}),
    ("hi ${inputs.a}", {"a": "string"}, {"a": "x"}),
    ("${inputs.a} ${inputs.a}", {"a": "string"}, {"a": "x"}),
    ("${inputs.a", {"a": "string"}, {"a": "x"}),
    ("$inputs.a", {"a": "string"}, {"a": "x"}),
    ("${}", {"a": "string"}, {"a": "x"}),
    ("$", {"a": "string"}, {"a": "x"}),
    ("${ inputs.a }", {"a": "string"}, {"a": "x"}),
    ("${inputs.A}", {"a": "string"}, {"a": "x"}),
    ("${inputs.}", {"a": "string"}, {"a": "x"}),
    ("${inputs}", {"a": "string"}, {"a": "x"}),
    ("${Inputs.a}", {"a": "string"}, {"a": "x"}),
    ("{{inputs.a}}", {"a": "string"}, {"a": "x"}),
]

LITERALS: list[Any] = [
    "text",
    5,
    1.5,
    True,
    [1, "${inputs.a}"],
    {"k": "${n.output}"},
    "",
    None,
    "null",
    "${",
    "$${inputs.a}",
    "${inputs.a}\n",
]


#: Paths that lead nowhere.
TOLD: dict[str, Any] = {
    path: {"better": "a node whose input cannot be had has a record that says so", "ours": {"nodes": {"n": "completed", "m": "failed"}}}
    for path in (
        "${n.output['k']}",
        "${n.output[0]}",
        "${n.output.missing}",
        "${n.output.a.missing}",
        "${n.output.l[9]}",
        "${n.output.a[0]}",
        "${n.output.l.first}",
        "${n.output.x-y}",
        "${n.other}",
        "${n.outputs.a}",
        "${n.output.n.x}",
        "${n.output.l[-1]}",
        "${n.}",
        "${n.output.a.b.c}",
    )
}


def with_path(reference: str) -> dict[str, Any]:
    return flow(node("n", "value.py"), node("m", x=reference), outputs={"o": "${m.output}"})


CASES = [
    *(
        Case(name=f"at a node: {path}", flow=with_path(path), files={"value.py": VALUE, "echo.py": ECHO}, **TOLD.get(path, {}))
        for path in PATHS
    ),
    *(
        Case(name=f"at an output: {path}", flow=flow(node("n", "value.py"), outputs={"o": path}), files={"value.py": VALUE})
        for path in PATHS
    ),
    *(
        Case(
            name=f"input: {text}",
            flow=flow(node("m", x=text), inputs=inputs, outputs={"o": "${m.output}"}),
            files={"echo.py": ECHO},
            inputs=given,
        )
        for text, inputs, given in INPUTS
    ),
    *(
        Case(name=f"output of {text}", flow=flow(node("m", x=1), inputs=inputs, outputs={"o": text}), files={"echo.py": ECHO}, inputs=given)
        for text, inputs, given in INPUTS
    ),
    *(
        Case(
            name=f"literal {value!r}",
            flow=flow(node("m", "default.py", x=value), inputs={"a": "string"}, outputs={"o": "${m.output}"}),
            files={"default.py": tool("return x", parameters="x='the default'")},
            inputs={"a": "A"},
        )
        for value in LITERALS
    ),
    Case(name="whole node", flow=flow(node("n", x=3), node("m", x="${n}"), outputs={"o": "${m}"}), files={"echo.py": ECHO}),
    Case(
        name="list output with an index below output",
        flow=flow(node("n", "rows.py"), node("m", x="${n.output.[1]['a']}"), outputs={"o": "${m.output}"}),
        files={"rows.py": ROWS, "echo.py": ECHO},
    ),
    Case(name="literal null without a default", flow=flow(node("m", x=None), outputs={"o": "${m.output}"}), files={"echo.py": ECHO}),
    Case(name="an output twice", flow=flow(node("m", x=1), outputs={"o": "${m.output}", "p": "${m.output}"}), files={"echo.py": ECHO}),
    Case(name="no outputs", flow=flow(node("m", x=1)), files={"echo.py": ECHO}),
    Case(name="empty output", flow=flow(node("m", x=1), outputs={"o": ""}), files={"echo.py": ECHO}),
    Case(
        name="null output", flow={**flow(node("m", x=1)), "outputs": {"o": {"type": "string", "reference": None}}}, files={"echo.py": ECHO}
    ),
    Case(name="output without a reference", flow={**flow(node("m", x=1)), "outputs": {"o": {"type": "string"}}}, files={"echo.py": ECHO}),
    Case(
        name="literal number as an output",
        flow={**flow(node("m", x=1)), "outputs": {"o": {"type": "int", "reference": 5}}},
        files={"echo.py": ECHO},
    ),
    Case(name="unknown node at an output", flow=flow(node("m", x=1), outputs={"o": "${gone.output}"}), files={"echo.py": ECHO}),
    Case(name="unknown node at a node", flow=flow(node("m", x="${gone.output}"), outputs={"o": "${m}"}), files={"echo.py": ECHO}),
    Case(name="self reference", flow=flow(node("m", x="${m.output}"), outputs={"o": "${m}"}), files={"echo.py": ECHO}),
    Case(
        name="node named like an input",
        flow=flow(node("a", x="${inputs.a}"), inputs={"a": "string"}, outputs={"o": "${a.output}"}),
        files={"echo.py": ECHO},
        inputs={"a": "x"},
    ),
    Case(
        name="node name with a dash",
        flow=flow(node("a-b", x=1), node("c", x="${a-b.output}"), outputs={"o": "${c.output}"}),
        files={"echo.py": ECHO},
    ),
    Case(
        name="node name with a space",
        flow=flow(node("a b", x=1), node("c", x="${a b.output}"), outputs={"o": "${c.output}"}),
        files={"echo.py": ECHO},
    ),
    Case(
        name="node name of a number",
        flow=flow({**node("1", x=1), "name": 1}, node("c", x="${1.output}"), outputs={"o": "${c.output}"}),
        files={"echo.py": ECHO},
        better="a node's name is a text, also where YAML reads a number",
        ours={"status": "completed", "outputs": {"o": 1}, "nodes": {"1": "completed", "c": "completed"}, "metrics": {}, "errors": []},
    ),
    Case(name="node named inputs", flow=flow(node("inputs", x=1), outputs={"o": "${inputs.output}"}), files={"echo.py": ECHO}),
    Case(
        name="a property of an input's value by a node",
        flow=flow(node("n", x="${inputs.o}"), node("m", x="${n.output.z}"), inputs={"o": "object"}, outputs={"o": "${m.output}"}),
        files={"echo.py": ECHO},
        inputs={"o": {"z": 1}},
    ),
    Case(
        name="a node named outputs",
        flow=flow(node("outputs", x=1), node("m", x="${outputs.output}"), outputs={"o": "${m.output}"}),
        files={"echo.py": ECHO},
    ),
    Case(
        name="a node named inputs that nobody refers to",
        flow=flow(node("inputs", x=1), node("m", x=2), outputs={"o": "${m.output}"}),
        files={"echo.py": ECHO},
    ),
    Case(
        name="a node named flow, whole",
        flow=flow(node("flow", x=1), node("m", x="${flow}"), outputs={"o": "${m.output}"}),
        files={"echo.py": ECHO},
    ),
    Case(
        name="an input and a node of one name",
        flow=flow(node("a", x="${inputs.a}"), node("b", x="${a}"), inputs={"a": "string"}, outputs={"a": "${b.output}"}),
        files={"echo.py": ECHO},
        inputs={"a": "x"},
    ),
    Case(
        name="a condition on a literal reference to itself",
        flow=flow(node("a", x=1, activate={"when": "${a.output}", "is": 1}), outputs={"o": "${a.output}"}),
        files={"echo.py": ECHO},
    ),
    Case(
        name="a chain of twenty",
        flow=flow(node("n0", x=1), *(node(f"n{i}", x=f"${{n{i - 1}.output}}") for i in range(1, 20)), outputs={"o": "${n19.output}"}),
        files={"echo.py": ECHO},
    ),
    Case(
        name="fan-out and fan-in",
        flow=flow(
            node("a", x=1),
            *(node(f"b{i}", x="${a.output}") for i in range(5)),
            node("c", "five.py", **{f"x{i}": f"${{b{i}.output}}" for i in range(5)}),
            outputs={"o": "${c.output}"},
        ),
        files={"echo.py": ECHO, "five.py": tool("return [x0, x1, x2, x3, x4]", parameters="x0, x1, x2, x3, x4")},
    ),
]
