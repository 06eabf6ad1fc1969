"""What can go wrong while somebody works on a flow says what to do about it."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import flowyard
from flowyard.compute.errors import JobCanceledError, ProcessFailedError
from flowyard.flows.runtime.line import NodeFailedError
from flowyard.foundation.errors import FlowyardError
from flowyard.inference.answers import error_of

SOURCE = Path(flowyard.__file__).parent
ROOMS = ("flows", "inference", "compute/processes", "compute/rows", "foundation")
#: They end a run or a node and are never shown themselves; or they are another program's mistake.
INNER = {NodeFailedError.__name__, JobCanceledError.__name__, "ChildProtocolError"}


def raised() -> Iterator[tuple[str, type[FlowyardError], bool]]:
    """Every making of one of our errors in the rooms behind the flow pages: where, which, and whether it says a remedy."""
    files = sorted(file for room in ROOMS for file in (SOURCE / room).rglob("*.py"))
    for file in files:
        tree = ast.parse(file.read_text())
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
        named = [node for node in calls if isinstance(node.func, ast.Name) and node.func.id.endswith("Error")]
        if not named:
            continue
        module = importlib.import_module(".".join(("flowyard", *file.relative_to(SOURCE).with_suffix("").parts)))
        for node in named:
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            kind = getattr(module, name, None)
            if isinstance(kind, type) and issubclass(kind, FlowyardError):
                yield f"{file.name}:{node.lineno}", kind, any(keyword.arg in {"remedy", None} for keyword in node.keywords)


def test_every_error_of_a_flow_says_what_to_do() -> None:
    found = list(raised())
    assert len(found) > 200
    silent = [
        (place, kind.__name__)
        for place, kind, remedied in found
        if not remedied and kind.advice is None and kind.__init__ is FlowyardError.__init__ and kind.__name__ not in INNER
    ]
    assert silent == []


def test_what_a_kind_of_error_advises_gives_way_to_what_its_raise_says() -> None:
    assert "logs/" in str(ProcessFailedError("It ended.").problem().remedy)
    assert ProcessFailedError("It ended.", remedy="Do this.").problem().remedy == "Do this."


@pytest.mark.parametrize(
    ("status", "body", "remedy"),
    [
        (400, b'{"error": {"message": "too long", "code": 400, "type": "exceed_context_size_error"}}', "longer context"),
        (400, b'{"error": {"message": "too long", "code": "context_length_exceeded"}}', "longer context"),
        (400, b'{"error": {"message": "temperature is 9"}}', "Correct what the server names"),
        (404, b"{}", "Check the name of the model"),
    ],
)
def test_a_refused_model_call_says_what_to_change(status: int, body: bytes, remedy: str) -> None:
    assert remedy in str(error_of(status, {}, body).remedy)
