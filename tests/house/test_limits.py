"""The limits of the house: how long a module and a function may be, what no file may be called, what no handler may swallow."""

import ast
from collections import Counter
from pathlib import Path

from support.long_files import LONG_FILES

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    p for folder in ("src", "tests", "benchmarks", "scripts") for p in (ROOT / folder).rglob("*.py") if "versions" not in p.parts
)
STUDIO = sorted(p for p in (ROOT / "studio/src").rglob("*.ts*") if p.name != "schema.ts" and not p.name.endswith(".gen.ts"))
MODULE_LINES = 500
FUNCTION_LINES = 60
BANNED_NAMES = {"utils", "helpers", "common"}
BROAD = {"Exception", "BaseException"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_modules_are_short_and_named_for_what_they_hold() -> None:
    found = [
        f"{name(path)}: {lines} lines"
        for path in MODULES + STUDIO
        if (lines := path.read_text(encoding="utf-8").count("\n")) > MODULE_LINES or path.stem in BANNED_NAMES
    ]
    assert not found, "\n".join(found)


def test_functions_are_short_and_errors_are_not_swallowed() -> None:
    # One test for all modules: a test for each was a third of the suite's tests, and half of their time was their names.
    found = [f"{name(path)}, {problem}" for path in MODULES for problem in problems_in(path)]
    assert not found, "\n".join(found)


def test_the_files_that_a_run_begins_with_are_there() -> None:
    missing = [name(path) for path in LONG_FILES if not path.is_file()]
    assert not missing, f"tests/support/long_files.py names files that are not there: {missing}"


def problems_in(path: Path) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            if size > FUNCTION_LINES:
                found.append(f"line {node.lineno}: {node.name} has {size} lines")
        if isinstance(node, ast.ExceptHandler):
            found.extend(problems_of(node))
    return found


def problems_of(handler: ast.ExceptHandler) -> list[str]:
    if len(handler.body) == 1 and isinstance(handler.body[0], ast.Pass):
        return [f"line {handler.lineno}: except: pass (use contextlib.suppress with the errors it is about)"]
    broad = handler.type is None or (isinstance(handler.type, ast.Name) and handler.type.id in BROAD)
    if broad and not reraises_or_logs(handler):
        return [f"line {handler.lineno}: a broad except without a re-raise or a logged reason"]
    return []


def reraises_or_logs(handler: ast.ExceptHandler) -> bool:
    for node in ast.walk(handler):
        if isinstance(node, ast.Raise):
            return True
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"exception", "error", "warning", "critical"}
        ):
            return True
        # The reason is kept in a record that the user is shown.
        if isinstance(node, ast.Name) and handler.name and node.id == handler.name and isinstance(node.ctx, ast.Load):
            return True
    return False


def test_no_two_test_files_have_one_name() -> None:
    # pytest imports them by their names alone: the second one would be an error, and only in a run of both.
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []
