"""A job's stages on standard error: bars where it counts, a line each where nobody watches a terminal."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from flowyard.wire.jobs import JobEvent, JobStage

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class JobProgress:
    """Shows the stages of one job, as its events tell of them."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._seen: dict[str, str] = {}
        self._tasks: dict[str, TaskID] = {}
        self._progress = _stage_bars() if _is_watched(quiet=quiet) else None

    def __enter__(self) -> Self:
        if self._progress is not None:
            self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._progress is not None:
            self._progress.stop()

    def update(self, event: JobEvent) -> None:
        """Take one event of the job's stream."""
        if event.job is not None and event.job.waiting and not self._quiet:
            sys.stderr.write(f"waiting: {event.job.waiting}\n")
            sys.stderr.flush()
        for stage in event.job.stages if event.job else ():
            if stage.status != "pending":
                self.show(stage)

    def show(self, stage: JobStage) -> None:
        """Show one stage as it is now."""
        if self._progress is not None:
            task = self._tasks.get(stage.name)
            if task is None:
                task = self._tasks[stage.name] = self._progress.add_task(stage.name, total=None)
            total = stage.total if stage.total is not None else (1 if stage.status == "completed" else None)
            done = stage.done if stage.done is not None else (1 if stage.status == "completed" else 0)
            self._progress.update(task, total=total, completed=done, description=f"{stage.name} {stage.detail or ''}".strip())
        elif not self._quiet and self._seen.get(stage.name) != stage.status:
            self._seen[stage.name] = stage.status
            sys.stderr.write(f"{stage.name}: {stage.status}{f' ({stage.detail})' if stage.detail else ''}\n")
            sys.stderr.flush()


class UploadProgress:
    """Shows how much of an upload came, where somebody watches a terminal and it takes a while."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._progress = _upload_bar() if _is_watched(quiet=quiet) else None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if self._progress is not None:
            self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._progress is not None:
            self._progress.stop()

    def show(self, done: int, total: int) -> None:
        """Show that `done` of `total` bytes are there."""
        if self._progress is None:
            return
        if self._task is None:
            self._task = self._progress.add_task("upload", total=total)
        self._progress.update(self._task, completed=done)


def _is_watched(*, quiet: bool) -> bool:
    return not quiet and sys.stderr.isatty()


def _stage_bars() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.table import Column

    return Progress(
        SpinnerColumn(finished_text="✓"),
        # The rest of the line is for it: what is too long is cut, and the bar stays.
        TextColumn("{task.description}", table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis")),
        BarColumn(bar_width=20),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        expand=True,
    )


def _upload_bar() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn("upload"), BarColumn(bar_width=20), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
