"""Carrying out a run: its rows through a row map, each recorded once, then the aggregation. Killed at any point, it goes on from there."""

import fcntl
import os
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, assert_never

import msgspec

from flowyard.compute.errors import JobCanceledError
from flowyard.compute.rows.ports import Done, Lost, Row, RowLimits, RowMap, RowProgram
from flowyard.compute.rows.processes import ProcessRowMap, usable_processors
from flowyard.data.errors import DataError
from flowyard.data.rows import DataSet, open_data
from flowyard.flows.errors import LineTimeoutError
from flowyard.flows.runs.errors import MemoryExceededError, ProcessCrashedError, RunBusyError, TooManyFailuresError
from flowyard.flows.runs.means import RunMeans
from flowyard.flows.runs.messages import Chunk, Reduced, ReduceRows, ReduceStart, RowResult, RowWork, WorkerSetup
from flowyard.flows.runs.progress import Progress
from flowyard.flows.runs.scores import give_scores
from flowyard.flows.runs.sources import Item, RowSource
from flowyard.flows.runs.spec import RunSpec
from flowyard.flows.runs.store import LogEntry, Priced, RunStore
from flowyard.flows.runtime.failures import line_problem
from flowyard.flows.runtime.line_spool import pack_nodes, unpack_nodes
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.codecs import plain, to_json
from flowyard.foundation.errors import FlowyardError, Problem
from flowyard.tracing.spool import SpoolSink
from flowyard.wire.runs import RunCounts, RunStatus

WORKER = "flowyard.flows.runs.worker"
#: Rows are made durable when so many have gathered, or after so long, seconds.
COMMIT_ROWS, COMMIT_S = 5000, 0.25
_REDUCE_ROWS = 1000
_FREE = Priced(None, 0)


class _Coded(msgspec.Struct):
    """Of problem details only the code."""

    code: str


_encode = msgspec.msgpack.Encoder(enc_hook=repr).encode
_decode_work = msgspec.msgpack.Decoder(RowWork).decode
_decode_chunk = msgspec.msgpack.Decoder(Chunk).decode
_decode_code = msgspec.json.Decoder(_Coded).decode
_decode_reduced = msgspec.msgpack.Decoder(Reduced).decode


def execute(folder: Path, spec: RunSpec, means: RunMeans) -> RunCounts:
    """Run the rows of `spec` that the run in `folder` does not have completed, then the aggregation over all; return the counts.

    The run's file keeps the facts ``status``, ``counts``, ``started_at``, ``ended_at`` and ``error``. A row that fails fails alone.

    Raises:
        RunBusyError: another process works on it.
        JobCanceledError, KeyboardInterrupt: the run was stopped; what is done stays, and it can be resumed.
        DataError, MappingError, TooManyFailuresError: the run cannot go on.
        FlowyardError: the flow cannot be loaded.
    """
    with _locked(folder), RunStore(folder, write=True) as store:
        began = store.fact("started_at") or to_rfc3339(now_ns())
        store.set_facts(status="running", error=None, aggregation_error=None, ended_at=None, started_at=began)
        try:
            counts = _Execution(store, spec, means).run()
        except (JobCanceledError, KeyboardInterrupt):
            _end(store, "canceled", None)
            raise
        except FlowyardError as error:
            _end(store, "failed", error.problem())
            raise
        _end(store, "completed", None)
        return counts


@contextmanager
def _locked(folder: Path) -> Generator[None]:
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunBusyError(f"Another process works on the run in {str(folder)!r}.", remedy="Wait for it, or cancel it.") from error
        yield


def _end(store: RunStore, status: RunStatus, problem: Problem | None) -> None:
    store.set_facts(status=status, error=plain(problem) if problem else None, ended_at=to_rfc3339(now_ns()))


@dataclass(frozen=True, slots=True)
class _Sides:
    """What the run compares: names, and the flow's variant behind each. `by_run`: the names are the variants of another run."""

    names: tuple[str, ...]
    variants: tuple[str, ...]
    by_run: bool


