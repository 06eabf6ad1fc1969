"""Logs as JSON: every line is an object, with the trace where there is one, whatever a process writes."""

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from flowyard.compute.processes.logs import ProcessLog
from flowyard.foundation.errors import InvalidInputError
from flowyard.foundation.settings import read_settings
from flowyard.tracing.context import activate, new_context
from flowyard.tracing.process_log import JsonFormatter

PROGRAM = """
import logging, threading, warnings
from flowyard.tracing.process_log import configure_logging
configure_logging(date_format="%Y-%m-%dT%H:%M:%S")
logging.getLogger("app").info("two\\nlines of %s", "text")
warnings.warn("old")
thread = threading.Thread(target=lambda: 1 / 0); thread.start(); thread.join()
raise ValueError("at the end")
"""


def written(value: str | None) -> str:
    environment = {"FLOWYARD_LOG_FORMAT": value} if value else {}
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, env=environment, timeout=60, check=False)
    assert done.returncode == 1
    return done.stderr


def test_a_process_writes_one_object_a_line_also_at_its_end() -> None:
    lines: list[dict[str, Any]] = [json.loads(line) for line in written("json").splitlines()]
    assert [(line["level"], line["logger"]) for line in lines] == [
        ("INFO", "app"),
        ("WARNING", "py.warnings"),
        ("ERROR", "flowyard"),
        ("CRITICAL", "flowyard"),
    ]
    assert lines[0]["message"] == "two\nlines of text"
    assert lines[0]["time"].endswith("Z")
    assert "ZeroDivisionError" in lines[2]["exception"]
    assert lines[3]["exception"].endswith("ValueError: at the end")


@pytest.mark.parametrize("value", [None, "text"])
def test_text_stays_as_it_was(value: str | None) -> None:
    text = written(value)
    assert " INFO app: two\nlines of text\n" in text
    assert text.endswith("ValueError: at the end\n")


def test_a_line_within_a_trace_names_it() -> None:
    record = logging.LogRecord("app", logging.INFO, "f.py", 1, "done \ud800 %d", (7,), None)
    context = new_context()
    with activate(context):
        line = json.loads(JsonFormatter().format(record))
    assert (line["trace_id"], line["span_id"], line["message"]) == (context.trace_id, context.span_id, "done ? 7")
    assert "trace_id" not in json.loads(JsonFormatter().format(record))


def test_long_texts_fit_a_line() -> None:
    record = logging.LogRecord("app", logging.INFO, "f.py", 1, "x" * 100_000, (), None)
    assert len(JsonFormatter().format(record)) < 16_384


def test_the_file_of_a_process_has_only_objects_and_its_tail_is_as_it_came(tmp_path: Path) -> None:
    log = ProcessLog(tmp_path / "engine.log", json_as="engine/small")
    log.hide({"api_key": "a-secret-of-some-length"})
    log.write(b'plain a-secret-of-some-length\n{"level":"INFO"}\n{broken\n[1]\n\nlatin \xe9\n' + b"y" * 40_000 + b"\n")
    log.close()
    lines = [json.loads(line) for line in (tmp_path / "engine.log").read_text("utf-8").splitlines()]
    assert all(isinstance(line, dict) for line in lines)
    messages = [line.get("message", "")[:20] for line in lines]
    assert messages[:5] == ["plain ***", "", "{broken", "[1]", "latin \ufffd"]
    assert lines[0]["logger"] == "engine/small"
    assert log.tail(10)[:2] == ["plain ***", '{"level":"INFO"}']


def test_other_formats_are_refused() -> None:
    assert read_settings({"FLOWYARD_LOG_FORMAT": "json"}).log_format == "json"
    with pytest.raises(InvalidInputError, match="FLOWYARD_LOG_FORMAT is 'xml'"):
        read_settings({"FLOWYARD_LOG_FORMAT": "xml"})
