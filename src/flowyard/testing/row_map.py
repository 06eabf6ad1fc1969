# ruff: noqa: D102, S101  # tests say by their names what must hold
"""The contract of `compute.rows.ports.RowMap`. A backend's tests subclass `RowMapContract` and give the fixture ``make``."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import msgspec
import pytest

from flowyard.compute.errors import RowProgramError
from flowyard.compute.rows.ports import Done, Lost, RowLimits, RowMap, RowProgram
from flowyard.foundation.errors import FlowyardError

Make = Callable[..., RowMap]
"""(setup or program, limits) → a row map over `flowyard.testing.row_program`, which is closed after the test."""


def program(setup: str = "4") -> RowProgram:
    """Return the test program with that setup."""
    return RowProgram(module="flowyard.testing.row_program", setup=setup.encode())


def limits(concurrency: int = 4, processes: int = 2, row_timeout_s: float = 30.0, memory_bytes: int | None = None) -> RowLimits:
    """Return limits for a test."""
    return RowLimits(concurrency=concurrency, processes=processes, row_timeout_s=row_timeout_s, memory_bytes=memory_bytes)


def outcome(row_map: RowMap, words: Iterable[str]) -> dict[int, str]:
    """Run rows and return what became of each: its answer, or the reason of its loss."""
    found: dict[int, str] = {}
    for each in row_map.map((number, word.encode()) for number, word in enumerate(words)):
        if isinstance(each, Done):
            answer = msgspec.msgpack.decode(each.chunk, type=tuple[int, bytes, int, int])
            assert not found.keys() & set(each.ids), "a row ends once"
            found |= dict.fromkeys(each.ids, answer[1].decode())
        elif isinstance(each, Lost):
            assert each.id not in found, "a row ends once"
            found[each.id] = each.reason
    return found


class RowMapContract:
    """What every row map does."""

    @pytest.fixture
    def make(self) -> Make:
        raise NotImplementedError("A backend's tests give this fixture.")

    def test_every_row_ends_once(self, make: Make) -> None:
        words = [f"row {number}" for number in range(2000)]
        assert outcome(make(), words) == {number: word.upper() for number, word in enumerate(words)}

    def test_a_map_can_be_used_again_and_with_no_rows(self, make: Make) -> None:
        row_map = make()
        assert outcome(row_map, []) == {}
        assert outcome(row_map, ["a"]) == {0: "A"}
        assert outcome(row_map, ["b"]) == {0: "B"}

    def test_no_more_rows_run_at_once_than_allowed(self, make: Make) -> None:
        words = ["busy"] * 60 + ["wait"] * 120
        found = make("6", limits(concurrency=6, processes=3)).map((number, word.encode()) for number, word in enumerate(words))
        chunks = [each.chunk for each in found if isinstance(each, Done)]
        spans = [msgspec.msgpack.decode(chunk, type=tuple[int, bytes, int, int])[2:] for chunk in chunks]
        events = sorted([(began, 1) for began, _ in spans] + [(ended, -1) for _, ended in spans])
        assert max(accumulate(change for _, change in events)) <= 6

    def test_rows_are_taken_as_there_is_room(self, make: Make) -> None:
        taken = 0

        def words() -> Iterable[str]:
            nonlocal taken
            for _ in range(100_000):
                taken += 1
                yield "wait"

        row_map = make()
        found = row_map.map((number, word.encode()) for number, word in enumerate(words()))
        for _ in range(3):
            next(found)
        assert taken < 1000

    def test_a_row_that_ends_its_process_is_lost_and_no_other(self, make: Make) -> None:
        words = ["a", "exit", "b", "c", "exit", *(["d"] * 50)]
        found = outcome(make(), words)
        assert [number for number, what in found.items() if what == "exited"] == [1, 4]
        assert len(found) == len(words)

    def test_a_row_whose_process_was_killed_gets_more_chances_and_not_for_ever(self, make: Make, tmp_path: Path) -> None:
        marked = replace(program(), environment={"ROW_PROGRAM_MARK": str(tmp_path / "mark")})
        assert outcome(make(marked), ["a", "kill thrice", "b"]) == {0: "A", 1: "KILL THRICE", 2: "B"}
        assert outcome(make(), ["a", "kill", "b"]) == {0: "A", 1: "exited", 2: "B"}

    def test_a_row_that_takes_too_long_is_lost_and_no_other(self, make: Make) -> None:
        found = outcome(make(limits=limits(row_timeout_s=0.5)), ["a", "hang", "wait", "b"])
        assert found == {0: "A", 1: "timeout", 2: "WAIT", 3: "B"}

    def test_a_row_that_takes_too_much_memory_is_lost_and_no_other(self, make: Make) -> None:
        found = outcome(make(limits=limits(memory_bytes=200 * 1024 * 1024)), ["a", "memory", "b"])
        assert found == {0: "A", 1: "memory", 2: "B"}

    def test_a_process_that_retires_is_replaced(self, make: Make) -> None:
        row_map = make(limits=limits(processes=1))
        words = ["a", "retire", *(["b"] * 40)]
        assert outcome(row_map, words) == {number: word.upper() for number, word in enumerate(words)}
        assert outcome(row_map, ["c"]) == {0: "C"}

    def test_a_program_that_refuses_is_told_as_it_said_it(self, make: Make) -> None:
        with pytest.raises(FlowyardError, match="refuses") as caught:
            outcome(make("refuse"), ["a"])
        assert caught.value.problem().remedy == "Ask nicely."

    def test_a_program_that_does_not_start_is_told_with_its_last_lines(self, make: Make) -> None:
        with pytest.raises(RowProgramError, match=r"exit code 7.*no, thank you"):
            outcome(make("fail"), ["a"])

    def test_a_call_has_all_parts(self, make: Make) -> None:
        row_map = make()
        assert row_map.call(iter([b"a", b"b"])) == b"a+b"
        outcome(row_map, ["x"])
        large = [bytes([65 + number]) * 1_000_000 for number in range(5)]
        assert row_map.call(iter(large)) == b"+".join(large)

    def test_a_call_that_fails_is_told_and_the_map_goes_on(self, make: Make) -> None:
        row_map = make()
        with pytest.raises(FlowyardError, match="A part is wrong"):
            row_map.call(iter([b"wrong"]))
        assert row_map.call(iter([b"right"])) == b"right"

    def test_a_call_whose_process_dies_is_told(self, make: Make) -> None:
        row_map = make()
        with pytest.raises(RowProgramError):
            row_map.call(iter([b"exit"]))
        assert row_map.call(iter([b"right"])) == b"right"
