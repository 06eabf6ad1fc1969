"""A report on runs: one HTML file that needs nothing else, no server and no network."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from flowyard.flows.runs.words import duration, money
from flowyard.foundation.clock import NANOSECONDS, from_rfc3339, now_ns, to_rfc3339
from flowyard.foundation.codecs import plain, to_json
from flowyard.foundation.version import __version__
from flowyard.wire.runs import ComparedLine, ComparedSide, Run, RunComparison, RunLine

#: So many rows are in the file; metrics and scores are over all.
MOST_ROWS = 1000
_DATA = "/*DATA*/null"


def report(runs: Sequence[Run], comparison: RunComparison) -> str:
    """Return the page: runs or variants side by side, their metrics and scores, and their rows.

    Args:
        runs: the runs, in the order in which they were compared.
        comparison: what `compare` gave for them.
    """
    by_name = {run.name: run for run in runs}
    data = {
        "title": " · ".join(run.display_name or run.name for run in runs),
        "made": to_rfc3339(now_ns())[:19].replace("T", " "),
        "version": __version__,
        "sides": [_side(side, by_name[side.run]) for side in comparison.sides],
        "metrics": plain(comparison.metrics),
        "scores": plain(comparison.scores),
        "lines": [_line(line) for line in comparison.lines],
        "total": comparison.total,
        "sentences": comparison.sentences,
    }
    page = (files("flowyard.flows.runs") / "report.html").read_text(encoding="utf-8")
    return page.replace(_DATA, _script_json(data), 1)


def _side(side: ComparedSide, run: Run) -> dict[str, Any]:
    took = None
    if run.started_at is not None and run.ended_at is not None:
        took = duration((from_rfc3339(run.ended_at) - from_rfc3339(run.started_at)) / NANOSECONDS)
    return {
        "label": side.label,
        "status": side.status,
        "facts": {
            "Flow": run.flow,
            "Data": run.data,
            "Rows": f"{side.completed + side.failed:,}",
            "Failed": f"{side.failed:,}" if side.failed else None,
            "Tokens": f"{side.prompt_tokens + side.completion_tokens:,}" if side.prompt_tokens or side.completion_tokens else None,
            "Cost": money(side.cost) if side.cost else None,
            "Mean time of a row": None if side.mean_duration_ms is None else f"{side.mean_duration_ms:,.1f} ms",
            "Took": took,
            "Created": f"{run.created_at[:16].replace('T', ' ')} by {run.created_by}",
            "Description": run.description,
        },
        "error": (run.error or {}).get("detail"),
    }


def _line(line: ComparedLine) -> dict[str, Any]:
    """Keep of a row what the page shows."""
    return {"line": line.line, "inputs": line.inputs, "sides": [None if row is None else _row(row) for row in line.sides]}


def _row(row: RunLine) -> dict[str, Any]:
    return {"status": row.status, "outputs": row.outputs, "error": (row.error or {}).get("detail")}


def _script_json(data: Any) -> str:
    """Return JSON that cannot end the script it stands in, whatever the texts in it are."""
    text = to_json(data).decode()
    for char in ("<", ">", "&", "\u2028", "\u2029"):
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text
