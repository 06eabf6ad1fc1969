"""What tools raise, and what that makes of the line."""

from parity.cases import ECHO, Case, flow, node, tool

RAISES: list[tuple[str, str]] = [
    ("ValueError", "raise ValueError('no')"),
    ("KeyError", "return {}['k']"),
    ("ZeroDivisionError", "return 1 / 0"),
    ("an own class", "class Own(Exception):\n    pass\nraise Own('x')"),
    ("UserErrorException", "from promptflow.exceptions import UserErrorException\nraise UserErrorException('x')"),
    ("SystemErrorException", "from promptflow.exceptions import SystemErrorException\nraise SystemErrorException('x')"),
    ("RecursionError", "def f():\n    return f()\nreturn f()"),
    ("AssertionError", "assert False"),
    ("StopIteration", "raise StopIteration"),
    ("SystemExit", "raise SystemExit(3)"),
    ("an error without a text", "raise ValueError"),
    ("a chained error", "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise ValueError('outer') from error"),
    ("ImportError inside", "import no_such_thing"),
    ("a warning", "import warnings\nwarnings.warn('careful')\nreturn x"),
]
FILES: dict[str, str | bytes] = {
    "echo.py": ECHO,
    "boom.py": tool("raise ValueError('no')"),
    "join.py": tool("return [x, y]", parameters="x, y"),
}

EXIT: dict = {
    "better": "a tool that leaves the process fails its line, not the process",
    "ours": {"status": "failed", "outputs": {}, "nodes": {"n": "failed"}, "metrics": {}, "errors": ["ToolExecutionError"]},
}

CASES = [
    *(
        Case(
            name=name,
            flow=flow(node("n", "t.py", x=1), outputs={"o": "${n.output}"}),
            files={"t.py": tool(text)},
            **(EXIT if name == "SystemExit" else {}),
        )
        for name, text in RAISES
    ),
    Case(
        name="what depends on it does not run",
        flow=flow(node("a", "boom.py", x=1), node("b", x="${a.output}"), outputs={"o": "${b.output}"}),
        files=FILES,
    ),
    Case(
        name="before it has run",
        flow=flow(node("a", x=1), node("b", "boom.py", x="${a.output}"), outputs={"o": "${a.output}"}),
        files=FILES,
    ),
    Case(
        name="rows that fail and rows that do not",
        flow=flow(node("n", "t.py", x="${inputs.v}"), inputs={"v": "int"}, outputs={"o": "${n.output}"}),
        files={"t.py": tool("return 10 // x")},
        rows=[{"v": 1}, {"v": 0}, {"v": 5}],
        mapping={"v": "${data.v}"},
    ),
    Case(
        name="a row whose input does not fit",
        flow=flow(node("n", x="${inputs.v}"), inputs={"v": "int"}, outputs={"o": "${n.output}"}),
        files=FILES,
        rows=[{"v": 1}, {"v": "x"}],
        mapping={"v": "${data.v}"},
    ),
    Case(
        name="a column of the data's name without a mapping",
        flow=flow(node("n", x="${inputs.v}"), inputs={"v": "int"}, outputs={"o": "${n.output}"}),
        files=FILES,
        rows=[{"v": 1, "w": 2}],
    ),
    Case(
        name="a default before the data's column",
        flow=flow(node("n", x="${inputs.v}"), inputs={"v": {"type": "int", "default": 9}}, outputs={"o": "${n.output}"}),
        files=FILES,
        rows=[{"v": 1}],
        mapping={},
    ),
    Case(
        name="a literal in the mapping",
        flow=flow(node("n", x="${inputs.v}"), inputs={"v": "string"}, outputs={"o": "${n.output}"}),
        files=FILES,
        rows=[{"v": 1}, {"v": 2}],
        mapping={"v": "lit"},
    ),
]
