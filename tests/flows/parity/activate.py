"""Conditions, and what follows from a node that was bypassed."""

from typing import Any

from parity.cases import ECHO, Case, flow, node, tool

DEFAULTED = tool("return [x, y]", parameters="x='dx', y='dy'")
BOTH = tool("return [x, y]", parameters="x, y")
FILES: dict[str, str | bytes] = {"echo.py": ECHO, "defaulted.py": DEFAULTED, "both.py": BOTH}


def conditional(kind: str, when: Any, is_: Any, given: Any) -> Case:
    data = flow(node("n", x="ran", activate={"when": when, "is": is_}), inputs={"v": kind}, outputs={"o": "${n.output}"})
    return Case(name=f"{kind} {given!r} with {when} is {is_!r}", flow=data, files=FILES, inputs={"v": given})


CASES = [
    conditional("bool", "${inputs.v}", True, True),
    conditional("bool", "${inputs.v}", "true", True),
    conditional("bool", "${inputs.v}", True, "true"),
    conditional("bool", "${inputs.v}", 1, True),
    conditional("bool", "${inputs.v}", False, True),
    conditional("string", "${inputs.v}", "a", "a"),
    conditional("string", "${inputs.v}", "b", "a"),
    conditional("string", "${inputs.v}", 5, "5"),
    conditional("int", "${inputs.v}", 5, "5"),
    conditional("int", "${inputs.v}", "5", 5),
    conditional("int", "${inputs.v}", 5.0, 5),
    conditional("list", "${inputs.v}", [1, 2], [1, 2]),
    conditional("object", "${inputs.v}", {"a": 1}, {"a": 1}),
    conditional("string", "yes", "yes", "a"),
    conditional("string", "yes", "no", "a"),
    conditional("string", "${inputs.v}", None, "a"),
    conditional("string", "${inputs.v}", "${inputs.v}", "a"),
    Case(
        name="on a node's output",
        flow=flow(node("a", x=1), node("n", x=2, activate={"when": "${a.output}", "is": 1}), outputs={"o": "${n.output}"}),
        files=FILES,
    ),
    Case(
        name="on a property",
        flow=flow(node("a", x={"k": 1}), node("n", x=2, activate={"when": "${a.output.k}", "is": 1}), outputs={"o": "${n.output}"}),
        files=FILES,
    ),
    Case(
        name="on a property that is not there",
        flow=flow(node("a", x={"k": 1}), node("n", x=2, activate={"when": "${a.output.z}", "is": 1}), outputs={"o": "${n.output}"}),
        files=FILES,
        better="a node whose condition cannot be had has a record that says so",
        ours={"nodes": {"a": "completed", "n": "failed"}},
    ),
    Case(
        name="condition node bypassed",
        flow=flow(
            node("a", x=1, activate={"when": "no", "is": "yes"}),
            node("n", x=2, activate={"when": "${a.output}", "is": None}),
            outputs={"o": "${n.output}"},
        ),
        files=FILES,
    ),
    Case(
        name="runs although all its data was bypassed",
        flow=flow(
            node("a", x=1, activate={"when": "no", "is": "yes"}),
            node("n", x="${a.output}", activate={"when": "y", "is": "y"}),
            outputs={"o": "${n.output}"},
        ),
        files=FILES,
    ),
    Case(
        name="is takes a reference as a text",
        flow=flow(node("a", x="x"), node("n", x=2, activate={"when": "${a.output}", "is": "${a.output}"}), outputs={"o": "${n.output}"}),
        files=FILES,
    ),
    Case(
        name="a failing node behind a condition that does not hold",
        flow=flow(node("n", "boom.py", x=1, activate={"when": "a", "is": "b"}), node("m", x=2), outputs={"o": "${m.output}"}),
        files={**FILES, "boom.py": tool("raise ValueError(x)")},
    ),
    Case(
        name="condition and data from different nodes, data bypassed",
        flow=flow(
            node("a", x=1, activate={"when": "a", "is": "b"}),
            node("c", x=1),
            node("n", "both.py", x="${a.output}", y="y", activate={"when": "${c.output}", "is": 1}),
            outputs={"o": "${n.output}"},
        ),
        files=FILES,
    ),
    Case(
        name="a condition on a generator",
        flow=flow(node("g", "gen.py"), node("n", x=2, activate={"when": "${g.output}", "is": "ab"}), outputs={"o": "${n.output}"}),
        files={**FILES, "gen.py": tool("yield 'a'\nyield 'b'", parameters="")},
    ),
    Case(
        name="condition on a list's item",
        flow=flow(node("a", x=[1, 2]), node("n", x=2, activate={"when": "${a.output.[1]}", "is": 2}), outputs={"o": "${n.output}"}),
        files=FILES,
    ),
    Case(
        name="an llm node's condition on a prompt",
        flow=flow(
            node("p", "word.jinja2", type="prompt", a="x"),
            node("n", x=2, activate={"when": "${p.output}", "is": "<x>"}),
            outputs={"o": "${n.output}"},
        ),
        files={**FILES, "word.jinja2": "<{{a}}>"},
    ),
]
