"""``environment_variables`` of a flow, from connections too."""

from parity.cases import Case, flow, node, tool

READ = tool("import os\nreturn os.environ.get(x)")
AT_IMPORT = "import os\nfrom promptflow.core import tool\n\nSEEN = os.environ.get('A')\n\n@tool\ndef run(x):\n    return SEEN\n"
CUSTOM = {"type": "custom", "configs": {"base": "https://b"}, "secrets": {"key": "s3cret-value"}}


def case(name: str, variables: object, read: str = "A", **more) -> Case:
    data = flow(node("n", "read.py", x=read), outputs={"o": "${n.output}"}, environment_variables=variables)
    return Case(name=name, flow=data, files={"read.py": READ}, **more)


CASES = [
    case("a text", {"A": "text"}),
    case("a number", {"A": 5}),
    case("a truth value", {"A": True}),
    case("a list", {"A": [1, "b"]}),
    case("a mapping", {"A": {"k": 1}}),
    case("null", {"A": None}),
    case("a float", {"A": 1.0}),
    case("none there", {}),
    case("braces that are no reference", {"A": "a ${conn.base}"}, connections={"conn": CUSTOM}),
    Case(
        name="seen at import",
        flow=flow(node("n", "read.py", x=1), outputs={"o": "${n.output}"}, environment_variables={"A": "early"}),
        files={"read.py": AT_IMPORT},
    ),
    Case(
        name="of a flex flow, a list",
        flow="entry: flow:run\nenvironment_variables:\n  A: [1, two]\n",
        entry="flow.flex.yaml",
        files={"flow.py": "import os\n\nA = os.environ.get('A')\n\n\ndef run(x: int):\n    return A\n"},
        inputs={"x": 1},
    ),
    case("one that is set already", {"A": "flow"}, environment={"A": "outer"}),
]
