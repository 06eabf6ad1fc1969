"""Runs whose rows are made of documents with access tags: who sees what rows held, and what a run over such a run hands on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from flowyard.flows.runs.store import RunStore
from flowyard.flows.runs.uploads import PREFIX
from flowyard.flows.runs.withheld import Hides, Opens, SeenStore
from flowyard.foundation.ids import new_trace_id
from flowyard.identity.model import Caller
from flowyard.tracing.errors import WithheldError
from flowyard.tracing.guarding import Guards, Tags, TraceGuards, conversation_key
from flowyard.wire.runs import Run, RunLineDetail, RunMetrics
from flowyard.wire.shared import WITHHELD_SENTENCE

#: The hexadecimal digits of a row's key that are its run's.
_OF_RUN = 16


def opens_for(guards: Guards, caller: Caller, folder: Path) -> Opens:
    """Return what opens the run in `folder` as the caller sees it. Ask after reading: rows come while a run runs."""
    if not _hidden(guards, caller, folder):
        return RunStore
    return lambda folder: SeenStore(folder, lambda: _hides(guards.all_lacked(caller), folder.name))


def _hides(lacked: frozenset[str], run_id: str) -> Hides:
    return lambda line, variant, trace_id: trace_id in lacked or row_key(run_id, line, variant) in lacked


def check_row_seen(found: RunLineDetail) -> RunLineDetail:
    """Return a row, if it is not withheld.

    Raises:
        WithheldError: it is.
    """
    if found.row.withheld:
        raise WithheldError(WITHHELD_SENTENCE)
    return found


def seen_metrics(guards: Guards, caller: Caller, folder: Path, found: RunMetrics) -> RunMetrics:
    """Return of a run's metrics those that are numbers, where the caller may not see what all of its rows held."""
    if not _hidden(guards, caller, folder):
        return found
    return RunMetrics(variants={name: _numbers(metrics) for name, metrics in found.variants.items()})


def check_data_seen(guards: Guards, caller: Caller, data: str) -> None:
    """Look whether the caller may begin a run over data.

    Raises:
        WithheldError: a row of it holds passages of documents that the caller would not have found.
    """
    if guards.lacked(caller, [data_key(data)]):
        raise WithheldError(
            "That data is withheld: some of it is made of documents with access tags that you do not have.",
            remedy="Ask an owner of the workspace for the tags.",
        )


def check_rows_seen(guards: Guards, caller: Caller, folder: Path, name: str) -> None:
    """Look whether the caller may see what all rows of the run in `folder` held. Ask after reading: rows come while a run runs.

    Raises:
        WithheldError: a row read a document that the caller would not have found.
    """
    if _hidden(guards, caller, folder):
        raise WithheldError(
            f"What the run {name!r} did as a whole is withheld: some of it is made of documents with access tags that you do not have.",
            remedy=f"Its counts, cost and figures are yours to see, and its other rows: flowyard run show-details {name}. "
            "Ask an owner of the workspace for the tags.",
        )


