"""Jobs through routes, client and command line, on a real server."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest
import urllib3

from flowyard import Workspace
from flowyard.cli.entry import main
from flowyard.compute.jobs.model import Outcome
from flowyard.compute.jobs.service import JobService
from flowyard.foundation.codecs import from_json
from flowyard.foundation.errors import RemoteError
from flowyard.storage.engine import open_engine
from flowyard.storage.sql.jobs import SqlJobStore
from flowyard.wire.jobs import JobEvent


class Jobs:
    """Makes jobs beside the server, as routes of other nouns do."""

    def __init__(self, home: Path, services: Any, key: str) -> None:
        self.store = SqlJobStore(open_engine(f"sqlite:///{home / 'metadata.db'}"))
        self._service = JobService(self.store, {"count": ("one", "two")})
        self._caller = services.sign_in.by_key(key).enter("default")

    def submit(self, target: str = "model/a") -> str:
        return self._service.submit(self._caller, "count", {}, title="Count", target=target).id

    def run(self, job_id: str, outcome: Outcome) -> None:
        begun = self.store.begin(job_id, "w")
        assert begun is not None
        self.store.save_progress(job_id, begun.job.epoch, begun.job.stages, ["a line"])
        self.store.end(job_id, begun.job.epoch, outcome, begun.job.stages)


@pytest.fixture
def jobs(home: Path, services: Any, owner_key: str) -> Jobs:
    return Jobs(home, services, owner_key)


def test_list_and_filters(ws: Workspace, jobs: Jobs) -> None:
    ids = [jobs.submit(f"model/{number % 2}") for number in range(3)]
    assert [job.id for job in ws.jobs.list()] == ids[::-1]
    assert [job.id for job in ws.jobs.list(target="model/1")] == [ids[1]]
    assert list(ws.jobs.list(status="failed")) == []
    assert ws.jobs.get(ids[0]).stages[0].status == "pending"


def test_cancel_and_resume_are_audited(ws: Workspace, jobs: Jobs, services: Any) -> None:
    job_id = jobs.submit()
    assert ws.jobs.cancel(job_id).status == "canceled"
    assert ws.jobs.resume(job_id).status == "queued"
    entries = services.audit.page(_workspace_id(services)).items
    assert [entry.action for entry in entries if entry.action.startswith("job.")] == ["job.resume", "job.cancel"]


def _workspace_id(services: Any) -> str:
    return services.sign_in.by_key(services.identity.bootstrap().api_key).enter("default").workspace_id


def test_missing_jobs_are_404_on_every_route(ws: Workspace) -> None:
    for call in (ws.jobs.get, ws.jobs.cancel, ws.jobs.resume, lambda job_id: list(ws.jobs.events(job_id))):
        with pytest.raises(RemoteError) as missing:
            call("nothing")
        assert (missing.value.remote.status, missing.value.remote.code) == (404, "JobNotFound")


def test_waiting_sees_events_and_the_end(ws: Workspace, jobs: Jobs) -> None:
    job_id = jobs.submit()
    seen: list[JobEvent] = []

    def work() -> None:
        time.sleep(0.3)
        jobs.run(job_id, Outcome(status="completed", result={"n": 1}))

    thread = threading.Thread(target=work)
    thread.start()
    ended = ws.jobs.wait(job_id, on_event=seen.append)
    thread.join()
    assert (ended.status, ended.result) == ("completed", {"n": 1})
    assert [event.message for event in seen if event.kind == "log"] == ["a line"]
    assert seen[-1].job == ended
    later = list(ws.jobs.events(job_id, after=seen[-2].sequence))
    assert later == [seen[-1]]


def test_the_stream_has_ids_and_names(ws: Workspace, jobs: Jobs, server: Any, owner: dict[str, str]) -> None:
    job_id = jobs.submit()
    jobs.run(job_id, Outcome(status="failed", error={"detail": "no"}))
    url = f"{server.url}/api/v1/workspaces/default/jobs/{job_id}/events"
    answer = urllib3.request("GET", url, headers=owner, timeout=10)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert b"event: log\n" in answer.data
    assert b"\nid: " in answer.data
    assert urllib3.request("GET", url, headers=owner | {"Last-Event-ID": "x"}, timeout=10).status == 422


def test_command_line(ws: Workspace, jobs: Jobs, server: Any, owner_key: str, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setenv("FLOWYARD_URL", server.url)
    monkeypatch.setenv("FLOWYARD_API_KEY", owner_key)
    job_id = jobs.submit()
    jobs.run(job_id, Outcome(status="failed", error={"detail": "The plan is torn.", "remedy": "Mend it."}))

    def run(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["job", *words])
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    code, out, _ = run("list", "--json")
    assert code == 0
    assert [job["id"] for job in from_json(out)] == [job_id]
    assert "failed" in run("list")[1]
    shown = run("show", job_id)[1]
    assert "The plan is torn." in shown
    assert "Mend it." in shown
    assert "a line" in run("logs", job_id)[1]
    code, _, err = run("stream", job_id)
    assert code == 1
    assert "The plan is torn." in err
    assert run("resume", job_id)[1] == "Count: queued\n"
    assert "waiting  Nobody says whether a worker runs" in run("show", job_id)[1], "there is none here"
    assert run("cancel", job_id, "--json")[0] == 0
    assert run("show", "nothing")[0] != 0
