"""Jobs on real workers: they survive kills, are canceled and resumed, and tell their progress. On SQLite and PostgreSQL."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from flowyard.compute.errors import JobKindUnknownError, JobNotFoundError, JobStateError, LeaseLostError
from flowyard.compute.jobs.model import Outcome
from flowyard.compute.jobs.service import JobService
from flowyard.compute.model import ProcessSpec
from flowyard.compute.processes.client import SupervisorHost
from flowyard.foundation.errors import ConflictError
from flowyard.identity.model import Caller
from flowyard.storage.schema import workspaces
from flowyard.storage.sql.jobs import SqlJobStore
from flowyard.testing.process_host import eventually, running_supervisor
from flowyard.wire.jobs import Job, JobEvent
from support.job_worker import STAGES

CALLER = Caller("w1", "one", "ada", "user", "owner")
TESTS = Path(__file__).parents[1]


@pytest.fixture
def jobs(engine: Engine) -> JobService:
    with engine.begin() as connection:
        for identifier, name in (("w1", "one"), ("w2", "two")):
            connection.execute(insert(workspaces).values(id=identifier, name=name, display_name=name, created_ns=1))
    return JobService(SqlJobStore(engine), STAGES)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[SupervisorHost]:
    with running_supervisor(tmp_path / "logs") as host:
        yield host


@pytest.fixture
def start(host: SupervisorHost, database_url: str, tmp_path: Path) -> Callable[[str], int]:
    """Start a worker of the given name and return its pid."""
    queue_url = f"sqlite:///{tmp_path / 'jobs.db'}" if database_url.startswith("sqlite") else database_url

    def start(name: str) -> int:
        spec = ProcessSpec(
            name=f"worker/{name}",
            module="support.job_worker",
            environment={"PYTHONPATH": str(TESTS)},
            message={"database_url": database_url, "queue_url": queue_url},
            socket=False,
        )
        return host.ensure(spec).pid or 0

    return start


def submit(jobs: JobService, kind: str, path: Path, **more: Any) -> Job:
    return jobs.submit(CALLER, kind, {"path": str(path), **more}, title=f"A {kind}", target="model/one")


def wait(jobs: JobService, job: Job, *statuses: str, within_s: float = 20.0) -> Job:
    end = time.monotonic() + within_s
    while (found := jobs.get("w1", job.id)).status not in statuses:
        assert time.monotonic() < end, f"it is {found}"
        time.sleep(0.02)
    return found


def lines(path: Path) -> list[str]:
    return [line.rsplit(" ", 1)[0] for line in path.read_text().splitlines()] if path.exists() else []


def test_a_job_behind_another_is_sent_once_that_has_ended(jobs: JobService, engine: Engine, tmp_path: Path) -> None:
    store = SqlJobStore(engine)
    first = submit(jobs, "count", tmp_path / "lines", steps=1)
    told = {"path": "x"}
    second = jobs.submit(CALLER, "count", told, title="B", target="model/two", after=first.id)
    other = submit(jobs, "count", tmp_path / "others", steps=1)
    assert jobs.get("w1", second.id).waiting == f"It begins once job {first.id} has ended: A count."
    assert store.unsent() == [first.id, other.id]
    store.mark_sent(first.id)
    begun = store.begin(first.id, "worker")
    assert begun is not None
    assert store.unsent() == [other.id]
    store.end(first.id, begun.job.epoch, Outcome(status="failed"), ())
    assert store.unsent() == [second.id, other.id]
    assert jobs.get("w1", second.id).waiting is None
    # One whose job was forgotten waits for nobody.
    third = jobs.submit(CALLER, "count", told, title="C", target="model/three", after="0" * 36)
    assert third.id in store.unsent()


@pytest.mark.integration
def test_a_job_runs_and_tells_its_stages(jobs: JobService, start: Callable[[str], int], tmp_path: Path) -> None:
    waiting = submit(jobs, "count", tmp_path / "lines", steps=3)
    assert [(stage.name, stage.status) for stage in waiting.stages] == [("first", "pending"), ("second", "pending")]
    pid = start("one")
    done = wait(jobs, waiting, "completed", "failed")
    assert done.status == "completed", done.error
    assert done.result == {"pids": [pid] * 3}
    assert [(stage.status, stage.done, stage.total, stage.unit) for stage in done.stages] == [
        ("completed", 3, 3, "steps"),
        ("completed", None, None, None),
    ]
    assert done.attempt == 1
    assert done.started_at is not None
    assert done.ended_at is not None
    events, ended = jobs.events("w1", done.id)
    assert ended
    assert [event.message for event in events if event.kind == "log"] == ["counted"]
    assert events[-1].job == done


@pytest.mark.integration
def test_it_begins_soon_after_it_was_submitted(jobs: JobService, start: Callable[[str], int], tmp_path: Path) -> None:
    start("one")
    wait(jobs, submit(jobs, "count", tmp_path / "warm", steps=1), "completed")
    delays: list[float] = []
    for number in range(5):
        begun = time.monotonic()
        job = submit(jobs, "endless", tmp_path / str(number))
        wait(jobs, job, "running")
        delays.append(time.monotonic() - begun)
        jobs.cancel("w1", job.id)
        wait(jobs, job, "canceled")
    print("delays", [f"{delay * 1000:.0f} ms" for delay in delays])  # noqa: T201
    assert min(delays) < 1.0


@pytest.mark.integration
def test_a_killed_workers_job_goes_on_elsewhere(jobs: JobService, start: Callable[[str], int], tmp_path: Path) -> None:
    path = tmp_path / "lines"
    first = start("one")
    job = submit(jobs, "count", path, steps=4, pause_after=1)
    eventually(lambda: jobs.get("w1", job.id).stages[0].done == 2)
    os.kill(first, signal.SIGKILL)
    start("two")
    Path(f"{path}.go").touch()
    done = wait(jobs, job, "completed", "failed")
    assert done.status == "completed", done.error
    assert lines(path) == ["step 0", "step 1", "step 2", "step 3"]
    assert done.result["pids"][:2] == [first, first]
    assert first not in done.result["pids"][2:]
    assert done.attempt == 2


@pytest.mark.integration
def test_cancel(jobs: JobService, start: Callable[[str], int], tmp_path: Path) -> None:
    never = submit(jobs, "count", tmp_path / "never", steps=1)
    assert jobs.cancel("w1", never.id).status == "canceled"
    start("one")
    job = submit(jobs, "endless", tmp_path / "endless")
    wait(jobs, job, "running")
    assert jobs.cancel("w1", job.id).status == "canceling"
    canceled = wait(jobs, job, "canceled")
    assert canceled.stages[0].status == "canceled"
    assert jobs.get("w1", never.id).started_at is None
    resumed = jobs.resume("w1", never.id)
    assert resumed.status == "queued"
    assert wait(jobs, resumed, "completed", "failed").status == "completed"
    with pytest.raises(JobStateError):
        jobs.cancel("w1", never.id)
    with pytest.raises(JobStateError):
        jobs.resume("w1", never.id)


@pytest.mark.integration
def test_a_failed_job_is_resumed_and_keeps_its_steps(jobs: JobService, start: Callable[[str], int], tmp_path: Path) -> None:
    path = tmp_path / "lines"
    start("one")
    failed = wait(jobs, submit(jobs, "fragile", path), "failed")
    assert failed.error is not None
    assert (failed.error["code"], failed.error["remedy"]) == ("InvalidInput", "Make it.")
    assert failed.stages[0].status == "failed"
    assert (failed.stages[0].done, failed.stages[0].done_before) == (1, None)
    again = wait(jobs, jobs.resume("w1", failed.id), "failed")
    assert again.attempt == 2
    Path(f"{path}.go").touch()
    done = wait(jobs, jobs.resume("w1", failed.id), "completed")
    assert done.result == "there"
    assert done.error is None
    assert (done.stages[0].done, done.stages[0].done_before) == (2, 1)
    assert lines(path) == ["first"]


@pytest.mark.integration
def test_a_step_that_raises_anything_is_run_again(jobs: JobService, start: Callable[[str], int], tmp_path: Path) -> None:
    path = tmp_path / "lines"
    start("one")
    failed = wait(jobs, submit(jobs, "fragile", path, how="bug"), "failed")
    assert failed.error is not None
    assert "nobody thought of this" in failed.error["detail"]
    Path(f"{path}.go").touch()
    assert wait(jobs, jobs.resume("w1", failed.id), "completed", "failed").status == "completed"
    assert lines(path) == ["first"]


@pytest.mark.integration
def test_a_step_is_canceled_and_resumed(jobs: JobService, start: Callable[[str], int], tmp_path: Path) -> None:
    path = tmp_path / "lines"
    start("one")
    job = submit(jobs, "fragile", path, how="cancel")
    eventually(lambda: lines(path) == ["first"])
    jobs.cancel("w1", job.id)
    assert wait(jobs, job, "canceled", "failed").status == "canceled"
    Path(f"{path}.go").touch()
    assert wait(jobs, jobs.resume("w1", job.id), "completed", "failed").status == "completed"
    assert lines(path) == ["first"]


@pytest.mark.integration
def test_a_canceled_job_is_resumed_where_it_was(jobs: JobService, start: Callable[[str], int], tmp_path: Path) -> None:
    path = tmp_path / "lines"
    start("one")
    job = submit(jobs, "count", path, steps=3, pause_after=1)
    eventually(lambda: jobs.get("w1", job.id).stages[0].done == 2)
    jobs.cancel("w1", job.id)
    wait(jobs, job, "canceled")
    Path(f"{path}.go").touch()
    jobs.resume("w1", job.id)
    assert wait(jobs, job, "completed", "failed").status == "completed"
    assert lines(path) == ["step 0", "step 1", "step 2"]


@pytest.mark.integration
def test_a_job_that_kills_its_worker_is_given_up(jobs: JobService, start: Callable[[str], int], tmp_path: Path) -> None:
    start("one")
    failed = wait(jobs, submit(jobs, "deadly", tmp_path / "lines"), "failed", within_s=60)
    assert failed.error is not None
    assert failed.error["code"] == "WorkerDied"


@pytest.mark.integration
def test_a_lost_queue_loses_no_job(jobs: JobService, start: Callable[[str], int], engine: Engine, tmp_path: Path) -> None:
    """A job that our table says was sent, and of which the queue knows nothing."""
    job = submit(jobs, "count", tmp_path / "lines", steps=1)
    SqlJobStore(engine).mark_sent(job.id)
    start("one")
    assert wait(jobs, job, "completed", "failed").status == "completed"


def test_what_an_earlier_run_writes_late_is_refused(jobs: JobService, engine: Engine) -> None:
    store = SqlJobStore(engine)
    job = jobs.submit(CALLER, "count", {}, title="t", target="model/one")
    earlier, later = store.begin(job.id, "first"), store.begin(job.id, "second")
    assert earlier is not None
    assert later is not None
    assert (earlier.begun, later.begun) == (1, 2)
    with pytest.raises(LeaseLostError):
        store.save_progress(job.id, earlier.job.epoch, earlier.job.stages, [])
    with pytest.raises(LeaseLostError):
        store.end(job.id, earlier.job.epoch, Outcome(status="failed"), earlier.job.stages)
    store.end(job.id, later.job.epoch, Outcome(status="completed", result=1), later.job.stages)
    with pytest.raises(LeaseLostError):
        store.end(job.id, later.job.epoch, Outcome(status="failed"), later.job.stages)
    assert jobs.get("w1", job.id).result == 1
    assert store.begin(job.id, "third") is None


def test_the_same_key_gives_the_same_job(jobs: JobService) -> None:
    def once(kind: str = "count", key: str | None = "k1") -> Job:
        return jobs.submit(CALLER, kind, {"path": "p"}, title="t", target="model/one", idempotency_key=key)

    assert once() == once()
    assert once(key=None).id != once(key=None).id
    with pytest.raises(ConflictError):
        once("endless")


def test_unknown_kinds_and_jobs(jobs: JobService) -> None:
    with pytest.raises(JobKindUnknownError, match="count"):
        jobs.submit(CALLER, "cuont", {}, title="t", target="model/one")
    job = jobs.submit(CALLER, "count", {}, title="t", target="model/one")
    for call in (jobs.get, jobs.cancel, jobs.resume, jobs.events):
        with pytest.raises(JobNotFoundError):
            call("w2", job.id)


def test_pages_and_filters(jobs: JobService) -> None:
    made = [jobs.submit(CALLER, "count", {}, title=str(number), target=f"model/{number % 2}") for number in range(5)]
    jobs.cancel("w1", made[0].id)
    first = jobs.page("w1", limit=3)
    rest = jobs.page("w1", limit=3, cursor=first.next_cursor)
    assert [job.title for job in (*first.items, *rest.items)] == ["4", "3", "2", "1", "0"]
    assert rest.next_cursor is None
    assert [job.title for job in jobs.page("w1", target="model/1").items] == ["3", "1"]
    assert [job.title for job in jobs.page("w1", status="canceled").items] == ["0"]
    assert jobs.page("w1", kind="endless").items == ()
    assert jobs.page("w2").items == ()


async def test_following_ends_with_the_job(jobs: JobService, engine: Engine) -> None:
    store = SqlJobStore(engine)
    job = jobs.submit(CALLER, "count", {}, title="t", target="model/one")
    run = store.begin(job.id, "worker")
    assert run is not None
    store.save_progress(job.id, run.job.epoch, run.job.stages, ["one", "two"])
    seen: list[JobEvent] = []
    async for event in jobs.follow("w1", job.id):
        if event is None:
            jobs.cancel("w1", job.id)
            if seen[-1].job is not None and seen[-1].job.status == "canceling":
                store.end(job.id, run.job.epoch, Outcome(status="canceled"), run.job.stages)
        else:
            seen.append(event)
    assert [event.message for event in seen if event.kind == "log"] == ["one", "two"]
    assert seen[-1].job is not None
    assert seen[-1].job.status == "canceled"
    later = [event async for event in jobs.follow("w1", job.id, after=int(seen[2].sequence))]
    assert [event.sequence for event in later if event] == [event.sequence for event in seen[3:]] or later
