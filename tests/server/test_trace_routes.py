import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from fastapi.testclient import TestClient

from flowyard.tracing.rows import COLUMNS
from support.spans import make_span, trace_id
from support.trace_server import TraceServer

TRACES = "/api/v1/workspaces/default/traces"


@pytest.fixture
def traces(tmp_path: Path, services: Any, owner_key: str) -> Iterator[TraceServer]:
    opened = TraceServer(tmp_path, services)
    opened.put(
        *(make_span(number, 1, name=f"t{number}", kind="flow", endpoint="support", workspace_id="") for number in range(1, 6)),
        make_span(5, 2, 1, kind="llm", model="m", prompt_tokens=3, completion_tokens=4, cost_micros=5, workspace_id=opened.workspace_id),
        make_span(6, 1, name="other", workspace_id="elsewhere"),
    )
    yield opened
    opened.close()


@pytest.fixture
def client(traces: TraceServer, owner: dict[str, str]) -> Iterator[TestClient]:
    with TestClient(traces.app, headers=owner) as opened:
        yield opened


def test_pages_of_traces_newest_first(client: TestClient) -> None:
    first = client.get(TRACES, params={"limit": 3}).json()
    assert [trace["name"] for trace in first["items"]] == ["t5", "t4", "t3"]
    newest = first["items"][0]
    assert (newest["spans"], newest["prompt_tokens"], newest["completion_tokens"]) == (2, 3, 4)
    assert newest["cost"] == {"micros": "5", "currency": "USD"}
    assert newest["started_at"] == "2026-11-18T11:06:45.001000Z"
    second = client.get(TRACES, params={"limit": 3, "cursor": first["next_cursor"]}).json()
    assert [trace["name"] for trace in second["items"]] == ["t2", "t1"]
    assert second["next_cursor"] is None


def test_pages_in_another_order(client: TestClient) -> None:
    first = client.get(TRACES, params={"order": "tokens:desc", "limit": 3}).json()
    assert [trace["name"] for trace in first["items"]] == ["t5", "t1", "t2"]
    second = client.get(TRACES, params={"order": "tokens:desc", "limit": 3, "cursor": first["next_cursor"]}).json()
    assert [trace["name"] for trace in second["items"]] == ["t3", "t4"]
    assert second["next_cursor"] is None
    wrong = client.get(TRACES, params={"order": "tokens:asc", "cursor": first["next_cursor"]})
    assert wrong.status_code == 422
    assert client.get(TRACES, params={"order": "name:asc"}).status_code == 422


@pytest.mark.parametrize(
    ("params", "names"),
    [
        ({"model": "m"}, ["t5"]),
        ({"model": ["m", "n"], "status": ["ok", "error"]}, ["t5"]),
        ({"status": "error"}, []),
        ({"kind": "flow", "text": "T2"}, ["t2"]),
        ({"endpoint": "support", "since": "2026-11-18T11:06:44Z"}, ["t5", "t4"]),
        ({"until": "2026-11-18T12:06:42+01:00"}, ["t1"]),
        ({"until": "0001-01-01T00:00:00+23:00"}, []),
        ({"since": "9999-12-31T23:59:59Z"}, []),
        ({"cursor": "9999999999999999999", "text": "t3"}, ["t3"]),
        ({"text": "%"}, []),
        ({"text": "\x00"}, []),
    ],
)
def test_filters(client: TestClient, params: dict[str, Any], names: list[str]) -> None:
    assert [trace["name"] for trace in client.get(TRACES, params=params).json()["items"]] == names


@pytest.mark.parametrize(
    "params",
    [
        {"limit": "0"},
        {"limit": "501"},
        {"cursor": "abc"},
        {"status": "maybe"},
        {"kind": "llama"},
        {"since": "yesterday"},
        {"since": "2026-11-18T11:06:44"},
        {"text": ""},
    ],
)
def test_what_cannot_be_asked_is_the_caller_s_error(client: TestClient, params: dict[str, str]) -> None:
    answer = client.get(TRACES, params=params)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_trace_with_its_spans(client: TestClient) -> None:
    found = client.get(f"{TRACES}/{trace_id(5)}").json()
    assert found["trace"]["name"] == "t5"
    assert [(span["name"], span["start_offset_ms"]) for span in found["spans"]] == [("t5", 0.0), ("s2", 1.0)]
    assert found["spans"][1]["parent_id"] == found["spans"][0]["span_id"]


@pytest.mark.parametrize("name", [trace_id(6), trace_id(99), "nothing", "%00", "x" * 500])
def test_a_trace_that_is_not_there_or_somebody_else_s(client: TestClient, name: str) -> None:
    answer = client.get(f"{TRACES}/{name}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "TraceNotFound"
    assert "trace list" in answer.json()["remedy"]


def test_whole_traces_as_json_lines(client: TestClient) -> None:
    answer = client.get(f"{TRACES}/export", params={"kind": "flow", "since": "2026-11-18T11:06:43Z"})
    assert answer.headers["content-type"] == "application/jsonl"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["trace"]["name"] for line in lines] == ["t5", "t4", "t3"]
    assert lines[0] == client.get(f"{TRACES}/{trace_id(5)}").json()
    assert len(client.get(f"{TRACES}/export", params={"limit": 2}).text.splitlines()) == 2
    assert client.get(f"{TRACES}/export", params={"text": "nowhere"}).text == ""


