"""Makes a preview: a page of rows of files that hold some, or the beginning of a text, or what files there are."""

from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from flowyard.data.previews.cells import joined, shown, type_of
from flowyard.data.previews.columnar import open_parquet
from flowyard.data.previews.delimited import ColumnTypes, DelimitedFile, Record
from flowyard.data.previews.findings import Findings
from flowyard.data.previews.lines import BUDGET, Lines, text_head
from flowyard.data.previews.objects import Item, json_file, json_lines
from flowyard.data.previews.protocol import PREVIEW_COLUMNS, File, Form, Task
from flowyard.data.previews.reading import open_file
from flowyard.wire.data_previews import DataColumn, DataEntry, DataPreview, DataRow

#: An answer is not larger, and a text that is shown has not more characters.
_ANSWER, _TEXT = 16 * 1024 * 1024, 64 * 1024
#: The types of delimited columns are found in so many rows and cells before the page.
_TYPED_ROWS, _TYPED_CELLS = 1000, 500_000
ROW_FORMATS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "csv", ".tsv": "tsv", ".parquet": "parquet"}
IMAGES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"})
_MOST_IMAGES = 500


def format_of(file: File, form: Form) -> str | None:
    """Return how the rows of a file are written; None where it holds none."""
    return form.format or ROW_FORMATS.get(PurePosixPath(file.name).suffix.lower())


def preview(task: Task) -> DataPreview:
    """Return the preview that a task asks for."""
    findings = Findings()
    numbers = [number for number, file in enumerate(task.files) if format_of(file, task.form)]
    if numbers:
        formats = {format_of(task.files[number], task.form) for number in numbers}
        maker = _parquet_page if formats == {"parquet"} else _delimited_page if formats <= {"csv", "tsv"} else _object_page
        return maker(task, numbers, findings)
    images = [file for file in task.files if PurePosixPath(file.name).suffix.lower() in IMAGES]
    if images:
        entries = tuple(DataEntry(path=file.name, kind="file", bytes=file.bytes) for file in images[:_MOST_IMAGES])
        return DataPreview(columns=(), rows=(), more=len(images) > _MOST_IMAGES, kind="images", images=entries)
    return _text(task, findings) if len(task.files) == 1 else DataPreview(columns=(), rows=(), more=False, kind="files")


def _text(task: Task, findings: Findings) -> DataPreview:
    file = task.files[0]
    with closing(open_file(task.files, 0)) as opened:
        head = opened.read(4096)
        if b"\0" in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            findings.add("Binary", "info", f"{file.name} is no text and holds no rows that are known.", file=file.name)
            return DataPreview(columns=(), rows=(), more=False, kind="files", findings=findings.all())
        opened.seek(0)
        text, more = text_head(opened, file.name, findings, _TEXT)
    suffix = PurePosixPath(file.name).suffix.lower().removeprefix(".")
    return DataPreview(columns=(), rows=(), more=more, kind="text", format=suffix or "txt", text=text, findings=findings.all())


def _window(columns: list[str], task: Task, findings: Findings) -> list[str]:
    """Return the columns that are shown."""
    chosen = columns[task.column_offset : task.column_offset + PREVIEW_COLUMNS]
    if len(columns) > PREVIEW_COLUMNS:
        findings.add(
            "ManyColumns", "info", f"There are {len(columns)} columns; {len(chosen)} are shown, from number {task.column_offset + 1} on."
        )
    return chosen


def _fitting(rows: Iterator[DataRow], limit: int) -> tuple[tuple[DataRow, ...], bool]:
    """Return at most `limit` rows, and as many as fit into an answer; and whether there are more."""
    kept: list[DataRow] = []
    size = 0
    for row in rows:
        size += len(str(row.values)) if row.error is None else len(row.error)
        if len(kept) == limit or (size > _ANSWER and kept):
            return tuple(kept), True
        kept.append(row)
    return tuple(kept), False


def _parquet_page(task: Task, numbers: list[int], findings: Findings) -> DataPreview:
    schema: dict[str, str] = {}
    rows: list[DataRow] = []
    total, at, more, whole = 0, task.offset, False, True
    window: list[str] = []
    for number in numbers:
        if len(rows) > task.limit and number > 20:
            whole = False
            break
        with closing(open_file(task.files, number)) as opened:
            file = open_parquet(opened, task.files[number].name, findings)
            if file is None:
                continue
            schema = {**dict(file.columns), **schema}
            _duplicates([name for name, _ in file.columns], task.files[number].name, findings)
            total += file.rows
            if at >= file.rows:
                at -= file.rows
                continue
            window = window or _window(list(schema), task, findings)
            own = [name for name in window if name in dict(file.columns)]
            left = task.limit + 1 - len(rows)
            for row in file.page(at, left, own) if left > 0 else ():
                values = {name: shown(value) for name, value in row.items()}
                rows.append(DataRow(line=task.offset + len(rows) + 1, values=values))
            at = 0
    fitting, more = _fitting(iter(rows), task.limit)
    columns = window or _window(list(schema), task, findings)
    return DataPreview(
        columns=tuple(columns),
        rows=fitting,
        more=more,
        format="parquet",
        offset=task.offset,
        schema=tuple(DataColumn(name=name, type=kind) for name, kind in schema.items()),
        rows_total=total if whole else None,
        findings=findings.all(),
    )


