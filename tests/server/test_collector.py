"""The collector over HTTP: what is acknowledged is there, and what cannot be taken is told as OTLP says."""

import errno
import gzip
import json
import os
import threading
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest
import urllib3
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from flowyard import Workspace
from flowyard.server.collector import app as collector
from flowyard.server.collector import bodies
from flowyard.storage.telemetry.indexer import POLL_S
from flowyard.tracing import spool
from support.otlp import keyed, request
from support.spans import START_NS, trace_id

PROTOBUF = {"content-type": "application/x-protobuf"}


@pytest.fixture
def post(server: Any, owner_key: str) -> Callable[..., Any]:
    pool = urllib3.PoolManager()

    def send(body: bytes, path: str = "/v1/traces", *, key: str | None = owner_key, method: str = "POST", **headers: str) -> Any:
        sent = {**PROTOBUF, **({"authorization": f"Bearer {key}"} if key else {})}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return pool.request(method, server.url + path, body=body, headers=sent, retries=False)

    return send


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


def body_of(*numbers: int) -> bytes:
    return request(*({"id": 1, "trace": number, "attributes": {"gen_ai.operation.name": "chat"}} for number in numbers)).SerializeToString()


def test_what_is_acknowledged_shows_within_a_second(
    server: Any, ws: Workspace, post: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first look at the spools that begins after the answer has it: nothing but a look, which comes every 100 ms, lies in between."""
    queries = server.services.telemetry.queries
    indexer = queries._indexer
    look, workspace_id = indexer.step, indexer.manifest.default_workspace()
    answered = threading.Event()
    shown: list[list[int]] = []

    def watched() -> None:
        after = answered.is_set()
        look()
        if after and not shown:
            shown.append([len(queries.get_trace(workspace_id, trace_id(number))) for number in (1, 2)])

    monkeypatch.setattr(indexer, "step", watched)
    answer = post(body_of(1, 2))
    answered.set()
    assert (answer.status, answer.data, answer.headers["content-type"]) == (200, b"", "application/x-protobuf")
    until(lambda: bool(shown))
    assert shown == [[1, 1]]
    assert len(list(ws.traces.list())) == 2
    assert ws.traces.get(trace_id(1)).spans[0].kind == "llm"
    assert POLL_S <= 0.1


def _members(body: bytes) -> bytes:
    return gzip.compress(body[:10]) + gzip.compress(body[10:])


@pytest.mark.parametrize(
    ("pack", "encoding"),
    [(gzip.compress, "gzip"), (_members, "gzip"), (zlib.compress, "deflate"), (bytes, "identity")],
    ids=["gzip", "gzip of two members", "deflate", "identity"],
)
def test_compressions(ws: Workspace, post: Callable[..., Any], pack: Callable[[bytes], bytes], encoding: str) -> None:
    assert post(pack(body_of(1)), "/otlp/v1/traces", content_encoding=encoding).status == 200
    until(lambda: len(list(ws.traces.list())) == 1)


def test_json_in_json_out(ws: Workspace, post: Callable[..., Any]) -> None:
    span = {
        "traceId": trace_id(9),
        "spanId": "0" * 15 + "1",
        "name": "j",
        "startTimeUnixNano": str(START_NS),
        "endTimeUnixNano": str(START_NS),
    }
    answer = post(
        json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}).encode(), content_type="application/json; charset=utf-8"
    )
    assert (answer.status, answer.json(), answer.headers["content-type"]) == (200, {}, "application/json")
    until(lambda: [trace.name for trace in ws.traces.list()] == ["j"])


def test_what_is_sent_twice_is_there_once(ws: Workspace, post: Callable[..., Any]) -> None:
    for _ in range(2):
        assert post(body_of(1, 2)).status == 200
    until(lambda: len(list(ws.traces.list())) == 2)
    assert [trace.spans for trace in ws.traces.list()] == [1, 1]


def test_spans_without_ids_are_refused_and_the_others_kept(ws: Workspace, post: Callable[..., Any]) -> None:
    answer = post(request({"id": 1}, {"id": 0}, {"id": 2, "trace": 0}).SerializeToString())
    told: Any = ExportTraceServiceResponse.FromString(answer.data)
    assert (answer.status, told.partial_success.rejected_spans) == (200, 2)
    until(lambda: len(list(ws.traces.list())) == 1)


def test_logs_and_metrics_are_kept(server: Any, post: Callable[..., Any]) -> None:
    logs: Any = ExportLogsServiceRequest()
    log = logs.resource_logs.add().scope_logs.add().log_records.add()
    log.time_unix_nano, log.severity_number, log.body.string_value = START_NS, 17, "it broke"
    keyed(log.attributes, {"a": 1})
    metrics: Any = ExportMetricsServiceRequest()
    metric = metrics.resource_metrics.add().scope_metrics.add().metrics.add()
    metric.name, metric.unit = "gen_ai.client.operation.duration", "s"
    point = metric.histogram.data_points.add()
    point.time_unix_nano, point.count, point.sum = START_NS, 3, 1.5
    point.explicit_bounds.extend([0.1, 1.0])
    point.bucket_counts.extend([1, 1, 1])
    assert post(logs.SerializeToString(), "/v1/logs").status == 200
    assert post(metrics.SerializeToString(), "/v1/metrics").status == 200
    indexer = server.services.telemetry.queries._indexer
    workspace_id = indexer.manifest.default_workspace()
    until(lambda: indexer.tail.of(workspace_id, "logs").num_rows == 1 and indexer.tail.of(workspace_id, "metrics").num_rows == 1)
    (row,) = indexer.tail.of(workspace_id, "logs").to_pylist()
    assert (row["body"], row["severity"], row["at_ns"], json.loads(row["attributes"])) == ("it broke", 17, START_NS, {"a": 1})
    (row,) = indexer.tail.of(workspace_id, "metrics").to_pylist()
    assert (row["name"], row["kind"], row["count"], row["sum"]) == ("gen_ai.client.operation.duration", "histogram", 3, 1.5)
    assert json.loads(row["buckets"]) == [[0.1, 1.0], [1.0, 1.0], [None, 1.0]]


def message(answer: Any) -> str:
    """The text of a google.rpc.Status: field 2."""
    assert answer.data[:1] == b"\x12"
    return answer.data[2 if answer.data[1] < 0x80 else 3 :].decode()


def test_who_may_send(server: Any, ws: Workspace, post: Callable[..., Any]) -> None:
    assert post(body_of(1), key=None).status == 401
    assert post(body_of(1), key="nonsense").status == 401
    reader = ws.keys.create("r", role="reader").secret
    assert post(body_of(1), key=reader).status == 403
    invoker = ws.keys.create("i", role="invoker").secret
    assert post(body_of(1), key=invoker).status == 200
    assert post(body_of(2), key=None, api_key=invoker).status == 200
    ws.keys.revoke("i")
    until(lambda: post(body_of(3), key=invoker).status == 401)


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"\xff\xff", {}, 400),
        (body_of(1)[:-2], {}, 400),
        (b"{", {"content_type": "application/json"}, 400),
        (b"no gzip", {"content_encoding": "gzip"}, 400),
        (gzip.compress(body_of(1))[:-4], {"content_encoding": "gzip"}, 400),
        (body_of(1), {"content_encoding": "zstd"}, 415),
        (body_of(1), {"content_type": "text/plain"}, 415),
        (b"x" * (bodies.SENT_LIMIT + 1), {}, 413),
        (gzip.compress(b"\x00" * (bodies.UNPACKED_LIMIT + 1)), {"content_encoding": "gzip"}, 400),
        (gzip.compress(b"") * 100, {"content_encoding": "gzip"}, 400),
        (b"", {"method": "GET"}, 405),
    ],
    ids=["no protobuf", "cut off", "no json", "no gzip", "gzip cut off", "zstd", "text", "too large", "a bomb", "many members", "GET"],
)
def test_what_cannot_be_taken_is_told_and_nothing_is_kept(
    server: Any, ws: Workspace, post: Callable[..., Any], body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = post(body, **headers)
    assert answer.status == status
    told = answer.json()["message"] if headers.get("content_type") == "application/json" else message(answer)
    assert len(told) > 20
    assert post(body_of(7)).status == 200
    until(lambda: [trace.trace_id for trace in ws.traces.list()] == [trace_id(7)])


def test_a_full_disk_is_507_and_recovers(ws: Workspace, post: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    assert post(body_of(1)).status == 200

    def full(descriptor: int, data: Any) -> int:
        del descriptor, data
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(spool, "write_some", full)
        answer = post(body_of(2))
        assert answer.status == 507
        assert "disk is full" in message(answer)
    assert post(body_of(3)).status == 200
    until(lambda: {trace.trace_id for trace in ws.traces.list()} == {trace_id(1), trace_id(3)})


def test_too_much_at_once_is_429(server: Any, post: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server.services.telemetry.spools, "_limit", 10)
    answer = post(body_of(1))
    assert (answer.status, answer.headers["retry-after"]) == (429, "1")
    monkeypatch.undo()
    monkeypatch.setattr(collector, "BACKLOG_BYTES", -1)
    assert post(body_of(1)).status == 429
    monkeypatch.undo()
    monkeypatch.setattr(bodies, "HELD_LIMIT", 10)
    answer = post(body_of(1))
    assert (answer.status, answer.headers["retry-after"]) == (429, "1")
    monkeypatch.undo()
    assert post(body_of(1)).status == 200
