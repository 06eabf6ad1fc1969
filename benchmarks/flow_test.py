"""`flowyard flow test` of a three-node Python flow, as a whole command."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.harness import FLOWYARD, Figure, wall

FLOW = Path(__file__).parent.parent / "examples/flows/three-nodes"


def figures() -> Iterator[Figure]:
    """Compare with an interpreter that only imports the parsers a flow needs (the floor)."""
    floor = wall([sys.executable, "-c", "import yaml, jinja2, msgspec, typer"])
    with tempfile.TemporaryDirectory() as home:
        ours = wall([FLOWYARD, "flow", "test", "--flow", str(FLOW), "--inputs", "text=hello"], environment={"FLOWYARD_HOME": home})
    yield Figure(
        what="flow test, 3 Python nodes",
        ours=ours,
        unit="s",
        peer_name="import yaml, jinja2, msgspec, typer",
        peer=floor,
        aim="0.5 s in all",
    )
