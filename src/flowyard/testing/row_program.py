"""A small program of a row map, for tests. A row's payload is a word: what the row does.

``exit``, ``kill``, ``hang`` and ``memory`` do harm, ``retire`` asks for another process; any other word is answered in capital letters.
Its setup says what it does at its start: ``fail`` ends at once, ``refuse`` tells an error, a number serves that many rows at once,
``together`` computes for 0.1 s and answers all rows that came together, ``late`` takes a minute until it is ready where the file exists
that ``ROW_PROGRAM_MARK`` names, and makes that file. A call answers with all parts, joined by ``+``; the part ``wrong`` makes it fail,
``exit`` ends the process.
"""

import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from flowyard.compute.rows.child import RowChild
from flowyard.compute.rows.ports import Row
from flowyard.flows.runtime.lanes import Lanes
from flowyard.foundation.errors import InvalidInputError


class _Handler:
    def __init__(self, child: RowChild, most: int) -> None:
        self._child = child
        self._lanes: Lanes[Row] = Lanes(self._work, most)

    def rows(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._lanes.put(row)

    def limit(self, concurrency: int) -> None:
        self._lanes.limit(concurrency)

    def call(self, parts: Sequence[bytes]) -> bytes:
        if b"exit" in parts:
            os._exit(5)
        if b"wrong" in parts:
            raise InvalidInputError("A part is wrong.", remedy="Send another.")
        return b"+".join(parts)

    def stop(self) -> None:
        self._lanes.close()

    def _work(self, lane: int, row: Row) -> None:
        number, payload = row
        began = time.monotonic_ns()
        self._child.board.begin(lane, number, began)
        _behave(payload.decode(), self._child)
        self._child.board.end(lane)
        self._child.done([number], msgspec.msgpack.encode([os.getpid(), payload.upper(), began, time.monotonic_ns()]))


class _Together(_Handler):
    def rows(self, rows: Sequence[Row]) -> None:
        began = time.monotonic_ns()
        _compute(0.1)
        self._child.done([number for number, _ in rows], msgspec.msgpack.encode([os.getpid(), b"", began, time.monotonic_ns()]))


def _behave(word: str, child: RowChild) -> None:
    match word:
        case "exit":
            os._exit(3)
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "kill thrice":
            _kill_thrice(Path(os.environ["ROW_PROGRAM_MARK"]))
        case "hang":
            time.sleep(600)
        case "memory":
            block = bytearray(300 * 1024 * 1024)
            time.sleep(60)
            block.clear()
        case "wait":
            time.sleep(0.1)
        case "busy":
            _compute(0.03)
        case "retire":
            child.retire()
        case "print":
            sys.stdout.write("a line\n")
            sys.stdout.flush()
        case _:
            pass


def _kill_thrice(mark: Path) -> None:
    with mark.open("ab") as file:
        file.write(b".")
    if mark.stat().st_size <= 3:
        os.kill(os.getpid(), signal.SIGKILL)


def _compute(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def main() -> None:
    """Behave as the setup says."""
    child = RowChild()
    word = child.setup.decode()
    if word == "fail":
        sys.stderr.write("no, thank you\n")
        sys.exit(7)
    if word == "refuse":
        child.refuse(InvalidInputError("The program refuses.", remedy="Ask nicely.").problem())
        return
    if word == "late":
        mark = Path(os.environ["ROW_PROGRAM_MARK"])
        if mark.exists():
            time.sleep(60)
        mark.touch()
    child.ready()
    child.serve(_Handler(child, int(word)) if word.isdecimal() else _Together(child, 4))


if __name__ == "__main__":
    main()