class _Execution:
    def __init__(self, store: RunStore, spec: RunSpec, means: RunMeans) -> None:
        self._store = store
        self._spec = spec
        self._means = means
        self._sides = _sides(spec)
        self._data: DataSet | None = open_data(spec.data) if spec.data is not None else None
        self._source = RowSource(spec, self._data, self._sides.names, by_run=self._sides.by_run)
        if means.withholding is not None:
            means.withholding.made_of(spec.run)
        self._log: list[LogEntry] = []
        self._failures: Counter[str] = Counter()
        self._refused: list[Item] = []
        self._chunks: list[tuple[Chunk, list[Priced]]] = []
        self._gathered = 0
        self._committed = time.monotonic()
        self._total = self._source.total()
        self._progress = Progress(store.tally(completed_only=True), self._total)

    def run(self) -> RunCounts:
        """Run all rows, then the aggregation."""
        done = self._store.completed()
        rows = self._rows(done)
        first = list(islice(rows, 1))  # a mapping that fits no row is told before a process starts
        row_map: RowMap = self._row_map()
        self._tell_begin(done)
        try:
            if first:
                self._map(row_map, chain(first, rows))
            self._keep_refused()
            self._commit()
            self._check_failures()
            self._check_rows(done)
            self._tell_end()
            self._score()
            self._reduce(row_map)
        finally:
            self._commit()
            row_map.close()
            self._commit()
        return self._tell()

    def _rows(self, done: dict[str, set[int]]) -> Iterator[Row]:
        count = len(self._sides.names)
        for item in self._source.items(done):
            if item.refused is not None:
                self._refused.append(item)
            else:
                trace_id = "" if self._means.withholding is None else self._means.withholding.trace_of(item.line)
                yield item.line * count + item.side, _encode(RowWork(item.line, item.side, item.mapped, item.data, trace_id))

    def _map(self, row_map: RowMap, rows: Iterator[Row]) -> None:
        for found in row_map.map(rows):
            self._means.check_canceled()
            if isinstance(found, Done):
                self._take(_decode_chunk(found.chunk))
            elif isinstance(found, Lost):
                self._lose(found)
            if self._refused:
                self._keep_refused()
            if self._gathered >= COMMIT_ROWS or time.monotonic() - self._committed > COMMIT_S:
                self._commit()
                self._check_failures()

    def _take(self, chunk: Chunk) -> None:
        prices = [self._price(row) if row.usage else _FREE for row in chunk.rows]
        self._chunks.append((chunk, prices))
        self._gathered += len(chunk.rows)
        for row in chunk.rows:
            if row.error:
                self._failures[_decode_code(row.error).code] += 1
        self._progress.add(chunk.rows, prices)

    def _lose(self, lost: Lost) -> None:
        work = _decode_work(lost.payload)
        error = self._loss(lost)
        self._log.append(("warning", f"Row {work.line}: {error.message}"))
        row = _failed(work.line, self._sides.names[work.side], {**work.data, **work.mapped}, error)
        self._take(Chunk([row], pack_nodes([[]])))

    def _loss(self, lost: Lost) -> FlowyardError:
        match lost.reason:
            case "timeout":
                return LineTimeoutError(self._spec.line_timeout_s)
            case "memory":
                return MemoryExceededError(lost.detail)
            case "exited":
                return ProcessCrashedError(lost.detail)
            case _:
                assert_never(lost.reason)

    def _keep_refused(self) -> None:
        refused, self._refused = self._refused, []
        if refused:
            rows = [_failed(item.line, self._sides.names[item.side], item.data, item.refused) for item in refused if item.refused]
            self._take(Chunk(rows, pack_nodes([[] for _ in rows])))

    def _price(self, row: RowResult) -> Priced:
        price_of, micros, unpriced = self._means.price_of, 0, 0
        for connection, model, prompt, completion in row.usage:
            cost = price_of(connection, model, prompt, completion) if price_of else None
            micros += cost or 0
            unpriced += cost is None
        return Priced(micros if unpriced < len(row.usage) else None, unpriced)

    def _note(self, line: str) -> None:
        """Keep what a row process wrote past its nodes' records."""
        self._log.append(("info", line))

    def _tell_begin(self, done: dict[str, set[int]]) -> None:
        before, total = sum(map(len, done.values())), self._total
        known = "" if total is None else f" of {total}"
        kept = f"; {before}{known} are completed already" if before else ""
        self._log.append(("info", f"Rows run, up to {self._spec.concurrency} at once{kept}."))

    def _tell_end(self) -> None:
        codes = ", ".join(f"{code} {count} times" for code, count in self._failures.most_common(5))
        failed = f", {self._progress.failed} failed ({codes})" if self._progress.failed else ""
        self._log.append(("warning" if failed else "info", f"{self._progress.completed} rows are completed{failed}."))

    def _commit(self) -> None:
        chunks, self._chunks = self._chunks, []
        log, self._log = self._log, []
        self._gathered = 0
        self._committed = time.monotonic()
        counts = self._tell()
        if chunks and self._means.withholding is not None:
            self._means.withholding.ended([(row.line, row.variant, row.trace_id) for chunk, _ in chunks for row in chunk.rows])
        if chunks or log:
            self._store.record(chunks, log, counts=counts)

    def _tell(self) -> RunCounts:
        counts = self._progress.counts()
        self._means.progress(counts)
        return counts

    def _check_failures(self) -> None:
        most, failed = self._spec.max_failures, self._progress.failed
        if most is not None and failed > most:
            raise TooManyFailuresError(
                f"{failed} rows failed; the run allows {most}.",
                remedy="Look at the failed rows (flowyard run show-details NAME --status failed), mend the flow, and resume the run.",
            )

    def _check_rows(self, done: dict[str, set[int]]) -> None:
        if done or self._progress.completed or self._progress.failed:
            return
        if self._spec.data is None:
            raise DataError("The run that feeds this one has no completed rows.", remedy="Look at why its rows failed.")
        raise DataError(f"The data {self._spec.data.name!r} has no rows.", remedy="Give data with at least one row.")

    def _score(self) -> None:
        spools = self._means.spools
        if self._spec.run is None or spools is None:
            return
        with closing(SpoolSink(spools, f"run-{self._spec.name}")) as sink:
            given = give_scores(self._spec, self._store, sink, workspace_id=self._means.workspace_id, by_run=self._sides.by_run)
        self._log.append(("info", f"{given} scores are with the traces of the run that was judged."))

    def _reduce(self, row_map: RowMap) -> None:
        withholding = self._means.withholding
        trace_id = "" if withholding is None else withholding.aggregating(self._store.traces().values())
        for side, name in enumerate(self._sides.names):
            self._means.check_canceled()
            if next(self._store.reduce_values(name), None) is None:
                continue
            wanted = msgspec.msgpack.decode(row_map.call(iter([_encode(ReduceStart(side, ask=True))])), type=bool)
            if not wanted:
                continue
            reduced = _decode_reduced(row_map.call(self._parts(ReduceStart(side, trace_id=trace_id), name)))
            if withholding is not None:
                withholding.aggregated(trace_id)
            of = f" of {name}" if name else ""
            self._log.append(("info", f"The aggregation over the completed rows{of} gave {len(reduced.metrics)} metrics."))
            self._store.set_metrics(name, reduced.metrics, unpack_nodes(reduced.nodes)[0])
            for warning in reduced.warnings:
                self._store.log(warning, "warning")
            if reduced.error is not None:
                self._store.log(f"The aggregation failed: {reduced.error.detail}", "error")
                self._store.set_facts(aggregation_error=plain(reduced.error))

    def _parts(self, start: ReduceStart, name: str) -> Iterator[bytes]:
        yield _encode(start)
        rows: list[tuple[bytes, bytes | None]] = []
        for _, inputs, values in self._store.reduce_values(name):
            rows.append((inputs.encode(), values))
            if len(rows) == _REDUCE_ROWS:
                yield _encode(ReduceRows(rows))
                rows = []
        if rows:
            yield _encode(ReduceRows(rows))

    def _row_map(self) -> ProcessRowMap:
        spec, means = self._spec, self._means
        setup = WorkerSetup(
            run=spec.name,
            flow=str(spec.flow),
            flow_name=spec.flow_name,
            sides=self._sides.names,
            variants=self._sides.variants,
            overrides=spec.overrides,
            environment_variables=spec.environment_variables,
            init=spec.init,
            connections={name: dict(values) for name, values in means.connections.items()},
            concurrency=spec.concurrency,
            line_timeout_s=spec.line_timeout_s,
            gateway=means.gateway,
            spools=str(means.spools) if means.spools else None,
            workspace_id=means.workspace_id,
            data_folder=str(self._data.folder) if self._data else None,
            cache=means.cache,
            replay=spec.replay,
        )
        limits = RowLimits(
            concurrency=spec.concurrency,
            processes=usable_processors(),
            row_timeout_s=spec.line_timeout_s + 1.0,
            memory_bytes=spec.memory_limit or _half_of_memory(),
        )
        program = RowProgram(module=WORKER, setup=_encode(setup), python=spec.python, environment=means.environment, user=means.user)
        return ProcessRowMap(program, limits, self._note)


def _sides(spec: RunSpec) -> _Sides:
    if spec.run is not None and not spec.variants:
        with RunStore(spec.run) as store:
            names = tuple(sorted(store.completed()))
        if names and names != ("",):
            return _Sides(names, ("",) * len(names), by_run=True)
    return _Sides(spec.sides, spec.sides, by_run=False)


def _failed(line: int, side: str, inputs: dict[str, Any], error: FlowyardError) -> RowResult:
    return RowResult(
        line=line,
        variant=side,
        status="failed",
        inputs=to_json(inputs),
        outputs=b"{}",
        error=to_json(line_problem(error)),
        start_ns=now_ns(),
        duration_ns=0,
        trace_id=None,
    )


def _half_of_memory() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
