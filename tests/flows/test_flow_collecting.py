"""What production saw: Azure ML's collector under its own name, what keeps the rows, and what is collected of ``/score`` by itself."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowyard.flows.collecting import app as app_module
from flowyard.flows.collecting import keeper, names
from flowyard.flows.collecting.app import CollectingApp
from flowyard.flows.collecting.collector import BasicCorrelationContext, Collector
from flowyard.flows.collecting.keeper import COLLECTED, CollectorSpec, DataKeeper, Source
from flowyard.foundation.errors import InvalidInputError
from flowyard.tracing.context import SpanContext, activate
from flowyard.tracing.signals import LogRecord
from support.flow_folders import python_node, write_flow

SOURCE = Source(workspace_id="w1", endpoint="support", deployment="blue")
REQUEST = SpanContext("a" * 32, "b" * 16)


class Kept:
    """A sink that keeps what it is given, or refuses it as a full queue does."""

    def __init__(self) -> None:
        self.records: list[LogRecord] = []
        self.dropped = 0
        self.full = False

    def emit_log(self, record: LogRecord) -> None:
        if self.full:
            self.dropped += 1
        else:
            self.records.append(record)


class Frame:
    """What `Collector` needs to see of a data frame."""

    def __init__(self, rows: list[dict[str, Any]], size: int | None = None) -> None:
        self.rows = rows
        self.columns = list(rows[0])
        self.size = size or len(rows) * len(self.columns)

    def to_json(self, orient: str, date_format: str) -> str:
        assert (orient, date_format) == ("records", "iso")
        return json.dumps(self.rows)


@pytest.fixture
def sink() -> Iterator[Kept]:
    kept = Kept()
    spec = CollectorSpec(rates={"model_inputs": 1.0, "model_outputs": 1.0, "half": 0.5})
    keeper.use(DataKeeper(kept, spec, SOURCE, lambda text: text.replace("s3cret", "***")))
    yield kept
    keeper.use(None)


def test_frames_of_one_request_share_its_trace(sink: Kept) -> None:
    with activate(REQUEST):
        context = Collector(name="model_inputs").collect(Frame([{"q": "a"}, {"q": "b"}]))
        Collector(name="Model_Outputs").collect([{"answer": "s3cret"}], context)
    asked, answered = sink.records
    assert context.get_id() == REQUEST.trace_id == asked.trace_id
    assert asked.body == "2 rows of model_inputs"
    assert (asked.event, asked.logger, asked.service, asked.workspace_id) == (COLLECTED, "model_inputs", "support/blue", "w1")
    assert asked.attributes == {
        "correlation_id": REQUEST.trace_id,
        "rows": 2,
        "data": [{"q": "a"}, {"q": "b"}],
        "collect_data_type": "pandas.core.frame.DataFrame",
    }
    assert answered.attributes["data"] == [{"answer": "***"}]
    assert answered.attributes["correlation_id"] == REQUEST.trace_id


def test_a_context_of_ones_own_goes_with_the_rows(sink: Kept) -> None:
    given = BasicCorrelationContext(id="order-7", headers={"tenant": "a"})
    assert Collector(name="model_inputs").collect({"q": 1}, given) is given
    (record,) = sink.records
    assert (record.attributes["correlation_id"], record.attributes["headers"]) == ("order-7", {"tenant": "a"})
    assert record.attributes["data"] == [{"q": 1}]


def test_what_cannot_be_kept_is_told_and_counted_and_fails_nothing(sink: Kept, caplog: pytest.LogCaptureFixture) -> None:
    told: list[Exception] = []
    collector = Collector(name="model_inputs", on_error=told.append)
    collector.collect("no table")
    collector.collect(Frame([{"q": 1}], size=10**9))
    collector.collect([{"q": "x" * keeper.LARGEST}])
    sink.full = True
    collector.collect([{"q": 1}])
    assert sink.records == []
    assert [str(error).partition(": ")[2][:20] for error in told] == [
        "expected a pandas.Da",
        "a record has at most",
        "a record has at most",
        "more is collected th",
    ]
    sink.full = False
    collector.collect([{"q": 1}])
    assert sink.records[0].attributes["dropped"] == {"unfit": 1, "too_large": 2, "queue_full": 1}
    collector.collect([{"q": 2}])
    assert "dropped" not in sink.records[1].attributes
    quiet = Collector(name="model_inputs")
    for _ in range(2):
        quiet.collect(7)
    assert len([line for line in caplog.messages if "are not kept" in line]) == 1
    found = keeper.here()
    assert found is not None
    found.close()
    assert sink.records[-1].attributes["dropped"] == {"unfit": 2}
    assert sink.records[-1].attributes["rows"] == 0


def test_a_name_that_is_not_enabled_keeps_nothing(sink: Kept) -> None:
    told: list[Exception] = []
    Collector(name="other", on_error=told.append).collect([{"q": 1}])
    keeper.use(None)
    Collector(name="model_inputs", on_error=told.append).collect([{"q": 1}])
    Collector(name="model_inputs").collect([{"q": 1}])
    assert sink.records == []
    assert ["is not enabled" in str(error) for error in told] == [True, True]
    with pytest.raises(InvalidInputError):
        Collector(name="")


def test_a_sampled_request_is_kept_or_left_out_as_a_whole(sink: Kept) -> None:
    found = keeper.here()
    assert found is not None
    for number in range(1000):
        Collector(name="half").collect([{"n": number}], BasicCorrelationContext(id=f"{number:032x}"))
    assert 420 < len(sink.records) < 580
    kept = {record.attributes["correlation_id"] for record in sink.records}
    assert all(found.wants("half", correlation_id) for correlation_id in kept)
    assert not found.wants("half", next(f"{number:032x}" for number in range(1000) if f"{number:032x}" not in kept))


def test_it_is_found_under_azure_mls_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("azureml", "azureml.ai", "azureml.ai.monitoring", "azureml.ai.monitoring.context", "azureml.ai.monitoring.collector"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    names.install()
    assert importlib.import_module("azureml.ai.monitoring").Collector is Collector
    assert importlib.import_module("azureml.ai.monitoring.context").BasicCorrelationContext is BasicCorrelationContext


def test_a_flow_that_collects_is_tested_where_nothing_is_kept(tmp_path: Path) -> None:
    flow = {"inputs": {}, "outputs": {"a": {"type": "string", "reference": "${a.output}"}}, "nodes": [python_node("a", x="hi")]}
    code = """
