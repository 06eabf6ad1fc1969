"""Runs over HTTP and from Python, on a real control plane; what a worker would record is recorded by hand."""

import io
import json
import os
import shutil
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from flowyard import Workspace
from flowyard.data.datastores.model import BUILT_IN, Bounds
from flowyard.flows.runs.errors import RunStateError
from flowyard.flows.runs.job import RunJob
from flowyard.flows.runs.store import RunStore
from flowyard.foundation.clock import now_ns
from flowyard.foundation.errors import RemoteError
from flowyard.wire.runs import Run, RunCreate, RunUpdate
from support.flow_folders import ECHO, python_node, write_flow
from support.online_installation import InlineContext
from support.recorded_runs import record

FLOW = {
    "inputs": {"text": {"type": "string"}},
    "outputs": {"said": {"type": "string", "reference": "${say.output}"}},
    "nodes": [{**python_node("say", x="${inputs.text}"), "source": {"type": "code", "path": "say.py"}}],
}


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    return write_flow(tmp_path / "answers", FLOW, say__py=ECHO)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps({"text": f"row {line}"}) + "\n" for line in range(3)))
    return file


@pytest.fixture
def made(ws: Workspace, flow: Path, data: Path) -> Run:
    return ws.runs.create(flow=flow, data=data, name="first", column_mapping={"text": "${data.text}"})


@pytest.fixture
def folder(server: Any, made: Run, owner_key: str) -> Path:
    return server.services.runs.folder(server.services.sign_in.by_key(owner_key).enter(), made.name)


def ended(server: Any, folder: Path, status: str, **rows: dict[int, Any]) -> None:
    """Be the worker: record rows, and end the job."""
    from flowyard.compute.jobs.model import Outcome
    from flowyard.storage.engine import open_engine
    from flowyard.storage.sql.jobs import SqlJobStore
    from flowyard.wire.runs import RunCounts

    with RunStore(folder, write=True) as store:
        record(store, {"": rows.get("rows", {})})
        tally = store.tally()
        store.set_facts(status=status, counts=RunCounts(completed=tally.completed, failed=tally.failed, rows_per_second=9.0))
    engine = open_engine(server.services.settings.metadata_url)
    jobs = SqlJobStore(engine)
    begun = jobs.begin(_job(server, folder), "worker")
    assert begun is not None
    jobs.end(begun.job.id, begun.job.epoch, Outcome(status=status, error={"detail": "It broke."} if status == "failed" else None), ())  # type: ignore[arg-type]
    engine.dispose()


def _job(server: Any, folder: Path) -> str:
    from sqlalchemy import select

    from flowyard.storage.engine import open_engine
    from flowyard.storage.schema import runs

    engine = open_engine(server.services.settings.metadata_url)
    with engine.connect() as connection:
        found = connection.execute(select(runs.c.job_id).where(runs.c.id == folder.name)).scalar_one()
    engine.dispose()
    return found


def test_a_run_is_made_queued_and_listed(ws: Workspace, made: Run) -> None:
    assert (made.status, made.flow, made.created_by, made.column_mapping) == ("queued", "answers", "key/local", {"text": "${data.text}"})
    assert len(made.snapshot) == 64
    assert made.data is not None
    assert made.data.startswith("upload:")
    job = ws.jobs.get(made.job_id or "")
    assert (job.kind, job.target, [stage.name for stage in job.stages]) == ("run", "runs/first", ["prepare", "rows", "aggregate"])
    assert [run.name for run in ws.runs.list()] == ["first"]
    assert [run.name for run in ws.runs.list(flow="answers", status="queued")] == ["first"]
    assert list(ws.runs.list(status="running")) == []
    assert ("run.create", "runs/first") in {(line.action, line.target) for line in ws.audit.list()}


