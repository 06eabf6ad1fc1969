"""A queued job says what keeps the worker from taking it: a database of another version, say."""

from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from sqlalchemy import Engine, insert

from flowyard.compute.errors import SupervisorUnavailableError
from flowyard.compute.jobs.model import Outcome
from flowyard.compute.jobs.service import JobService
from flowyard.compute.jobs.trouble import WORKER, worker_trouble
from flowyard.compute.model import ProcessStatus
from flowyard.compute.ports import ProcessHost
from flowyard.identity.model import Caller
from flowyard.storage.schema import workspaces
from flowyard.storage.sql.jobs import SqlJobStore

CALLER = Caller("w1", "one", "ada", "user", "owner")
BEHIND = {"detail": "The database is at revision 0024, this program needs revision 0025.", "remedy": "Run: flowyard db migrate"}
TOLD = f"{BEHIND['detail']} {BEHIND['remedy']}"


@dataclass
class OneProcess:
    """A process host that keeps one process, or cannot be reached."""

    status: ProcessStatus | None = None
    error: Exception | None = None
    asked: list[str] = field(default_factory=list[str])

    def get(self, name: str) -> ProcessStatus | None:
        self.asked.append(name)
        if self.error:
            raise self.error
        return self.status


def status(state: Any, error: dict[str, Any] | None = None) -> ProcessStatus:
    return ProcessStatus(name=WORKER, state=state, digest="d", error=error)


@pytest.fixture
def jobs(engine: Engine) -> tuple[JobService, SqlJobStore, OneProcess]:
    with engine.begin() as connection:
        connection.execute(insert(workspaces).values(id="w1", name="one", display_name="one", created_ns=1))
    store, host = SqlJobStore(engine), OneProcess(status("restarting", BEHIND))
    return JobService(store, {"count": ("one",)}, lambda: worker_trouble(cast("ProcessHost", host))), store, host


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (OneProcess(None), None),
        (OneProcess(status("ready", BEHIND)), None),
        (OneProcess(status("starting")), None),
        (OneProcess(status("restarting", BEHIND)), TOLD),
        (OneProcess(status("failed", {})), "The worker is failed."),
        (
            OneProcess(error=SupervisorUnavailableError("It is away.", remedy="Wait.")),
            "Nobody says whether a worker runs: It is away. Wait.",
        ),
    ],
)
def test_what_keeps_the_worker_is_its_own_error(host: OneProcess, expected: str | None) -> None:
    assert worker_trouble(cast("ProcessHost", host)) == expected
    assert host.asked == [WORKER]


def test_only_a_queued_job_waits(jobs: tuple[JobService, SqlJobStore, OneProcess]) -> None:
    service, store, host = jobs
    job = service.submit(CALLER, "count", {}, title="Count", target="model/a")
    assert service.get("w1", job.id).waiting == TOLD
    host.status = status("ready")
    assert service.get("w1", job.id).waiting is None
    host.status = status("restarting", BEHIND)
    assert store.begin(job.id, "w") is not None
    assert service.get("w1", job.id).waiting is None


async def test_who_follows_it_is_told_once_and_sees_the_end(jobs: tuple[JobService, SqlJobStore, OneProcess]) -> None:
    service, store, host = jobs
    job = service.submit(CALLER, "count", {}, title="Count", target="model/a")
    told: list[str | None] = []
    sequences: list[str] = []
    async for event in service.follow("w1", job.id):
        if event is None:
            continue
        sequences.append(event.sequence)
        assert event.job is not None
        told.append(event.job.waiting)
        if event.job.waiting:
            host.status = status("ready")
            begun = store.begin(job.id, "w")
            assert begun is not None
            store.end(job.id, begun.job.epoch, Outcome(status="completed"), begun.job.stages)
    assert told == [None, TOLD, None]
    assert sequences[1] == sequences[0], "it repeats the last one's, so that a stream goes on from there"
    assert sequences[-1] > sequences[0]
