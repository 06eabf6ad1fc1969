"""The row map over processes keeps the contract, leaves nothing behind, and keeps what its processes print."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowyard.compute.rows.ports import RowLimits, RowMap, RowProgram
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
