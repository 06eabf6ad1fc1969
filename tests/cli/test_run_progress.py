"""Where no terminal is, a run's progress is lines: the first rows that end, some between, and the last."""

import pytest

from flowyard.cli import run_progress
from flowyard.cli.run_progress import RunProgress
from flowyard.wire.runs import RunCounts


def counts(completed: int, failed: int = 0) -> RunCounts:
    return RunCounts(completed=completed, failed=failed, total=5)


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line.partition(",")[0] for line in capsys.readouterr().err.splitlines()]


def test_a_short_run_tells_its_first_rows_and_its_last(capsys: pytest.CaptureFixture[str]) -> None:
    with RunProgress() as shown:
        for now in (counts(0), counts(0), counts(2), counts(3), counts(4, 1)):
            shown.show(now)
        assert lines(capsys) == ["2 of 5 rows"]
    assert lines(capsys) == ["5 of 5 rows"]


def test_nothing_is_told_twice_and_nothing_of_no_rows(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_progress, "_EVERY_S", 0.0)
    with RunProgress() as shown:
        for now in (counts(0), counts(1), counts(1), counts(5), counts(5)):
            shown.show(now)
    assert lines(capsys) == ["1 of 5 rows", "5 of 5 rows"]
    with RunProgress() as shown:
        shown.show(counts(0))
    with RunProgress(quiet=True) as shown:
        shown.show(counts(5))
    assert lines(capsys) == []
