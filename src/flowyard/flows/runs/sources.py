"""Where a run's rows come from: data, another run, or both, joined by line; and what each row feeds the flow."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from flowyard.data.errors import DataError
from flowyard.data.rows import DataSet, Row, RowError
from flowyard.flows.runs.errors import MappingError
from flowyard.flows.runs.mapping import ColumnMapping, Sources
from flowyard.flows.runs.spec import RunSpec
from flowyard.flows.runs.store import RunStore


class Item(msgspec.Struct, frozen=True):
    """One row for one side of the run: what is mapped to the flow's inputs, its data, or why it cannot run."""

    line: int
    side: int
    mapped: dict[str, Any]
    data: Row
    refused: RowError | MappingError | None = None


class RowSource:
    """The rows of a run.

    Args:
        spec: the run.
        data: its data; None where another run alone feeds it.
        sides: what the run compares.
        by_run: each side takes the other run's rows of the variant of that name.

    Raises:
        MappingError: the column mapping has a fault.
        DataError: the run has neither data nor another run.
    """

    def __init__(self, spec: RunSpec, data: DataSet | None, sides: tuple[str, ...], *, by_run: bool) -> None:
        if data is None and spec.run is None:
            raise DataError("The run has no data.", remedy="Give --data FILE, or --run NAME.")
        known = {"data"} if data is not None else set[str]()
        known |= {"run.inputs", "run.outputs"} if spec.run is not None else set[str]()
        self._mapping = ColumnMapping(spec.column_mapping, frozenset(known))
        self._data = data
        self._run: Path | None = spec.run
        self._sides = sides
        self._by_run = by_run

    def total(self) -> int | None:
        """Return how many items there will be, where that is cheap to know. Rows of another run that failed are not counted."""
        if self._run is None:
            counted = self._data.count() if self._data is not None else None
            return None if counted is None else counted * len(self._sides)
        with RunStore(self._run) as store:
            completed = store.completed()
        return sum(len(lines) for lines in completed.values()) * (1 if self._by_run else len(self._sides))

    def items(self, done: dict[str, set[int]]) -> Iterator[Item]:
        """Yield all rows in order, each for all sides, without those that are `done` (lines of each side).

        Raises:
            MappingError: the very first row that can be read lacks a column: then none will have it.
        """
        first = True
        for line, data, runs in self._joined():
            for side, name in enumerate(self._sides):
                if line in done.get(name, ()):
                    continue
                item = self._item(line, side, data, runs)
                if item is None:
                    continue
                if first and isinstance(item.refused, MappingError):
                    raise item.refused
                first = first and isinstance(item.refused, RowError)
                yield item

    def _item(self, line: int, side: int, data: Row | RowError, runs: list[Sources] | None) -> Item | None:
        if isinstance(data, RowError):
            return Item(line, side, {}, {}, data)
        sources: dict[str, Any] = {"data": data}
        if runs is not None:
            part = runs[side if self._by_run else 0]
            if not part:
                return None  # the other run's row failed
            sources.update(part)
        try:
            return Item(line, side, self._mapping.inputs(sources), data)
        except MappingError as error:
            return Item(line, side, {}, data, _with_line(error, line))

    def _joined(self) -> Iterator[tuple[int, Row | RowError, list[Sources] | None]]:
        if self._run is None:
            for line, row in enumerate(self._data.rows() if self._data else ()):
                yield line, row, None
            return
        rows: Iterator[Row | RowError] = self._data.rows() if self._data else iter(())
        position = -1
        row: Row | RowError = {}
        for line, parts in self._other():
            while self._data is not None and position < line:
                position += 1
                found = next(rows, None)
                if found is None:
                    return
                row = found
            yield line, row, parts

    def _other(self) -> Iterator[tuple[int, list[Sources]]]:
        """Yield the completed lines of the other run, with each side's inputs and outputs (empty where that side's row failed)."""
        if self._run is None:
            return
        sides = self._sides if self._by_run else ("",)
        with RunStore(self._run) as store:
            line, parts = -1, [dict[str, Any]() for _ in sides]
            for row in store.each(status="completed"):
                if row.line != line:
                    if any(parts):
                        yield line, list(parts)
                    line, parts = row.line, [dict[str, Any]() for _ in sides]
                side = sides.index(row.variant) if self._by_run else 0
                parts[side] = {"run.inputs": row.inputs, "run.outputs": row.outputs}
            if any(parts):
                yield line, list(parts)


def _with_line(error: MappingError, line: int) -> MappingError:
    return MappingError(f"Row {line}: {error.message}", remedy=error.remedy, extra={**error.extra, "line": line})
