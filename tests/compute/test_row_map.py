"""The row map over processes keeps the contract, leaves nothing behind, and keeps what its processes print."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import msgspec
import pytest

from flowyard.compute.rows.ports import Done, RowLimits, RowMap, RowProgram
from flowyard.compute.rows.process import RowProcess
from flowyard.compute.rows.processes import ProcessRowMap
from flowyard.testing.row_map import Make, RowMapContract, limits, outcome, program

LIMITS = limits()


class TestProcessRowMap(RowMapContract):
    @pytest.fixture
    def make(self) -> Iterator[Make]:
        made: list[ProcessRowMap] = []

        def make(what: str | RowProgram = "4", limits: RowLimits = LIMITS) -> RowMap:
            made.append(ProcessRowMap(program(what) if isinstance(what, str) else what, limits, lambda _: None))
            return made[-1]

        yield make
        for row_map in made:
            row_map.close()


def children() -> set[int]:
    return {int(child) for child in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}


def handles_open() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_no_process_and_no_descriptor_is_left() -> None:
    before, handles = children(), handles_open()
    row_map = ProcessRowMap(program(), LIMITS, lambda _: None)
    outcome(row_map, ["a", "exit", "b"])
    row_map.close()
    assert children() <= before
    assert handles_open() == handles


def test_what_processes_print_is_passed_on() -> None:
    printed: list[str] = []
    row_map = ProcessRowMap(program(), LIMITS, printed.append)
    outcome(row_map, ["print", "a"])
    row_map.close()
    assert printed == ["a line"]


def processes_of(row_map: ProcessRowMap, rows: int) -> set[int]:
    """Return the ids of the processes that answered."""
    found = list(row_map.map((number, b"") for number in range(rows)))
    row_map.close()
    return {msgspec.msgpack.decode(each.chunk, type=tuple[int, bytes, int, int])[0] for each in found if isinstance(each, Done)}


def test_a_process_that_answers_many_rows_at_once_gets_company_before_anybody_would_look(monkeypatch: pytest.MonkeyPatch) -> None:
    # Others may use the processors: what was used is measured, and taken for all there is. A second of work is less than ten looks.
    shares: list[float] = []
    used = RowProcess.busy

    def busy(process: RowProcess) -> float:
        shares.append(used(process))
        return 1.0

    monkeypatch.setattr(RowProcess, "busy", busy)
    for _ in range(5):
        row_map = ProcessRowMap(program("together"), limits(concurrency=300), lambda _: None)
        if len(processes_of(row_map, 3500)) == 2:
            assert 0 < max(shares) < 1.2
            return
    pytest.fail("a process that computes all the time stayed alone")


def test_the_end_does_not_wait_for_a_process_that_is_still_starting(tmp_path: Path) -> None:
    late = replace(program("late"), environment={"ROW_PROGRAM_MARK": str(tmp_path / "mark")})
    row_map = ProcessRowMap(late, limits(concurrency=300), lambda _: None)
    found = row_map.map((number, b"") for number in count())
    while len(children()) < 2:
        next(found)
    began = time.monotonic()
    row_map.close()
    assert time.monotonic() - began < 1.5