def test_named_traces_come_in_their_order(client: TestClient) -> None:
    named = [trace_id(2), trace_id(4), trace_id(2)]
    answer = client.get(f"{TRACES}/export", params={"trace_id": named})
    assert [json.loads(line)["trace"]["name"] for line in answer.text.splitlines()] == ["t2", "t4"]
    lost = client.get(f"{TRACES}/export", params={"trace_id": [trace_id(2), trace_id(6)]})
    assert (lost.status_code, lost.json()["code"]) == (404, "TraceNotFound")
    assert trace_id(6) in lost.json()["detail"]


def test_spans_as_parquet(client: TestClient) -> None:
    answer = client.get(f"{TRACES}/export", params={"format": "parquet", "since": "2026-11-18T11:06:44Z"})
    table = pyarrow.parquet.read_table(io.BytesIO(answer.content))
    assert table.column_names == list(COLUMNS)
    assert [(row["trace_id"], row["span_id"], row["tokens"]) for row in _with_tokens(table)] == [
        (trace_id(5), f"{1:016x}", None),
        (trace_id(5), f"{2:016x}", 7),
        (trace_id(4), f"{1:016x}", None),
    ]
    nothing = client.get(f"{TRACES}/export", params={"format": "parquet", "text": "nowhere"})
    assert pyarrow.parquet.read_table(io.BytesIO(nothing.content)).num_rows == 0


def _with_tokens(table: Any) -> list[dict[str, Any]]:
    rows = table.to_pylist()
    return [{**row, "tokens": row["prompt_tokens"] and row["prompt_tokens"] + row["completion_tokens"]} for row in rows]


@pytest.mark.parametrize("params", [{"q": "modle:x"}, {"format": "csv"}, {"limit": "0"}, {"trace_id": "abc"}, {"since": "soon"}])
def test_what_cannot_be_exported_is_said_before_a_file_begins(client: TestClient, params: dict[str, str]) -> None:
    answer = client.get(f"{TRACES}/export", params=params)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_key_is_needed(traces: TraceServer) -> None:
    with TestClient(traces.app) as stranger:
        assert stranger.get(TRACES).status_code == 401
        assert stranger.get(f"{TRACES}/{trace_id(5)}").status_code == 401


def test_large_values_by_their_beginnings_and_each_as_a_whole(traces: TraceServer, client: TestClient) -> None:
    text, answer = "é" * 20_000, {"answer": ["a"] * 20_000}
    attributes = {"flowyard.input": text, "flowyard.output": answer, "short": "x"}
    traces.put(make_span(7, 1, workspace_id=traces.workspace_id, attributes=attributes))
    (span,) = client.get(f"{TRACES}/{trace_id(7)}", params={"values": "beginnings"}).json()["spans"]
    assert [(one["name"], one["bytes"]) for one in span["large"]] == [("flowyard.input", 40_002), ("flowyard.output", 80_012)]
    assert len(json.dumps(span)) < 40_000
    address = f"{TRACES}/{trace_id(7)}/spans/{span['span_id']}/value"
    whole = client.get(address, params={"name": "flowyard.input"})
    assert (whole.text, whole.headers["content-type"]) == (text, "text/plain; charset=utf-8")
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert client.get(address, params={"name": "flowyard.output"}).json() == answer
    assert client.get(address, params={"name": "no"}).json()["code"] == "ValueNotFound"
    assert client.get(address).status_code == 422
    elsewhere = f"{TRACES}/{trace_id(6)}/spans/{span['span_id']}/value"
    assert client.get(elsewhere, params={"name": "short"}).json()["code"] == "TraceNotFound"
    assert client.get(f"{TRACES}/{trace_id(7)}").json()["spans"][0]["attributes"]["flowyard.input"] == text


def test_facets_count_what_the_filter_finds(client: TestClient) -> None:
    found = client.get(f"{TRACES}/facets").json()
    assert (found["traces"], found["counted_from"]) == (5, None)
    assert {facet["field"]: facet["values"][0] for facet in found["facets"]}["model"] == {
        "value": "m",
        "traces": 1,
        "q": "model:m",
        "group": None,
    }
    found = client.get(f"{TRACES}/facets", params={"facet": ["root.name", "model"], "q": "model:m", "find": "T"}).json()
    assert [(facet["field"], facet["distinct"]) for facet in found["facets"]] == [("root.name", 1)]
    wrong = client.get(f"{TRACES}/facets", params={"facet": "modle"})
    assert (wrong.status_code, wrong.json()["detail"]) == (422, "There is no facet 'modle'.")
