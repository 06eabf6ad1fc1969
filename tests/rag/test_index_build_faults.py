"""Builds that are disturbed: killed at random moments, taken over by others, and with an embedding service that does not do its part."""

import json
import os
import random
import re
import shutil
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from flowyard import Workspace
from flowyard.compute.jobs.context import RunContext
from flowyard.foundation.bridge import Bridge
from flowyard.foundation.errors import RemoteError, UnavailableError
from flowyard.identity.access import EVERYTHING
from flowyard.inference.client import ModelClient
from flowyard.inference.errors import ModelCallError, ModelRateLimitedError
from flowyard.inference.retries import PATIENT
from flowyard.inference.transport import Timeouts
from flowyard.rag.embedding import ModelEmbedder
from flowyard.rag.errors import EmbeddingMismatchError, IndexBusyError, IndexConflictError, IndexEmptyError
from flowyard.rag.ports import IndexKey
from flowyard.rag.search.filters import Filter
from flowyard.storage.engine import open_engine
from flowyard.storage.sql.indexes import SqlIndexLedger
from flowyard.storage.vectors.store import LanceVectors
from support import index_build_victim
from support.built_indexes import IndexBuilder
from support.forked import forked
from support.online_installation import InlineContext

MOST_KILLS = 4


class Built(NamedTuple):
    """All that an index has: vectors by chunk, what the ledger has of files, and its versions in both places."""

    vectors: dict[str, list[float]]
    entries: list[Any]
    versions: list[str]
    published: tuple[str, ...]
    labels: dict[str, str]


def built(folder: Path, workspace: str) -> Built:
    engine = open_engine(f"sqlite:///{folder / 'metadata.db'}")
    ledger, vectors, key = SqlIndexLedger(engine), LanceVectors(str(folder / "indexes")), IndexKey(workspace, "docs")
    versions = ledger.versions(workspace, "docs")
    reader = vectors.open(key, "latest")
    ids = [
        chunk.id for entry in reader.documents(EVERYTHING, Filter(), limit=1000) for chunk in reader.chunks_of(entry.document, EVERYTHING)
    ]
    head = vectors.open(key)
    info = vectors.describe(key)
    assert head.count(EVERYTHING, Filter()) == reader.count(EVERYTHING, Filter()) == len(ids) == len(set(ids)) == versions[0].chunks
    found = Built(
        {chunk: list(vector) for chunk, vector in reader.vectors(ids).items()},
        [entry for _, entry in ledger.entries(versions[0].id)],
        [version.version for version in versions],
        info.versions,
        vectors.labels(key),
    )
    engine.dispose()
    return found


def victim(folder: Path, workspace: str, job: str) -> Any:
    """Return a process that has begun to build."""
    told, tells = forked.Pipe(duplex=False)
    started = forked.Process(target=index_build_victim.main, args=(tells, folder, workspace, job))
    started.start()
    tells.close()
    with told:
        assert told.recv() == "began"
    return started


def build_whole(folder: Path, workspace: str, job: str) -> None:
    process = victim(folder, workspace, job)
    process.join()
    assert process.exitcode == 0


def write_documents(folder: Path, numbers: range, text: str) -> None:
    for number in numbers:
        (folder / f"{number:03}.md").write_text(
            f"# Document {number}\n\n" + "\n\n".join(f"{text} {number} {part}. " * 8 for part in range(6))
        )