def test_rows_pages_detail_and_export(ws: Workspace, server: Any, made: Run, folder: Path, tmp_path: Path) -> None:
    ended(server, folder, "completed", rows={0: {"said": "a"}, 1: None, 2: {"said": "cherry"}})
    run = ws.runs.get("first")
    assert (run.status, run.counts.completed, run.counts.failed, run.counts.rows_per_second) == ("completed", 2, 1, None)
    assert run.ended_at is not None
    assert [row.get("outputs.said") for row in ws.runs.details("first")] == ["a", None, "cherry"]
    assert [row.line for row in ws.runs.lines("first", status="failed")] == [1]
    assert [row.line for row in ws.runs.lines("first", text="CHERRY", limit=1)] == [2]
    assert (list(ws.runs.lines("first", verdict="fail", score="f1")), ws.runs.line_counts("first").failed) == ([], 1)
    assert ws.runs.line("first", 2).nodes[0].node == "ask"
    assert ws.runs.metrics("first").variants == {}
    assert ws.runs.logs("first") == ()
    with (tmp_path / "out.jsonl").open("wb") as target:
        ws.runs.export("first", "jsonl", target)
    assert [json.loads(line)["line"] for line in (tmp_path / "out.jsonl").read_text().splitlines()] == [0, 1, 2]
    assert [side.status for side in ws.runs.compare("first").sides] == ["completed"]
    assert (ws.runs.unread_answers("first").total, ws.runs.unread_answers("first").rows) == (0, 0)


def test_a_run_over_ones_own_that_goes_on_begins_after_it(ws: Workspace, server: Any, made: Run, flow: Path, owner_key: str) -> None:
    second = ws.runs.create(flow=flow, run="first", name="second", column_mapping={"text": "${run.outputs.said}"})
    assert (second.status, second.run) == ("queued", "first")
    assert ws.jobs.get(second.job_id or "").waiting == f"It begins once job {made.job_id} has ended: Run answers as first."
    # Whose rows somebody else's run will have, nobody knows yet.
    secret = ws.keys.create("other", role="contributor").secret
    other = Workspace(url=server.url, api_key=secret, workspace="default")
    with pytest.raises(RemoteError) as refused:
        other.runs.create(flow=flow, run="first", column_mapping={"text": "${run.outputs.said}"})
    assert refused.value.problem().code == "RunState"
    ws.runs.cancel("first")
    assert "It begins once" not in str(ws.jobs.get(second.job_id or "").waiting)
    owner = server.services.sign_in.by_key(owner_key).enter()
    index = server.services.runs._index
    job = RunJob(index, server.services.runs._places, None, None, None, None)  # type: ignore[arg-type]
    record = index.get(owner.workspace_id, "second")
    with pytest.raises(RunStateError, match="which this one builds on, is canceled"):
        job.run(InlineContext(owner.workspace_id), server.services.jobs.arguments(owner.workspace_id, record.job_id))


def test_words_archive_and_delete(ws: Workspace, server: Any, made: Run, folder: Path) -> None:
    assert ws.runs.update("first", RunUpdate(display_name="Shown", tags={"a": "b"})).display_name == "Shown"
    with pytest.raises(RemoteError) as refused:
        ws.runs.delete("first")
    assert refused.value.problem().code == "RunState"
    ws.runs.cancel("first")
    assert ws.runs.get("first").status == "canceled"
    assert ws.runs.archive("first").archived
    assert list(ws.runs.list()) == []
    assert [run.name for run in ws.runs.list(archived="only")] == ["first"]
    assert not ws.runs.restore("first").archived
    ws.runs.delete("first")
    assert not folder.exists()
    assert list(ws.runs.list(archived="also")) == []
    actions = {line.action for line in ws.audit.list()}
    assert {"run.update", "run.cancel", "run.archive", "run.restore", "run.delete", "data.upload", "snapshot.create"} <= actions


