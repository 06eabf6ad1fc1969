"""A run as it is shown, read from its file."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from flowyard.data.pins import unpinned
from flowyard.flows.runs.damage import reading
from flowyard.flows.runs.metric_parts import metric_parts
from flowyard.flows.runs.store import RunStore
from flowyard.foundation.codecs import convert, plain
from flowyard.foundation.errors import FlowyardError
from flowyard.wire.runs import Run, RunCounts, RunCreate, RunUpdate


def facts_at_creation(request: RunCreate, *, name: str, flow: str, snapshot: str, created_at: str, created_by: str) -> dict[str, Any]:
    """Return the facts that a run's file begins with. `request` is kept as it was asked, so that the run can be told and run again."""
    return {
        "create": plain(request),
        "name": name,
        "flow": flow,
        "snapshot": snapshot,
        "created_at": created_at,
        "created_by": created_by,
        "archived": False,
        "status": "queued",
    }


def read_run(folder: Path) -> Run:
    """Return the run in `folder`.

    Raises:
        RunNotFoundError: there is none.
        RunDamagedError: its file cannot be read.
    """
    with RunStore(folder) as store:
        return describe(store)


def unreadable_run(name: str, error: FlowyardError, *, flow: str = "", created_at: str = "", created_by: str = "") -> Run:
    """Return what lists show in the place of a run that cannot be read."""
    return Run(
        name=name,
        status="failed",
        flow=flow,
        snapshot="",
        created_at=created_at,
        created_by=created_by,
        error=plain(error.problem()),
    )


def describe(store: RunStore) -> Run:
    """Return the run of a file: what was asked, and how far it is.

    Raises:
        RunDamagedError: a fact is missing, or is none.
    """
    with reading(store.folder):
        # Facts have no types of their own: what is kept is held against what it should be.
        return convert(plain(_described(store)), Run)


def _described(store: RunStore) -> Run:
    request = asked(store)
    metrics = store.metrics()
    words: dict[str, Any] = store.fact("words") or {}
    counts = store.fact("counts")
    return Run(
        name=store.fact("name"),
        status=store.fact("status") or "queued",
        flow=store.fact("flow"),
        snapshot=store.fact("snapshot"),
        created_at=store.fact("created_at"),
        created_by=store.fact("created_by"),
        display_name=words.get("display_name", request.display_name),
        description=words.get("description", request.description),
        tags=words.get("tags", request.tags),
        properties=request.properties,
        data=None if request.data is None else unpinned(request.data)[0],
        run=request.run,
        column_mapping=request.column_mapping,
        variants=request.variants,
        resume_from=request.resume_from,
        started_at=store.fact("started_at"),
        ended_at=store.fact("ended_at"),
        counts=convert(counts, RunCounts) if counts else RunCounts(),
        metrics=next(iter(metrics.values())) if len(metrics) == 1 else {},
        variant_metrics=metrics if len(metrics) > 1 else {},
        metric_parts=metric_parts(name for some in metrics.values() for name in some),
        error=store.fact("error"),
        warnings=tuple(store.fact("warnings") or ()),
        aggregation_error=store.fact("aggregation_error"),
        archived=bool(store.fact("archived")),
    )


def asked(store: RunStore) -> RunCreate:
    """Return what the run was asked to be."""
    with reading(store.folder):
        return convert(store.fact("create"), RunCreate)


def reword(folder: Path, update: RunUpdate) -> None:
    """Keep new words about the run in `folder`; what is None stays."""
    with RunStore(folder, write=True) as store, reading(folder):
        words: dict[str, Any] = store.fact("words") or {}
        words |= {key: value for key, value in plain(update).items() if value is not None}
        store.set_facts(words=words)


def without_speed(run: Run) -> Run:
    """Return a run that does not run: without how fast it is and how long it will take."""
    return replace(run, counts=replace(run.counts, rows_per_second=None, seconds_left=None))
