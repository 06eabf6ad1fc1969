"""Previews of files: what is shown of each form, what is said of broken ones, and what is read for it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flowyard.data.errors import DataError
from flowyard.data.previews.child import look
from flowyard.data.previews.protocol import File, Form, Refused, Task
from flowyard.data.previews.runner import PreviewRunner
from flowyard.data.previews.service import PreviewService
from flowyard.data.views import View, ViewedFile, local_view
from flowyard.wire.data_previews import ColumnStatistics, DataPreview, DataStatistics


def task_of(*paths: Path, **options: Any) -> Task:
    files = [File(path.name, path.stat().st_size, str(path)) for path in paths]
    return Task(files=files, form=options.pop("form", Form()), **options)


def shown(*paths: Path, **options: Any) -> DataPreview:
    said = look(task_of(*paths, **options))
    assert not isinstance(said, Refused), said
    assert said.preview is not None
    return said.preview


def counted(folder: Path, *paths: Path, **options: Any) -> DataStatistics:
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    said = look(task_of(*paths, scratch=str(scratch), **{"sample": 1000, "memory_mib": 1024, **options}))
    assert not isinstance(said, Refused), said
    assert said.statistics is not None
    return said.statistics


def codes(found: DataPreview | DataStatistics) -> dict[str, tuple[int | None, int]]:
    return {finding.code: (finding.line, finding.count) for finding in found.findings}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def written(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


Write = Callable[[str, str | bytes], Path]


def test_delimited_text_has_a_schema_and_pages(write: Write) -> None:
    file = write("a.csv", "id,name,ok,x\n" + "".join(f'{n},"n, {n}",true,{n}.5\n' for n in range(10)))
    found = shown(file, limit=3, offset=4)
    assert [(column.name, column.type) for column in found.schema] == [
        ("id", "int64"), ("name", "string"), ("ok", "bool"), ("x", "double"),
    ]  # fmt: skip
    assert [row.line for row in found.rows] == [5, 6, 7]
    assert found.rows[0].values == {"id": 4, "name": "n, 4", "ok": True, "x": 4.5}
    assert (found.more, found.rows_total, found.findings) == (True, None, ())
    last = shown(file, limit=10)
    assert (last.more, last.rows_total) == (False, 10)
    assert shown(write("b.tsv", "a\tb\n1\t2\n")).rows[0].values == {"a": 1, "b": 2}


def test_broken_rows_of_delimited_text_are_said_with_their_lines(write: Write) -> None:
    found = shown(write("a.csv", 'a,b\n1,2\n3,4,5\n"two\nlines",6\n7\n8,9,10,11\n'))
    assert codes(found) == {"BrokenRow": (3, 2), "ShortRow": (6, 1)}
    assert [row.error is None for row in found.rows] == [True, False, True, True, False]
    assert "Line 3 of a.csv" in str(found.rows[1].error)
    assert found.rows[2].values == {"a": "two\nlines", "b": 6}
    assert found.rows[3].values == {"a": "7", "b": None}


def test_lines_of_another_encoding_are_found_and_shown(write: Write) -> None:
    found = shown(write("a.csv", "name\nMünchen\n".encode() + "Köln\nGraz\n".encode("cp1252")))
    assert [row.values["name"] for row in found.rows] == ["München", "Köln", "Graz"]
    assert codes(found) == {"NotUtf8": (3, 1)}
    wide = shown(write("b.csv", "name\nKöln\n".encode("utf-16")))
    assert [row.values["name"] for row in wide.rows] == ["Köln"]
    assert codes(wide) == {"NotUtf8": (1, 1)}
    assert shown(write("c.csv", b"\xef\xbb\xbfname\nx\n")).columns == ("name",)


def test_headers_that_are_odd(write: Write) -> None:
    found = shown(write("a.csv", "a,a,,a\n1,2,3,4\n"))
    assert found.columns == ("a", "a_1", "column2", "a_2")
    assert codes(found) == {"DuplicateColumn": (1, 2)}
    assert codes(shown(write("b.csv", "a;b\n1;2\n"))) == {"OtherSeparator": (1, 1)}
    empty = shown(write("c.csv", ""))
    assert (empty.columns, empty.rows, empty.rows_total) == ((), (), 0)
    assert shown(write("d.csv", "a,b\n")).columns == ("a", "b")


def test_a_quote_that_is_never_closed(write: Write) -> None:
    found = shown(write("a.csv", 'a,b\n1,2\n3,"open\n' + "4,5\n" * 1000))
    assert codes(found)["QuoteNotClosed"] == (3, 1)
    assert found.rows[0].values == {"a": 1, "b": "2"}


def test_ten_thousand_columns(write: Write, tmp_path: Path) -> None:
    names = [f"c{n}" for n in range(10_000)]
    file = write("a.csv", ",".join(names) + "\n" + ",".join(map(str, range(10_000))) + "\n")
    found = shown(file, column_offset=9_900)
    assert (len(found.schema), len(found.columns), found.columns[0]) == (10_000, 100, "c9900")
    assert found.rows[0].values["c9999"] == 9999
    assert "ManyColumns" in codes(found)
    figures = counted(tmp_path, file, column_offset=9_990)
    assert (figures.columns_total, [column.name for column in figures.columns][-1]) == (10_000, "c9999")


def test_json_lines_with_nested_and_mixed_values(write: Write) -> None:
    rows = [{"q": "a", "n": 1}, {"q": {"x": [1]}, "n": 2.5}, {"q": None, "more": [1, 2]}]
    found = shown(write("a.jsonl", "".join(json.dumps(row) + "\n" for row in rows) + '\n{"q": \n[1]\n'))
    assert {column.name: column.type for column in found.schema} == {"q": "mixed", "n": "double", "more": "list"}
    assert codes(found) == {"BrokenRow": (5, 2), "MixedTypes": (None, 1), "NestedColumns": (None, 1)}
    assert found.rows[1].values["q"] == {"x": [1]}
    assert "column 6" in str(found.rows[3].error)
    assert "expected a JSON object, got list" in str(found.rows[4].error)
    assert (found.more, found.rows_total) == (False, 5)
    assert shown(write("b.jsonl", '{"a": NaN, "b": 12345678901234567890}\n')).rows[0].values == {"a": "nan", "b": "12345678901234567890"}
    deep = shown(write("c.jsonl", "[" * 100_000 + "\n"))
    assert "BrokenRow" in codes(deep)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('[{"a": 1}, {"a": 2}]', [{"a": 1}, {"a": 2}]),
        ('{"a": [1, 2], "b": ["x", "y"]}', [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]),
        ('{"a": 1}', [{"a": 1}]),
        ('[{"a": 1}, {"a": ', [{"a": 1}]),
    ],
)
def test_json(write: Write, text: str, rows: list[dict[str, Any]]) -> None:
    found = shown(write("a.json", text))
    assert [row.values for row in found.rows] == rows
    assert ("InvalidJson" in codes(found)) == text.endswith(": ")


def test_text_pictures_and_what_is_neither(write: Write) -> None:
    text = shown(write("a.md", "# Title\n\nwords\n"))
    assert (text.kind, text.format, text.text, text.more) == ("text", "md", "# Title\n\nwords\n", False)
    long = shown(write("b.txt", "x" * 100_000))
    assert (long.more, len(long.text or "")) == (True, 64 * 1024)
    assert shown(write("c.png", b"\x89PNG\r\n\x1a\n")).images[0].path == "c.png"
    binary = shown(write("d.pdf", b"%PDF-1.7\0\1\2"))
    assert (binary.kind, list(codes(binary))) == ("files", ["Binary"])


def parquet_file(path: Path, rows: int, *, group: int = 1000) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {"n": list(range(rows)), "x": [n / 7 for n in range(rows)], "word": [f"w{n % 10}" for n in range(rows)], "blob": [b"12"] * rows}
    )
    pq.write_table(table, path, row_group_size=group)
    return path


def test_parquet_pages_across_files_and_groups(tmp_path: Path) -> None:
    first, second = parquet_file(tmp_path / "1.parquet", 2500), parquet_file(tmp_path / "2.parquet", 10)
    found = shown(first, second, limit=5, offset=2498)
    assert [row.values["n"] for row in found.rows] == [2498, 2499, 0, 1, 2]
    assert [row.line for row in found.rows] == [2499, 2500, 2501, 2502, 2503]
    assert (found.more, found.rows_total) == (True, 2510)
    assert {column.name: column.type for column in found.schema} == {"n": "int64", "x": "double", "word": "string", "blob": "binary"}
    assert found.rows[0].values["blob"] == "2 bytes"
    assert shown(first, offset=9999).rows == ()


def test_what_is_no_parquet(write: Write) -> None:
    found = shown(write("a.parquet", b"PAR1 no PAR1"))
    assert (found.rows, list(codes(found))) == ((), ["InvalidParquet"])


def service(tmp_path: Path) -> PreviewService:
    nothing: Any = None
    return PreviewService(nothing, nothing, PreviewRunner(tmp_path / "scratch"))


def test_of_a_file_elsewhere_only_the_footer_and_a_page_are_read(tmp_path: Path) -> None:
    path = parquet_file(tmp_path / "a.parquet", 200_000, group=20_000)
    asked: list[int] = []

    def read(start: int, end: int) -> bytes:
        asked.append(end - start)
        return path.read_bytes()[start:end]

    view = View(False, (ViewedFile("a.parquet", path.stat().st_size, reader=read),))
    found = service(tmp_path).preview(view, limit=2, offset=150_000)
    assert [row.values["n"] for row in found.rows] == [150_000, 150_001]
    assert found.rows_total == 200_000
    assert sum(asked) < path.stat().st_size * 0.75
    figures = service(tmp_path).statistics(view, sample=1000)
    assert (figures.rows, figures.whole) == (1000, False)
    assert list((tmp_path / "scratch").iterdir()) == []


def test_what_cannot_be_read_elsewhere_is_the_callers_error(tmp_path: Path) -> None:
    def read(start: int, end: int) -> bytes:
        raise DataError(f"no bytes {start}-{end}")

    with pytest.raises(DataError, match="no bytes 0-"):
        service(tmp_path).preview(View(False, (ViewedFile("a.csv", 10, reader=read),)), limit=1)


def test_a_folder_has_its_tree_and_the_rows_right_in_it(tmp_path: Path, write: Write) -> None:
    for name, content in {"set/b.csv": "a\n2\n", "set/a.csv": "a\n1\n", "set/deep/c.csv": "a\n3\n", "set/notes.md": "x"}.items():
        write(name, content)
    found = service(tmp_path).preview(local_view(tmp_path / "set"), limit=10)
    assert [row.values["a"] for row in found.rows] == [1, 2]
    assert found.folder is not None
    assert [(entry.path, entry.kind, entry.files) for entry in found.folder.entries] == [
        ("deep", "folder", 1), ("a.csv", "file", 1), ("b.csv", "file", 1), ("notes.md", "file", 1),
    ]  # fmt: skip
    assert [(kind.extension, kind.files) for kind in found.folder.kinds] == [(".csv", 3), (".md", 1)]
    below = service(tmp_path).preview(local_view(tmp_path), limit=10)
    assert "RowsBelow" in codes(below)


def test_a_folder_of_pictures(tmp_path: Path, write: Write) -> None:
    write("set/x/1.png", b"1")
    write("set/2.jpg", b"2")
    found = service(tmp_path).preview(local_view(tmp_path / "set"), limit=10)
    assert (found.kind, [image.path for image in found.images]) == ("images", ["2.jpg", "x/1.png"])
    with pytest.raises(DataError, match="no rows"):
        service(tmp_path).statistics(local_view(tmp_path / "set"), sample=10)


def test_an_mltable_says_which_files_and_how(tmp_path: Path, write: Write) -> None:
    write("t/MLTable", "paths:\n  - pattern: ./part*.txt\n  - file: ./gone.txt\ntransformations:\n  - read_delimited:\n"
          "      delimiter: ';'\n  - keep_columns: [a]\n")  # fmt: skip
    write("t/part1.txt", "a;b\n1;2\n")
    write("t/other.csv", "z\n1\n")
    found = service(tmp_path).preview(local_view(tmp_path / "t"), limit=10)
    assert [row.values for row in found.rows] == [{"a": 1, "b": 2}]
    assert set(codes(found)) == {"MissingInMltable", "NotApplied"}
    write("t/MLTable", "paths: [\n")
    assert codes(service(tmp_path).preview(local_view(tmp_path / "t"), limit=10))["InvalidMltable"] == (2, 1)


def column(found: DataStatistics, name: str) -> ColumnStatistics:
    return next(column for column in found.columns if column.name == name)


def test_statistics_of_numbers_texts_times_and_lists(tmp_path: Path, write: Write) -> None:
    rows = [
        {"n": n, "x": n / 2, "word": None if n % 10 == 0 else f"w{n % 3}", "at": f"2026-01-01T00:00:{n % 60:02}Z", "tags": ["a"] * (n % 4)}
        for n in range(100)
    ]
    found = counted(tmp_path, write("a.jsonl", "".join(json.dumps(row) + "\n" for row in rows)))
    assert (found.rows, found.whole, found.columns_total) == (100, True, 5)
    n = column(found, "n")
    assert (n.kind, n.count, n.missing, n.min, n.max, n.mean) == ("number", 100, 0, 0, 99, 49.5)
    assert n.std == pytest.approx(29.011, abs=0.001)
    assert n.quantiles is not None
    assert n.quantiles["0.5"] == pytest.approx(49.5, abs=1)
    assert (len(n.histogram), sum(bin_.count for bin_ in n.histogram)) == (20, 100)
    assert (n.histogram[0].low, n.histogram[-1].high) == (0, 99)
    word = column(found, "word")
    assert (word.kind, word.count, word.missing, word.distinct) == ("text", 90, 10, 3)
    assert {top.value: top.count for top in word.top} == {"w0": 30, "w1": 30, "w2": 30}
    assert word.lengths is not None
    assert (word.lengths.min, word.lengths.max) == (2, 2)
    at = column(found, "at")
    assert (at.kind, sum(bin_.count for bin_ in at.histogram)) == ("time", 100)
    tags = column(found, "tags")
    assert tags.lengths is not None
    assert (tags.kind, tags.lengths.max) == ("list", 3)


def test_statistics_of_values_that_are_extreme(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    table = {
        "odd": [1.0, float("nan"), float("inf"), None], "huge": [1e308, -1e308, 0.0, 1.0], "same": [7, 7, 7, 7], "none": [None] * 4,
        'a "quoted" name': ["x"] * 4,
    }  # fmt: skip
    pq.write_table(pa.table(table), path)
    found = counted(tmp_path, path)
    odd = column(found, "odd")
    assert (odd.count, odd.missing, odd.mean, odd.histogram[0].low) == (3, 1, 1.0, 1.0)
    huge = column(found, "huge")
    assert (huge.std, sum(bin_.count for bin_ in huge.histogram)) == (None, 4)
    assert [(bin_.low, bin_.count) for bin_ in column(found, "same").histogram] == [(7.0, 4)]
    assert column(found, "none").missing == 4
    assert column(found, 'a "quoted" name').top[0].count == 4


def test_statistics_leave_out_what_cannot_be_read_and_say_so(tmp_path: Path, write: Write) -> None:
    file = write("a.csv", "n,m\n" + "".join(f"{n},1\n" for n in range(50)) + "1,2,3,4\n" + "51,1\n")
    for sample in (1000, 0):
        found = counted(tmp_path, file, sample=sample)
        assert found.rows == 51
        assert codes(found)["RowsLeftOut"] == (52, 1)
    part = counted(tmp_path, file, sample=10)
    assert (part.rows, part.whole) == (10, False)


def test_statistics_of_json_and_of_several_files(tmp_path: Path, write: Write) -> None:
    assert counted(tmp_path, write("a.json", '[{"a": 1}, {"a": 3}]')).columns[0].mean == 2
    files = [write("1.csv", "a,b\n1,x\n"), write("2.csv", "a,c\n3,y\n")]
    found = counted(tmp_path, *files)
    assert (found.rows, [column.name for column in found.columns]) == (2, ["a", "b", "c"])


def test_duckdb_opens_no_other_file(tmp_path: Path, write: Write) -> None:
    from flowyard.data.previews.findings import Findings
    from flowyard.data.previews.tables import Table

    other = write("other.csv", "a\n1\n")
    table = Table(task_of(write("a.csv", "a\n1\n"), sample=0, scratch=str(tmp_path), memory_mib=256), Findings())
    with pytest.raises(Exception, match="Permission"):
        table.database.execute(f"SELECT * FROM read_csv('{other}')")
    with pytest.raises(Exception, match="lock"):
        table.database.execute("SET enable_external_access = true")
