"""``additional_includes``."""

from parity.cases import ECHO, Case, flow, node, tool

READ = tool("from pathlib import Path\nreturn Path(x).read_text()")
LISTED = tool("import zipfile\nreturn sorted(name for name in zipfile.ZipFile(x).namelist() if not name.endswith('/'))")


def including(*includes: str, **more: dict) -> dict:
    return flow(node("n", "read.py", x="words.txt"), outputs={"o": "${n.output}"}, additional_includes=list(includes), **more)


CASES = [
    Case(name="a file", flow=including("../words.txt"), files={"read.py": READ, "../words.txt": "included"}),
    Case(
        name="a tool",
        flow=flow(node("n", "echo.py", x=1), outputs={"o": "${n.output}"}, additional_includes=["../tools/echo.py"]),
        files={"../tools/echo.py": ECHO},
    ),
    Case(
        name="a folder",
        flow=flow(node("n", "shared/echo.py", x=1), outputs={"o": "${n.output}"}, additional_includes=["../shared"]),
        files={"../shared/echo.py": ECHO},
    ),
    Case(
        name="a template in a folder",
        flow=flow(node("n", "shared/p.jinja2", type="prompt", a="A"), outputs={"o": "${n.output}"}, additional_includes=["../shared"]),
        files={"../shared/p.jinja2": "<{{a}}>"},
    ),
    Case(
        name="a module that a tool imports",
        flow=flow(node("n", "use.py", x=1), outputs={"o": "${n.output}"}, additional_includes=["../lib.py"]),
        files={"use.py": tool("return lib.twice(x)", head="import lib\n"), "../lib.py": "def twice(x):\n    return 2 * x\n"},
    ),
    Case(
        name="a package that a tool imports",
        flow=flow(node("n", "use.py", x=1), outputs={"o": "${n.output}"}, additional_includes=["../pack"]),
        files={
            "use.py": tool("return twice(x)", head="from pack.lib import twice\n"),
            "../pack/lib.py": "def twice(x):\n    return 2 * x\n",
            "../pack/__init__.py": "",
        },
    ),
    Case(name="missing", flow=including("../gone.txt"), files={"read.py": READ}, code="AdditionalIncludeNotFound"),
    Case(
        name="replaces a file of the flow",
        flow=including("../words.txt"),
        files={"read.py": READ, "../words.txt": "included", "words.txt": "own"},
    ),
    Case(
        name="a zip of a folder",
        flow=flow(node("n", "listed.py", x="data.zip"), outputs={"o": "${n.output}"}, additional_includes=["../data.zip"]),
        files={"listed.py": LISTED, "../data/a.txt": "a", "../data/b.txt": "b"},
    ),
    Case(
        name="inside of the folder",
        flow=flow(node("n", "read.py", x="words.txt"), outputs={"o": "${n.output}"}, additional_includes=["deep/words.txt"]),
        files={"read.py": READ, "deep/words.txt": "deep"},
    ),
    Case(name="an empty list", flow=including(), files={"read.py": READ, "words.txt": "own"}),
    Case(
        name="with a variant",
        flow={
            **including("../words.txt"),
            "nodes": [{"name": "n", "use_variants": True}],
            "node_variants": {
                "n": {
                    "default_variant_id": "a",
                    "variants": {"a": {"node": {k: v for k, v in node("n", "read.py", x="words.txt").items() if k != "name"}}},
                }
            },
        },
        files={"read.py": READ, "../words.txt": "included"},
    ),
    Case(
        name="not a list",
        flow={**including(), "additional_includes": "../words.txt"},
        files={"read.py": READ, "words.txt": "own"},
        code="WrongType",
    ),
]
