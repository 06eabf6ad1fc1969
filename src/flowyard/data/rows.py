"""Rows of data: JSON lines, JSON, CSV, TSV, Parquet, or a folder of such files. A row that cannot be read is an error of that row alone."""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from flowyard.data.errors import DataError, RowError
from flowyard.foundation.codecs import from_json
from flowyard.foundation.errors import FlowyardError, Location, MissingExtraError

Row = dict[str, Any]
Rows = Iterator["Row | RowError"]
#: A cell of a CSV file may have so many characters: prompts and documents are long.
_CELL_LIMIT = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class DataSet:
    """Data that can be read, as often as wanted.

    Attributes:
        path: the file or folder.
        folder: what relative paths in the rows (of images) start from.
        files: the files that hold rows, in order.
    """

    path: Path
    folder: Path
    files: tuple[Path, ...]

    def rows(self) -> Rows:
        """Yield the rows in order; a `RowError` stands in the place of one that cannot be read.

        Raises:
            DataError: a file cannot be read at all.
        """
        for file in self.files:
            yield from _READERS[file.suffix.lower()](file)

    def count(self) -> int | None:
        """Return how many rows there are where that is cheap to know, else None."""
        total = 0
        for file in self.files:
            counted = _COUNTERS[file.suffix.lower()](file)
            if counted is None:
                return None
            total += counted
        return total


def open_data(path: Path) -> DataSet:
    """Look at the data at `path`: a file, or a folder, whose data files count in the order of their names.

    Raises:
        DataError: there is none, or it has no form that is known.
    """
    if path.is_dir():
        files = tuple(sorted(file for file in path.iterdir() if file.suffix.lower() in _READERS and not file.name.startswith(".")))
        if not files:
            raise DataError(f"The folder {str(path)!r} has no data files.", remedy=f"Put a file of one of these kinds into it: {_KINDS}.")
        return DataSet(path, path, files)
    if not path.is_file():
        raise DataError(f"There is no data at {str(path)!r}.", remedy=f"Name a file ({_KINDS}) or a folder.")
    if path.suffix.lower() not in _READERS:
        raise DataError(f"The data {path.name!r} is of no kind that can be read.", remedy=f"Kinds: {_KINDS}.")
    return DataSet(path, path.parent, (path,))


def _json_lines(file: Path) -> Rows:
    with _open(file, "rb") as lines:
        for number, line in enumerate(cast("Iterator[bytes]", lines), 1):
            text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if text.strip():
                yield _object(file, number, text)


def _object(file: Path, number: int, text: bytes) -> Row | RowError:
    try:
        return _as_row(file, number, from_json(text))
    except FlowyardError as error:
        return _python_json(file, number, text, error.message)


def _python_json(file: Path, number: int, text: bytes, reason: str) -> Row | RowError:
    """Python writes NaN and Infinity, which JSON does not have; data sets are full of them."""
    try:
        return _as_row(file, number, json.loads(text))
    except (ValueError, RecursionError):
        return _bad(file, number, reason)


def _as_row(file: Path, number: int, found: Any) -> Row | RowError:
    if isinstance(found, dict):
        return cast("Row", found)
    return _bad(file, number, f"expected a JSON object, got {type(found).__name__}")


def _json(file: Path) -> Rows:
    """Read a list of objects, or one object of columns (name to list), or one object, which is one row."""
    with _open(file, "rb") as source:
        data: bytes = source.read()
    try:
        found: Any = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{file.name} is no JSON: {error}.", remedy="Correct the file, or write one object a line (.jsonl).") from error
    for number, item in enumerate(_items(file, found), 1):
        yield _as_row(file, number, item)


def _items(file: Path, found: Any) -> list[Any]:
    if isinstance(found, list):
        return cast("list[Any]", found)
    if not isinstance(found, dict):
        raise DataError(
            f"{file.name} must hold a list of objects, got {type(found).__name__}.", remedy='Write [{"column": value, ...}, ...].'
        )
    columns = cast("dict[str, Any]", found)
    lists = [cast("list[Any]", value) for value in columns.values() if isinstance(value, list)]
    if lists and len(lists) == len(columns) and len({len(value) for value in lists}) == 1:
        return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return [columns]


