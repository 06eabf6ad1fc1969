"""Steps in processes of their own: what they make, what they tell, and what they may not."""

import os
import threading
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flowyard.compute.errors import JobCanceledError
from flowyard.data.transforms.running import sweep
from flowyard.foundation.errors import FlowyardError, RemoteError
from support.transform_bench import Bench

QUESTIONS: list[Any] = [
    {"id": 1, "q": "  Where is   my parcel? It should have been here on Monday. "},
    {"id": 2, "q": "Where is my parcel? It should have been here on Monday."},
    {"id": 3, "q": "Where is my parcel? It should have been here on Sunday."},
    {"id": 4, "q": "x"},
    {"id": 5, "q": "How can I return shoes?"},
]


def refused(bench: Bench, data: list[Any] | Path, *steps: Any, **options: Any) -> RemoteError:
    with pytest.raises(RemoteError) as caught:
        bench.run(data, *steps, **options)
    assert caught.value.remedy
    return caught.value


def test_steps_of_all_kinds_follow_one_another(bench: Bench) -> None:
    bench.code(tidy="def count(row, word):\n    return {**row, word: len(row['q'])}\n")
    rows, outcome = bench.run(
        QUESTIONS,
        {"normalize": {"columns": ["q"]}},
        {"deduplicate": {"columns": ["q"]}},
        {"deduplicate": {"columns": ["q"], "near": 0.7}},
        {"python": {"function": "tidy.py:count", "arguments": {"word": "n"}}},
        {"sql": "SELECT id, n FROM data WHERE n > 1 ORDER BY n"},
    )
    assert rows == [{"id": 5, "n": 23}, {"id": 1, "n": 55}]
    told = [(step.number, step.kind, step.rows_in, step.rows_out, step.changed, step.dropped) for step in outcome.steps]
    assert told == [
        (0, "read", 5, 5, 0, {}),
        (1, "normalize", 5, 5, 1, {}),
        (2, "deduplicate", 5, 4, 0, {"equal to an earlier row": 1}),
        (3, "deduplicate", 4, 3, 0, {"like an earlier row": 1}),
        (4, "python", 3, 3, 3, {}),
        (5, "sql", 3, 2, None, {}),
    ]
    assert [file.name for file in outcome.file.parent.iterdir() if file.suffix == ".jsonl"] == [outcome.file.name]


def test_a_preview_says_what_became_of_each_row(bench: Bench) -> None:
    bench.code(twice="def run(row):\n    return None if row['id'] == 5 else [row, {**row, 'again': True}]\n")
    steps = ({"normalize": {}}, {"deduplicate": {"columns": ["q"], "near": 0.7}}, {"filter_length": {"column": "q", "min": 5}})
    rows, outcome = bench.run(QUESTIONS, *steps, {"python": "twice.py:run"}, preview=True, rows=5)
    assert [row["__row"] for row in rows] == [1, 1]
    assert [(drop.row, drop.step, drop.reason) for drop in outcome.drops] == [
        (2, 2, "like row 1"),
        (3, 2, "like row 1"),
        (4, 3, "fewer than 5 characters"),
        (5, 4, "the function returned None"),
    ]
    assert bench.run(QUESTIONS, "normalize", preview=True, rows=2)[1].steps[0].rows_in == 2


def test_rows_and_tables_go_through_functions_as_a_whole(bench: Bench) -> None:
    bench.code(
        whole="def odd(rows, keep):\n    for row in rows:\n        if row['id'] % 2 == keep:\n            yield row\n"
        "def table(frame):\n    frame['n'] = frame.q.str.len()\n    frame['none'] = float('nan')\n    return frame[frame.n > 1]\n"
    )
    rows, _ = bench.run(
        QUESTIONS,
        {"python": {"function": "whole.py:odd", "mode": "rows", "arguments": {"keep": 1}}},
        {"python": {"function": "whole.py:table", "mode": "table"}},
    )
    assert [(row["id"], row["n"], row["none"]) for row in rows] == [(1, 60, None), (3, 55, None), (5, 23, None)]


@pytest.mark.parametrize(
    ("code", "mode", "line", "row", "message"),
    [
        ("def run(row):\n    x = 1\n    return row['nope']\n", "row", 3, 1, "KeyError: 'nope' (return row['nope'])"),
        ("def run(rows):\n    for row in rows:\n        yield {'n': 1 / (row['id'] - 3)}\n", "rows", 3, 3, "ZeroDivisionError"),
        ("import nothing_of_this_name\n", "row", 1, None, "ModuleNotFoundError"),
        ("def run(row)\n    pass\n", "row", 1, None, "SyntaxError"),
        ("def run(row):\n    return 5\n", "row", None, 1, "returned int, not a dict"),
        ("def run(rows):\n    return 5\n", "rows", None, None, "returned int, not dicts"),
        ("def run(frame):\n    return 5\n", "table", None, None, "not a pandas DataFrame"),
        ("other = 1\n", "row", None, None, "has no function 'run'"),
        ("run = 1\n", "row", None, None, "is no function"),
    ],
)
def test_code_that_fails_says_at_which_line_and_row(
    bench: Bench, code: str, mode: str, line: int | None, row: int | None, message: str
) -> None:
    bench.code(bad=code)
    error = refused(bench, QUESTIONS, "normalize", {"python": {"function": "bad.py:run", "mode": mode}})
    assert message in error.message
    assert error.location is not None
    assert (error.location.file, error.location.line, error.location.pointer) == ("bad.py", line, "/steps/1/python/function")
    if line is not None:
        assert error.remote.extra["row"] == row
        assert row is None or f"at row {row}" in error.message


