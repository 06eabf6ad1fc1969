import io
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from typer.testing import CliRunner, Result

from flowyard.cli.trace_words import duration
from flowyard.cli.traces import app
from flowyard.client import Workspace
from flowyard.foundation.errors import FlowyardError, RemoteError
from flowyard.tracing.model import SpanRecord
from support.spans import make_span, trace_id
from support.trace_server import TraceServer, listening

pytestmark = pytest.mark.integration


class Putting:
    """Takes spans in, one after the other, while a command runs."""

    def __init__(self, server: TraceServer) -> None:
        self._server = server
        self._thread: threading.Thread | None = None

    def later(self, *batches: tuple[SpanRecord, ...]) -> None:
        self._thread = threading.Thread(target=self._put, args=(batches,))
        self._thread.start()

    def end(self) -> None:
        if self._thread is not None:
            self._thread.join()

    def _put(self, batches: tuple[tuple[SpanRecord, ...], ...]) -> None:
        for batch in batches:
            time.sleep(1.2)
            self._server.put(*batch)


@pytest.fixture
def opened(tmp_path: Path, services: Any) -> Iterator[TraceServer]:
    server = TraceServer(tmp_path, services)
    yield server
    server.close()


@pytest.fixture
def putting(opened: TraceServer) -> Iterator[Putting]:
    made = Putting(opened)
    yield made
    made.end()


