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
}


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
]