def test_rows_that_fail_are_left_out_where_that_is_wanted(bench: Bench) -> None:
    bench.code(bad="def run(row):\n    return {'n': 10 / (row['id'] - 1)}\n")
    rows: list[Any] = [{"id": "1"}, "{broken\n", {"id": "two"}, {"id": "3"}]
    steps = ({"map_columns": {"cast": {"id": "integer"}}}, {"python": "bad.py:run"})
    made, outcome = bench.run(rows, *steps, on_error="skip")
    assert made == [{"n": 5.0}]
    assert [step.dropped for step in outcome.steps] == [
        {"cannot be read": 1},
        {"the step failed at it": 1},
        {"the function failed at it": 1},
    ]
    error = refused(bench, rows, *steps)
    assert (error.remote.code, error.location and error.location.line) == ("InvalidRow", 2)
    error = refused(bench, [rows[0], rows[2]], *steps)
    assert error.message.startswith("Step 1 (map_columns) failed at row 2, column 'id': 'two' is no integer")
    assert error.remote.extra == {"step": 1, "row": 2, "column": "id"}


@pytest.mark.parametrize("step", ["redact", "normalize", "deduplicate", "filter_length"])
def test_a_column_that_is_not_there_is_said(bench: Bench, step: str) -> None:
    body = {"column": "nope"} if step == "filter_length" else {"columns": ["nope"]}
    error = refused(bench, QUESTIONS, {step: body})
    assert "row 1, column 'nope': there is no column 'nope'" in error.message
    assert "'id', 'q'" in (error.remedy or "")
    near = refused(bench, QUESTIONS, {"deduplicate": {"columns": ["nope"], "near": 0.8}})
    assert "there is no column 'nope'" in near.message


@pytest.mark.parametrize(
    ("query", "line", "column", "message"),
    [
        ("SELECT id,\n  nope\nFROM data", 2, 3, "nope"),
        ("\n\nSELEC 1", 3, 1, "syntax error"),
        ("SELECT * FROM other", None, None, "other"),
        ("SELECT q::INTEGER AS n FROM data", None, None, "Could not convert string"),
        ("SELECT 1; SELECT 2", None, None, "no single SELECT"),
        ("INSTALL httpfs", None, None, "no single SELECT"),
        ("SET threads = 4", None, None, "no single SELECT"),
        ("COPY (SELECT 1) TO '/tmp/x.csv'", None, None, "no single SELECT"),
        ("SELECT * FROM read_text('/etc/hostname')", None, None, "file system operations are disabled"),
        ("SELECT * FROM glob('/*')", None, None, "disabled"),
        ("SELECT * FROM 'https://example.com/a.parquet'", None, None, ""),
    ],
)
def test_sql_that_is_wrong_or_reaches_out_is_refused(bench: Bench, query: str, line: int | None, column: int | None, message: str) -> None:
    error = refused(bench, QUESTIONS[:1], {"sql": query})
    assert error.remote.code == "TransformCodeFailed"
    assert message in error.message
    assert error.location is not None
    assert error.location.pointer == "/steps/0/sql/query"
    if line is not None:
        assert (error.location.line, error.location.column) == (line, column)


def test_sql_reads_further_tables_of_all_forms_and_keeps_texts_as_they_are(bench: Bench) -> None:
    (bench.folder / "labels.csv").write_text("id,topic\n1,parcel\n5,return\n")
    pq.write_table(pa.table({"id": [1, 5], "day": pa.array([1, 2], pa.date32())}), bench.folder / "days.parquet")
    rows: list[Any] = [
        {"id": 1, "at": "2026-11-27T05:00:00Z", "deep": {"when": "2026-01-01"}},
        {"id": 5, "at": None, "deep": {"when": None}},
    ]
    made, outcome = bench.run(
        rows,
        {"sql": "SELECT data.*, topic, day FROM data JOIN labels USING (id) JOIN days USING (id) ORDER BY id"},
        "normalize",
        inputs={"labels": bench.folder / "labels.csv", "days": bench.folder / "days.parquet"},
    )
    assert made == [
        {"id": 1, "at": "2026-11-27T05:00:00Z", "deep": {"when": "2026-01-01"}, "topic": "parcel", "day": "1970-01-02"},
        {"id": 5, "at": None, "deep": {"when": None}, "topic": "return", "day": "1970-01-03"},
    ]
    assert outcome.steps[1].rows_in == 2


