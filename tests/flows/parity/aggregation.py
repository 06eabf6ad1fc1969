"""Aggregation nodes: in a test over its one line, in a batch over the lines that completed."""

from parity.cases import ECHO, Case, flow, node, tool

MEAN = tool(
    "log_metric('n', len(xs))\nlog_metric('sum', sum(x for x in xs if x is not None))\nreturn xs",
    parameters="xs",
    head="from promptflow.core import log_metric\n",
)
SHOW = tool(
    "log_metric('seen', len(str(a)) + len(str(b)))\nreturn [a, b]", parameters="a, b", head="from promptflow.core import log_metric\n"
)
FAIL = tool("if x < 0:\n    raise ValueError('negative')\nreturn x")
BOOM = tool("raise RuntimeError('after all')", parameters="xs")
VARIANT = tool(
    "log_metric('m', 1, variant_id='variant_0')\nlog_metric('k', '2')\nlog_metric('k', 3)",
    parameters="xs",
    head="from promptflow.core import log_metric\n",
)
WORDS = tool("log_metric('w', 'text')", parameters="xs", head="from promptflow.core import log_metric\n")
OLD = tool("log_metric(key='n', value=len(xs))", parameters="xs", head="from promptflow import log_metric\n")
FILES: dict[str, str | bytes] = {
    "echo.py": ECHO,
    "mean.py": MEAN,
    "show.py": SHOW,
    "fail.py": FAIL,
    "boom.py": BOOM,
    "variant.py": VARIANT,
    "words.py": WORDS,
    "old.py": OLD,
}
ROWS = [{"v": 1}, {"v": 2}, {"v": -3}]

PLAIN = flow(
    node("n", "fail.py", x="${inputs.v}"),
    node("r", "mean.py", xs="${n.output}", aggregation=True),
    inputs={"v": "int"},
    outputs={"o": "${n.output}"},
)


def reduce(*nodes: dict, **outputs: str) -> dict:
    return flow(node("n", "fail.py", x="${inputs.v}"), *nodes, inputs={"v": "int"}, outputs={"o": "${n.output}", **outputs})


def both(name: str, data: dict, **more) -> list[Case]:
    return [
        Case(name=f"{name}, in a test", flow=data, files=FILES, inputs={"v": 4}, **more),
        Case(name=f"{name}, in a batch", flow=data, files=FILES, rows=ROWS, mapping={"v": "${data.v}"}, **more),
    ]


OVER_INPUTS = reduce(node("r", "mean.py", xs="${inputs.v}", aggregation=True))

CASES = [
    *both("a list per line", PLAIN),
    Case(
        name="over flow inputs, in a test",
        flow=OVER_INPUTS,
        files=FILES,
        inputs={"v": 4},
        better="a test runs an aggregation also when it takes no node's output",
        ours={"nodes": {"n": "completed", "r": "completed"}, "metrics": {"n": 1, "sum": 4}},
    ),
    Case(name="over flow inputs, in a batch", flow=OVER_INPUTS, files=FILES, rows=ROWS, mapping={"v": "${data.v}"}),
    *both("literals stay scalar", reduce(node("r", "show.py", a="${n.output}", b="lit", aggregation=True))),
    *both("reduce is the old name", reduce(node("r", "mean.py", xs="${n.output}", reduce=True))),
    *both("fails", reduce(node("r", "boom.py", xs="${n.output}", aggregation=True))),
    *both(
        "an aggregation over an aggregation",
        reduce(
            node("r", "mean.py", xs="${n.output}", aggregation=True),
            node("s", "show.py", a="${r.output}", b="${n.output}", aggregation=True),
        ),
    ),
    *both("its output is ignored", reduce(node("r", "mean.py", xs="${n.output}", aggregation=True), p="${r.output}")),
    *both("metrics by variant, last wins", reduce(node("r", "variant.py", xs="${n.output}", aggregation=True))),
    *both("a metric that is no number", reduce(node("r", "words.py", xs="${n.output}", aggregation=True))),
    *both("log_metric by its old import", reduce(node("r", "old.py", xs="${n.output}", aggregation=True))),
    *both("activated by a literal", reduce(node("r", "mean.py", xs="${n.output}", aggregation=True, activate={"when": "a", "is": "b"}))),
    *both(
        "over a bypassed node",
        reduce(
            node("a", x="${n.output}", activate={"when": "${inputs.v}", "is": 1}), node("r", "mean.py", xs="${a.output}", aggregation=True)
        ),
    ),
    *both("a property", reduce(node("d", "dict.py", x="${n.output}"), node("r", "mean.py", xs="${d.output.k}", aggregation=True))),
    Case(name="a line that failed, in a test", flow=PLAIN, files=FILES, inputs={"v": -1}),
    Case(
        name="no line completed",
        flow=PLAIN,
        files=FILES,
        rows=[{"v": -1}],
        mapping={"v": "${data.v}"},
        better="there is nothing to aggregate without a line",
        ours={"metrics": {}, "nodes": {}},
    ),
]
FILES["dict.py"] = tool("return {'k': x}")
