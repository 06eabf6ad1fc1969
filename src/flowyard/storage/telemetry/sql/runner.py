"""Has each statement run in a process of its own, which is limited, and ended when it takes too long."""

import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pyarrow

from flowyard.foundation.errors import Location
from flowyard.storage.telemetry.reading import Reader
from flowyard.storage.telemetry.segments import is_sound
from flowyard.storage.telemetry.sql.child import Outcome, Task
from flowyard.storage.telemetry.sql.copies import copies
from flowyard.storage.telemetry.sql.views import tables
from flowyard.tracing.signals import Signal
from flowyard.tracing.sql import SqlBusyError, SqlRefusedError, SqlStoppedError
from flowyard.wire.logs import LogAnswer, LogQuery, SqlColumn, SqlTable

_pa: Any = pyarrow
MEMORY_MIB, AT_ONCE, OF_ONE = 512, 4, 2
_LATE_S, _CHUNK = 10.0, 1 << 20
_SIGNALS: tuple[Signal, ...] = ("spans", "logs", "metrics", "scores")
_END_NS = (1 << 63) - 1


class SubprocessRunner:
    """`tracing.sql.SqlRunner` with a process a statement, at most `at_once` at a time, and `of_one` workspace."""

    def __init__(self, reader: Reader, *, memory_mib: int = MEMORY_MIB, at_once: int = AT_ONCE, of_one: int = OF_ONE) -> None:
        self._reader = reader
        self._memory_mib = memory_mib
        self._places = threading.BoundedSemaphore(at_once)
        self._of_one = of_one
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()

    def tables(self) -> tuple[SqlTable, ...]:
        """See `SqlRunner.tables`."""
        return tables()

    def run(self, workspace_id: str, query: LogQuery, since_ns: int, until_ns: int, withheld: frozenset[str]) -> LogAnswer:
        """See `SqlRunner.run`."""
        began = time.monotonic()
        outcome, warnings = self._outcome(workspace_id, query, (since_ns, until_ns), withheld)
        return LogAnswer(
            columns=tuple(SqlColumn(name=name, type=kind) for name, kind in outcome.columns),
            rows=tuple(tuple(row) for row in outcome.rows),
            truncated=outcome.truncated,
            elapsed_ms=(time.monotonic() - began) * 1000,
            warnings=tuple(warnings),
        )

    def parquet(self, workspace_id: str, query: LogQuery, since_ns: int, until_ns: int, withheld: frozenset[str]) -> tuple[bytes, bool]:
        """See `SqlRunner.parquet`."""
        outcome, _ = self._outcome(workspace_id, query, (since_ns, until_ns), withheld, parquet=True)
        return outcome.parquet, outcome.truncated

    def _outcome(
        self, workspace_id: str, query: LogQuery, period: tuple[int, int], withheld: frozenset[str], *, parquet: bool = False
    ) -> tuple[Outcome, list[str]]:
        with self._place(workspace_id):
            task, warnings = self._task(workspace_id, query, *period)
            task = msgspec.structs.replace(task, parquet=parquet, withheld=sorted(withheld))
            outcome = self._child(task)
            if outcome.refused is not None:
                sound = self._sound(task, warnings)
                outcome = outcome if sound is None else self._child(sound)
        if outcome.stopped is not None:
            raise SqlStoppedError(outcome.stopped, remedy="Ask for a shorter period, fewer columns, or fewer groups.")
        if outcome.refused is not None:
            raise SqlRefusedError(
                _without_paths(outcome.refused),
                remedy="See the tables and columns with: flowyard logs schema",
                location=None if outcome.position is None else place_of(query.query, outcome.position),
            )
        return outcome, warnings

    def _task(self, workspace_id: str, query: LogQuery, since_ns: int, until_ns: int) -> tuple[Task, list[str]]:
        files: dict[str, list[str]] = {}
        tails: dict[str, bytes] = {}
        warnings: list[str] = []
        for signal in _SIGNALS:
            source = self._reader.source(workspace_id, since_ns, until_ns, signal)
            self._reader.files.fetch(source.segments)
            listed = [(segment, self._reader.files.folder / segment.path) for segment in source.segments]
            # One that is gone would fail the statement; the others answer.
            warnings += (f"The segment {segment.id} is missing." for segment, file in listed if not file.is_file())
            files[signal] = [str(file) for _, file in listed if file.is_file()]
            tails[signal] = _stream(source.tail)
        task = Task(
            query=query.query,
            files=files,
            tails=tails,
            since_ns=max(since_ns, -_END_NS),
            until_ns=min(until_ns, _END_NS),
            limit=query.limit,
            memory_mib=self._memory_mib,
            timeout_s=query.timeout_s,
        )
        return task, warnings

    @contextmanager
    def _place(self, workspace_id: str) -> Generator[None]:
        with self._lock:
            mine = self._running[workspace_id] < self._of_one
            if not mine or not self._places.acquire(blocking=False):
                raise SqlBusyError("As many statements run as may at once.", remedy="Wait for one to end, and send it again.")
            self._running[workspace_id] += 1
        try:
            yield
        finally:
            with self._lock:
                self._running[workspace_id] -= 1
            self._places.release()

    def _sound(self, task: Task, warnings: list[str]) -> Task | None:
        """Return the task without the files that are damaged, and name them in `warnings`; None when there are none."""
        damaged = {file for files in task.files.values() for file in files if not is_sound(Path(file))}
        if not damaged:
            return None
        warnings += (f"The segment {Path(file).stem} is damaged." for file in sorted(damaged))
        files = {signal: [file for file in listed if file not in damaged] for signal, listed in task.files.items()}
        return msgspec.structs.replace(task, files=files)

    def _child(self, task: Task) -> Outcome:
        began = time.monotonic()
        with copies.begin() as channel:
            # It ends itself in time; this is for one that cannot.
            channel.settimeout(task.timeout_s + _LATE_S)
            output = _told(channel, msgspec.msgpack.encode(task))
        if output is not None:
            return output
        if time.monotonic() - began >= task.timeout_s:
            raise SqlStoppedError(
                f"It took longer than {task.timeout_s:g} seconds.", remedy="Ask for a shorter period, or give it more time."
            )
        raise SqlStoppedError("It took too much memory or processor time.", remedy="Ask for a shorter period, or for less.")


def _told(channel: socket.socket, task: bytes) -> Outcome | None:
    """Return what a process answers to a task; None when it ended before."""
    answer = bytearray()
    try:
        channel.sendall(task)
        channel.shutdown(socket.SHUT_WR)
        while some := channel.recv(_CHUNK):
            answer += some
        return msgspec.msgpack.decode(answer, type=Outcome)
    except (OSError, msgspec.DecodeError):
        return None


def place_of(statement: str, position: int) -> Location:
    """Return line and column, from 1, of a position in bytes of the statement's UTF-8."""
    before = statement.encode()[:position].decode(errors="ignore")
    return Location(line=before.count("\n") + 1, column=len(before) - before.rfind("\n"), pointer="/query")


def _stream(table: Any) -> bytes:
    sink = _pa.BufferOutputStream()
    with _pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def _without_paths(text: str) -> str:
    return re.sub(r"/[^\s'\"]*/([^\s'\"/]+)", r"\1", text)