def test_parquet_is_read_by_sql_itself_and_drawing_at_random_gives_the_same_again(bench: Bench) -> None:
    file = bench.folder / "numbers.parquet"
    pq.write_table(pa.table({"n": range(1000)}), file)
    step = {"sql": "SELECT n, random() AS r FROM data USING SAMPLE 5 ROWS (reservoir, 3) ORDER BY n"}
    first, outcome = bench.run(file, step)
    assert [step.kind for step in outcome.steps] == ["sql"]
    assert len(first) == 5
    assert bench.run(file, step)[0] == first


def test_the_same_steps_give_the_same_bytes(bench: Bench) -> None:
    bench.code(order="def run(rows):\n    yield from sorted(rows, key=lambda row: row['q'])\n")
    steps = ("normalize", {"deduplicate": {"near": 0.6}}, {"python": {"function": "order.py:run", "mode": "rows"}}, {"sql": "FROM data"})
    files = {bench.run(QUESTIONS, *steps)[1].file.read_bytes() for _ in range(2)}
    assert len(files) == 1


def test_code_sees_nothing_of_the_platform_and_its_prints_are_the_log(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWYARD_DATABASE_URL", "postgresql://secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    bench.code(look="import os\ndef run(row):\n    print('seen', row['id'])\n    return {'names': sorted(os.environ)}\n")
    rows, _ = bench.run(QUESTIONS[:1], {"python": "look.py:run"})
    assert not [name for name in rows[0]["names"] if name.startswith(("FLOWYARD", "AWS"))]
    assert "seen 1" in bench.log


def test_what_takes_too_much_memory_is_stopped(bench: Bench) -> None:
    bench.code(greedy="def run(row):\n    return {'n': len(bytearray(3 * 1024 ** 3))}\n")
    error = refused(bench, QUESTIONS[:1], {"python": "greedy.py:run"}, memory_mib=256)
    assert error.remote.code == "TransformStopped"
    with pytest.raises(FlowyardError) as caught:
        bench.run(QUESTIONS[:1], {"sql": "SELECT list(a.range) AS x FROM range(100000000) a"}, memory_mib=256)
    assert "TransformStopped" in {caught.value.code, getattr(getattr(caught.value, "remote", None), "code", "")}


def test_a_process_that_dies_or_is_late_is_told(bench: Bench) -> None:
    bench.code(dead="import os\ndef run(row):\n    os._exit(3)\n", slow="import time\ndef run(row):\n    time.sleep(600)\n")
    with pytest.raises(FlowyardError, match="ended without a word") as caught:
        bench.run(QUESTIONS, {"python": "dead.py:run"})
    assert caught.value.code == "TransformStopped"
    with pytest.raises(FlowyardError, match="took too long"):
        bench.run(QUESTIONS, {"python": "slow.py:run"}, timeout_s=4)


def test_a_cancel_ends_the_process(bench: Bench) -> None:
    bench.code(slow="import os, time\ndef run(row):\n    open('pid', 'w').write(str(os.getpid()))\n    time.sleep(600)\n")
    canceled = threading.Event()

    def check() -> None:
        if canceled.is_set():
            raise JobCanceledError("The job was canceled.")
        if list(bench.folder.glob("scratch-*/pid")):
            canceled.set()

    bench.check = check
    with pytest.raises(JobCanceledError):
        bench.run(QUESTIONS, {"python": "slow.py:run"})
    (pid,) = bench.folder.glob("scratch-*/pid")
    for _ in range(500):
        if not Path(f"/proc/{pid.read_text()}").exists():
            return
        time.sleep(0.02)
    pytest.fail("the process lives on")


def test_a_link_in_the_place_of_the_rows_is_not_followed(bench: Bench) -> None:
    secret = bench.folder / "secret"
    secret.write_text('{"key": "secret"}\n')
    bench.code(link=f"import os\ndef run(row):\n    os.unlink('stderr')\n    os.symlink({str(secret)!r}, 'stderr')\n    return row\n")
    with pytest.raises(FlowyardError, match="cannot be read"):
        bench.run(QUESTIONS[:1], {"python": "link.py:run"})
    assert not [line for line in bench.log if "secret" in line and "key" in line]


def test_rows_stream(bench: Bench) -> None:
    """Rows of 60 MB in all go through a process that may have 48 MB more than it began with."""
    file = bench.folder / "many.jsonl"
    with file.open("w") as out:
        for number in range(6000):
            out.write(f'{{"id": {number}, "q": "{"word " * 2000}"}}\n')
    bench.code(same="def run(row):\n    return row\n")
    _, outcome = bench.run(file, "normalize", {"python": "same.py:run"}, {"map_columns": {"keep": ["id"]}}, memory_mib=48)
    assert outcome.steps[-1].rows_out == 6000
    assert {rows for _, rows in bench.progress} >= {500, 6000}
    assert file.stat().st_size > 60_000_000


def test_what_was_killed_and_never_gone_on_with_is_removed(tmp_path: Path) -> None:
    sweep(tmp_path / "none")
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "0.jsonl").touch()
    os.utime(tmp_path / "old", (0, 0))
    sweep(tmp_path)
    assert [folder.name for folder in tmp_path.iterdir()] == ["new"]
