"""Collected data from a replica's requests to a list, a file and a data asset, through the telemetry of the workspace."""

import io
import json
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
import urllib3
from sqlalchemy import Engine

from flowyard import Workspace
from flowyard.cli.entry import main
from flowyard.endpoints.collecting.ports import Wanted
from flowyard.endpoints.errors import DeploymentInvalidError
from flowyard.endpoints.gateway.build import GatewayParts, build_gateway
from flowyard.endpoints.online.settings import check_settings
from flowyard.flows.collecting.keeper import COLLECTED, CollectorSpec, DataKeeper, Source
from flowyard.foundation.errors import RemoteError
from flowyard.foundation.ids import new_id
from flowyard.identity.model import Caller
from flowyard.storage.sql.directory import SqlDirectory
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.store import TelemetryStore
from flowyard.testing.process_host import eventually, running_supervisor
from flowyard.tracing.signals import LogRecord
from flowyard.tracing.sinks import MemorySink
from flowyard.tracing.spool import SpoolSink
from flowyard.wire.collected_data import CollectedAsset
from flowyard.wire.endpoints import Collection, DataCollector, DeploymentCreate, DeploymentSettings, EndpointCreate
from flowyard.wire.identity import ApiKeyCreate
from support.memory_installation import MemoryCatalog, Served
from support.online_installation import Online, online
from support.spans import trace_id

HOUR_NS = 3600 * 10**9
SAY = """
from azureml.ai.monitoring import Collector
from promptflow.core import tool

@tool
def say(question: str) -> str:
    context = Collector(name="seen").collect([{"length": len(question)}])
    Collector(name="not_enabled").collect([{"length": 0}], context)
    return f"answer to {question}"
"""
COLLECTOR = DataCollector(
    collections={name: Collection() for name in ("model_inputs", "model_outputs", "request", "response", "seen")}
    | {"unwanted": Collection(enabled=False)},
    capture_headers=("X-Tenant", "Content-Length", "content-type", "X-Request-Id"),
)


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """Once, on SQLite: what is tested here does not depend on the database."""
    path = tmp_path / "metadata.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.mark.integration
def test_a_flows_requests_are_collected(engine: Engine, tmp_path: Path, caller: Caller) -> None:
    with running_supervisor(tmp_path / "logs") as host:
        installation = online(engine, tmp_path / "home", host, caller)
        spools = tmp_path / "home" / "spools"
        spools.mkdir(parents=True)
        key = installation.keys.issue("w1", "test", "invoker", scope="")
        source = SqlDirectory(engine, installation.keys, None, installation.connections)  # type: ignore[arg-type]
        parts = GatewayParts(source=source, host=host, local=MemoryCatalog(), sink=MemorySink(), server="127.0.0.1:1")
        installation.service.create(caller, EndpointCreate(name="support"))
        installation.write_flow(tool=SAY)
        create = DeploymentCreate(flow="answers", settings=DeploymentSettings(data_collector=COLLECTOR))
        installation.run(installation.service.deploy(caller, "support", create))
        with Served(lambda: build_gateway(parts)) as served, urllib3.PoolManager(retries=False) as pool:
            headers = {"authorization": f"Bearer {key}", "content-type": "application/json", "x-tenant": "acme", "x-other": "no"}
            bodies: list[bytes] = []
            for question in ("one", "my key is sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD"):
                body = json.dumps({"question": question}).encode()
                bodies.append(body)
                answer = pool.request("POST", f"{served.url}/endpoints/support/score", body=body, headers=headers)
                assert answer.status == 200, answer.data
        assert any("is not enabled" in line for lines in installation.service.logs(caller, "support") for line in lines.lines)
    store = TelemetryStore(engine, spools, SegmentFiles(tmp_path / "segments"))
    store.start()
    try:
        eventually(lambda: len(list(store.queries.collected("w1", Wanted(endpoint="support")))) == 10)
        records = list(store.queries.collected("w1", Wanted(endpoint="support")))
        assert list(store.queries.collected("w2", Wanted(endpoint="support"))) == []
        assert list(store.queries.collected("w1", Wanted(endpoint="supp"))) == []
        (seen, *_) = store.queries.collected("w1", Wanted(endpoint="support", deployment="blue", collections=("Seen",)))
        assert seen.attributes["data"] == [{"length": 3}]
        requests = [record for record in records if record.logger == "request"]
        captured = [record.attributes["headers"] for record in requests]
        assert [(told["X-Tenant"], told["content-type"]) for told in captured] == [("acme", "application/json")] * 2
        assert [int(told["Content-Length"]) for told in captured] == [len(body) for body in bodies]
        # The workspace's rules of redaction hold.
        assert "sk-proj" not in repr(records)
        of_one = [record for record in records if record.trace_id == requests[0].trace_id]
        assert {record.logger for record in of_one} == {"request", "response", "model_inputs", "model_outputs", "seen"}
        assert {record.attributes["correlation_id"] for record in of_one} == {requests[0].trace_id}
    finally:
        store.stop()


