"""Runs whose rows are made of documents with access tags: who sees what rows held, and what a run over such a run hands on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from flowyard.flows.runs.store import RunStore
from flowyard.foundation.ids import new_trace_id
from flowyard.identity.model import Caller
from flowyard.tracing.errors import WithheldError
from flowyard.tracing.guarding import Guards, TraceGuards, conversation_key
from flowyard.wire.runs import Run


def check_rows_seen(guards: Guards, caller: Caller, folder: Path, name: str) -> None:
    """Look whether the caller may see what the rows of the run in `folder` held. Ask after reading: rows come while a run runs.

    Raises:
        WithheldError: a row read a document that the caller would not have found.
    """
    if _hidden(guards, caller, folder):
        raise WithheldError(
            f"The rows of the run {name!r} are withheld: some of it is made of documents with access tags that you do not have.",
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


def _hidden(guards: Guards, caller: Caller, folder: Path) -> bool:
    lacked = guards.all_lacked(caller)
    if not lacked:
        return False
    with RunStore(folder) as store:
        return not lacked.isdisjoint({*store.traces().values(), _key(folder)})


def _says_words(run: Run) -> bool:
    metrics = (run.metrics, *run.variant_metrics.values())
    return bool(run.error or run.aggregation_error) or any(len(_numbers(one)) < len(one) for one in metrics)


def _numbers(metrics: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in metrics.items() if isinstance(value, int | float)}


def _without_detail(problem: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if problem is None else {name: problem[name] for name in ("code", "title", "status") if name in problem}


class RunGuards:
    """What a run keeps of documents with access tags while it runs: `means.Withholding`. `folder` is the run's."""

    def __init__(self, guards: TraceGuards, workspace_id: str, folder: Path) -> None:
        self._guards = guards
        self._workspace_id = workspace_id
        self._key = _key(folder)

    def made_of(self, judged: Path) -> Callable[[], str] | None:
        """See `means.Withholding.made_of`."""
        with RunStore(judged) as store:
            self._gather({*store.traces().values(), _key(judged)})
        return self._trace if self._guards.guarded(self._workspace_id, [self._key]) else None

    def aggregating(self, rows: Iterable[str]) -> str:
        """See `means.Withholding.aggregating`."""
        self._gather(rows)
        return self._trace()

    def aggregated(self, trace_id: str) -> None:
        """See `means.Withholding.aggregated`."""
        self._gather([trace_id])

    def _gather(self, traces: Iterable[str]) -> None:
        """Withhold the run as a whole for what these traces read: for as long as there is the run, which may be longer than traces are."""
        self._guards.hand_on(self._workspace_id, [(trace_id, self._key) for trace_id in traces], for_good=True)

    def _trace(self) -> str:
        trace_id = new_trace_id()
        self._guards.hand_on(self._workspace_id, [(self._key, trace_id)])
        return trace_id


def _key(folder: Path) -> str:
    return run_key(folder.name)


def run_key(run_id: str) -> str:
    """Return under what is kept that a run as a whole is made of: its rows, its inputs where none could run, and its metrics."""
    return conversation_key(f"run:{run_id}")
