"""The process that runs a step's own code: ``python -m flowyard.data.transforms.code_child``, in the code's environment.

Needs the standard library and msgspec only.
"""

import importlib.util
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from flowyard.data.transforms.errors import TransformCodeError, TransformRowError, TransformStoppedError
from flowyard.data.transforms.lines import Lines, Numbered, read_rows
from flowyard.data.transforms.model import Drop, NumberedStep, Said, Tally, Task, pointer
from flowyard.data.transforms.telling import Teller, carry_out, limit
from flowyard.foundation.errors import FlowyardError, Location
from flowyard.wire.transforms import PythonStep

Row = dict[str, Any]
_DROPPED, _SKIPPED = "the function returned None", "the function failed at it"
_RETURNS = {"row": "a dict, a list of dicts or None", "rows": "dicts", "table": "a pandas DataFrame"}


class Coded:
    """A function of the code, and the rows that go through it."""

    def __init__(self, task: Task, teller: Teller) -> None:
        self._task = task
        self._teller = teller
        self._numbered = task.steps[0]
        self._step = cast("PythonStep", self._numbered.body)
        self._folder = Path(task.code or "")
        self._at: int | None = None
        self._drops: list[Drop] = []
        self.tally = Tally(number=self._numbered.number, kind=self._numbered.kind, changed=0 if self._step.mode == "row" else None)

    def run(self) -> Said:
        """Write what the function makes of the rows, and return what it did.

        Raises:
            TransformCodeError, TransformRowError: it failed, or returned something else than rows.
        """
        function = self._loaded()
        with Lines(Path(self._task.target), keep_row=self._task.keep_row) as lines:
            for number, row in self._made(function):
                lines.write(number, row)
                self.tally.rows_out += 1
        return Said(steps=(self.tally.result(),), drops=tuple(self._drops))

    def _loaded(self) -> Callable[..., Any]:
        file, _, name = self._step.function.partition(":")
        sys.path.insert(0, str(self._folder))
        try:
            module = _module(self._folder / file)
            function: Any = getattr(module, name)
        except AttributeError as error:
            if self._frame(error) is not None:
                raise self._failed(error) from error
            raise self._wrong(f"{file} has no function {name!r}", "Check its name.") from error
        except (Exception, SystemExit) as error:
            raise self._failed(error) from error
        if not callable(function):
            raise self._wrong(f"{name!r} of {file} is no function", "Name a function.")
        return cast("Callable[..., Any]", function)

    def _made(self, function: Callable[..., Any]) -> Iterator[tuple[int | None, Row]]:
        match self._step.mode:
            case "row":
                return self._row_by_row(function)
            case "rows":
                return self._all_rows(function)
            case "table":
                return self._table(function)

    def _row_by_row(self, function: Callable[..., Any]) -> Iterator[tuple[int | None, Row]]:
        for number, row in self._taken():
            before = dict(row)
            try:
                made = function(row, **self._step.arguments)
                rows: list[Row] = [] if made is None else [self._row(one) for one in (made if isinstance(made, list) else [made])]  # pyright: ignore[reportUnknownVariableType]
            except Exception as error:  # the function's own error, at this row
                if self._task.on_error == "fail":
                    raise self._failed(error, row=number) from error
                self._drop(number, _SKIPPED)
                continue
            if not rows:
                self._drop(number, _DROPPED)
            self.tally.changed = (self.tally.changed or 0) + (bool(rows) and rows != [before])
            yield from ((number, one) for one in rows)

    def _all_rows(self, function: Callable[..., Any]) -> Iterator[tuple[int | None, Row]]:
        rows = self._guarded(function, (row for _, row in self._taken()))
        try:
            made = iter(rows)
        except TypeError as error:
            raise self._wrong(f"it returned {type(rows).__name__}, not {_RETURNS['rows']}", "Return or yield dicts.") from error
        while (row := self._guarded(next, made, None, plain=True)) is not None:
            yield None, self._row(row)

    def _table(self, function: Callable[..., Any]) -> Iterator[tuple[int | None, Row]]:
        try:
            import pandas
        except ImportError as error:
            raise self._wrong("its mode is table, and pandas is not there", "Add pandas to the code's requirements.txt.") from error
        tools: Any = pandas
        frame = self._guarded(function, tools.DataFrame([row for _, row in self._taken()]))
        if not isinstance(frame, tools.DataFrame):
            raise self._wrong(f"it returned {type(frame).__name__}, not {_RETURNS['table']}", "Return a DataFrame.")
        columns = [str(column) for column in frame.columns]
        for values in frame.itertuples(index=False, name=None):
            yield None, {column: _scalar(value) for column, value in zip(columns, values, strict=True)}

    def _taken(self) -> Iterator[tuple[int | None, Row]]:
        numbered: Iterable[Numbered] = read_rows(self._task)
        for taken, (number, row) in enumerate(numbered, 1):
            self.tally.rows_in = taken
            self._at = number
            self._teller.taken(taken)
            if isinstance(row, dict):
                yield number, row

    def _guarded(self, function: Callable[..., Any], *values: Any, plain: bool = False) -> Any:
        try:
            return function(*values, **({} if plain else self._step.arguments))
        except FlowyardError:
            raise
        except Exception as error:
            raise self._failed(error, row=self._at) from error

    def _row(self, value: Any) -> Row:
        keys: list[Any] = list(value) if isinstance(value, dict) else [None]  # pyright: ignore[reportUnknownArgumentType]
        if not all(isinstance(key, str) for key in keys):
            raise self._wrong(
                f"it returned {_named(cast('object', value))}, not {_RETURNS[self._step.mode]}", "Return rows with texts as keys."
            )
        return cast("Row", value)

    def _drop(self, number: int | None, reason: str) -> None:
        self.tally.dropped[reason] = self.tally.dropped.get(reason, 0) + 1
        if self._task.trace:
            self._drops.append(Drop(row=number, step=self._numbered.number, reason=reason))

    def _frame(self, error: BaseException) -> traceback.FrameSummary | None:
        """Return the innermost frame of the error that is in the code."""
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(self._folder)]
        return frames[-1] if frames else None

    def _failed(self, error: BaseException, *, row: int | None = None) -> FlowyardError:
        if isinstance(error, FlowyardError):
            return error
        if isinstance(error, MemoryError):
            return _memory(self._numbered)
        file, line = self._step.function.partition(":")[0], None
        frame = self._frame(error)
        if frame is not None:
            file, line = Path(frame.filename).relative_to(self._folder).as_posix(), frame.lineno
        elif isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_relative_to(self._folder):
            file, line = Path(error.filename).relative_to(self._folder).as_posix(), error.lineno
        place = Location(file=file, line=line, pointer=pointer(self._numbered.number, "python", "function").pointer)
        at = f" at row {row}" if row is not None else ""
        kind = TransformRowError if row is not None else TransformCodeError
        said = f"{type(error).__name__}: {error}"[:1000]
        source = f" ({frame.line.strip()})" if frame is not None and frame.line else ""
        return kind(
            f"Step {self._numbered.number} (python {self._step.function}) failed{at}: {said}{source}",
            remedy="Correct the code there, or with on_error: skip leave such rows out." if row is not None else "Correct the code there.",
            location=place,
            extra={"step": self._numbered.number, "row": row},
        )

    def _wrong(self, message: str, remedy: str) -> TransformCodeError:
        where = pointer(self._numbered.number, "python", "function")
        return TransformCodeError(
            f"Step {self._numbered.number} (python {self._step.function}): {message}.",
            remedy=remedy,
            location=Location(file=self._step.function.partition(":")[0], pointer=where.pointer),
            extra={"step": self._numbered.number, "row": self._at},
        )


def _module(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file.name} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module


def _named(value: object) -> str:
    return type(value).__name__


def _scalar(value: Any) -> Any:
    """Return a cell as JSON has it: NumPy's numbers as Python's, what is missing as None."""
    item: Any = value.item() if hasattr(value, "item") and not isinstance(value, str) else value
    return None if item is None or item != item or type(item).__name__ in {"NaTType", "NAType"} else item  # noqa: PLR0124 (NaN)


def _memory(step: NumberedStep) -> TransformStoppedError:
    return TransformStoppedError(f"Step {step.number} took too much memory.", remedy="Work row by row (mode: row), or split the data.")


def run(task: Task, teller: Teller) -> Said:
    """Carry a task out."""
    limit(task)
    try:
        return Coded(task, teller).run()
    except MemoryError:
        raise _memory(task.steps[0]) from None


def _unknown(error: BaseException) -> FlowyardError | None:
    del error
    return None


if __name__ == "__main__":
    carry_out(run, _unknown)