@pytest.mark.parametrize("damage", ["gone", "damaged"])
def test_a_run_whose_file_is_lost_is_listed_and_can_be_deleted(ws: Workspace, server: Any, made: Run, folder: Path, damage: str) -> None:
    ended(server, folder, "completed")
    if damage == "gone":
        shutil.rmtree(folder)
    else:
        for file in folder.iterdir():
            file.write_bytes(b"no database at all, but long enough for a header" * 20)
    (run,) = ws.runs.list()
    assert (run.name, run.status, (run.error or {})["code"]) == ("first", "failed", "RunNotFound" if damage == "gone" else "RunDamaged")
    ws.runs.delete("first")
    assert list(ws.runs.list()) == []


def test_what_can_be_resumed(ws: Workspace, server: Any, made: Run, folder: Path) -> None:
    with pytest.raises(RemoteError) as refused:
        ws.runs.resume("first")
    assert refused.value.problem().code == "RunState"
    ended(server, folder, "failed", rows={0: {"said": "a"}, 1: None})
    run = ws.runs.get("first")
    assert (run.status, (run.error or {})["detail"]) == ("failed", "It broke.")
    again = ws.runs.resume("first")
    assert (again.status, again.job_id, again.error) == ("queued", made.job_id, None)
    ended(server, folder, "completed", rows={1: None})
    other = ws.runs.resume("first")  # its failed row
    assert (other.status, other.job_id != made.job_id) == ("queued", True)
    ended(server, folder, "completed", rows={1: {"said": "b"}})
    with pytest.raises(RemoteError) as refused:
        ws.runs.resume("first")
    assert "All rows" in refused.value.problem().detail