@pytest.fixture(scope="module")
def disturbed(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> tuple[Path, str, Built]:
    """An index of version 1 whose documents changed since, its workspace, and what an undisturbed build makes of it."""
    folder = tmp_path_factory.mktemp("undisturbed") / "home"
    (folder / "documents").mkdir(parents=True)
    shutil.copy(sqlite_template, folder / "metadata.db")
    engine = open_engine(f"sqlite:///{folder / 'metadata.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO workspaces (id, name, display_name, created_ns) VALUES ('w1', 'w1', 'w1', 1)")
    engine.dispose()
    write_documents(folder / "documents", range(12), "first words of")
    build_whole(folder, "w1", "one")
    write_documents(folder / "documents", range(6, 30), "other words of")
    (folder / "documents" / "000.md").unlink()
    (folder / "documents" / "broken.pdf").write_bytes(b"%PDF-1.4 no")
    start = folder.with_name("start")
    shutil.copytree(folder, start)
    build_whole(folder, "w1", "two")
    return start, "w1", built(folder, "w1")


@pytest.mark.integration
@pytest.mark.parametrize("seed", range(int(os.environ.get("FLOWYARD_TEST_KILLS", "3"))))
def test_killed_at_random_moments_and_resumed_it_is_the_same_index(disturbed: tuple[Path, str, Built], tmp_path: Path, seed: int) -> None:
    start, workspace, expected = disturbed
    folder = tmp_path / "home"
    shutil.copytree(start, folder)
    chance, kills, ended = random.Random(seed), 0, False
    while not ended:
        process = victim(folder, workspace, "two")
        process.join(chance.uniform(0.05, 1.5) if kills < MOST_KILLS else None)
        if process.exitcode is None:
            process.kill()
            kills += 1
            process.join()
        ended = process.exitcode == 0
    assert kills > 0
    assert built(folder, workspace) == expected
    assert (expected.versions, expected.published, expected.labels) == (["2", "1"], ("1", "2"), {"latest": "2"})
    assert [entry.key for entry in expected.entries if entry.why] == ["broken.pdf"]


@pytest.fixture
def build(services: Any, ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IndexBuilder:
    monkeypatch.setattr("flowyard.rag.building.plan._FILES", 1)
    return IndexBuilder(services, ws, tmp_path / "documents")


def test_a_build_that_failed_goes_on_with_what_is_not_embedded_yet_and_says_so(build: IndexBuilder) -> None:
    (build.folder / "0.pdf").write_bytes(b"%PDF-1.4 no")
    build.put(a="# A\n\nfirst text", b="# B\n\nsecond text", c="# C\n\nthird text")
    build.model.fails_at, build.model.error = 2, UnavailableError("Too many requests.", remedy="Wait.")
    job, context = build.submitted()
    with pytest.raises(UnavailableError) as failed:
        build.run(job, context)
    assert failed.value.remedy == f"Wait. Then go on with what is not embedded yet: flowyard job resume {job}"
    build.model.fails_at = None
    asked = len(build.model.texts)
    made = build.run(job, context)
    assert (made.version, made.documents, made.chunks) == ("1", 3, 3)
    assert len(build.model.texts) == asked + 2  # b, which failed, and c
    samples = build.ws.indexes.build_samples("docs", job)
    assert [one.key for one in samples.unread] == ["0.pdf"]
    assert [chunk.document for chunk in samples.chunks] == ["a.md", "b.md", "c.md"]


def test_the_step_that_failed_is_the_one_that_was_at_work(build: IndexBuilder, services: Any) -> None:
    build.put(a="# A\n\nfirst text")
    build.model.fails_at, build.model.error = 1, UnavailableError("Away.")
    job, _ = build.submitted()
    begun = services.jobs._store.begin(job, "worker")
    context = RunContext(begun.job, services.jobs._store, lambda name, work: work())
    with pytest.raises(UnavailableError):
        build.run(job, context)
    ended = {stage.name: stage.status for stage in context.stages}
    spent = {stage.name: stage.worked_s for stage in context.stages if stage.worked_s is not None}
    assert spent.keys() == {"read", "crack", "chunk", "embed", "write"}
    assert spent["crack"] > spent["write"] == 0
    assert ended == {
        "read": "completed",
        "crack": "canceled",
        "chunk": "canceled",
        "embed": "failed",
        "write": "canceled",
        "optimise": "pending",
        "publish": "pending",
    }


def test_a_build_does_not_go_on_when_another_took_the_index_over(build: IndexBuilder, ws: Workspace) -> None:
    build.put(a="# A\n\nfirst text", b="# B\n\nsecond text")
    build.model.fails_at, build.model.error = 2, UnavailableError("Away.")
    job, context = build.submitted()
    with pytest.raises(UnavailableError):
        build.run(job, context)
    build.model.fails_at = None
    build.ws.jobs.cancel(job)
    (build.folder / "a.md").unlink()
    assert build().documents == 1
    with pytest.raises(IndexConflictError, match="built it"):
        build.run(job, context)
    [version] = ws.indexes.versions("docs")
    assert (version.documents, version.labels) == (1, ("latest",))
    assert [hit.chunk.document for hit in ws.indexes.search("docs", "text").hits] == ["b.md"]
    ws.indexes.delete("docs")
    with pytest.raises(IndexConflictError, match="deleted"):
        build.run(job, context)


def test_only_one_build_of_an_index_runs(build: IndexBuilder, services: Any) -> None:
    build.put(a="# A\n\nfirst text")
    job, context = build.submitted()
    services.jobs._store.begin(job, "worker")
    build.model.fails_at, build.model.error = 1, UnavailableError("Away.")
    with pytest.raises(UnavailableError):
        build.run(job, context)  # as far as the store knows, it runs still
    other = InlineContext(context.workspace_id)
    other.job_id = "another"
    with pytest.raises(IndexBusyError, match=job):
        build.run(job, other)


def test_of_two_that_ask_in_the_same_instant_one_is_told(build: IndexBuilder, ws: Workspace, server: Any, owner_key: str) -> None:
    build.put(a="# A\n\nfirst text")
    asset = ws.data.create("papers", build.folder).reference
    gate, told = threading.Barrier(4), list[str]()

    def ask() -> None:
        mine = Workspace(url=server.url, api_key=owner_key, workspace="default")
        gate.wait()
        try:
            told.append(mine.indexes.build("docs", asset).status)
        except RemoteError as error:
            told.append(error.remote.code)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["IndexBusy", "IndexBusy", "IndexBusy", "queued"]


def test_a_build_of_nothing_leaves_the_index_as_it_was(build: IndexBuilder, services: Any) -> None:
    build.put(a="# A\n\nfirst text")
    build()
    (build.folder / "a.md").write_bytes(b"")
    job, context = build.submitted()
    with pytest.raises(IndexEmptyError):
        build.run(job, context)
    assert services.indexes._vectors.describe(IndexKey(context.workspace_id, "docs")).chunks == 1


def test_vectors_of_another_length_stop_a_build_clearly(build: IndexBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    build.put(a="# A\n\nfirst text")
    build()
    build.put(b="# B\n\nsecond text")
    monkeypatch.setattr(build.model, "embed", lambda texts: [[1.0, 2.0] for _ in texts])
    with pytest.raises(EmbeddingMismatchError) as refused:
        build()
    assert "16" in refused.value.message
    assert "flowyard job resume" in str(refused.value.remedy)


class Service:
    """An embedding service that answers what it was told to, one after the other, and then as it should."""

    def __init__(self, url: str) -> None:
        self.url, self.asked = url, 0
        self.answers: list[tuple[int, dict[str, str], bytes]] = []


@pytest.fixture
def service() -> Iterator[Service]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.asked += 1
            texts = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["input"]
            data = [{"index": index, "embedding": [float(len(text)), 1.0]} for index, text in enumerate(texts)]
            status, headers, body = told.answers.pop(0) if told.answers else (200, {}, json.dumps({"data": data}).encode())
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            del args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told = Service(f"http://127.0.0.1:{server.server_address[1]}/v1")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


@contextmanager
def embedder(service: Service) -> Generator[ModelEmbedder]:
    bridge, client = (
        Bridge(),
        ModelClient(service.url, "key", retries=replace(PATIENT, first_wait_s=0.01), timeouts=Timeouts(first_byte_s=0.5)),
    )
    try:
        yield ModelEmbedder(client, "m", bridge, lambda: None)
    finally:
        bridge.run(client.close())


def test_a_service_that_throttles_is_waited_for(service: Service) -> None:
    service.answers = [(503, {}, b"{}")] * 2 + [(429, {"Retry-After": "0"}, b"{}")] * 9
    with embedder(service) as model:
        assert model.embed(["abc", "a"]) == [[3.0, 1.0], [1.0, 1.0]]
    assert service.asked == 12


def test_a_service_that_asks_for_a_long_pause_stops_the_build(service: Service) -> None:
    service.answers = [(429, {"Retry-After": "3600"}, b"{}")]
    with embedder(service) as model, pytest.raises(ModelRateLimitedError):
        model.embed(["abc"])
    assert service.asked == 1


@pytest.mark.parametrize(
    "vectors",
    ["[[1.0, 2.0], [1.0]]", "[[1.0, null], [1.0, 2.0]]", "[[1.0, 1e999], [1.0, 2.0]]", "[[1.0, NaN], [1.0, 2.0]]", "[[1.0, 2.0]]", '"no"'],
)
def test_what_are_no_vectors_is_said(service: Service, vectors: str) -> None:
    listed = (
        vectors
        if vectors == '"no"'
        else ", ".join(
            f'{{"index": {index}, "embedding": [{vector}]}}' for index, vector in enumerate(re.findall(r"\[([^\[\]]+)\]", vectors))
        )
    )
    service.answers = [(200, {}, f'{{"data": [{listed}]}}'.encode())]
    with embedder(service) as model, pytest.raises((EmbeddingMismatchError, ModelCallError)) as refused:
        model.embed(["abc", "d"])
    assert refused.value.remedy