from azureml.ai.monitoring import Collector
from promptflow.core import tool

@tool
def run(x: str):
    Collector(name="model_inputs").collect([{"x": x}])
    return x
"""
    folder = write_flow(tmp_path / "flow", flow, a__py=code)
    words = [str(Path(sys.executable).with_name("flowyard")), "flow", "test", "--flow", str(folder), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)
    assert (done.returncode, '"hi"' in done.stdout) == (0, True), done.stderr
    assert "is not enabled by the deployment's data_collector" in done.stderr + done.stdout


async def score(keeping: DataKeeper, body: bytes, answer: bytes, *, status: int = 200, values: bool = True) -> list[Any]:
    sent: list[Any] = []

    async def replica(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": answer[:3], "more_body": True})
        await send({"type": "http.response.body", "body": answer[3:]})

    async def receive() -> Any:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"traceparent", REQUEST.traceparent().encode()), (b"x-request-id", b"r-1"), (b"x-tenant", b"acme")]
    scope = {"type": "http", "method": "POST", "path": "/score", "headers": headers}
    await CollectingApp(replica, keeping, values=values)(scope, receive, send)
    return sent


async def test_bodies_and_a_flows_values_are_collected_by_themselves() -> None:
    sink = Kept()
    spec = CollectorSpec(rates=dict.fromkeys(("request", "response", "model_inputs", "model_outputs"), 1.0), headers=("X-Tenant", "X-None"))
    keeping = DataKeeper(sink, spec, SOURCE)
    sent = await score(keeping, b'{"q": "hi"}', b'{"answer": "yes"}')
    assert len(sent) == 3
    found = {record.logger: record.attributes for record in sink.records}
    assert found["request"]["data"] == found["model_inputs"]["data"] == [{"q": "hi"}]
    assert found["request"]["headers"] == {"X-Tenant": "acme"}
    assert found["response"]["data"] == found["model_outputs"]["data"] == [{"answer": "yes"}]
    assert (found["response"]["status"], found["request"]["xrequestid"]) == (200, "r-1")
    assert {record.attributes["correlation_id"] for record in sink.records} == {REQUEST.trace_id}
    assert {record.trace_id for record in sink.records} == {REQUEST.trace_id}
    sink.records.clear()
    # An error has no outputs; a stream of events is a text.
    await score(keeping, b'{"q": "hi"}', b'{"code": "X"}', status=500)
    assert [record.logger for record in sink.records] == ["request", "model_inputs", "response"]
    sink.records.clear()
    await score(keeping, b"data: one\n\n", b"data: two\n\n", values=False)
    assert [record.attributes["data"] for record in sink.records] == [["data: one\n\n"], ["data: two\n\n"]]


async def test_a_large_body_passes_and_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_module, "LARGEST", 10)
    sink = Kept()
    keeping = DataKeeper(sink, CollectorSpec(rates={"request": 1.0, "response": 1.0}), SOURCE)
    sent = await score(keeping, b'{"q": "this is long"}', b'"a"', values=False)
    assert b"".join(message.get("body", b"") for message in sent) == b'"a"'
    assert [record.logger for record in sink.records] == ["response"]
    keeping.close()
    assert sink.records[-1].attributes["dropped"] == {"too_large": 1}