def test_a_run_that_goes_on_with_another_inherits_what_it_does_not_say(ws: Workspace, server: Any, made: Run, folder: Path) -> None:
    with pytest.raises(RemoteError) as refused:
        ws.runs.create(resume_from="first")
    assert refused.value.problem().code == "RunState"
    ended(server, folder, "failed")
    run = ws.runs.create(resume_from="first", name="second", display_name="Again", max_failures=3)
    assert (run.flow, run.snapshot, run.data, run.column_mapping) == (made.flow, made.snapshot, made.data, made.column_mapping)
    assert (run.name, run.display_name, run.resume_from) == ("second", "Again", "first")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "first"}, "RunExists"),
        ({"name": "../x"}, "RunNameNotValid"),
        ({"name": "compare"}, "RunNameNotValid"),
        ({"flow": "absent", "snapshot": None}, "FlowNotFound"),
        ({"flow": None, "snapshot": None}, "InvalidInput"),
        ({"snapshot": "0" * 64}, "NotFound"),
        ({"data": None}, "InvalidData"),
        ({"data": "/etc/passwd"}, "InvalidData"),
        ({"data": "http://127.0.0.1:9/x.jsonl"}, "DatastoreInvalid"),
        ({"data": "upload:" + "0" * 64}, "UploadNotFound"),
        ({"run": "absent"}, "RunNotFound"),
        ({"resume_from": "frist"}, "RunNotFound"),
        ({"column_mapping": {"text": "${run.outputs.x}"}}, "InputMappingError"),
        ({"column_mapping": {"text": "${dat.x}"}}, "InputMappingError"),
        ({"variants": ("${say.nope}",)}, None),
        ({"variants": ("all:say",)}, "InvalidInput"),
        ({"variants": ("nope",)}, "InvalidInput"),
        ({"concurrency": 0}, "InvalidInput"),
        ({"max_failures": -1}, "InvalidInput"),
        ({"flow_file": "../../x"}, "UnsafePath"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_made(
    ws: Workspace, server: Any, made: Run, change: dict[str, Any], code: str | None
) -> None:
    base = {"flow": "answers", "snapshot": made.snapshot, "data": made.data}
    with pytest.raises(RemoteError) as refused:
        ws.transport.post("runs", Run, body=RunCreate(**{**base, **change}))
    assert code in {None, refused.value.problem().code}
    assert refused.value.problem().status < 500
    assert [run.name for run in ws.runs.list()] == ["first"]
    assert len(list(server.services.settings.home.glob("storage/runs/*"))) == 1


def test_a_key_makes_a_run_once(ws: Workspace, made: Run) -> None:
    body = RunCreate(flow="answers", snapshot=made.snapshot, data=made.data)
    first = ws.transport.post("runs", Run, body=body, headers={"Idempotency-Key": "k1"})
    again = ws.transport.post("runs", Run, body=body, headers={"Idempotency-Key": "k1"})
    assert first.name == again.name
    assert len(list(ws.runs.list())) == 2


def test_a_flow_of_the_workspace_is_as_it_was_when_the_run_was_made(ws: Workspace, data: Path) -> None:
    ws.flows.create("words", "python")
    mapping = {"text": "${data.text}"}
    first = ws.runs.create(flow="words", data=data, column_mapping=mapping)
    file = ws.flows.read("words", "count.py")
    ws.flows.write("words", "count.py", (file.content or "") + "# changed\n", etag=file.etag)
    second = ws.runs.create(flow="words", data=data, column_mapping=mapping)
    assert first.snapshot != second.snapshot
    assert ws.runs.get(first.name).snapshot == first.snapshot


@pytest.fixture
def images(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "a.png").write_bytes(b"x")
    (folder / "rows.jsonl").write_text(json.dumps({"text": {"data:image/png;path": "a.png"}}) + "\n")
    return folder


def test_data_of_every_shape_is_uploaded(ws: Workspace, server: Any, owner_key: str, flow: Path, data: Path, images: Path) -> None:
    uploads = server.services.runs.uploads
    workspace_id = server.services.sign_in.by_key(owner_key).enter().workspace_id
    one, many, pictures = ws.runs.upload(data), ws.runs.upload(images), ws.runs.upload(images / "rows.jsonl")
    assert uploads.path(workspace_id, one).name == "rows.jsonl"
    assert sorted(path.name for path in uploads.path(workspace_id, many).iterdir()) == ["a.png", "rows.jsonl"]
    assert pictures.endswith("/rows.jsonl")
    assert (uploads.path(workspace_id, pictures).parent / "a.png").read_bytes() == b"x"
    assert ws.runs.create(flow=flow, data=images / "rows.jsonl").data == pictures


@pytest.mark.parametrize(
    ("kind", "name", "body"),
    [
        ("application/octet-stream", None, b"{}"),
        ("application/octet-stream", "../x", b"{}"),
        ("application/octet-stream", "x.jsonl", b""),
        ("application/zip", None, b"{}"),
        ("text/csv", "x.csv", b"a\n1\n"),
    ],
)
def test_uploads_that_are_refused(client: Any, owner: dict[str, str], kind: str, name: str | None, body: bytes) -> None:
    params = {"name": name} if name else {}
    answer = client.post("/api/v1/workspaces/default/runs/data", headers=owner | {"Content-Type": kind}, params=params, content=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["remedy"]


def test_an_archive_that_leaves_its_folder_is_refused(client: Any, owner: dict[str, str]) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("../../../escaped.txt", "x")
    headers = owner | {"Content-Type": "application/zip"}
    answer = client.post("/api/v1/workspaces/default/runs/data", headers=headers, content=target.getvalue())
    assert (answer.status_code, answer.json()["code"]) == (422, "UnsafePath")


def test_old_runs_are_pruned_with_their_data(ws: Workspace, server: Any, made: Run, folder: Path) -> None:
    from flowyard.storage.engine import open_engine
    from flowyard.storage.schema import jobs

    assert made.data is not None
    ended(server, folder, "completed", rows={0: {"said": "a"}})
    young = ws.runs.prune("30d")
    assert (young.runs, young.uploads, young.snapshots, young.held_back) == ((), (), (), False)
    engine = open_engine(server.services.settings.metadata_url)
    long_ago = now_ns() - 40 * 86_400 * 10**9
    with engine.begin() as connection:
        connection.execute(update(jobs).values(ended_ns=long_ago))
    engine.dispose()
    home = Path(server.services.settings.home) / "storage"
    for kept in [*(home / "uploads").glob("*/*"), *(home / "snapshots").iterdir()]:
        os.utime(kept, ns=(long_ago, long_ago))
    would = ws.runs.prune("30d", dry_run=True)
    assert (would.runs, len(would.uploads), len(would.snapshots), would.bytes > 0) == (("first",), 1, 1, True)
    assert ws.runs.get("first").name == "first"
    assert ws.runs.prune("30d").runs == ("first",)
    assert not folder.exists()
    assert [*(home / "uploads").glob("*/*"), *(home / "snapshots").iterdir()] == []
    with pytest.raises(RemoteError, match="older than an hour"):
        ws.runs.prune("5m")
    with pytest.raises(RemoteError, match="expected a time"):
        ws.runs.prune("a while")


def test_data_is_read_where_it_is_as_long_as_it_is_the_same(ws: Workspace, server: Any, owner_key: str, flow: Path, web_file: str) -> None:
    ws.datastores.write(BUILT_IN, "in/rows.jsonl", b'{"text": "a"}\n')
    address = f"azureml://datastores/{BUILT_IN}/paths/in/rows.jsonl"
    long = f"azureml://subscriptions/s/resourcegroups/g/workspaces/w/datastores/{BUILT_IN}/paths/in/rows.jsonl"
    mapping = {"text": "${data.text}"}
    run = ws.runs.create(flow=flow, data=long, name="stored", column_mapping=mapping)
    assert run.data == address
    (fed,) = [edge.source for edge in ws.lineage.edges("run/stored") if edge.source.startswith("datastore/")]
    assert fed == f"datastore/{BUILT_IN}/in/rows.jsonl"
    folder = server.services.runs.folder(server.services.sign_in.by_key(owner_key).enter(), "stored")
    ended(server, folder, "failed")
    ws.datastores.write(BUILT_IN, "in/rows.jsonl", b'{"text": "b"}\n')
    with pytest.raises(RemoteError) as caught:  # what goes on with a run has the rows of that run
        ws.runs.create(resume_from="stored", name="again")
    assert caught.value.remote.code == "DataChanged"
    assert ws.runs.create(flow=flow, data=web_file, name="web", column_mapping=mapping).data == web_file
    for data, code in (
        (f"{web_file}?sig=hidden-word", "DatastoreInvalid"),
        (f"{web_file}x", "StoredFileNotFound"),
        (f"azureml://datastores/{BUILT_IN}/paths/none.jsonl", "StoredFileNotFound"),
        ("azureml://datastores/none/paths/a.jsonl", "DatastoreNotFound"),
        ("http://169.254.169.254/latest/meta.jsonl", "DatastoreInvalid"),
    ):
        with pytest.raises(RemoteError) as caught:
            ws.runs.create(flow=flow, data=data, column_mapping=mapping)
        assert (caught.value.remote.code, "hidden-word" in str(caught.value)) == (code, False)
        assert caught.value.remedy


@pytest.fixture
def web_file(server: Any, data: Path) -> Iterator[str]:
    """The address of `data` on a web server, which the operator allows."""
    web = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietWeb, directory=data.parent))
    threading.Thread(target=web.serve_forever, daemon=True).start()
    server.services.datastores._bounds = Bounds(hosts=frozenset({"127.0.0.1"}))
    yield f"http://127.0.0.1:{web.server_port}/{data.name}"
    web.shutdown()
    web.server_close()


class QuietWeb(SimpleHTTPRequestHandler):
    """Gives files, and says nothing about it."""

    def log_message(self, *words: Any) -> None:
        del words
