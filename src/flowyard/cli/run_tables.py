"""Runs, their rows and comparisons as text."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from flowyard.cli.output import cell_text
from flowyard.flows.runs.words import duration, money
from flowyard.wire.shared import WITHHELD_SENTENCE

if TYPE_CHECKING:
    from flowyard.wire.runs import (
        ComparedValue,
        Run,
        RunComparison,
        RunLine,
        RunLineCounts,
        RunsPruned,
        UnreadAnswer,
        UnreadAnswerPage,
        VerdictCounts,
    )

UNREAD_COLUMNS = ("line", "variant", "score", "turn", "reason", "answer")
LIST_COLUMNS = ("name", "status", "flow", "rows", "failed", "took", "created")


def list_row(run: "Run") -> tuple[object, ...]:
    """Return a run as a row of the list."""
    counts = run.counts
    return (run.name, run.status, run.flow, counts.completed + counts.failed, counts.failed or "", _took(run), run.created_at[:19])


def run_text(run: "Run") -> str:
    """Return what is worth knowing about a run."""
    counts = run.counts
    lines = [f"{run.display_name or run.name}: {run.status}{', archived' if run.archived else ''}"]
    lines += [f"  {run.description}"] if run.description else []
    facts: list[tuple[str, Any]] = [
        ("name", run.name if run.display_name else None),
        ("flow", f"{run.flow} ({run.snapshot[:12]})"),
        ("data", run.data),
        ("run", run.run),
        ("resumes", run.resume_from),
        ("variants", ", ".join(run.variants)),
        ("mapping", ", ".join(f"{name}={value}" for name, value in run.column_mapping.items())),
        ("rows", _rows(run)),
        (
            "tokens",
            f"{counts.prompt_tokens:,} + {counts.completion_tokens:,}" if counts.prompt_tokens or counts.completion_tokens else None,
        ),
        ("cost", money(counts.cost) if counts.cost is not None and (counts.prompt_tokens or counts.completion_tokens) else None),
        ("took", _took(run)),
        ("created", f"{run.created_at[:19]} by {run.created_by}"),
        ("tags", ", ".join(f"{name}={value}" for name, value in run.tags.items())),
        ("job", run.job_id),
    ]
    lines += [f"  {name:<9} {value}" for name, value in facts if value]
    lines += [f"  warning   {warning}" for warning in run.warnings]
    if run.aggregation_error:
        lines.append(f"  warning   The aggregation failed: {run.aggregation_error.get('detail')}")
    if run.error:
        lines.append(f"  error     {run.error.get('detail')}" + (f" {run.error['remedy']}" if run.error.get("remedy") else ""))
    metrics = metric_lines({"": run.metrics} if run.metrics else run.variant_metrics, indent="    ")
    lines += ["  metrics", *metrics] if metrics else []
    return "\n".join(lines)


def metric_lines(variants: dict[str, dict[str, Any]], indent: str = "") -> list[str]:
    """Return metrics, each with its value."""
    found: list[str] = []
    for variant, metrics in variants.items():
        found += [f"{indent}{variant}:"] if variant else []
        found += [f"{indent}{'  ' if variant else ''}{name:<9} {cell_text(value)}" for name, value in metrics.items()]
    return found


def line_columns(rows: "Sequence[RunLine]") -> tuple[str, ...]:
    """Return the columns of rows: those that any of them has."""
    names: dict[str, None] = {"line": None}
    if any(row.variant for row in rows):
        names["variant"] = None
    names["status"] = None
    for row in rows:
        names.update(dict.fromkeys(f"inputs.{name}" for name in row.inputs))
    for row in rows:
        names.update(dict.fromkeys(f"outputs.{name}" for name in row.outputs))
    if any(row.error or row.withheld for row in rows):
        names["error"] = None
    return (*names, "ms")


def line_cells(rows: "Sequence[RunLine]", columns: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """Yield the cells of rows under `columns`."""
    for row in rows:
        values: dict[str, Any] = {"line": row.line, "variant": row.variant, "status": row.status, "ms": f"{row.duration_ms:.1f}"}
        values |= {f"inputs.{name}": value for name, value in row.inputs.items()}
        values |= {f"outputs.{name}": value for name, value in row.outputs.items()}
        values["error"] = WITHHELD_SENTENCE if row.withheld else (row.error or {}).get("detail")
        yield tuple(cell_text(values.get(column)) for column in columns)


def verdicts_text(found: "RunLineCounts") -> str:
    """Return how many rows passed, in all and on each score; empty where no evaluator took part."""
    if not found.scores:
        return ""
    scores = found.scores if len(found.scores) > 1 else {}
    parts = [("rows", found.verdicts), *scores.items()]
    failed = f"; {found.failed:,} ended with an error" if found.failed else ""
    return "; ".join(f"{name}: {_verdicts(counts)}" for name, counts in parts) + failed


def _verdicts(counts: "VerdictCounts") -> str:
    unknown = f", {counts.unknown:,} unknown" if counts.unknown else ""
    return f"{counts.passed:,} pass, {counts.failed:,} fail{unknown}"


def unread_row(answer: "UnreadAnswer") -> tuple[object, ...]:
    """Return an answer that could not be read as a row of their list."""
    return (answer.line, answer.variant, answer.score, answer.turn, answer.reason, cell_text(answer.answer))


def unread_text(name: str, found: "UnreadAnswerPage", *, local: bool) -> str:
    """Return how many answers of judges could not be read and how to see them; empty where there are none."""
    if not found.total:
        return ""
    answers = "1 answer of a judge" if found.total == 1 else f"{found.total:,} answers of judges"
    return (
        f"warning: {answers} could not be read, on {found.rows:,} of {found.of:,} rows; no mean counts them. "
        f"See: flowyard run show-unread {name}{' --local' if local else ''}"
    )


def comparison_table(found: "RunComparison") -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return columns and rows of facts, metrics and scores side by side."""
    sides = found.sides
    rows: list[tuple[str, ...]] = [
        ("rows", *(f"{side.completed + side.failed:,}" for side in sides)),
        ("failed", *(f"{side.failed:,}" for side in sides)),
        ("tokens", *(f"{side.prompt_tokens + side.completion_tokens:,}" for side in sides)),
        ("cost", *(money(side.cost) if side.cost else "" for side in sides)),
        ("ms a row", *("" if side.mean_duration_ms is None else f"{side.mean_duration_ms:.1f}" for side in sides)),
    ]
    rows += [(metric.name, *(_compared(value) for value in metric.values)) for metric in found.metrics if metric.parts is not None]
    rows += [(f"mean {score.name}", *(_compared(value) for value in score.values)) for score in found.scores if score.parts is not None]
    return ("", *(side.label for side in sides)), rows


