"""Imports: what a database answers becomes a version, whole or not at all."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from flowyard import Workspace
from flowyard.compute.errors import JobCanceledError
from flowyard.data.datastores.errors import QueryError
from flowyard.data.datastores.model import Bounds
from flowyard.data.imports.job import ImportJob
from flowyard.data.schedules.cron import parse_cron
from flowyard.data.schedules.service import ScheduleDriver
from flowyard.foundation.clock import NANOSECONDS
from flowyard.foundation.errors import InvalidInputError, RemoteError
from flowyard.storage.engine import writing
from flowyard.storage.schedules_table import data_schedules
from flowyard.wire.datastores import DatastoreWrite
from support.inline_jobs import run_inline


@pytest.fixture
def crm(services: Any, ws: Workspace, tmp_path: Path) -> Path:
    """A datastore ``crm`` with a table of 25,000 customers."""
    folder = tmp_path / "databases"
    folder.mkdir()
    path = folder / "crm.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE customers (id INTEGER, city TEXT)")
        connection.executemany("INSERT INTO customers VALUES (?, ?)", [(n, f"city {n % 7}") for n in range(25_000)])
    connection.close()
    services.datastores._bounds = Bounds(roots=(folder,))
    ws.datastores.create(DatastoreWrite(name="crm", type="sqlite", configs={"path": str(path)}))
    return path


def job_of(services: Any) -> ImportJob:
    return ImportJob(services.data, services.datastores, services.settings.home / "making")


def refused(call: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(RemoteError) as caught:
        call(*arguments, **options)
    return caught.value.remote.code


def test_a_query_and_a_table_become_versions(services: Any, ws: Workspace, crm: Path) -> None:
    asked = ws.data.import_rows("cities", "crm", "SELECT city, count(*) AS n FROM customers GROUP BY city ORDER BY city", tags={"a": "b"})
    result = run_inline(services, job_of(services), asked.id)
    assert (result["data"], result["rows"]) == ("azureml:cities:1", 7)
    found = ws.data.preview("cities")
    assert (found.format, found.rows_total, found.rows[0].values) == ("parquet", 7, {"city": "city 0", "n": 3572})
    made = ws.data.get("cities")
    assert (made.rows, made.tags, made.origin["kind"], made.origin["datastore"]) == (7, {"a": "b"}, "import", "crm")
    whole = run_inline(services, job_of(services), ws.data.import_rows("all", "crm", table="customers").id)
    assert whole["rows"] == 25_000
    (edge,) = ws.lineage.graph("data/all/1", direction="up").edges
    assert (edge.activity, edge.source) == ("import", "datastore/crm/customers")
    assert (edge.parameters["table"], edge.parameters["rows"]) == ("customers", 25_000)
    assert not list((services.settings.home / "making").iterdir())


def test_a_job_that_runs_again_makes_no_second_version(services: Any, ws: Workspace, crm: Path) -> None:
    asked = ws.data.import_rows("all", "crm", table="customers")
    first, second = (run_inline(services, job_of(services), asked.id) for _ in range(2))
    assert first == second
    assert [asset.version for asset in ws.data.versions("all")] == ["1"]


def test_an_import_that_is_cut_short_leaves_nothing(services: Any, ws: Workspace, crm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from support.online_installation import InlineContext

    def canceled(_self: InlineContext) -> None:
        raise JobCanceledError("The job was canceled.")

    monkeypatch.setattr(InlineContext, "check_canceled", canceled)
    asked = ws.data.import_rows("all", "crm", table="customers")
    with pytest.raises(JobCanceledError):
        run_inline(services, job_of(services), asked.id)
    assert ws.data.list() == ()
    assert not list((services.settings.home / "making").iterdir())
    assert not list((services.settings.home / "storage").rglob("*.parquet"))


def test_what_cannot_be_imported_is_said(services: Any, ws: Workspace, crm: Path) -> None:
    assert refused(ws.data.import_rows, "a", "crm") == "InvalidInput"
    assert refused(ws.data.import_rows, "a", "crm", "SELECT 1", table="customers") == "InvalidInput"
    assert refused(ws.data.import_rows, "a/b", "crm", "SELECT 1") == "InvalidInput"
    assert refused(ws.data.import_rows, "a", "none", "SELECT 1") == "DatastoreNotFound"
    assert refused(ws.data.import_rows, "a", "workspaceblobstore", "SELECT 1") != ""
    for query in ("SELECT nothing FROM customers", "DELETE FROM customers"):
        with pytest.raises(QueryError):
            run_inline(services, job_of(services), ws.data.import_rows("a", "crm", query).id)
    assert ws.data.list() == ()


def test_a_schedule_imports_when_it_is_due_and_makes_no_version_of_the_same_answer(services: Any, ws: Workspace, crm: Path) -> None:
    made = ws.data.schedule("0 6 * * *", "all", "crm", table="customers")
    assert (made.name, made.paused, made.last_job, str(made.next_at)[10:16]) == ("all", False, None, "T06:00")
    assert refused(ws.data.schedule, "0 6 * * *", "all", "crm", table="customers") == "ScheduleExists"
    store, jobs = services.schedules._store, services.jobs
    driver = ScheduleDriver(store, jobs)
    driver.tick()
    assert ws.data.schedules()[0].last_job is None

    def due(days: int) -> str:
        with writing(store._engine) as connection:
            connection.execute(update(data_schedules).values(next_ns=data_schedules.c.next_ns - days * 24 * 3600 * NANOSECONDS))
        driver.tick()
        driver.tick()
        return str(ws.data.schedules()[0].last_job)

    first = due(40)
    result = run_inline(services, job_of(services), first)
    assert (result["data"], result["made"]) == ("azureml:all:1", True)
    second = due(41)
    assert first != second
    assert run_inline(services, job_of(services), second)["made"] is False
    assert ws.data.get("all").origin["schedule"] == "0 6 * * *"
    ws.data.pause_schedule("all")
    assert ws.data.schedules()[0].next_at is None
    assert due(42) == second
    assert ws.data.resume_schedule("all").next_at == made.next_at
    ws.data.delete_schedule("all")
    assert ws.data.schedules() == ()
    assert refused(ws.data.pause_schedule, "all") == "ScheduleNotFound"
    assert refused(ws.data.delete_schedule, "all") == "ScheduleNotFound"


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [
        ("0 6 * * *", "2026-11-27T05:59:59", "2026-11-27T06:00"),
        ("0 6 * * *", "2026-11-27T06:00:00", "2026-11-28T06:00"),
        ("*/15 9-17 * * mon-fri", "2026-11-27T17:46:00", "2026-11-30T09:00"),
        ("30 0 29 2 *", "2026-01-01T00:00:00", "2028-02-29T00:30"),
        ("0 0 13 * 5", "2026-11-27T00:00:00", "2026-12-04T00:00"),
        ("5,10/20 * 1 jan,jul 7", "2026-11-27T00:00:00", "2027-01-01T00:05"),
        ("0 0 * * 0", "2026-12-31T23:59:00", "2027-01-03T00:00"),
    ],
)
def test_times_of_a_schedule(text: str, after: str, expected: str) -> None:
    ns = int(datetime.fromisoformat(f"{after}+00:00").timestamp()) * NANOSECONDS
    found = datetime.fromtimestamp(parse_cron(text).after(ns) // NANOSECONDS, UTC)
    assert found.isoformat()[:16] == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0 6 * *",
        "60 * * * *",
        "* 24 * * *",
        "0 0 0 * *",
        "a * * * *",
        "5-1 * * * *",
        "*/0 * * * *",
        "*/ * * * *",
        "0 0 30 2 *",
        "-1 * * * *",
        "* * * * 8",
        "0 0 * * mo",
    ],
)
def test_what_is_no_schedule(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_cron(text)
