"""How bypassing spreads, and what outputs and inputs fed by bypassed nodes are."""

from parity.activate import FILES
from parity.cases import Case, flow, node

OFF = {"when": "${inputs.v}", "is": "on"}


def off(*nodes: dict, **outputs: str) -> dict:
    return flow(node("a", x=1, activate=OFF), node("b", x=2), *nodes, inputs={"v": "string"}, outputs=outputs)


def case(name: str, data: dict, v: str = "off") -> Case:
    return Case(name=name, flow=data, files=FILES, inputs={"v": v})


CASES = [
    case("its output is None", off(o="${a.output}")),
    case("a property of it fails the line", off(o="${a.output.k}")),
    case("a property at a node fails the line", off(node("n", x="${a.output.k}"), o="${n.output}")),
    case("all data bypassed: bypassed", off(node("n", x="${a.output}"), o="${n.output}")),
    case("chain of three", off(node("n", x="${a.output}"), node("m", x="${n.output}"), o="${m.output}")),
    case("one of two bypassed: runs with None", off(node("n", "both.py", x="${a.output}", y="${b.output}"), o="${n.output}")),
    case("one of two bypassed: default stays", off(node("n", "defaulted.py", x="${a.output}", y="${b.output}"), o="${n.output}")),
    case("bypassed and a literal: bypassed", off(node("n", "both.py", x="${a.output}", y="lit"), o="${n.output}")),
    case("bypassed and an input: bypassed", off(node("n", "both.py", x="${a.output}", y="${inputs.v}"), o="${n.output}")),
    case("both bypassed", off(node("c", x=1, activate=OFF), node("n", "both.py", x="${a.output}", y="${c.output}"), o="${n.output}")),
    case(
        "switch joins",
        off(
            node("c", x="C", activate={"when": "${inputs.v}", "is": "off"}),
            node("n", "both.py", x="${a.output}", y="${c.output}"),
            o="${n.output}",
        ),
    ),
    case(
        "switch on",
        off(
            node("c", x="C", activate={"when": "${inputs.v}", "is": "off"}),
            node("n", "both.py", x="${a.output}", y="${c.output}"),
            o="${n.output}",
        ),
        "on",
    ),
    case("prompt over a bypassed node", off(node("p", "p.jinja2", type="prompt", t="${a.output}", u="${b.output}"), o="${p.output}")),
    case("only some outputs", off(o="${a.output}", p="${b.output}")),
    case(
        "one that a bypassed node leads to, with a condition that holds",
        off(
            node("n", x="${a.output}"),
            node("m", "both.py", x="${n.output}", y="${a.output}", activate={"when": "${inputs.v}", "is": "off"}),
            o="${m.output}",
        ),
    ),
    case("a property of it, beside another", off(node("n", "defaulted.py", x="${a.output.k}", y="${b.output}"), o="${n.output}")),
]
FILES["p.jinja2"] = "<{{t}}|{{u}}>"
