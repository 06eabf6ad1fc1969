"""Log records are followed as they come, over a real control plane."""

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flowyard.cli.logs import app
from flowyard.client import Workspace, logs
from flowyard.client.logs import LogFilter
from flowyard.foundation.errors import InvalidInputError
from flowyard.tracing.signals import LogRecord
from flowyard.tracing.spool import SpoolSink

pytestmark = pytest.mark.integration

SECOND = 10**9


@pytest.fixture
def sink(server: Any, owner_key: str, monkeypatch: pytest.MonkeyPatch) -> SpoolSink:
    monkeypatch.setenv("FLOWYARD_URL", server.url)
    monkeypatch.setenv("FLOWYARD_API_KEY", owner_key)
    monkeypatch.setenv("FLOWYARD_WORKSPACE", "default")
    return SpoolSink(server.services.settings.home / "spools", "test")


def record(number: int, at_ns: int, **fields: Any) -> LogRecord:
    return LogRecord(**{"log_id": f"{number:032x}", "at_ns": at_ns, "body": f"record {number}", "service": "shop", **fields})


def shown(count: int) -> Workspace:
    opened = Workspace()
    for _ in range(200):
        if len(list(opened.logs.lines())) >= count:
            return opened
        time.sleep(0.1)
    raise AssertionError("the records did not show")


def test_lines_are_chosen_and_come_page_by_page(sink: SpoolSink, monkeypatch: pytest.MonkeyPatch) -> None:
    at = time.time_ns() - 60 * SECOND
    for number in range(7):
        # Some at the same moment: a page may end between them.
        sink.emit_log(record(number, at + number // 3, severity=1 + 4 * (number % 6)))
    sink.emit_log(record(9, at + 9, body="It's 100 % 'quoted'", service="o'shop", trace_id="a" * 32))
    sink.close()
    opened = shown(8)
    monkeypatch.setattr(logs, "_LINES", 2)
    assert [line.body for line in opened.logs.lines()] == ["It's 100 % 'quoted'", *(f"record {number}" for number in range(6, -1, -1))]
    assert [line.log_id[-1] for line in opened.logs.lines(LogFilter(severity=17))] == ["5", "4"]
    for where in (LogFilter(service="o'shop"), LogFilter(text="'QUOTED'"), LogFilter(trace_id="a" * 32)):
        assert [line.log_id[-1] for line in opened.logs.lines(where)] == ["9"]
    assert list(opened.logs.lines(LogFilter(text="' OR true --"))) == []


def test_tail_shows_what_comes(sink: SpoolSink) -> None:
    sink.emit_log(record(1, time.time_ns(), severity=17))
    sink.flush()
    shown(1)

    def later() -> None:
        time.sleep(3)
        sink.emit_log(record(2, time.time_ns(), severity=9))
        sink.emit_log(record(3, time.time_ns(), severity=18))
        sink.emit_log(record(4, time.time_ns() - 30 * SECOND, severity=21))
        sink.close()

    thread = threading.Thread(target=later)
    thread.start()
    done = CliRunner().invoke(app, ["tail", "--severity", "error", "--limit", "2", "--json"])
    thread.join()
    assert done.exit_code == 0, done.output
    assert {json.loads(line)["body"] for line in done.stdout.splitlines()} == {"record 3", "record 4"}
    done = CliRunner().invoke(app, ["tail", "--since", "1h", "--limit", "4"])
    assert [" ".join(line.split()[2:]) for line in done.stdout.splitlines()] == [
        "fatal shop record 4",
        "error shop record 1",
        "info shop record 2",
        "error shop record 3",
    ]


def test_an_answer_is_written_as_a_table_json_csv_and_parquet(sink: SpoolSink, tmp_path: Path) -> None:
    sink.emit_log(record(1, time.time_ns() - SECOND, body='said "so", twice'))
    sink.close()
    shown(1)
    sql = "SELECT body, 1 + 1 AS two, {'a': 1} AS more FROM logs LIMIT 1"

    def run(*words: str) -> Any:
        return CliRunner().invoke(app, ["query", sql, *words])

    assert 'said "so", twice' in run().stdout
    assert json.loads(run("--format", "json").stdout)["rows"][0][1] == 2
    text = 'body,two,more\r\n"said ""so"", twice",2,"{""a"":1}"\r\n'
    assert run("--format", "csv").stdout_bytes.decode() == text
    for name in ("answer.csv", "answer.parquet", "answer.json"):
        done = run("--output", str(tmp_path / name))
        assert done.exit_code == 0, done.output
    assert (tmp_path / "answer.csv").read_bytes().decode() == text
    assert (tmp_path / "answer.parquet").read_bytes()[:4] == b"PAR1"
    assert json.loads((tmp_path / "answer.json").read_text())["rows"][0][0] == 'said "so", twice'
    refused = run("--output", str(tmp_path / "answer.txt"))
    assert isinstance(refused.exception, InvalidInputError)
    assert "--format" in (refused.exception.remedy or "")
