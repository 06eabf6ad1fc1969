"""CSV and TSV: records with the line where each begins, and what is wrong with the file."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flowyard.data.previews.findings import Findings
from flowyard.data.previews.lines import Lines
from flowyard.data.previews.protocol import Form
from flowyard.data.rows import CELL_TYPES, Cell, narrow

_CELL_LIMIT = 1024 * 1024
#: A record over so many lines is most likely a quote that was never closed.
_MANY_LINES = 200
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


@dataclass(frozen=True, slots=True)
class Record:
    """A record: the line where it begins, its cells, or why it cannot be read."""

    line: int
    cells: list[str]
    error: str | None = None


class DelimitedFile:
    """The records of one file. `header` is there once the first record was read."""

    def __init__(self, lines: Lines, name: str, form: Form, findings: Findings) -> None:
        self._lines = lines
        self._name = name
        self._delimiter = form.delimiter or ("\t" if name.lower().endswith(".tsv") else ",")
        self._has_header = form.header
        self._findings = findings
        self.header: list[str] = []

    def records(self) -> Iterator[Record]:
        """Yield the records behind the header."""
        for record in self._raw():
            if not self.header and record.error is None:
                first = record.cells if self._has_header else [f"column{at}" for at in range(len(record.cells))]
                self.header = self._named(first, record.line)
                if self._has_header:
                    continue
            yield self._checked(record)

    def _raw(self) -> Iterator[Record]:
        csv.field_size_limit(_CELL_LIMIT)
        reader = csv.reader(self._lines, delimiter=self._delimiter)
        while True:
            began = self._lines.number + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                self._broken(began, str(error))
                yield Record(began, [], f"Line {began} of {self._name} cannot be read: {error}")
                continue
            if cells is None:
                return
            if self._lines.number - began > _MANY_LINES:
                self._findings.add(
                    "QuoteNotClosed", "error", f"A record begins on line {began} and ends on line {self._lines.number}: a quote is open.",
                    remedy="Close the quote on that line, or write it twice where it is meant.", file=self._name, line=began,
                )  # fmt: skip
            if cells:
                yield Record(began, cells)

    def _checked(self, record: Record) -> Record:
        wanted, got = len(self.header), len(record.cells)
        if record.error is not None or got == wanted:
            return record
        if got > wanted:
            reason = f"{got} values for {wanted} columns"
            self._broken(record.line, reason)
            return Record(record.line, record.cells, f"Line {record.line} of {self._name} cannot be read: {reason}")
        self._findings.add(
            "ShortRow", "warning", f"Line {record.line} has {got} values for {wanted} columns; the others are empty.",
            file=self._name, line=record.line,
        )  # fmt: skip
        return record

    def _broken(self, line: int, reason: str) -> None:
        self._findings.add(
            "BrokenRow", "error", f"Line {line} cannot be read: {reason}.", file=self._name, line=line,
            remedy="Correct the line; the other rows are not touched.",
        )  # fmt: skip

    def _named(self, header: list[str], line: int) -> list[str]:
        """Return different names for all columns, as DuckDB makes them: ``a``, ``a_1``."""
        if len(header) == 1 and self._delimiter == ",":
            other = max(_SEPARATORS, key=header[0].count)
            if header[0].count(other):
                self._findings.add(
                    "OtherSeparator", "warning", f"The header has no commas and {header[0].count(other)} {_SEPARATORS[other]}: "
                    "it is read as one column.", remedy="Write commas, or describe the file with an MLTable.", file=self._name, line=line,
                )  # fmt: skip
        names: dict[str, None] = {}
        for at, name in enumerate(header):
            chosen = name or f"column{at}"
            if chosen in names:
                self._findings.add(
                    "DuplicateColumn", "warning", f"There are several columns {name!r}; a row has the value of the last.",
                    remedy="Give them different names.", file=self._name, line=line, key=name,
                )  # fmt: skip
            number = 0
            while chosen in names:
                number += 1
                chosen = f"{name}_{number}"
            names[chosen] = None
        return list(names)


class ColumnTypes:
    """Finds what the columns of texts are: numbers or truth values where all of them are, as a data frame has it."""

    def __init__(self) -> None:
        self._found: list[Cell | None] = []

    def add(self, cells: list[str]) -> None:
        """Take a record into account."""
        self._found += [None] * (len(cells) - len(self._found))
        self._found[: len(cells)] = [kind if kind is str else narrow(kind, cell) for kind, cell in zip(self._found, cells, strict=False)]

    def value(self, at: int, cell: str) -> Any:
        """Return a cell as what its column is."""
        kind = self._found[at] if at < len(self._found) else None
        return cell if kind is None else kind(cell)

    def name(self, at: int) -> str:
        """Return a column's type in Arrow's words."""
        kind = self._found[at] if at < len(self._found) else None
        return "null" if kind is None else CELL_TYPES[kind]
