"""Coroutine tools, and tools side by side."""

from parity.cases import ECHO, Case, flow, node, tool

FILES: dict[str, str | bytes] = {
    "echo.py": ECHO,
    "later.py": tool("await asyncio.sleep(0.01)\nreturn x", kind="async def", head="import asyncio\n"),
    "boom.py": tool("await asyncio.sleep(0.01)\nraise ValueError(x)", kind="async def", head="import asyncio\n"),
    "join.py": tool("return [x, y]", parameters="x, y"),
    "coroutine.py": tool("async def inner():\n    return x\nreturn inner()"),
    "slow.py": tool("time.sleep(0.05)\nreturn x", head="import time\n"),
}

CASES = [
    Case(name="one", flow=flow(node("n", "later.py", x=1), outputs={"o": "${n.output}"}), files=FILES),
    Case(
        name="chain",
        flow=flow(node("a", "later.py", x=1), node("b", "later.py", x="${a.output}"), outputs={"o": "${b.output}"}),
        files=FILES,
    ),
    Case(
        name="diamond",
        flow=flow(
            node("a", "later.py", x=1),
            node("b", "later.py", x="${a.output}"),
            node("c", x="${a.output}"),
            node("d", "join.py", x="${b.output}", y="${c.output}"),
            outputs={"o": "${d.output}"},
        ),
        files=FILES,
    ),
    Case(
        name="sync and async",
        flow=flow(node("a", x=1), node("b", "later.py", x="${a.output}"), node("c", x="${b.output}"), outputs={"o": "${c.output}"}),
        files=FILES,
    ),
    Case(name="fails", flow=flow(node("a", "boom.py", x="why"), outputs={"o": "${a.output}"}), files=FILES),
    Case(
        name="fails in the middle",
        flow=flow(
            node("a", "later.py", x=1), node("b", "boom.py", x="${a.output}"), node("c", x="${b.output}"), outputs={"o": "${c.output}"}
        ),
        files=FILES,
    ),
    Case(
        name="activated",
        flow=flow(
            node("a", "later.py", x=1, activate={"when": "a", "is": "b"}),
            node("b", "join.py", x="${a.output}", y=2),
            outputs={"o": "${b.output}"},
        ),
        files=FILES,
    ),
    Case(
        name="sync nodes side by side",
        flow=flow(
            node("a", "slow.py", x=1),
            node("b", "slow.py", x=2),
            node("c", "join.py", x="${a.output}", y="${b.output}"),
            outputs={"o": "${c.output}"},
        ),
        files=FILES,
    ),
]
