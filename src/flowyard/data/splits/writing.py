"""Reads the rows of a split and writes them to its parts, in their order: Parquet stays Parquet, all else becomes JSON lines."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from flowyard.data.errors import DataError, RowError
from flowyard.data.rows import DataSet
from flowyard.foundation.codecs import to_json

#: A column to stratify by has at most so many different values.
MOST_STRATA = 10_000
_AT_ONCE = 10_000

#: Told how many rows were read so far.
Progress = Callable[[int], None]


class Strata:
    """The values of the stratified column, numbered in the order of their text, so that the order of rows decides nothing."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._found: list[int] = []

    def add(self, value: Any) -> None:
        """Take the next row's value."""
        text = value if isinstance(value, str) else to_json(value).decode() if value is not None else ""
        if (number := self._known.get(text)) is None:
            if len(self._known) >= MOST_STRATA:
                raise DataError(
                    f"The column has more than {MOST_STRATA} different values.", remedy="Stratify by a column with few, such as a label."
                )
            number = self._known[text] = len(self._known)
        self._found.append(number)

    def numbers(self) -> tuple[Any, list[str]]:
        """Return the stratum of each row, and the strata's values in order."""
        names = sorted(self._known)
        place = {name: at for at, name in enumerate(names)}
        renumbered = np.array([place[name] for name in self._known], dtype=np.int64)
        return renumbered[np.array(self._found, dtype=np.int64)] if self._found else np.zeros(0, dtype=np.int64), names


def is_parquet(data: DataSet) -> bool:
    """Whether all files of data are Parquet."""
    return all(file.suffix.lower() == ".parquet" for file in data.files)


def read_strata(data: DataSet, column: str | None, progress: Progress) -> tuple[Any, list[str]]:
    """Return the stratum of each row, and the values of the strata; without a column there is one.

    Raises:
        DataError: no row has the column, or it has too many different values.
        RowError: a row cannot be read.
    """
    if column is None and is_parquet(data):
        return np.zeros(data.count() or 0, dtype=np.int64), [""]
    strata, seen, count = Strata(), False, 0
    for count, row in enumerate(_values(data, column), 1):
        strata.add(row[0])
        seen = seen or row[1]
        if count % _AT_ONCE == 0:
            progress(count)
    if column is not None and count and not seen:
        raise DataError(f"No row has a column {column!r}.", remedy="See the columns with: flowyard data preview NAME")
    return strata.numbers()


def _values(data: DataSet, column: str | None) -> Iterator[tuple[Any, bool]]:
    for row in data.rows():
        if isinstance(row, RowError):
            raise row
        yield ("", True) if column is None else (row.get(column), column in row)


def write_parts(data: DataSet, parts: Any, folders: Sequence[Path], progress: Progress) -> None:
    """Write each row to the folder of its part.

    Args:
        data: the rows.
        parts: the part of each row.
        folders: an empty folder for each part.
        progress: told how far it is.
    """
    if is_parquet(data):
        _write_parquet(data, parts, folders, progress)
        return
    with ExitStack() as stack:
        files = [stack.enter_context((folder / "data.jsonl").open("wb")) for folder in folders]
        for number, row in enumerate(data.rows()):
            if isinstance(row, RowError):
                raise row
            files[int(parts[number])].write(to_json(row) + b"\n")
            if number % _AT_ONCE == 0:
                progress(number)


def _write_parquet(data: DataSet, parts: Any, folders: Sequence[Path], progress: Progress) -> None:
    parquet: Any = import_module("pyarrow.parquet")
    arrow: Any = import_module("pyarrow")
    schema = parquet.ParquetFile(data.files[0]).schema_arrow
    at = 0
    with ExitStack() as stack:
        writers = [stack.enter_context(parquet.ParquetWriter(folder / "data.parquet", schema, compression="zstd")) for folder in folders]
        for file in data.files:
            opened = parquet.ParquetFile(file)
            if not opened.schema_arrow.equals(schema):
                raise DataError(f"{file.name} has other columns than {data.files[0].name}.", remedy="Make their columns the same first.")
            for batch in opened.iter_batches(batch_size=_AT_ONCE):
                mine = parts[at : at + len(batch)]
                for part, writer in enumerate(writers):
                    chosen = batch.filter(arrow.array(mine == part))
                    if len(chosen):
                        writer.write_batch(chosen)
                at += len(batch)
                progress(at)
