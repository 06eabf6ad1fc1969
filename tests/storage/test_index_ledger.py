"""Whose work an index is, on both databases: claimed by one build at a time, taken over from one that ended, lost to whoever came after."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from flowyard.compute.jobs.model import JobRecord
from flowyard.identity.access import EVERYTHING, Access
from flowyard.identity.audit import audit_record
from flowyard.identity.model import Caller
from flowyard.rag.building.model import LedgerEntry, Recipe, SeenCounts, VersionRecord
from flowyard.rag.errors import IndexBusyError, IndexConflictError
from flowyard.storage.schema import workspaces
from flowyard.storage.sql.indexes import SqlIndexLedger
from flowyard.storage.sql.jobs import SqlJobStore
from flowyard.wire.index_builds import IndexBuildSamples, SampleFile
from flowyard.wire.indexes import AccessRule, ChunkRecipe


@pytest.fixture
def ledger(engine: Engine) -> SqlIndexLedger:
    with engine.begin() as connection:
        connection.execute(insert(workspaces).values(id="w1", name="w1", display_name="w1", created_ns=1))
    return SqlIndexLedger(engine)


def add_job(engine: Engine, job_id: str) -> None:
    job: dict[str, Any] = {"kind": "index_build", "title": "t", "target": "index/docs", "arguments": {}, "stages": ()}
    store = SqlJobStore(engine)
    store.add(JobRecord(id=job_id, workspace_id="w1", status="queued", created_ns=1, created_by="a", **job))
    store.begin(job_id, "worker")


def test_an_index_is_one_builds_at_a_time(engine: Engine, ledger: SqlIndexLedger) -> None:
    add_job(engine, "one")
    ledger.claim("w1", "docs", "one")
    ledger.claim("w1", "docs", "one")
    ledger.claim("w1", "others", "two")
    with pytest.raises(IndexBusyError, match="one"):
        ledger.claim("w1", "docs", "three")
    ledger.check_claim("w1", "docs", "one")


def test_a_build_that_ended_loses_the_index_to_the_next(ledger: SqlIndexLedger) -> None:
    ledger.claim("w1", "docs", "one")
    ledger.claim("w1", "docs", "two")
    ledger.check_claim("w1", "docs", "two")
    for lost in (ledger.check_claim, ledger.claim):
        with pytest.raises(IndexConflictError, match="two"):
            lost("w1", "docs", "one")
    ledger.drop("w1", "docs", audit_record(Caller(workspace_id="w1", workspace="w1", actor="a", kind="user", role="owner"), "x", "y"))
    with pytest.raises(IndexConflictError, match="deleted"):
        ledger.check_claim("w1", "docs", "two")


def test_samples_are_those_of_a_build_of_the_index(ledger: SqlIndexLedger) -> None:
    ledger.claim("w1", "docs", "one")
    assert ledger.samples("w1", "docs", "one") == IndexBuildSamples(job="one")
    samples = IndexBuildSamples(job="one", changed=1, files=(SampleFile(key="a.md", bytes=3),))
    ledger.keep_samples(samples)
    ledger.keep_samples(replace(samples, changed=2))
    assert ledger.samples("w1", "docs", "one") == replace(samples, changed=2)
    assert ledger.samples("w1", "others", "one") is None
    assert ledger.samples("w2", "docs", "one") is None


def test_documents_are_listed_and_counted_as_somebody_sees_them(ledger: SqlIndexLedger) -> None:
    keys = ["HR/a.md", "hr/a.md", "hr/open/b.md", "hr/open/c%_.md", "hr/x.pdf", "né/é.md", "z.md"]
    entries = [LedgerEntry(key=key, fingerprint="f", chunks=2, tokens=10, why="damaged" if key.endswith("pdf") else None) for key in keys]
    rules = (
        AccessRule(under="hr/", tags=("hr",)),
        AccessRule(under="hr/open/", tags=("all", "o'hara")),
        AccessRule(under="hr/open/c%", tags=("board",)),
        AccessRule(under="né/", tags=("hr",)),
    )
    recipe = Recipe(embedding_model="m", language=None, chunks=ChunkRecipe(), access=rules)
    numbers = {"documents": 6, "unread": 1, "chunks": 14, "tokens": 70, "embedded": 14, "elapsed_ms": 1, "dimensions": 4}
    version = VersionRecord(
        id="v1", workspace_id="w1", name="docs", version="1", source="s", recipe=recipe, job_id="j", created_ns=1, created_by="a", **numbers
    )
    ledger.add(version, entries, audit_record(Caller("w1", "w1", "a", "user", "owner"), "index.build", "index/docs/1"))
    for tags in (set[str](), {"hr"}, {"all"}, {"board", "hr"}, {"hr", "all", "board"}):
        access = Access(frozenset(tags))
        seen = recipe.seen_by(access)
        wanted = [key for key in keys if access.allows(recipe.tags(key))]
        assert [entry.key for _, entry in ledger.entries("v1", seen=seen)] == wanted
        assert [entry.key for _, entry in ledger.entries("v1", seen=seen, limit=1)] == wanted[:1]
        unread = sum(key.endswith("pdf") for key in wanted)
        assert ledger.counts("v1", seen) == SeenCounts(
            documents=len(wanted) - unread, unread=unread, chunks=2 * len(wanted), tokens=10 * len(wanted)
        )
    assert ledger.version("w1", "docs", "1") == version
    assert [ledger.version(*other) for other in (("w2", "docs", "1"), ("w1", "others", "1"), ("w1", "docs", "2"))] == [None] * 3
    assert recipe.seen_by(EVERYTHING) == recipe.seen_by(Access(frozenset({"hr", "all", "board"}))) == ()
    assert ledger.counts("none", ()) == SeenCounts(documents=0, unread=0, chunks=0, tokens=0)
