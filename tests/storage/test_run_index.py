"""The contract of the list of runs, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, insert

from flowyard.compute.jobs.service import JobService
from flowyard.flows.runs.errors import RunExistsError
from flowyard.flows.runs.job import RUN, STAGES
from flowyard.flows.runs.ports import RunQuery, RunRecord
from flowyard.foundation.ids import new_id
from flowyard.identity.audit import audit_record
from flowyard.identity.model import AuditRecord, Caller
from flowyard.storage.schema import workspaces
from flowyard.storage.sql.audit import SqlAuditLog
from flowyard.storage.sql.jobs import SqlJobStore
from flowyard.storage.sql.runs import SqlRunIndex


@pytest.fixture
def index(engine: Engine) -> SqlRunIndex:
    with engine.begin() as connection:
        for name in ("w1", "w2"):
            connection.execute(insert(workspaces).values(id=name, name=name, display_name=name, created_ns=1))
    return SqlRunIndex(engine)


CALLER = Caller("w1", "w1", "ann", "user", "owner")


def a_run(name: str, at: int = 1, *, workspace: str = "w1", flow: str = "answers") -> RunRecord:
    return RunRecord(id=new_id(), workspace_id=workspace, name=name, flow=flow, created_ns=at, created_by="ann")


def line(action: str = "run.create") -> AuditRecord:
    return audit_record(CALLER, action, "runs/x")


def test_a_run_is_kept_found_and_forgotten(index: SqlRunIndex, engine: Engine) -> None:
    run = a_run("first")
    index.add(run, line())
    assert index.get("w1", "first") == index.by_id(run.id) == run
    assert index.get("w2", "first") is None
    assert index.get("w1", "other") is None
    assert index.names("w1") == ["first"]
    index.delete(run.id, line("run.delete"))
    index.delete(run.id, line("run.delete"))
    assert index.by_id(run.id) is None
    assert sorted(record.action for record in SqlAuditLog(engine).read("w1", limit=10)) == ["run.create", "run.delete"]


def test_all_workspaces_together(index: SqlRunIndex) -> None:
    runs = [a_run("first"), a_run("first", workspace="w2")]
    for run in runs:
        index.add(run, line())
    assert sorted(index.all(), key=lambda run: run.workspace_id) == runs


def test_a_name_is_taken_within_its_workspace(index: SqlRunIndex, engine: Engine) -> None:
    index.add(a_run("first"), line())
    index.add(a_run("first", workspace="w2"), line())
    with pytest.raises(RunExistsError) as caught:
        index.add(a_run("first"), line())
    assert caught.value.status == 409
    assert len(SqlAuditLog(engine).read("w1", limit=10)) == 2


def test_a_run_is_what_its_job_is(index: SqlRunIndex, engine: Engine) -> None:
    run = a_run("first")
    index.add(run, line())
    store = SqlJobStore(engine)
    job = JobService(store, {RUN: STAGES}).submit(CALLER, RUN, {}, title="t", target="runs/first")
    index.set_job(run.id, job.id)
    assert index.get("w1", "first") == replace(run, job_id=job.id)
    store.begin(job.id, "worker")
    running = index.get("w1", "first")
    assert running is not None
    assert (running.status, running.started_ns is not None) == ("running", True)
    store.request_cancel("w1", job.id)
    assert [found.name for found in index.find("w1", RunQuery(status="canceling"))] == ["first"]
    assert index.find("w1", RunQuery(status="running")) == []


def test_lists_are_newest_first_filtered_and_paged(index: SqlRunIndex) -> None:
    runs = [a_run(f"run-{at}", at // 2, flow="a" if at % 3 else "b") for at in range(8)]
    for run in runs:
        index.add(run, line())
    index.add(a_run("elsewhere", workspace="w2"), line())
    index.set_archived(runs[5].id, True, line("run.archive"))
    names: list[str] = []
    before = None
    while page := index.find("w1", RunQuery(before_id=before, limit=3)):
        names += [run.name for run in page]
        before = page[-1].id
    expected = sorted((run for run in runs if run is not runs[5]), key=lambda run: (run.created_ns, run.id), reverse=True)
    assert names == [run.name for run in expected]
    assert [run.name for run in index.find("w1", RunQuery(archived=True))] == ["run-5"]
    assert len(index.find("w1", RunQuery(archived=None))) == 8
    assert {run.name for run in index.find("w1", RunQuery(flow="b"))} == {"run-0", "run-3", "run-6"}
    index.set_archived(runs[5].id, False, line("run.restore"))
    assert len(index.find("w1", RunQuery())) == 8