def _duplicates(names: list[str], file: str, findings: Findings) -> None:
    for name in {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else ():
        findings.add("DuplicateColumn", "warning", f"There are several columns {name!r}; a row has the value of the last.", file=file)


def _delimited_page(task: Task, numbers: list[int], findings: Findings) -> DataPreview:
    types, header = ColumnTypes(), list[str]()
    page: list[tuple[Record, list[str]]] = []
    count, cells, cut = 0, 0, False
    for number in numbers:
        if len(page) > task.limit:
            break
        with closing(open_file(task.files, number)) as opened:
            lines = Lines(opened, task.files[number].name, findings)
            table = DelimitedFile(lines, task.files[number].name, task.form, findings)
            for record in table.records():
                wanted = count >= task.offset
                if record.error is None and (wanted or (count < _TYPED_ROWS and cells < _TYPED_CELLS)):
                    types.add(record.cells)
                    cells += len(record.cells)
                count += 1
                if wanted:
                    page.append((record, table.header))
                if len(page) > task.limit:
                    break
            header += [name for name in table.header if name not in set(header)]
            cut = cut or lines.cut
    _say_cut(cut, findings)
    window = _window(header, task, findings)
    fitting, more = _fitting(_delimited_rows(page, types, window, task.offset), task.limit)
    schema = tuple(DataColumn(name=name, type=types.name(at)) for at, name in enumerate(header))
    total = None if more or cut or (count == 0 and task.offset) else count
    return DataPreview(
        columns=tuple(window), rows=fitting, more=more or cut, format="tsv" if task.files[numbers[0]].name.endswith(".tsv") else "csv",
        offset=task.offset, schema=schema, rows_total=total, findings=findings.all(),
    )  # fmt: skip


def _delimited_rows(page: list[tuple[Record, list[str]]], types: ColumnTypes, window: list[str], offset: int) -> Iterator[DataRow]:
    kept = set(window)
    for number, (record, header) in enumerate(page, offset + 1):
        if record.error is not None:
            yield DataRow(line=number, values={}, error=record.error)
            continue
        values: dict[str, Any] = dict.fromkeys(name for name in header if name in kept)
        for at, (name, cell) in enumerate(zip(header, record.cells, strict=False)):
            if name in kept:
                values[name] = shown(types.value(at, cell))
        yield DataRow(line=number, values=values)


def _items(task: Task, numbers: list[int], findings: Findings) -> Iterator[Item]:
    for number in numbers:
        file = task.files[number]
        kind = format_of(file, task.form)
        with closing(open_file(task.files, number)) as opened:
            if kind == "json":
                yield from json_file(opened, file.name, findings, BUDGET)
            elif kind == "parquet":
                found = open_parquet(opened, file.name, findings)
                for at, row in enumerate(found.page(0, found.rows, [name for name, _ in found.columns]) if found else ()):
                    yield Item(at, row)
            else:
                lines = Lines(opened, file.name, findings)
                yield from json_lines(lines, file.name, findings) if kind == "jsonl" else _as_objects(lines, file, task.form, findings)
                _say_cut(lines.cut, findings)


def _as_objects(lines: Lines, file: File, form: Form, findings: Findings) -> Iterator[Item]:
    table = DelimitedFile(lines, file.name, form, findings)
    for record in table.records():
        yield Item(record.line, None if record.error else dict(zip(table.header, record.cells, strict=False)), record.error)


def _object_page(task: Task, numbers: list[int], findings: Findings) -> DataPreview:
    taken = list(islice(_items(task, numbers, findings), task.offset, task.offset + task.limit + 1))
    types: dict[str, dict[str, int]] = {}
    for item in taken[: task.limit]:
        for name, value in (item.row or {}).items():
            known = types.setdefault(str(name), {})
            if (kind := type_of(value)) is not None:
                known.setdefault(kind, item.line)
    _say_types(types, findings)
    window = _window(list(types), task, findings)
    kept = set(window)
    rows = (
        DataRow(line=number, values={name: shown(value) for name, value in (item.row or {}).items() if name in kept}, error=item.error)
        for number, item in enumerate(taken, task.offset + 1)
    )
    fitting, more = _fitting(rows, task.limit)
    more = more or findings.has("NotWhole")
    return DataPreview(
        columns=tuple(window), rows=fitting, more=more, format=format_of(task.files[numbers[0]], task.form), offset=task.offset,
        schema=tuple(DataColumn(name=name, type=joined(set(found))) for name, found in types.items()),
        rows_total=task.offset + len(taken) if not more and (taken or not task.offset) else None, findings=findings.all(),
    )  # fmt: skip


def _say_types(types: dict[str, dict[str, int]], findings: Findings) -> None:
    nested = [name for name, found in types.items() if {"list", "struct"} & set(found)]
    if nested:
        findings.add("NestedColumns", "info", f"Columns with lists or objects, shown as JSON: {', '.join(nested[:10])}.")
    for name, found in types.items():
        if joined(set(found)) == "mixed":
            told = ", ".join(f"{kind} (first on line {line})" for kind, line in found.items())
            findings.add("MixedTypes", "warning", f"The column {name!r} has values of several types: {told}.", key=name)


def _say_cut(cut: bool, findings: Findings) -> None:
    if cut:
        findings.add("NotWhole", "info", f"Rows behind the first {BUDGET // 1024 // 1024} MiB of a file are not shown.")