@pytest.fixture
def place(tmp_path: Path, opened: TraceServer, owner_key: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    messages = [{"role": "user", "content": "Where is parcel 7?"}]
    opened.put(
        make_span(1, 1, name="POST /score", kind="http", endpoint="support", workspace_id=""),
        make_span(1, 2, 1, name="support", kind="flow", workspace_id="", attributes={"flowyard.input": {"question": "Where?"}}),
        make_span(
            1,
            3,
            2,
            name="chat m",
            kind="llm",
            model="m",
            prompt_tokens=3,
            completion_tokens=4,
            cost_micros=1500,
            workspace_id="",
            attributes={"gen_ai.input.messages": messages},
        ),
        make_span(2, 1, name="broken", kind="flow", status="error", status_message="no [bold]city[/bold]", workspace_id=""),
        make_span(2, 2, 9, name="orphan", kind="llm", model="m", prompt_tokens=1, workspace_id=""),
        *(make_span(number, 1, name=f"t{number}", kind="flow", workspace_id="") for number in range(3, 123)),
    )
    with listening(opened.app) as url:
        monkeypatch.setenv("FLOWYARD_URL", url)
        monkeypatch.setenv("FLOWYARD_API_KEY", owner_key)
        monkeypatch.setenv("FLOWYARD_HOME", str(tmp_path / "nobody"))
        monkeypatch.setenv("COLUMNS", "200")
        yield Workspace()


def run(*words: str) -> Result:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, done.output
    return done


def test_the_sdk_follows_pages_and_stops_where_it_is_told_to(place: Workspace) -> None:
    assert len(list(place.traces.list())) == 122
    assert [trace.name for trace in place.traces.list(limit=2)] == ["t122", "t121"]
    assert len(list(place.traces.list(limit=101))) == 101
    assert list(place.traces.list(limit=0)) == []
    with pytest.raises(RemoteError) as caught:
        place.traces.get("f" * 32)
    assert caught.value.remote.code == "TraceNotFound"


def test_list_shows_a_table_or_json(place: Workspace) -> None:
    shown = run("list", "--model", "m").stdout
    assert trace_id(1) in shown
    assert "0.0015 USD" in shown
    assert "unknown" in shown
    assert "1 µs" in shown
    found = json.loads(run("list", "--status", "error", "--json").stdout)
    assert [trace["name"] for trace in found] == ["broken"]
    costly = json.loads(run("list", "--order", "tokens:desc", "--limit", "2", "--json").stdout)
    assert [trace["trace_id"] for trace in costly] == [trace_id(1), trace_id(2)]
    every = json.loads(run("list", "--order", "started:asc", "--limit", "200", "--json").stdout)
    assert [trace["trace_id"] for trace in every] == [trace_id(number) for number in range(1, 123)]
    assert "No traces" in run("list", "--text", "nowhere").stderr


def test_facets_come_with_the_search_for_each_value(place: Workspace) -> None:
    rows = [line.split() for line in run("facets", "model", "status").stdout.splitlines()]
    assert rows[1:] == [["model", "m", "2", "model:m"], ["status", "ok", "121", "status:ok"], ["status", "error", "1", "status:error"]]
    assert len(list(place.traces.list(q="status:error"))) == 1
    told = json.loads(run("facets", "--q", "status:error", "--json").stdout)
    assert (told["traces"], told["counted_from"]) == (1, None)
    assert place.traces.facets(facet=["name"], find="ORPH").facets[0].values[0].q == "name:orphan"
    assert "No trace has any of these" in run("facets", "score.none").stderr
    # What is chosen of a field does not narrow that field; of several values any will do.
    chosen = run("facets", "model", "status", "--status", "error", "--status", "unset").stdout.splitlines()
    assert [line.split()[:3] for line in chosen[1:]] == [["model", "m", "1"], ["status", "ok", "121"], ["status", "error", "1"]]
    assert len(list(place.traces.list(status=("ok", "error")))) == 122


def test_show_is_a_tree(place: Workspace) -> None:
    lines = [line.rstrip() for line in run("show", trace_id(1)).stdout.splitlines()]
    assert trace_id(1) in lines[0]
    assert [line.index(name) for line, name in zip(lines[1:], ("POST /score", "support", "chat m"), strict=True)] == [4, 8, 12]
    assert "m  3 + 4 tokens" in lines[3]
    assert "parcel" not in run("show", trace_id(1)).stdout
    told = run("show", trace_id(1), "--io").stdout
    assert "Where is parcel 7?" in told
    assert '"question": "Where?"' in told


def test_show_tells_how_large_a_value_is_and_full_shows_it_to_its_end(place: Workspace, opened: TraceServer) -> None:
    document = " ".join(f"w{number}" for number in range(300_000))
    opened.put(make_span(200, 1, kind="flow", workspace_id="", attributes={"flowyard.input": document, "flowyard.output": "y" * 5000}))
    told = run("show", trace_id(200), "--io").stdout
    assert "(the beginning of 2.3 MB; --full shows all)" in " ".join(told.split())
    assert "(5,000 characters; --full shows all)" in " ".join(told.split())
    assert "w299999" not in told
    full = run("show", trace_id(200), "--full").stdout
    assert "w299999" in full
    assert "--full" not in full
    target = io.BytesIO()
    place.traces.value(target, trace_id(200), f"{1:016x}", "flowyard.input")
    assert target.getvalue().decode() == document


def test_show_does_not_take_text_for_markup_and_keeps_orphans(place: Workspace) -> None:
    shown = run("show", trace_id(2)).stdout
    assert "no [bold]city[/bold]" in shown
    assert "orphan" in shown
    detail = json.loads(run("show", trace_id(2), "--json").stdout)
    assert detail["trace"]["cost"] is None


def test_export_writes_whole_traces(place: Workspace, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in run("export", "--model", "m").stdout.splitlines()]
    assert [line["trace"]["trace_id"] for line in lines] == [trace_id(2), trace_id(1)]
    assert lines[1] == json.loads(run("show", trace_id(1), "--json").stdout)
    target = tmp_path / "traces.jsonl"
    told = json.loads(run("export", "--output", str(target), "--json").stdout)
    assert (told["traces"], told["bytes"]) == (122, target.stat().st_size)
    names = [json.loads(line)["trace"]["name"] for line in target.read_text().splitlines()]
    assert names == [f"t{number}" for number in range(122, 2, -1)] + ["broken", "POST /score"]
    run("export", trace_id(1), trace_id(2), "-o", str(tmp_path / "spans.parquet"))
    spans = pyarrow.parquet.read_table(tmp_path / "spans.parquet").to_pylist()
    assert [span["name"] for span in spans] == ["POST /score", "support", "chat m", "broken", "orphan"]
    assert sorted(path.name for path in tmp_path.iterdir() if "traces" in path.name or "spans." in path.name) == [
        "spans.parquet",
        "traces.jsonl",
    ]


def test_tail_shows_what_comes_once_it_has_ended(place: Workspace, putting: Putting) -> None:
    fields: dict[str, Any] = {"kind": "flow", "workspace_id": ""}
    putting.later(
        (make_span(501, 2, 1, **{**fields, "kind": "llm", "start_ns": time.time_ns()}),),
        (make_span(502, 1, name="broken", status="error", **fields, start_ns=time.time_ns()),),
        (make_span(501, 1, name="whole", status="error", **fields, start_ns=time.time_ns() - 10**9),),
        (make_span(503, 1, name="fine", **fields, start_ns=time.time_ns()),),
        (make_span(504, 1, name="last", status="error", **fields, start_ns=time.time_ns()),),
    )
    lines = run("tail", "--limit", "3", "--status", "error", "--json").stdout.splitlines()
    assert [json.loads(line)["name"] for line in lines] == ["broken", "whole", "last"]


def test_tail_begins_where_it_is_told_to(place: Workspace) -> None:
    lines = run("tail", "--limit", "2", "--since", "2026-11-18T11:06:00Z").stdout.splitlines()
    assert [trace_id(1) in lines[0], trace_id(2) in lines[1]] == [True, True]
    assert "7 tokens  0.0015 USD  m" in lines[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "parquet"], "--output"),
        (["--status", "ok", "f" * 32], "Name traces"),
        (["f" * 32, "--output", "{}/lost.jsonl"], "trace list"),
        (["--q", "modle:x", "--output", "{}/lost.jsonl"], "Did you mean model?"),
    ],
)
def test_what_cannot_be_exported_leaves_no_file(place: Workspace, tmp_path: Path, words: list[str], said: str) -> None:
    done = CliRunner().invoke(app, ["export", *(word.format(tmp_path) for word in words)])
    assert isinstance(done.exception, FlowyardError)
    assert said in str(done.exception.remedy)
    assert not list(tmp_path.glob("*lost*"))


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0.0123, "12 µs"), (1.234, "1.23 ms"), (99.96, "100 ms"), (250.4, "250 ms"), (1500.0, "1.50 s"), (90_000.0, "1 min 30 s")],
)
def test_durations_read_well(ms: float, text: str) -> None:
    assert duration(ms) == text