def _separated(file: Path, delimiter: str) -> Rows:
    """Read delimited text. A column is of numbers or truth values where all of it is, as a data frame has it."""
    found: list[Cell | None] = []
    for number, cells in _table(file, delimiter):
        if not isinstance(cells, csv.Error) and number > 0:
            found += [None] * (len(cells) - len(found))
            found[: len(cells)] = [narrow(kind, cell) for kind, cell in zip(found, cells, strict=False)]
    kinds = [kind or str for kind in found]
    header: list[str] = []
    for number, cells in _table(file, delimiter):
        if isinstance(cells, csv.Error):
            yield _bad(file, abs(number), str(cells))
        elif number < 0:
            header = cells
        else:
            yield _cells(file, number, header, kinds, cells)


def _table(file: Path, delimiter: str) -> "Iterator[tuple[int, list[str] | csv.Error]]":
    """Yield records with the number of their first line; that of the header is negative."""
    csv.field_size_limit(_CELL_LIMIT)
    with _open(file, "r") as source:
        reader = csv.reader(source, delimiter=delimiter)
        sign = -1
        while True:
            began = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield sign * began, error
                continue
            if cells is None:
                return
            if cells:
                yield sign * began, cells
                sign = 1


Cell = Callable[[str], Any]


def narrow(kind: Cell | None, cell: str) -> Cell:
    """Return what a column is that was `kind` so far (None: nothing yet) and has `cell` in it."""
    for wider in _WIDER[kind]:
        try:
            wider(cell)
        except ValueError:
            continue
        return wider
    return str


def _whole(text: str) -> int:
    if "_" in text:
        raise ValueError(text)
    return int(text)


def _number(text: str) -> float:
    if "_" in text:
        raise ValueError(text)
    return float(text)


_TRUTHS = {"True": True, "TRUE": True, "true": True, "False": False, "FALSE": False, "false": False}


def _truth(text: str) -> bool:
    if text not in _TRUTHS:
        raise ValueError(text)
    return _TRUTHS[text]


#: What a column may become when a cell does not fit: in this order.
_WIDER: dict[Cell | None, tuple[Cell, ...]] = {
    None: (_whole, _number, _truth),
    _whole: (_whole, _number),
    _number: (_number,),
    _truth: (_truth,),
    str: (),
}
#: What they are in Arrow's words.
CELL_TYPES: dict[Cell, str] = {_whole: "int64", _number: "double", _truth: "bool", str: "string"}


def _cells(file: Path, number: int, header: list[str], kinds: list[Cell], cells: list[str]) -> Row | RowError:
    if len(cells) > len(header):
        return _bad(file, number, f"{len(cells)} values for {len(header)} columns")
    row: Row = dict.fromkeys(header)
    row.update((name, kind(cell)) for name, kind, cell in zip(header, kinds, cells, strict=False))
    return row


def _parquet(file: Path) -> Rows:
    for batch in _parquet_file(file).iter_batches(batch_size=1000):
        yield from batch.to_pylist()


def _parquet_file(file: Path) -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtraError("Reading Parquet", "server") from error
    try:
        return cast("Any", pyarrow.parquet).ParquetFile(file)
    except (cast("Any", pyarrow).ArrowException, OSError) as error:
        raise DataError(f"{file.name} is no Parquet file that can be read: {error}.") from error


def _bad(file: Path, number: int, reason: str) -> RowError:
    return RowError(
        f"Line {number} of {file.name} cannot be read: {reason}",
        remedy="Correct the line; the other rows are not touched.",
        location=Location(file=file.name, line=number),
    )


def _open(file: Path, mode: str) -> Any:
    try:
        return file.open(mode, encoding=None if "b" in mode else "utf-8-sig", newline=None if "b" in mode else "")
    except OSError as error:
        raise DataError(f"{str(file)!r} cannot be read: {error.strerror}.", remedy="Check the file and its permissions.") from error


def _count_lines(file: Path) -> int:
    with _open(file, "rb") as lines:
        return sum(1 for line in lines if line.strip())


def _unknown(file: Path) -> int | None:
    del file
    return None


_READERS: dict[str, Callable[[Path], Rows]] = {
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".json": _json,
    ".csv": lambda file: _separated(file, ","),
    ".tsv": lambda file: _separated(file, "\t"),
    ".parquet": _parquet,
}
_COUNTERS: dict[str, Callable[[Path], int | None]] = {
    ".jsonl": _count_lines,
    ".ndjson": _count_lines,
    ".json": _unknown,
    ".csv": _unknown,
    ".tsv": _unknown,
    ".parquet": lambda file: int(_parquet_file(file).metadata.num_rows),
}
_KINDS = ", ".join(_READERS)
#: The endings of files that hold rows.
ENDINGS = frozenset(_READERS)
