"""Runs with rows that nobody ran: for what looks into runs."""

from pathlib import Path
from typing import Any

from flowyard.flows.runs.describe import facts_at_creation
from flowyard.flows.runs.messages import Chunk, RowResult
from flowyard.flows.runs.store import Priced, RunStore
from flowyard.flows.runtime.line_spool import pack_nodes
from flowyard.flows.runtime.record import NodeRecord
from flowyard.foundation.codecs import plain, to_json
from flowyard.wire.runs import RunCounts, RunCreate

Row = dict[str, Any]


def recorded(
    folder: Path,
    rows: dict[str, dict[int, Row | None]],
    *,
    metrics: dict[str, dict[str, Any]] | None = None,
    status: str = "completed",
    evaluates: bool = False,
) -> Path:
    """Record a run: variant to line to outputs; None: the row failed. The input `x` is the line, each row took as many milliseconds.

    `evaluates`: the variants are those of a run that it evaluates.
    """
    request = RunCreate(flow="flow", variants=() if evaluates else tuple(variant for variant in rows if variant))
    facts = facts_at_creation(request, name=folder.name, flow="flow", snapshot="s", created_at="2026-11-26T00:00:00Z", created_by="ann")
    with RunStore.create(folder, facts) as store:
        record(store, rows)
        for variant, values in (metrics or {}).items():
            store.set_metrics(variant, values, [])
        tally = store.tally()
        counts = RunCounts(completed=tally.completed, failed=tally.failed, total=tally.completed + tally.failed)
        store.set_facts(status=status, counts=plain(counts))
    return folder


def record(store: RunStore, rows: dict[str, dict[int, Row | None]]) -> None:
    """Record rows, each with one node."""
    found = [(variant, line, outputs) for variant, lines in rows.items() for line, outputs in lines.items()]
    results = [
        RowResult(
            line=line,
            variant=variant,
            status="failed" if outputs is None else "completed",
            inputs=to_json({"x": line}),
            outputs=to_json(outputs or {}),
            error=to_json({"code": "Bad", "detail": f"row {line} is bad"}) if outputs is None else None,
            start_ns=1_000_000_000 * (line + 1),
            duration_ns=1_000_000 * line,
            trace_id=None,
            usage=[("model", "m", 10, 2)],
        )
        for variant, line, outputs in found
    ]
    nodes = [[NodeRecord(node="ask", kind="llm", status="completed", output=line)] for _, line, _ in found]
    chunk = Chunk(results, pack_nodes(nodes))
    store.record([(chunk, [Priced(5, 0) for _ in results])])
