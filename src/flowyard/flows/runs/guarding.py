"""Runs whose rows are made of documents with access tags: who sees what rows held, and what a run over such a run hands on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from flowyard.flows.runs.means import HandingOn
from flowyard.flows.runs.messages import RowResult
from flowyard.flows.runs.store import RunStore
from flowyard.identity.model import Caller
from flowyard.tracing.errors import WithheldError
from flowyard.tracing.guarding import Guards, TraceGuards
from flowyard.wire.runs import Run


def check_rows_seen(guards: Guards, caller: Caller, folder: Path, name: str) -> None:
    """Look whether the caller may see what the rows of the run in `folder` held. Ask after reading: rows come while a run runs.

    Raises:
        WithheldError: a row read a document that the caller would not have found.
    """
    hidden = _hidden(guards, caller, folder)
    if hidden:
        rows = "a row" if hidden == 1 else f"{hidden} rows"
        raise WithheldError(
            f"The rows of the run {name!r} are withheld: {rows} of it are made of documents with access tags that you do not have.",
            remedy="Its counts, times, cost and scores are yours to see. Ask an owner of the workspace for the tags.",
        )


def seen_run(guards: Guards, caller: Caller, folder: Path, run: Run) -> Run:
    """Return a run without what its flow said in words, where the caller may not see what its rows held."""
    if not _says_words(run) or not _hidden(guards, caller, folder):
        return run
    return replace(
        run,
        metrics=_numbers(run.metrics),
        variant_metrics={name: _numbers(metrics) for name, metrics in run.variant_metrics.items()},
        error=_without_detail(run.error),
        aggregation_error=_without_detail(run.aggregation_error),
    )


def _hidden(guards: Guards, caller: Caller, folder: Path) -> int:
    lacked = guards.all_lacked(caller)
    if not lacked:
        return 0
    with RunStore(folder) as store:
        return len(lacked.intersection(store.traces().values()))


def _says_words(run: Run) -> bool:
    metrics = (run.metrics, *run.variant_metrics.values())
    return bool(run.error or run.aggregation_error) or any(len(_numbers(one)) < len(one) for one in metrics)


def _numbers(metrics: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in metrics.items() if isinstance(value, int | float)}


def _without_detail(problem: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if problem is None else {name: problem[name] for name in ("code", "title", "status") if name in problem}


def handing_on(guards: TraceGuards, workspace_id: str) -> HandingOn:
    """Return what a run over another one hands on: a row made of a row that read documents with tags is withheld as that is."""

    def of(judged: Path, by_run: bool) -> Callable[[Sequence[RowResult]], None]:
        with RunStore(judged) as store:
            traces = store.traces()
        guarded = guards.guarded(workspace_id, traces.values())
        above = {key: trace_id for key, trace_id in traces.items() if trace_id in guarded}

        def tell(rows: Sequence[RowResult]) -> None:
            guards.hand_on(workspace_id, _pairs(above, rows, by_run=by_run))

        return tell if above else _nothing

    return of


def _pairs(above: Mapping[tuple[int, str], str], rows: Iterable[RowResult], *, by_run: bool) -> list[tuple[str, str]]:
    made = ((above.get((row.line, row.variant if by_run else "")), row.trace_id) for row in rows)
    return [(before, after) for before, after in made if before is not None and after is not None]


def _nothing(rows: Sequence[RowResult]) -> None:
    del rows
