"""Runs on files for tests: data, a run's folder, and what came of it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flowyard.flows.runs.execute import execute
from flowyard.flows.runs.means import RunMeans
from flowyard.flows.runs.spec import RunSpec
from flowyard.flows.runs.store import FILE, RunStore
from flowyard.wire.runs import RunLine


def write_rows(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    """Write rows as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def run_rows(folder: Path, flow: Path, rows: Iterable[dict[str, Any]] | None = None, *, means: RunMeans | None = None, **spec: Any) -> Path:
    """Run `flow` over `rows` in `folder`, again where a run is there already; return the run's folder."""
    data = write_rows(folder / "data.jsonl", rows) if rows is not None else spec.pop("data", None)
    run = folder / "run"
    if not (run / FILE).exists():
        RunStore.create(run, {"name": folder.name}).close()
    execute(run, RunSpec(name=folder.name, flow=flow, flow_name=flow.name, data=data, **spec), means or RunMeans())
    return run


def lines_of(run: Path) -> list[RunLine]:
    """Return all rows of a run, in order."""
    with RunStore(run) as store:
        return list(store.each())


def codes_of(run: Path) -> dict[int, str]:
    """Return the error code of every failed row."""
    return {line.line: line.error["code"] for line in lines_of(run) if line.error}
