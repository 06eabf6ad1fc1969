"""The rows of files as a relation of DuckDB, which can open those files and nothing else."""

import json
from collections.abc import Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

from flowyard.data.previews.columnar import open_parquet
from flowyard.data.previews.findings import Findings
from flowyard.data.previews.lines import BUDGET
from flowyard.data.previews.looking import format_of
from flowyard.data.previews.objects import json_file
from flowyard.data.previews.protocol import Task
from flowyard.data.previews.reading import open_file

_PART = 1024 * 1024
_NOTHING = "(SELECT 1 AS nothing LIMIT 0)"
_LINE = 16 * 1024 * 1024


class Table:
    """The rows that statistics are made of.

    Attributes:
        source: what stands behind FROM.
        whole: these are all rows.
    """

    def __init__(self, task: Task, findings: Findings) -> None:
        self._task = task
        self._findings = findings
        self._scratch = Path(task.scratch)
        self.whole = True
        self._rejects = False
        self.database = duckdb.connect(
            ":memory:",
            config={"threads": 2, "memory_limit": f"{task.memory_mib}MB", "temp_directory": "", "preserve_insertion_order": True},
        )
        self.source = self._open()

    def _open(self) -> str:
        task = self._task
        kinds = {format_of(file, task.form): 0 for file in task.files if format_of(file, task.form)}
        kind = next(iter(kinds), None)
        chosen = [number for number, file in enumerate(task.files) if format_of(file, task.form) == kind]
        if len(kinds) > 1:
            self._findings.add("OtherFiles", "warning", f"Files of {len(kinds)} kinds hold rows; statistics are over those of {kind}.")
            self.whole = False
        if kind == "parquet" and any(task.files[number].path is None for number in chosen):
            return self._arrow(chosen)
        paths = [path for number in chosen if (path := self._local(number, kind)) is not None]
        self._lock(paths)
        return self._reader(kind, paths)

    def take(self, columns: Sequence[str]) -> str:
        """Return what stands behind FROM for statistics of these columns: all rows, or the first ones, kept in memory."""
        sample = self._task.sample or 0
        if not sample:
            return self.source
        listed = ", ".join(map(named, columns)) or "1 AS nothing"
        self.database.execute(f"CREATE TABLE taken AS SELECT {listed} FROM {self.source} LIMIT {sample + 1}")  # noqa: S608
        found = self.database.execute("SELECT count(*) FROM taken").fetchone()
        if found and found[0] > sample:
            self.whole = False
            return f"(SELECT * FROM taken LIMIT {sample})"  # noqa: S608
        return "taken"

    def count_rejected(self) -> None:
        """Say how many lines of a delimited file were not counted, and where the first is, once all were read."""
        if not self._rejects or not self.whole:
            return
        found = self.database.execute("SELECT count(DISTINCT line), min(line), any_value(error_message) FROM reject_errors").fetchone()
        if found and found[0]:
            self._findings.add(
                "RowsLeftOut",
                "warning",
                f"{found[0]} lines cannot be read and are not counted; the first is line {found[1]}.",
                line=found[1],
            )

    def _arrow(self, chosen: list[int]) -> str:
        """Take the first rows of a file that is elsewhere."""
        most = self._task.sample or 100_000
        with closing(open_file(self._task.files, chosen[0])) as opened:
            file = open_parquet(opened, self._task.files[chosen[0]].name, self._findings)
            if file is None:
                return _NOTHING
            table = file.table(most, [name for name, _ in file.columns])
        self.whole = self.whole and len(chosen) == 1 and file.rows <= most
        self.database.register("elsewhere", table)
        self._lock([])
        return "elsewhere"

    def _local(self, number: int, kind: str | None) -> str | None:
        """Return a file of this machine with the rows; of a file elsewhere, and of JSON, one with its beginning."""
        file = self._task.files[number]
        if kind == "json":
            return self._json(number)
        if file.path is not None:
            return file.path
        target = self._scratch / f"{number}{Path(file.name).suffix.lower()}"
        with closing(open_file(self._task.files, number)) as opened, target.open("wb") as out:
            left = BUDGET
            while left > 0 and (part := opened.read(min(_PART, left))):
                out.write(part)
                left -= len(part)
            if file.bytes > BUDGET:
                self.whole = False
                self._findings.add("NotWhole", "info", f"Statistics are over the first {BUDGET // 1024 // 1024} MiB of {file.name}.")
                out.truncate(_line_end(target))
        return str(target)

    def _json(self, number: int) -> str:
        target = self._scratch / f"{number}.jsonl"
        with closing(open_file(self._task.files, number)) as opened, target.open("w", encoding="utf-8") as out:
            for item in islice(json_file(opened, self._task.files[number].name, self._findings, BUDGET), self._task.sample or None):
                if item.row is not None:
                    out.write(json.dumps(item.row) + "\n")
        self.whole = self.whole and self._task.files[number].bytes <= BUDGET
        return str(target)

    def _lock(self, paths: list[str]) -> None:
        """Let DuckDB open these files and nothing else from here on, and be told nothing else."""
        self.database.execute("SET TimeZone = 'UTC'")
        self.database.execute(f"SET allowed_paths = [{', '.join(map(_quoted, paths))}]")
        for name in ("enable_external_access", "autoinstall_known_extensions", "autoload_known_extensions", "allow_community_extensions"):
            self.database.execute(f"SET {name} = false")
        self.database.execute("SET lock_configuration = true")

    def _reader(self, kind: str | None, paths: list[str]) -> str:
        if kind is None or not paths:
            return _NOTHING
        listed = ", ".join(map(_quoted, paths))
        if kind == "parquet":
            return f"read_parquet([{listed}], union_by_name=true)"
        if kind in {"json", "jsonl"}:
            sample = -1 if self._task.sample else 100_000
            return (
                f"read_json([{listed}], format='newline_delimited', ignore_errors=true, union_by_name=true, sample_size={sample}, "
                f"maximum_object_size={_LINE}, map_inference_threshold=-1)"
            )
        delimiter = self._task.form.delimiter or ("\t" if kind == "tsv" else ",")
        options = f"delim={_quoted(delimiter)}, quote='\"', escape='\"', ignore_errors=true, max_line_size={_LINE}"
        sniffed = f"{options}, header={str(self._task.form.header).lower()}, sample_size=-1"
        if len(paths) > 1:
            return f"read_csv([{listed}], {sniffed}, union_by_name=true)"
        # Rows with more values than the header must not make columns, and those with fewer are rows: so the columns are told.
        found = self.database.execute(f"SELECT Columns FROM sniff_csv({listed}, {sniffed})").fetchone()  # noqa: S608
        columns = ", ".join(f"{_quoted(column['name'])}: {_quoted(column['type'])}" for column in (found[0] if found else ()))
        self._rejects = True
        return (
            f"read_csv({listed}, {options}, header={str(self._task.form.header).lower()}, auto_detect=false, columns={{{columns}}}, "
            "null_padding=true, parallel=false, store_rejects=true)"
        )


def _line_end(file: Path) -> int:
    """Return where the last whole line of a file ends."""
    size = file.stat().st_size
    with file.open("rb") as opened:
        opened.seek(max(0, size - _LINE))
        at = opened.read().rfind(b"\n")
    return size if at < 0 else max(0, size - _LINE) + at + 1


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def named(name: Any) -> str:
    """Return a column's name as SQL has it."""
    return '"' + str(name).replace('"', '""') + '"'
