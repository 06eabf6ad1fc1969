"""Tools that yield."""

from parity.cases import ECHO, Case, flow, node, tool

FILES: dict[str, str | bytes] = {
    "echo.py": ECHO,
    "gen.py": tool("for part in ['a', 'b', 3]:\n    yield part", parameters=""),
    "empty.py": tool("return\nyield", parameters=""),
    "fails.py": tool("yield 'a'\nraise ValueError('midway')", parameters=""),
    "made.py": tool("return (str(i) for i in range(3))", parameters=""),
    "iterates.py": tool("return [part for part in x]"),
    "agen.py": tool("for part in 'xyz':\n    yield part", parameters="", kind="async def"),
    "iterator.py": tool("return iter(['a', 'b'])", parameters=""),
    "mapped.py": tool("return map(str, [1, 2])", parameters=""),
    "dicts.py": tool("yield {'k': 1}\nyield {'k': 2}", parameters=""),
    "typed.py": tool("return type(x).__name__"),
    "size.py": tool("log_metric('size', sum(len(x) for x in xs))", parameters="xs", head="from promptflow.core import log_metric\n"),
    "join.py": tool("return '+'.join(map(str, x))"),
    "of.py": tool("yield 'a'\nyield str(x)"),
    "aof.py": tool("yield 'a'\nyield str(x)", kind="async def"),
}
ROWS = [{"v": 1}, {"v": 200}]
#: There it gets an object that has given its pieces away, or not yet; here the text, as an output that shows it.
WHOLE = "an aggregation gets the whole text of a generator, read or not"


def aggregated(name: str, file: str, *more: dict, size: int | None = None, xs: str = "${g.output}", o: str = "${g.output}") -> Case:
    data = flow(
        node("g", file, x="${inputs.v}"), *more, node("r", "size.py", xs=xs, aggregation=True), inputs={"v": "int"}, outputs={"o": o}
    )
    ours = {"metrics": {"size": size}, "nodes": {"r": "completed"}} if size else {}
    return Case(name=name, flow=data, files=FILES, rows=ROWS, mapping={"v": "${data.v}"}, better=WHOLE if ours else None, ours=ours)


def gen(file: str, *more: dict, o: str = "${g.output}") -> dict:
    return flow(node("g", file), *more, outputs={"o": o})


CASES = [
    Case(name="joined as texts", flow=gen("gen.py"), files=FILES),
    Case(name="nothing yielded", flow=gen("empty.py"), files=FILES),
    Case(
        name="fails midway",
        flow=gen("fails.py"),
        files=FILES,
        better="the node fails, as with any other error of its tool",
        ours={"nodes": {"g": "failed"}, "errors": ["ToolExecutionError"]},
    ),
    Case(name="a returned generator", flow=gen("made.py"), files=FILES),
    Case(name="feeds a node", flow=gen("gen.py", node("n", "iterates.py", x="${g.output}"), o="${n.output}"), files=FILES),
    Case(
        name="feeds a node and an output",
        flow={
            **gen("gen.py", node("n", "iterates.py", x="${g.output}")),
            "outputs": {"o": {"type": "string", "reference": "${g.output}"}, "p": {"type": "string", "reference": "${n.output}"}},
        },
        files=FILES,
        better="every reader of a generator gets all of it",
        ours={"outputs": {"o": "ab3", "p": ["a", "b", 3]}},
    ),
    Case(name="asynchronous", flow=gen("agen.py"), files=FILES),
    Case(name="an iterator", flow=gen("iterator.py"), files=FILES),
    Case(name="a map", flow=gen("mapped.py"), files=FILES),
    Case(name="dictionaries", flow=gen("dicts.py"), files=FILES),
    Case(name="nobody reads it", flow=flow(node("g", "gen.py"), node("n", x=1), outputs={"o": "${n.output}"}), files=FILES),
    Case(
        name="two outputs of one generator",
        flow={
            **gen("gen.py"),
            "outputs": {"o": {"type": "string", "reference": "${g.output}"}, "p": {"type": "string", "reference": "${g.output}"}},
        },
        files=FILES,
        better="every reader of a generator gets all of it",
        ours={"outputs": {"o": "ab3", "p": "ab3"}},
    ),
    aggregated("aggregated, and shown", "of.py", size=6),
    aggregated("aggregated, and not shown", "of.py", node("n", x=1), size=6, o="${n.output}"),
    aggregated("asynchronous, aggregated, and not shown", "aof.py", node("n", x=1), size=6, o="${n.output}"),
    aggregated("aggregated through a node", "of.py", node("n", "join.py", x="${g.output}"), xs="${n.output}", o="${n.output}"),
    Case(
        name="a condition on one",
        flow=flow(
            node("g", "gen.py"),
            node("n", x=1, activate={"when": "${g.output}", "is": "ab3"}),
            outputs={"o": "${g.output}", "p": "${n.output}"},
        ),
        files=FILES,
    ),
]