def _compared(value: "ComparedValue") -> str:
    text = cell_text(value.value)
    if value.difference is None:
        return text
    interval = f" [{value.low:+.3g}, {value.high:+.3g}], n={value.n}" if value.low is not None and value.high is not None else ""
    return f"{text} ({value.difference:+.3g}{interval})"


def _rows(run: "Run") -> str:
    counts = run.counts
    done = counts.completed + counts.failed
    of = f" of {counts.total:,}" if counts.total is not None and counts.total != done else ""
    failed = f", {counts.failed:,} failed" if counts.failed else ""
    return f"{done:,}{of}{failed}"


def _took(run: "Run") -> str:
    from flowyard.foundation.clock import NANOSECONDS, from_rfc3339

    if run.started_at is None or run.ended_at is None:
        return ""
    return duration((from_rfc3339(run.ended_at) - from_rfc3339(run.started_at)) / NANOSECONDS)


def pruned_text(found: "RunsPruned") -> str:
    """Return what a prune deleted, or would."""
    counts = f"{len(found.runs)} runs, {len(found.uploads)} uploads, {len(found.snapshots)} snapshots, {found.bytes / 1e6:.1f} MB"
    lines = [f"{'Would delete' if found.dry_run else 'Deleted'} {counts}.", *(f"  {name}" for name in found.runs)]
    if found.unreadable_runs:
        lines.append(
            f"Nothing goes while these runs cannot be read: {', '.join(found.unreadable_runs)}. Delete them: flowyard run delete NAME"
        )
    elif found.held_back:
        lines.append("Uploads and snapshots stay, as a run of another workspace, or of this machine, cannot be read.")
    return "\n".join(lines)
