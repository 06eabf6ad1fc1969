"""Rows of a query, each a document in Markdown."""

import math
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flowyard.data.datastores.ports import TableSource
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.rag.model import MetadataValue
from flowyard.rag.sources.manifest import MOST_BYTES, MOST_DOCUMENTS, Manifest, ManifestEntry
from flowyard.rag.sources.ports import Before, Gathered, Watch
from flowyard.wire.index_origins import SqlOrigin

#: The longest that a statement and the reading of its rows may take.
_LONGEST_S = 6 * 3600.0
#: Longer texts are no metadata; a file's name has at most so many bytes on most file systems, with its ending.
_LONGEST_VALUE, _LONGEST_NAME = 1000, 200
#: Integers beyond are no numbers that a search could compare.
_LARGEST = 2**53


class SqlSource:
    """Implements `DocumentSource`. A row's file is called by its key; a row that did not change has the same bytes.

    Args:
        origin: the statement, and what its columns are.
        tables: the database.
    """

    def __init__(self, origin: SqlOrigin, tables: TableSource) -> None:
        self._origin = origin
        self._tables = tables
        self._bytes = 0

    def stamp(self) -> None:
        """See `DocumentSource.stamp`: a database does not tell."""
        return

    def parameters(self) -> dict[str, Any]:
        """See `DocumentSource.parameters`."""
        return {"datastore": self._origin.datastore, "query": self._origin.query}

    def gather(self, folder: Path, before: Before | None, watch: Watch) -> Gathered:
        """See `DocumentSource.gather`.

        Raises:
            QueryError: the statement is wrong, changes something, or takes too long.
            InvalidInputError: a column is missing, a key is empty or comes twice, or there are no rows or too many.
        """
        del before
        entries = dict[str, ManifestEntry]()
        with self._tables.query(self._origin.query, seconds=_LONGEST_S, batch_rows=1000) as answer:
            self._check(list(answer.schema.names))
            for batch in answer.batches:
                for row in batch.to_pylist():
                    entry = self._put(folder, row, entries)
                    entries[entry.file] = entry
                watch(len(entries), "")
        if not entries:
            raise InvalidInputError("The query gives no rows.", remedy="Check it with: flowyard datastore query NAME SQL")
        return Gathered(manifest=Manifest.of(entries.values()))

    def _check(self, names: list[str]) -> None:
        wanted = [self._origin.key, *self._origin.text, *([self._origin.title] if self._origin.title else [])]
        missing = next((name for name in wanted if name not in names), None)
        if missing is not None:
            raise InvalidInputError(
                f"The query gives no column {missing!r}.",
                remedy=f"It gives {', '.join(map(repr, names))}: name one of these, or select it.",
                location=Location(pointer="/origin/sql"),
            )

    def _put(self, folder: Path, row: dict[str, Any], there: dict[str, ManifestEntry]) -> ManifestEntry:
        key = row[self._origin.key]
        name = f"{quote(str(key), safe=' ')}.md" if key is not None else ""
        if not name or name.startswith(".") or len(name) > _LONGEST_NAME:
            raise InvalidInputError(
                f"A row has the key {str(key)[:80]!r}.",
                remedy=f"Select a key that is not empty and has at most {_LONGEST_NAME - 3} letters.",
            )
        if name in there:
            raise InvalidInputError(f"Two rows have the key {str(key)!r}.", remedy="Name a column that is another for each row.")
        if len(there) == MOST_DOCUMENTS:
            raise InvalidInputError(f"The query gives more than {MOST_DOCUMENTS:,} rows.", remedy="Select fewer.")
        data = self._text(row).encode()
        self._bytes += len(data)
        if self._bytes > MOST_BYTES:
            raise InvalidInputError(f"The query gives more than {MOST_BYTES:,} bytes of text.", remedy="Select fewer rows.")
        (folder / name).write_bytes(data)
        return ManifestEntry(file=name, metadata=self._metadata(row))

    def _text(self, row: dict[str, Any]) -> str:
        title = row[self._origin.title] if self._origin.title else None
        texts = [(name, str(row[name]).strip()) for name in self._origin.text if row[name] is not None]
        parts = [f"# {' '.join(str(title).split())}"] if title is not None else []
        parts += [text if len(self._origin.text) == 1 else f"## {name}\n\n{text}" for name, text in texts if text]
        return "\n\n".join(parts) + "\n"

    def _metadata(self, row: dict[str, Any]) -> dict[str, MetadataValue]:
        apart = {self._origin.title, *self._origin.text}
        found = {name: _value(value) for name, value in row.items() if name not in apart}
        return {name: value for name, value in found.items() if value is not None}


def _value(value: Any) -> MetadataValue | None:
    """Return what can be filtered by; None where a value cannot."""
    match value:
        case bool():
            return value
        case int():
            return value if abs(value) < _LARGEST else str(value)
        case float() | Decimal():
            return float(value) if math.isfinite(value) else None
        case datetime() | date() | time():
            return value.isoformat()
        case str():
            return value if len(value) <= _LONGEST_VALUE else None
        case _:
            return None