@pytest.fixture
def collected(services: Any, ws: Workspace, home: Path) -> Workspace:
    """A workspace with three requests' inputs and outputs, and one record that was too large."""
    workspace_id = services.identity.all_workspaces()[0].id
    sink = SpoolSink(home / "spools", "data-support-blue")
    source = Source(workspace_id=workspace_id, endpoint="support", deployment="blue")
    keeping = DataKeeper(sink, CollectorSpec(rates={"model_inputs": 1.0, "model_outputs": 1.0}), source)
    for number in range(3):
        keeping.keep("model_inputs", [{"question": f"q{number}", "collected_at": 1}], f"c{number}", collect_data_type="x")
        keeping.keep("model_outputs", [{"answer": f"a{number}", "question": number}], f"c{number}")
    keeping.drop("model_outputs", "too_large")
    keeping.close()
    sink.close()
    eventually(lambda: [entry.rows for entry in ws.collected_data.list("support")] == [3, 3])
    return ws


def test_the_list_is_of_the_last_day_where_no_time_is_given(services: Any, ws: Workspace, home: Path) -> None:
    workspace_id, now = services.identity.all_workspaces()[0].id, time.time_ns()
    sink = SpoolSink(home / "spools", "data-support-blue")
    for hours, rows in ((30, 5), (23, 2)):
        record = LogRecord(
            log_id=new_id(), at_ns=now - hours * HOUR_NS, workspace_id=workspace_id, body="", event=COLLECTED, service="support/blue",
            logger="model_inputs", attributes={"correlation_id": f"c{hours}", "rows": rows, "data": [{"n": 1}] * rows},
        )  # fmt: skip
        sink.emit_log(record)
    sink.close()
    eventually(lambda: [entry.rows for entry in ws.collected_data.list("support", since="7d")] == [7])
    assert [entry.rows for entry in ws.collected_data.list("support")] == [2]
    assert [entry.rows for entry in ws.collected_data.list("support", until="24h")] == [5]


def test_what_was_made_of_documents_with_access_tags_is_in_no_file_of_those_who_lack_them(
    services: Any, ws: Workspace, home: Path, owner_key: str
) -> None:
    owner, now = services.sign_in.by_key(owner_key).enter(), time.time_ns()
    sink = SpoolSink(home / "spools", "data-support-blue")
    for number, text in ((1, "wages"), (2, "weather")):
        record = LogRecord(
            log_id=new_id(), at_ns=now, workspace_id=owner.workspace_id, body="", event=COLLECTED, service="support/blue",
            logger="model_outputs", trace_id=trace_id(number),
            attributes={"correlation_id": f"c{number}", "rows": 1, "data": [{"said": text}]},
        )  # fmt: skip
        sink.emit_log(record)
    sink.close()
    services.runs._guards.note(owner.workspace_id, trace_id(1), [["hr"]])
    eventually(lambda: [entry.rows for entry in ws.collected_data.list("support")] == [2])
    key = services.keys.create(owner, ApiKeyCreate(name="other", role="contributor")).secret
    other = Workspace(url=ws.transport.url, api_key=key, workspace="default")
    assert b"wages" in exported(ws)
    assert (b"weather" in exported(other), b"wages" in exported(other)) == (True, False)
    services.access.set(owner, "key", "other", ["hr"])
    assert b"wages" in exported(other)


def exported(ws: Workspace, fmt: Any = "jsonl", **asked: Any) -> bytes:
    target = io.BytesIO()
    ws.collected_data.export("support", target, CollectedAsset(**asked), fmt=fmt)
    return target.getvalue()


