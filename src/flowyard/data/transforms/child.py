"""The process that carries out steps of our own: ``python -m flowyard.data.transforms.child``, a task on its standard input."""

import errno
from pathlib import Path

from flowyard.data.errors import RowError
from flowyard.data.rows import Row
from flowyard.data.transforms.cleaning.ports import Dropped, Misfit, RowStep
from flowyard.data.transforms.cleaning.steps import row_step
from flowyard.data.transforms.errors import TransformStoppedError
from flowyard.data.transforms.failing import failed
from flowyard.data.transforms.lines import Lines, read_rows
from flowyard.data.transforms.model import READ, Drop, NumberedStep, Said, Tally, Task, pointer
from flowyard.data.transforms.telling import Teller, carry_out, limit
from flowyard.foundation.errors import FlowyardError

_SKIPPED = "the step failed at it"
_UNREADABLE = "cannot be read"


class Passing:
    """Rows on their way through the steps of a task."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._steps: list[tuple[NumberedStep, RowStep, Tally]] = []
        for step in task.steps:
            self._steps.append((step, _made(step), Tally(number=step.number, kind=step.kind)))
        self.read = Tally(number=0, kind=READ)
        self.drops: list[Drop] = []

    def take(self, number: int | None, row: Row | RowError) -> Row | None:
        """Return what becomes of a row; None: it was dropped.

        Raises:
            RowError, TransformRowError: it cannot be read, or a step failed at it, and that ends the transform.
        """
        self.read.rows_in += 1
        if isinstance(row, RowError):
            if self._task.on_error == "fail":
                raise row
            return self.drop(number, self.read, _UNREADABLE)
        self.read.rows_out += 1
        for step, work, tally in self._steps:
            tally.rows_in += 1
            try:
                made = work(row)
            except Misfit as error:
                if self._task.on_error == "fail":
                    raise failed(step, number, error) from error
                made = Dropped(_SKIPPED)
            if isinstance(made, Dropped):
                return self.drop(number, tally, str(made))
            tally.changed = (tally.changed or 0) + (made is not row)
            tally.rows_out += 1
            row = made
        return row

    def drop(self, number: int | None, tally: Tally, reason: str) -> None:
        """Note that a row was dropped."""
        tally.dropped[reason] = tally.dropped.get(reason, 0) + 1
        if self._task.trace:
            self.drops.append(Drop(row=number, step=tally.number, reason=reason))

    def said(self) -> Said:
        """Return what the steps did."""
        tallies = [tally for _, _, tally in self._steps]
        read = [self.read] if self._task.original else []
        return Said(steps=tuple(tally.result() for tally in (*read, *tallies)), drops=tuple(self.drops))


def _made(step: NumberedStep) -> RowStep:
    try:
        return row_step(step.body)
    except FlowyardError as error:
        error.location = error.location or pointer(step.number, step.kind)
        raise


def run(task: Task, teller: Teller) -> Said:
    """Carry a task out, and return what its steps did.

    Raises:
        FlowyardError: it failed; the error is for whoever made the transform.
    """
    if task.kind == "sql":
        from flowyard.data.transforms.statement import run_statement

        return run_statement(task)
    if task.kind == "near":
        from flowyard.data.transforms.alike import drop_alike

        limit(task)
        return drop_alike(task, teller)
    passing = Passing(task)
    limit(task)
    with Lines(Path(task.target), keep_row=task.keep_row) as lines:
        for taken, (number, row) in enumerate(read_rows(task), 1):
            made = passing.take(number, row)
            if made is not None:
                lines.write(number, made)
            teller.taken(taken)
    return passing.said()


def _stopped(error: BaseException) -> FlowyardError | None:
    if isinstance(error, MemoryError):
        return TransformStoppedError("A step took too much memory.", remedy="Split the data, or filter it before this step.")
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return TransformStoppedError("The disk is full.", remedy="Make room on the machine, then run the job again.")
    return None


if __name__ == "__main__":
    carry_out(run, _stopped)
