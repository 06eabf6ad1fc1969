"""One process of a row map: how it is started, what it was given, what it says, what it takes of the machine."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from pathlib import Path

import msgspec

from flowyard.compute.child import PARENT_PID
from flowyard.compute.errors import RowProgramError
from flowyard.compute.processes.isolated import Confines, popen_isolated
from flowyard.compute.rows.child import BOARD_FD, SLOTS, SOCKET_FD
from flowyard.compute.rows.ports import LogLine, LossReason, Row, RowProgram
from flowyard.compute.rows.wire import Board, Kind, Reader, encode, message
from flowyard.foundation.errors import Problem

_OUTPUT = 1 << 16
_LINE = 2000
LOG_TAIL = 20
#: A process whose socket has closed has so long to end by itself, seconds: its exit code says why.
_LAST_WORDS_S = 1.0
#: Which of a process's clocks counts what all its threads used of processors (clock_getcpuclockid(3), as Linux has it).
_PROCESS_TIME = 2
_PAGE = os.sysconf("SC_PAGE_SIZE")
#: A process that answers so many rows so quickly is given twice as many in advance, up to the most; seconds.
_QUICK_S, _WINDOW_MOST = 0.2, 8192


class RowProcess:
    """A running process with the rows that it has in hand.

    Args:
        program: what to run.
        slots: rows at once at most, ever.
        log: takes what it writes to its standard streams.

    Raises:
        RowProgramError: it cannot be started.
    """

    def __init__(self, program: RowProgram, slots: int, log: LogLine) -> None:
        self.slots = slots
        self.ready = False
        self.alone = False
        self.retiring = False
        self.fresh = True
        self.killed_for: tuple[LossReason, int | None, str] | None = None
        self.refused: Problem | None = None
        self.rows: dict[int, bytes] = {}
        self.window = slots + 4
        self.tail: deque[str] = deque(maxlen=LOG_TAIL)
        self._log = log
        self._born = self._began = self._seen = time.monotonic()
        self._cpu = 0.0
        self._line = b""
        ours, theirs = socket.socketpair()
        memory = os.memfd_create("rows", os.MFD_CLOEXEC)
        os.ftruncate(memory, Board.size(slots))
        self.board = Board(memory, slots)
        self.output, output_end = os.pipe()
        handed = {SOCKET_FD: theirs.fileno(), BOARD_FD: memory}
        try:
            self._process = _start(program, handed, slots, output_end)
        except OSError as error:
            ours.close()
            os.close(self.output)
            raise RowProgramError(
                f"The rows' process cannot be started: {error}.", remedy="Check that the flow's environment is there."
            ) from error
        finally:
            theirs.close()
            os.close(memory)
            os.close(output_end)
        os.set_blocking(self.output, False)
        self.socket = ours
        self._reader = Reader(ours)
        self._send(message(Kind.SETUP, program.setup))
        ours.setblocking(False)
        self._unsent = bytearray()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def room(self) -> int:
        """How many more rows it may be given now."""
        usable = self.ready and not self.alone and not self.retiring and self.killed_for is None
        return self.window - len(self.rows) if usable else 0

    @property
    def ended(self) -> bool:
        """Nothing more comes from it."""
        return self._reader.ended

    @property
    def wants_to_send(self) -> bool:
        """Some of what it was sent waits for room in the socket."""
        return bool(self._unsent)

    def give(self, rows: list[Row]) -> None:
        """Hand it rows."""
        self.rows.update(rows)
        self.send(Kind.ROWS, encode(rows))

    def take(self, ids: tuple[int, ...]) -> None:
        """Note that rows have ended."""
        now = time.monotonic()
        if len(ids) * 2 >= self.window and now - self._seen < _QUICK_S:
            self.window = min(self.window * 2, _WINDOW_MOST)
        self._seen = now
        for row in ids:
            self.rows.pop(row, None)

    def send(self, kind: Kind, payload: bytes = b"") -> None:
        """Send a message; what the socket does not take at once waits in memory."""
        self._unsent += message(kind, payload)
        self.flush()

    def flush(self) -> None:
        """Send what waits, as far as the socket takes it."""
        while self._unsent:
            try:
                sent = self.socket.send(self._unsent)
            except BlockingIOError:
                return
            except OSError:
                self._unsent.clear()  # it has died; the end of its socket tells
                return
            del self._unsent[:sent]

    def read(self) -> list[tuple[int, bytes]]:
        """Return the messages that have come."""
        return self._reader.read()

    def read_output(self) -> None:
        """Pass on what it wrote, line by line."""
        with suppress(BlockingIOError):
            data = os.read(self.output, _OUTPUT)
            *lines, self._line = (self._line + data).split(b"\n")
            if not data or len(self._line) > _LINE:
                lines, self._line = [*lines, self._line], b""
            for line in lines:
                text = line[:_LINE].decode("utf-8", "backslashreplace").replace("\0", "").rstrip()
                if text:
                    self.tail.append(text)
                    self._log(text)

    def refuse(self, payload: bytes) -> None:
        """Keep why it cannot run rows."""
        self.refused = msgspec.msgpack.decode(payload, type=Problem)

    def running(self) -> dict[int, float]:
        """Return the rows that run right now, and for how many seconds."""
        now = time.monotonic_ns()
        return {row: (now - began) / 1e9 for row, began in self.board.running().items() if row in self.rows}

    def age(self) -> float:
        """Return for how many seconds it has been there."""
        return time.monotonic() - self._born

    def memory(self) -> int:
        """Return its resident memory in bytes; 0 when it has ended."""
        try:
            return int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
        except (OSError, IndexError):
            return 0

    def busy(self) -> float:
        """Return the share of one processor that it used since the last call."""
        # The wall's time is read before what was used when a span begins, and after it when it ends: else a pause between makes it more
        # than all there is.
        begins = time.monotonic()
        try:
            used = time.clock_gettime(~self.pid << 3 | _PROCESS_TIME)
        except OSError:
            return 0.0
        share = (used - self._cpu) / max(time.monotonic() - self._began, 1e-3)
        self._began, self._cpu = begins, used
        return share

    def unlooked_at(self) -> float:
        """Return for how many seconds `busy` was not asked."""
        return time.monotonic() - self._began

    def kill(self, reason: LossReason | None = None, row: int | None = None, detail: str = "") -> None:
        """Kill it and all that it started. The end of its socket tells when it is gone."""
        if reason is not None:
            self.killed_for = (reason, row, detail)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def reap(self) -> str:
        """Wait for its end, which has come or comes at once, and return in words how it ended."""
        deadline = time.monotonic() + _LAST_WORDS_S
        while self.killed_for is None and not self._has_ended() and time.monotonic() < deadline:
            self.read_output()
            time.sleep(0.005)
        self.kill()  # what it started lives in its group; until it is reaped nobody else can have its number
        code = self._process.wait()
        self.read_output()
        self.socket.close()
        os.close(self.output)
        self.board.close()
        if code >= 0:
            return f"exit code {code}"
        name = signal.Signals(-code).name if -code in signal.valid_signals() else str(-code)
        return f"signal {name}"

    def _has_ended(self) -> bool:
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def _send(self, data: bytes) -> None:
        try:
            self.socket.sendall(data)
        except OSError:
            self.kill()


def _start(program: RowProgram, handed: dict[str, int], slots: int, output: int) -> "subprocess.Popen[bytes]":
    given = {name: str(handle) for name, handle in handed.items()} | {SLOTS: str(slots), PARENT_PID: str(os.getpid())}
    confines = Confines(
        environment={"PYTHONUNBUFFERED": "1", **program.environment, **given},
        handles=tuple(handed.values()),
        folder=program.folder,
        user=program.user,
    )
    return popen_isolated([program.python or sys.executable, "-P", "-m", program.module], confines, stdout=output, stderr=output)
