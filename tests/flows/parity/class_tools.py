"""Methods of ToolProvider classes."""

from parity.cases import Case, flow, node

HEAD = "from promptflow.core import ToolProvider, tool\n\n\n"
ADDER = (
    HEAD
    + "class Adder(ToolProvider):\n    def __init__(self, base: int, more: int = 10):\n        super().__init__()\n        self.base, self.more = base, more\n\n    @tool\n    def add(self, x):\n        return [self.base, self.more, x]\n"
)
PLAIN = HEAD + "class Plain(ToolProvider):\n    @tool\n    def go(self, x):\n        return x\n"
NOT_PROVIDER = HEAD + "class Plain:\n    @tool\n    def go(self, x):\n        return x\n"
LATER = HEAD + "class Later(ToolProvider):\n    @tool\n    async def go(self, x):\n        return x\n"
FAILS = (
    HEAD
    + "class Fails(ToolProvider):\n    def __init__(self, base: int):\n        raise ValueError('no')\n\n    @tool\n    def go(self, x):\n        return x\n"
)
COUNT = (
    HEAD
    + "class Count(ToolProvider):\n    def __init__(self):\n        super().__init__()\n        self.n = 0\n\n    @tool\n    def go(self, x):\n        self.n += 1\n        return self.n\n"
)
FILES: dict[str, str | bytes] = {
    "adder.py": ADDER,
    "plain.py": PLAIN,
    "not_provider.py": NOT_PROVIDER,
    "later.py": LATER,
    "fails.py": FAILS,
    "count.py": COUNT,
}


def case(name: str, *nodes: dict, **more) -> Case:
    return Case(
        name=name,
        flow=flow(*nodes, inputs={"v": {"type": "int", "default": 3}}, outputs={"o": f"${{{nodes[-1]['name']}.output}}"}),
        files=FILES,
        **more,
    )


CASES = [
    case("literal arguments of its making", node("n", "adder.py", base=1, more=2, x="${inputs.v}")),
    case("default of its making", node("n", "adder.py", base=1, x="${inputs.v}")),
    case("argument of its making missing", node("n", "adder.py", x="${inputs.v}")),
    case("argument of its making from an input", node("n", "adder.py", base="${inputs.v}", x=1)),
    case("argument of its making as a text", node("n", "adder.py", base="5", x=1)),
    case("argument of its making of a wrong type", node("n", "adder.py", base="five", x=1)),
    case("without an __init__", node("n", "plain.py", x=1)),
    case(
        "not a ToolProvider",
        node("n", "not_provider.py", x=1),
        better="a class needs no base for its methods to be tools",
        ours={"status": "completed", "outputs": {"o": 1}, "nodes": {"n": "completed"}, "metrics": {}, "errors": []},
    ),
    case("asynchronous method", node("n", "later.py", x=1)),
    case("fails at its making", node("n", "fails.py", base=1, x=1)),
    case("one object a node", node("a", "count.py", x=1), node("b", "count.py", x="${a.output}")),
]