def seen_run(guards: Guards, caller: Caller, folder: Path, run: Run) -> Run:
    """Return a run without what its flow said in words, where the caller may not see what its rows held."""
    if not (_says_words(run) or run.data) or not _hidden(guards, caller, folder):
        return run
    return replace(
        run,
        data=None if run.data is None or guards.lacked(caller, [data_key(run.data)]) else run.data,
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
    """What a run keeps of documents with access tags while it runs: `means.Withholding`. `folder` is the run's, and `data` what it is over.

    What a row read is kept under a key of the row besides its trace, for as long as there is the run: traces are forgotten before.
    """

    def __init__(self, guards: TraceGuards, workspace_id: str, folder: Path, data: str | None = None) -> None:
        self._guards = guards
        self._workspace_id = workspace_id
        self._folder = folder
        self._key = _key(folder)
        self._data = data if data is not None and guards.guarded(workspace_id, [data_key(data)]) else None
        self._judged: dict[int, list[str]] = {}

    def made_of(self, judged: Path | None) -> None:
        """See `means.Withholding.made_of`."""
        if self._data is not None:
            self._gather([data_key(self._data)])
        if judged is None:
            return
        with RunStore(judged) as store:
            rows = store.row_traces()
        for line, of in self._guarded(judged, rows):
            self._judged.setdefault(line, []).extend(of)
        self._gather({_key(judged)}.union(*self._judged.values()))

    def take_over(self, earlier: Path) -> None:
        """Let the rows of an earlier run be withheld here as they are there, before they are here."""
        with RunStore(earlier) as store:
            rows = store.row_traces()
        pairs = [
            (before, row_key(self._folder.name, line, variant))
            for line, variant, trace_id in rows
            for before in _keys(earlier.name, line, variant, trace_id)
        ]
        self._guards.hand_on(self._workspace_id, [*pairs, (_key(earlier), self._key)], for_good=True)

    def trace_of(self, line: int) -> str:
        """See `means.Withholding.trace_of`."""
        of = self._of(line)
        return self._trace(of) if of else ""

    def ended(self, rows: Sequence[tuple[int, str, str | None]]) -> None:
        """See `means.Withholding.ended`."""
        pairs: list[tuple[str, str]] = []
        for line, variant, trace_id in rows:
            of = [*self._of(line), *([trace_id] if trace_id else [])]
            pairs += [(before, after) for before in of for after in (row_key(self._folder.name, line, variant), self._key)]
        self._guards.hand_on(self._workspace_id, pairs, for_good=True)

    def aggregating(self, rows: Iterable[str]) -> str:
        """See `means.Withholding.aggregating`."""
        self._gather(rows)
        return self._trace([self._key])

    def aggregated(self, trace_id: str) -> None:
        """See `means.Withholding.aggregated`."""
        self._gather([trace_id])

    def _of(self, line: int) -> list[str]:
        """Return what a row is made of before it runs."""
        return [*self._judged.get(line, ()), *([data_key(self._data, line)] if self._data is not None else [])]

    def _guarded(self, folder: Path, rows: Sequence[tuple[int, str, str | None]]) -> Iterable[tuple[int, list[str]]]:
        each = [(line, _keys(folder.name, line, variant, trace_id)) for line, variant, trace_id in rows]
        guarded = self._guards.guarded(self._workspace_id, (key for _, keys in each for key in keys))
        return ((line, found) for line, keys in each if (found := [key for key in keys if key in guarded]))

    def _gather(self, traces: Iterable[str]) -> None:
        """Withhold the run as a whole for what these traces read: for as long as there is the run, which may be longer than traces are."""
        self._guards.hand_on(self._workspace_id, [(trace_id, self._key) for trace_id in traces], for_good=True)

    def _trace(self, of: Iterable[str]) -> str:
        trace_id = new_trace_id()
        self._guards.hand_on(self._workspace_id, [(before, trace_id) for before in of])
        return trace_id


def _key(folder: Path) -> str:
    return run_key(folder.name)


def _keys(run_id: str, line: int, variant: str, trace_id: str | None) -> list[str]:
    return [row_key(run_id, line, variant), *([trace_id] if trace_id else [])]


def run_key(run_id: str) -> str:
    """Return under what is kept that a run as a whole is made of: its rows, its inputs where none could run, and its metrics."""
    return conversation_key(f"run:{run_id}")


def row_key(run_id: str, line: int, variant: str) -> str:
    """Return under what is kept what a row of a run read. It begins as the run's key does, as that of no other run."""
    return f"{run_key(run_id)[:_OF_RUN]}{sha256(f'{line}:{variant}'.encode()).hexdigest()[:_OF_RUN]}"


def keys_of_run(run_id: str) -> tuple[str, str]:
    """Return between what lie the keys of a run and of all its rows, both included."""
    begin = run_key(run_id)[:_OF_RUN]
    return begin + "0" * _OF_RUN, begin + "f" * _OF_RUN


def data_key(data: str, line: int | None = None) -> str:
    """Return under what is kept what a row of data holds of documents with access tags; None: all of its rows."""
    whole = data.partition("/")[0] if data.startswith(PREFIX) else data
    return conversation_key(f"data:{whole}" if line is None else f"data:{whole}:{line}")


def note_data(guards: TraceGuards, workspace_id: str, data: str, rows: Sequence[Iterable[Tags]]) -> None:
    """Keep for good that rows of data hold passages of documents with these tags, before there is a run over it."""
    noted = [(data_key(data, line), list(tags)) for line, tags in enumerate(rows)]
    guards.note_all(workspace_id, [*noted, (data_key(data), [tags for _, every in noted for tags in every])], for_good=True)
