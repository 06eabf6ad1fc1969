"""A run's progress on standard error: a bar on a terminal; elsewhere a line with the first rows, now and then, and with the last."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from flowyard.flows.runs.words import progress_words

if TYPE_CHECKING:
    from flowyard.wire.runs import RunCounts

_EVERY_S = 2.0


class RunProgress:
    """Shows how far one run is.

    Args:
        quiet: show nothing.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._bar = _bar() if not quiet and sys.stderr.isatty() else None
        self._task: Any = None
        self._counts: RunCounts | None = None
        self._told: tuple[int, float] | None = None

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()
        elif self._counts is not None:
            self._tell_rows(self._counts)

    def show(self, counts: "RunCounts") -> None:
        """Show how far it is now."""
        done = counts.completed + counts.failed
        if self._bar is not None:
            if self._task is None:
                self._task = self._bar.add_task("rows", total=counts.total)
            self._bar.update(self._task, completed=done, total=counts.total, description=progress_words(counts))
        elif not self._quiet:
            self._counts = counts
            if done and (self._told is None or time.monotonic() - self._told[1] >= _EVERY_S):
                self._tell_rows(counts)

    def _tell_rows(self, counts: "RunCounts") -> None:
        """Write how many rows have ended, where that is new."""
        done = counts.completed + counts.failed
        if done and (self._told is None or self._told[0] != done):
            self._told = done, time.monotonic()
            self.tell(f"{rows_of(counts)}{', '.join(['', progress_words(counts)])}".rstrip(", "))

    def tell(self, message: str) -> None:
        """Show a line of its own."""
        if self._bar is not None:
            self._bar.console.print(message, highlight=False, markup=False)
        elif not self._quiet:
            sys.stderr.write(message + "\n")
            sys.stderr.flush()


def rows_of(counts: "RunCounts") -> str:
    """Return ``12 of 100 rows``."""
    done = counts.completed + counts.failed
    return f"{done:,} rows" if counts.total is None else f"{done:,} of {counts.total:,} rows"


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
    from rich.table import Column

    return Progress(
        SpinnerColumn(finished_text="✓"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.description}", table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis")),
        console=Console(stderr=True),
        expand=True,
    )