def test_what_was_collected_is_listed_and_exported(collected: Workspace) -> None:
    inputs, outputs = collected.collected_data.list("support")
    assert (inputs.deployment, inputs.collection, inputs.records, inputs.dropped) == ("blue", "model_inputs", 3, {})
    assert (outputs.collection, outputs.records, outputs.dropped) == ("model_outputs", 3, {"too_large": 1})
    assert inputs.first_at <= inputs.last_at
    rows = [json.loads(line) for line in exported(collected).splitlines()]
    assert [row.pop("collected_at") >= inputs.first_at for row in rows if row["correlation_id"] != ""]
    assert rows[0] == {
        "question": "q0",
        "data.collected_at": 1,
        "answer": "a0",
        "model_outputs.question": 0,
        "correlation_id": "c0",
        "deployment": "blue",
    }
    assert len(exported(collected, collections=("model_outputs",), limit=2).splitlines()) == 2
    assert exported(collected, until="1h") == b""
    assert exported(collected, deployment="green") == b""
    table = pyarrow.parquet.read_table(io.BytesIO(exported(collected, "parquet")))
    assert table.column("answer").to_pylist() == ["a0", "a1", "a2"]
    assert table.column("model_outputs.question").to_pylist() == [0, 1, 2]


def test_events_have_azure_mls_attributes(collected: Workspace) -> None:
    event = json.loads(exported(collected, form="events", collections=("model_inputs",)).splitlines()[0])
    assert event.pop("id")
    assert event.pop("time")
    assert event.pop("agent").startswith("flowyard/")
    assert event == {
        "specversion": "1.0",
        "source": "/workspaces/default/onlineEndpoints/support/deployments/blue",
        "type": "azureml.inference.model_inputs",
        "datacontenttype": "application/json",
        "data": [{"question": "q0", "collected_at": 1}],
        "correlationid": "c0",
        "xrequestid": "c0",
        "modelversion": "default",
        "collectdatatype": "x",
        "contentrange": "bytes 0-35/36",
    }


def test_a_data_asset_is_made_of_it(collected: Workspace) -> None:
    made = collected.collected_data.keep("support", CollectedAsset())
    assert (made.reference, made.rows) == ("azureml:support-model_inputs:1", 3)
    assert made.origin["kind"] == "collected"
    assert collected.data.preview(made.name).rows[0].values["answer"] == "a0"
    assert collected.collected_data.keep("support", CollectedAsset(name="seen", collections=("model_inputs",))).name == "seen"
    with pytest.raises(RemoteError, match="Nothing was collected"):
        collected.collected_data.keep("support", CollectedAsset(collections=("other",)))


def test_the_command_line(
    collected: Workspace, owner_key: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("FLOWYARD_URL", collected.transport.url)
    monkeypatch.setenv("FLOWYARD_API_KEY", owner_key)

    def run(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["endpoint", "collected-data", *words])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    code, out, err = run("list", "support")
    assert (code, "1 too_large" in out, "last 24 hours" in err) == (0, True, True)
    assert "last 24 hours" not in run("list", "support", "--since", "2h")[2]
    assert "data_collector" in "".join(run("list", "other")[1:])
    file = tmp_path / "rows.jsonl"
    assert run("export", "support", "-o", str(file))[0] == 0
    assert len(file.read_bytes().splitlines()) == 3
    code, out, err = run("export", "support", "--as-asset", "--asset", "seen", "-c", "model_inputs")
    assert (code, out) == (0, "azureml:seen:1 has 3 rows.\n"), err
    assert run("export", "support")[0] == 2


def test_a_catalog_models_deployment_collects_nothing(installation: Online) -> None:
    installation.service.create(installation.caller, EndpointCreate(name="support"))
    create = DeploymentCreate(model="small", settings=DeploymentSettings(data_collector=COLLECTOR))
    with pytest.raises(DeploymentInvalidError, match="in the traces"):
        installation.service.deploy(installation.caller, "support", create)


@pytest.mark.parametrize(
    ("collector", "match"),
    [
        (DataCollector(collections={"a b": Collection()}), "no name for a collection"),
        (DataCollector(collections={"a": Collection(sampling_rate=1.5)}), "expected 0 to 1"),
        (DataCollector(sampling_rate=-1), "expected 0 to 1"),
        *((DataCollector(capture_headers=(name,)), "is not captured") for name in ("Authorization", "X-Api-Key", "my-token", "Set-Cookie")),
        (DataCollector(capture_headers=("a b",)), "is not captured"),
        (DataCollector(capture_headers=tuple(f"x-{number}" for number in range(51))), "more than 50"),
    ],
)
def test_what_may_be_collected_is_checked(collector: DataCollector, match: str) -> None:
    with pytest.raises(DeploymentInvalidError, match=match):
        check_settings(DeploymentSettings(data_collector=collector))
