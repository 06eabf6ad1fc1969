"""Parquet: the footer, and of the row groups only what a page of rows needs."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, BinaryIO

from flowyard.data.previews.findings import Findings

_BUFFER = 1024 * 1024
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """An open file: its number of rows, and its columns' names and types in order."""

    opened: Any
    rows: int
    columns: tuple[tuple[str, str], ...]

    def page(self, offset: int, limit: int, columns: list[str]) -> Iterator[dict[str, Any]]:
        """Yield `limit` rows from `offset` on. Row groups before it are not read, and columns that are not asked for neither."""
        for batch in self._batches(offset, limit, columns):
            yield from batch.to_pylist()

    def table(self, limit: int, columns: list[str]) -> Any:
        """Return the first rows as an Arrow table."""
        return import_module("pyarrow").Table.from_batches(
            list(self._batches(0, limit, columns, 10_000)), _chosen(self.opened.schema_arrow, columns)
        )

    def _batches(self, offset: int, limit: int, columns: list[str], size: int = _AT_ONCE) -> Iterator[Any]:
        groups: list[int] = []
        for group in range(self.opened.metadata.num_row_groups):
            rows = int(self.opened.metadata.row_group(group).num_rows)
            if not groups and offset >= rows:
                offset -= rows
            else:
                groups.append(group)
        left = limit
        for batch in self.opened.iter_batches(
            batch_size=min(size, max(limit, 1)) if offset == 0 else 10_000, row_groups=groups, columns=columns
        ):
            some = batch.slice(offset, left)
            offset = max(0, offset - len(batch))
            left -= len(some)
            yield some
            if left <= 0:
                return


def open_parquet(file: BinaryIO, name: str, findings: Findings) -> ParquetFile | None:
    """Read the footer of a file; None, with a finding, where it is no Parquet file."""
    arrow: Any = import_module("pyarrow")
    parquet: Any = import_module("pyarrow.parquet")
    try:
        opened = parquet.ParquetFile(arrow.PythonFile(file, mode="r"), buffer_size=_BUFFER, pre_buffer=False)
    except (arrow.ArrowException, OSError) as error:
        findings.add("InvalidParquet", "error", f"{name} is no Parquet file that can be read: {error}", file=name)
        return None
    schema = opened.schema_arrow
    columns = tuple((str(field.name), str(field.type)) for field in schema)
    return ParquetFile(opened, int(opened.metadata.num_rows), columns)


def _chosen(schema: Any, columns: list[str]) -> Any:
    arrow: Any = import_module("pyarrow")
    wanted = set(columns)
    return arrow.schema([field for field in schema if field.name in wanted])
