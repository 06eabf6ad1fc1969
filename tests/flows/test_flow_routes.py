"""Flows over HTTP, through the SDK, on a real control plane with real session processes."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import urllib3

from flowyard.client.flows import Flows
from flowyard.client.transport import Transport
from flowyard.compute.processes.client import SupervisorHost
from flowyard.flows.authoring import FlowStore
from flowyard.flows.service import FlowService
from flowyard.flows.sessions import Sessions
from flowyard.flows.snapshots import SnapshotStore
from flowyard.foundation.errors import RemoteError
from flowyard.foundation.settings import Settings
from flowyard.server.app import create_app
from flowyard.testing.process_host import running_supervisor
from support.asgi_server import serving


@pytest.fixture
def flows(client: Any, owner: dict[str, str]) -> Any:
    """Calls the routes of the workspace's flows in process: ``flows("GET", "/words/files")``."""

    def call(method: str, path: str = "", *, headers: dict[str, str] | None = None, noun: str = "flows", **options: Any) -> Any:
        return client.request(method, f"/api/v1/workspaces/default/{noun}{path}", headers=owner | (headers or {}), **options)

    return call


def test_flows_and_their_files(flows: Any) -> None:
    templates = [template["name"] for template in flows("GET", "/templates").json()["items"]]
    assert templates[:8] == ["standard", "chat", "classification", "agent", "evaluation", "python", "flex", "prompty"]
    made = flows("POST", json={"name": "words", "template": "python"})
    assert (made.status_code, made.json()["nodes"]) == (201, 2)
    assert flows("POST", json={"name": "words", "template": "python"}).status_code == 409
    assert flows("POST", json={"name": "../x", "template": "python"}).status_code == 422
    assert [flow["name"] for flow in flows("GET").json()["items"]] == ["words"]
    assert flows("GET", "/words").json()["errors"] == 0
    assert flows("GET", "/nope").status_code == 404
    assert len(flows("GET", "/words/graph").json()["edges"]) == 4
    assert {file["path"] for file in flows("GET", "/words/files").json()["items"]} == {"count.py", "flow.dag.yaml", "split.py"}
    found = flows("GET", "/words/files/split.py")
    tag = found.json()["etag"]
    assert found.headers["etag"] == f'"{tag}"'
    body = {"content": "print(1)\n"}
    assert flows("PUT", "/words/files/split.py", json=body).status_code == 428
    written = flows("PUT", "/words/files/split.py", json=body, headers={"If-Match": tag})
    assert written.status_code == 200
    late = flows("PUT", "/words/files/split.py", json=body, headers={"If-Match": tag})
    assert (late.status_code, late.json()["code"], late.json()["extra"]["etag"]) == (412, "FileChanged", written.json()["etag"])
    assert flows("PUT", "/words/files/deep/new.txt", json=body, headers={"If-None-Match": "*"}).status_code == 200
    assert flows("GET", "/words/files/deep/new.txt").json()["content"] == "print(1)\n"
    assert flows("GET", "/words/files/%2e%2e/%2e%2e/secret").status_code in {404, 422}
    assert flows("GET", "/words/files/..%2f..%2fsecret").status_code in {404, 422}
    assert flows("DELETE", "/words/files/deep/new.txt").status_code == 204
    assert flows("GET", "/words/graph").json()["findings"][0]["code"] == "NoToolDefined"


def test_snapshots(flows: Any) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("f/flow.dag.yaml", "nodes: []\n")
    zipped = {"content-type": "application/zip"}
    made = flows("POST", noun="snapshots", content=target.getvalue(), headers=zipped)
    assert (made.status_code, made.json()["files"]) == (201, 1)
    assert flows("POST", noun="snapshots", content=b"no zip", headers=zipped).status_code == 422


def test_a_session_that_cannot_start_is_said(flows: Any) -> None:
    flows("POST", json={"name": "words", "template": "python"})
    assert flows("POST", "/words/test", json={"inputs": {}}).status_code == 503


@pytest.fixture
def running(services: Any, owner_key: str, tmp_path: Path) -> Iterator[Flows]:
    """The SDK's flows on a server that has a supervisor."""
    with ExitStack() as stack:
        host: SupervisorHost = stack.enter_context(running_supervisor(tmp_path / "logs"))
        (tmp_path / "spools").mkdir()
        sessions = Sessions(host, services.keys, services.connections, lambda: "http://127.0.0.1:9", Settings(home=tmp_path))
        stores = FlowStore(tmp_path / "workspaces"), SnapshotStore(tmp_path / "snapshots")
        service = FlowService(*stores, sessions, services.audit, services.flows._guards)
        url = stack.enter_context(serving(create_app(replace(services, flows=service))))
        yield Flows(Transport(url, owner_key, "default"))


@pytest.mark.integration
def test_test_runs(running: Flows) -> None:
    running.create("words", "python")
    events = list(running.test_stream("words", {"text": "one two"}))
    assert [event.kind for event in events] == ["started", "node", "node", "node", "node", "ended"]
    ended = running.test("words", {"text": "three four five"})
    assert (ended.kind, ended.status, ended.outputs) == ("ended", "completed", {"words": 3, "longest": "three"})
    tagged = running.read("words", "count.py")
    running.write("words", "count.py", "def broken(:\n", etag=tagged.etag)
    with pytest.raises(RemoteError) as caught:
        running.test("words")
    assert (caught.value.remote.status, caught.value.remote.code) == (422, "InvalidFlow")
    assert caught.value.remote.findings[0].location.file == "count.py"
    with pytest.raises(RemoteError) as caught:
        running.test("nothing")
    assert caught.value.remote.status == 404
    versions = running.history("words")
    assert [[change.path for change in version.changes] for version in versions][-1] == ["count.py", "flow.dag.yaml", "split.py"]
    assert running.rename("words", "letters").name == "letters"
    assert running.history("letters") == versions
    running.name_version("letters", "current", "broken")
    text = running.read("letters", "count.py")
    running.write("letters", "count.py", "mended = True\n", etag=text.etag)
    assert [file.after for file in running.diff("letters").files] == ["mended = True\n"]
    assert running.restore("letters", versions[0].id).restored_from == versions[0].id
    assert running.import_archive("again", running.export_archive("letters")).nodes == 2
    assert running.clone("again", "once_more").name == "once_more"
    for name in ("letters", "again", "once_more"):
        running.delete(name)
    assert running.list() == ()


@pytest.mark.integration
def test_a_reader_may_not_run(running: Flows, services: Any) -> None:
    from flowyard.wire.identity import ApiKeyCreate

    running.create("words", "python")
    owner_key = running._transport._headers["Authorization"].removeprefix("Bearer ")
    principal = services.sign_in.by_key(owner_key)
    reader = services.keys.create(principal.enter("default"), ApiKeyCreate(name="reader", role="reader")).secret
    url = running._transport.address("flows/words/test")
    answer = urllib3.request("POST", url, json={"inputs": {}}, headers={"Authorization": f"Bearer {reader}"}, retries=False)
    assert answer.status == 403
