"""A row map over processes of this machine.

One process to begin with; more while the processor is what rows wait for. Rows that were in flight when a process died run again alone, one
by one, until the one at fault is found; a row that takes too long is known, and only its process is replaced.
"""

import os
import selectors
import time
from collections import Counter, deque
from collections.abc import Iterator
from itertools import islice

import msgspec

from flowyard.compute.errors import RowProgramError
from flowyard.compute.rows.ports import Done, LogLine, Lost, Row, RowLimits, RowProgram
from flowyard.compute.rows.process import RowProcess
from flowyard.compute.rows.wire import Kind, decode_done
from flowyard.foundation.errors import FlowyardError, Problem

_POLL_S = 0.2
#: A process that uses more of a processor than this gets company.
_BUSY = 0.6
#: So many looks in a row; more where all rows run that may, so that the limit seems to be what they wait for. The first rows of a
#: process load what they need, and that says nothing of the others.
_BUSY_LOOKS, _FULL_LOOKS = 2, 10
#: Where so many rows end together the first ones are over, and one look is enough, after so long, seconds.
_MANY, _EARLY_S = 256, 0.05
#: So many processes may die in a row before a row ended, with no row at fault.
_DEATHS = 5
#: How long a process may take to say that it is ready, seconds: importing a flow's packages takes a while.
START_S = 300.0
_GRACE_S = 2.0
#: How a process ends that an operator kills, or the system for want of memory; and how often a row is tried alone all the same.
_KILLED, _CHANCES = "signal SIGKILL", 4


class ProcessRowMap:
    """Implements `rows.ports.RowMap`. Use it in one thread, which lives until `close`: its end ends the processes.

    Args:
        program: what is run.
        limits: what rows may take.
        log: takes what the processes write to their standard streams.
    """

    def __init__(self, program: RowProgram, limits: RowLimits, log: LogLine) -> None:
        self._program = program
        self._limits = limits
        self._log = log
        self._most = max(1, min(limits.processes, limits.concurrency))
        self._processes: list[RowProcess] = []
        self._selector = selectors.DefaultSelector()
        self._again: deque[Row] = deque()
        self._suspects: deque[Row] = deque()
        self._found: list[Done | Lost] = []
        self._answers: list[bytes | Problem] = []
        self._source: Iterator[Row] = iter(())
        self._exhausted = True
        self._deaths = 0
        self._looked = 0.0
        self._busy_looks = 0
        self._chances: Counter[int] = Counter()

    def map(self, rows: Iterator[Row]) -> Iterator[Done | Lost | None]:
        """See `RowMap.map`."""
        self._source, self._exhausted = rows, False
        while True:
            self._feed()
            if self._is_over():
                return
            if not self._processes:
                self._start()
            self._step()
            found, self._found = self._found, []
            yield from found or (None,)

    def call(self, parts: Iterator[bytes]) -> bytes:
        """See `RowMap.call`."""
        process = next((one for one in self._processes if one.room and not one.rows), None) or self._start()
        while not process.ready and not process.ended:
            self._step()
        for part in parts:
            process.send(Kind.PART, part)
            while process.wants_to_send and not process.ended:
                self._step()
        process.send(Kind.CALL)
        while not self._answers:
            if process not in self._processes:
                raise RowProgramError(f"The process that aggregates died. Its last lines: {_tail(process)}")
            self._step()
        answer = self._answers.pop()
        if isinstance(answer, Problem):
            raise TransportedError(answer)
        return answer

    def close(self) -> None:
        """See `RowMap.close`. A process that is still starting has nothing to deliver, and is not waited for."""
        for process in self._processes:
            if process.ready:
                process.send(Kind.STOP)
            else:
                process.kill()
        deadline = time.monotonic() + _GRACE_S
        while self._processes and time.monotonic() < deadline:
            for process in self._wait(0.05):
                process.read()
                if process.ended:
                    self._forget(process)
        for process in list(self._processes):
            self._forget(process)
        self._selector.close()

    def _is_over(self) -> bool:
        waiting = self._again or self._suspects or any(process.rows for process in self._processes)
        return self._exhausted and not waiting and not self._found

    def _start(self) -> RowProcess:
        process = RowProcess(self._program, self._limits.concurrency, self._log)
        self._processes.append(process)
        self._selector.register(process.socket, selectors.EVENT_READ, process)
        self._selector.register(process.output, selectors.EVENT_READ, process)
        return process

    @property
    def _share(self) -> int:
        """How many rows each process may run at once. One that is still starting takes nothing from the others."""
        return -(-self._limits.concurrency // max(sum(process.ready for process in self._processes), 1))

    def _tell_share(self) -> None:
        for process in self._processes:
            process.send(Kind.LIMIT, self._share.to_bytes(4, "little"))

    def _must_wait(self, process: RowProcess) -> bool:
        """Whether a process that has joined gets nothing yet, because the others still run what was their share before."""
        if process.fresh and process.ready:
            process.fresh = any(len(one.running()) > self._share for one in self._processes if one is not process)
        return process.fresh

    def _feed(self) -> None:
        for process in [one for one in self._processes if one.retiring and not one.rows]:
            process.send(Kind.STOP)
            self._forget(process)
        for process in self._processes:
            if self._must_wait(process):
                continue
            if self._suspects:
                if process.room and not process.rows:
                    process.alone = True
                    process.give([self._suspects.popleft()])
                continue  # suspects run before anything else, and each in a process of its own
            rows = self._next(process.room)
            if rows:
                process.give(rows)

    def _next(self, count: int) -> list[Row]:
        rows: list[Row] = []
        while self._again and len(rows) < count:
            rows.append(self._again.popleft())
        if not self._exhausted and (wanted := count - len(rows)) > 0:
            taken = list(islice(self._source, wanted))
            self._exhausted = len(taken) < wanted
            rows += taken
        return rows

    def _step(self) -> None:
        for process in self._wait(_POLL_S):
            for kind, payload in process.read():
                self._take(process, kind, payload)
            if process.ended:
                self._died(process)
        if time.monotonic() - self._looked > _POLL_S:
            self._looked = time.monotonic()
            self._look()

    def _wait(self, timeout: float) -> list[RowProcess]:
        """Wait until a process says something, and pass on what they print; return those that spoke."""
        for process in self._processes:
            process.flush()
        spoke: list[RowProcess] = []
        waiting = any(process.wants_to_send for process in self._processes)
        for key, _ in self._selector.select(0.005 if waiting else timeout):
            process: RowProcess = key.data
            if key.fd == process.output:
                process.read_output()
            else:
                spoke.append(process)
        return spoke

    def _take(self, process: RowProcess, kind: int, payload: bytes) -> None:
        match kind:
            case Kind.READY:
                process.ready = True
                process.busy()  # its start does not count
                self._tell_share()
            case Kind.REFUSED:
                process.refuse(payload)
            case Kind.DONE:
                ids, chunk = decode_done(payload)
                process.take(ids)
                process.alone = False
                self._deaths = 0
                self._found.append(Done(ids, chunk))
                if len(ids) >= _MANY and len(self._processes) < self._most and process.unlooked_at() > _EARLY_S:
                    self._look_at_processors(1)
            case Kind.RETIRE:
                process.retiring = True
            case Kind.ANSWER:
                self._answers.append(payload)
            case _:
                self._answers.append(msgspec.msgpack.decode(payload, type=Problem))

    def _look(self) -> None:
        """Mind time, memory and processors."""
        for process in self._processes:
            if not process.ready and process.age() > START_S:
                raise RowProgramError(f"The rows' process was not ready after {START_S:g} s. Its last lines: {_tail(process)}")
            running = process.running()
            late = next((row for row, seconds in running.items() if seconds > self._limits.row_timeout_s), None)
            if late is not None:
                process.kill("timeout", late, f"It ran longer than {self._limits.row_timeout_s:g} s.")
            most = self._limits.memory_bytes
            if most is not None and (used := process.memory()) > most:
                process.kill("memory", None, f"Its process took {used // 2**20:,} MiB of memory; {most // 2**20:,} MiB are allowed.")
        full = all(len(process.running()) >= self._share for process in self._processes)
        self._look_at_processors(_FULL_LOOKS if full else _BUSY_LOOKS)

    def _look_at_processors(self, looks: int) -> None:
        """Start another process where the processor is what rows wait for, at so many looks in a row."""
        waiting = not self._exhausted or self._again or any(len(process.rows) > process.slots for process in self._processes)
        if waiting and len(self._processes) < self._most and all(process.ready for process in self._processes):
            busy = min((process.busy() for process in self._processes), default=0.0)
            self._busy_looks = self._busy_looks + 1 if busy > _BUSY else 0
            if self._busy_looks >= looks:
                self._busy_looks = 0
                self._start()

    def _died(self, process: RowProcess) -> None:
        running = process.running()
        how = self._forget(process)
        if process.refused is not None:
            raise TransportedError(process.refused)
        killed = how == _KILLED and process.killed_for is None  # by somebody else: the row need not be at fault
        if not process.ready and not killed:
            raise RowProgramError(f"The rows' process ended before it was ready ({how}). Its last lines: {_tail(process)}")
        reason, culprit, detail = process.killed_for or ("exited", None, f"Its process ended with {how}.")
        for row, payload in process.rows.items():
            if row == culprit or (process.alone and row in running and not self._gets_another_chance(row, killed)):
                self._found.append(Lost(row, payload, reason, detail))
            elif row in running and culprit is None:
                self._suspects.append((row, payload))
            else:
                self._again.append((row, payload))
        self._deaths = 0 if self._found else self._deaths + 1
        if self._deaths >= _DEATHS and not running:
            raise RowProgramError(f"The rows' process died {_DEATHS} times between rows ({how}). Its last lines: {_tail(process)}")

    def _gets_another_chance(self, row: int, killed: bool) -> bool:
        """Whether a row that was alone in a process that died runs once more: where somebody killed it, and not for ever."""
        self._chances[row] += killed
        return killed and self._chances[row] < _CHANCES

    def _forget(self, process: RowProcess) -> str:
        self._selector.unregister(process.socket)
        self._selector.unregister(process.output)
        self._processes.remove(process)
        how = process.reap()
        self._tell_share()
        return how


class TransportedError(FlowyardError):
    """What another process said went wrong, as it said it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(
            problem.detail, remedy=problem.remedy, location=problem.location, findings=problem.findings, extra=dict(problem.extra)
        )
        self.told = problem

    def problem(self, instance: str | None = None) -> Problem:
        """Return it as it was told."""
        del instance
        return self.told


def usable_processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _tail(process: RowProcess) -> str:
    return " / ".join(process.tail) or "none"
