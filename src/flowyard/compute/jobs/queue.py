"""DBOS, as far as we use it: one queue, one workflow, durable steps.

A job's id is its workflow's id. The workflow's code is the job's kind; what DBOS keeps is which steps have been done, with their results.
Two tables hold a job then, ours and DBOS's, and ours is told first: `DurableQueue.send` is what the outbox calls until it has
worked.
"""

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from flowyard.compute.errors import JobCanceledError
from flowyard.foundation.codecs import convert, from_json, to_json
from flowyard.foundation.errors import FlowyardError, Problem, RemoteError

if TYPE_CHECKING:
    from dbos import DBOS

QUEUE = "flowyard-jobs"
WORKFLOW = "run_job"
SCHEMA = "flowyard_jobs"
APPLICATION = "flowyard"
#: Constant: DBOS runs a workflow only on workers of its version, and its default (a hash of the source) strands jobs after an upgrade.
APPLICATION_VERSION = "1"
CONCURRENCY = 4
_POLL_S = 0.15
_RAISED = "flowyard.raised"

QueueState = Literal["unknown", "waiting", "running", "over"]

_STATES: dict[str, QueueState] = {"ENQUEUED": "waiting", "DELAYED": "waiting", "PENDING": "running"}


class DurableQueue:
    """DBOS in this process, launched by `start`.

    Args:
        database_url: an SQLAlchemy URL: an SQLite file of its own, or the PostgreSQL of the metadata (in a schema of its own).
        worker_id: this process's name in DBOS; another after every start.
        run_job: what runs a job, given its id. It records how the job ended and raises nothing.
    """

    def __init__(self, database_url: str, worker_id: str, run_job: Callable[[str], None]) -> None:
        self._url = database_url
        self._worker_id = worker_id
        self._run_job = run_job
        self._dbos: type[DBOS] | None = None

    def start(self) -> None:
        """Open the database (making its tables where needed) and take jobs from now on."""
        from dbos import DBOS

        if self._url.startswith("sqlite:///"):
            _prepare_sqlite(Path(self._url.removeprefix("sqlite:///")))
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_url": self._url.replace("postgresql+psycopg://", "postgresql://", 1),
                "dbos_system_schema": SCHEMA,
                "application_version": APPLICATION_VERSION,
                "executor_id": self._worker_id,
                "serializer": _serializer(),
                "log_level": "WARNING",
                "notification_listener_polling_interval_sec": 5.0,
                "scheduler_polling_interval_sec": 300.0,
            }
        )
        run_job = self._run_job

        @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)
        def workflow(job_id: str) -> None:
            run_job(job_id)

        del workflow
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=CONCURRENCY, polling_interval_sec=_POLL_S, on_conflict="always_update")
        self._dbos = DBOS

    @property
    def _api(self) -> "type[DBOS]":
        if self._dbos is None:
            raise RuntimeError("the durable queue is used before it is started")
        return self._dbos

    def state(self, job_id: str) -> QueueState:
        """Return how the job's workflow is."""
        found = self._api.list_workflows(workflow_ids=[job_id], load_input=False, load_output=False)
        return _STATES.get(found[0].status, "over") if found else "unknown"

    def send(self, job_id: str) -> bool:
        """Make the queue run a job, whether it is new to it or ran before. False: an earlier run is just ending, ask again.

        A job that ran before keeps the steps that it recorded, up to the first that failed.
        """
        match self.state(job_id):
            case "unknown":
                self._api.enqueue_workflow_with_options(
                    {"workflow_name": WORKFLOW, "queue_name": QUEUE, "workflow_id": job_id, "app_version": APPLICATION_VERSION}, job_id
                )
            case "over":
                self._api.rewind_workflow(job_id, start_step=self._first_open_step(job_id), queue_name=QUEUE)
            case "running":
                return False
            case "waiting":
                pass
        return True

    def orphans(self, live_workers: set[str]) -> list[str]:
        """Return the jobs that DBOS believes to run on workers that do not live."""
        running = self._api.list_workflows(status="PENDING", name=WORKFLOW, load_input=False, load_output=False)
        return [workflow.workflow_id for workflow in running if workflow.executor_id not in live_workers]

    def take_back(self, job_id: str) -> None:
        """Put a job whose worker has died back into the queue; its recorded steps stay."""
        self._api.resume_workflow(job_id, queue_name=QUEUE)

    def run_step(self, name: str, work: Callable[[], Any]) -> Any:
        """Run `work` as a durable step of the present job, or return what it gave when it was run before.

        A `FlowyardError` is a result too: it is recorded, and raised again from the record.
        """
        if self._api.workflow_id is None:
            raise RuntimeError(f"step {name!r} is run outside of the job's own thread, so it could not be recorded")
        raised: list[FlowyardError] = []

        def recorded() -> dict[str, Any]:
            try:
                return {"value": work()}
            except FlowyardError as error:
                raised.append(error)
                return {"problem": from_json(to_json(error.problem()))}

        outcome = self._api.run_step({"name": name}, recorded)
        if raised:
            raise raised[0]
        if "problem" in outcome:
            raise _error(convert(outcome["problem"], Problem))
        return outcome["value"]

    def _first_open_step(self, job_id: str) -> int:
        steps = self._api.list_workflow_steps(job_id)
        for step in steps:
            output = cast("dict[str, Any] | None", step["output"])
            if step["error"] is not None or output is None or "problem" in output:
                return step["function_id"]
        return max((step["function_id"] for step in steps), default=0) + 1


def _error(problem: Problem) -> FlowyardError:
    return JobCanceledError(problem.detail) if problem.code == JobCanceledError.code else RemoteError(problem)


def _prepare_sqlite(path: Path) -> None:
    """Switch the file to a write-ahead log, which it remembers: DBOS's commits cost one flush then, not three."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=30)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


def _raised(value: Any) -> str | None:
    found = cast("dict[str, Any]", value).get(_RAISED) if isinstance(value, dict) else None
    return None if found is None else str(found)


def _serializer() -> Any:
    from dbos import Serializer

    class JsonSerializer(Serializer):
        """JSON, where DBOS's default is pickle."""

        def serialize(self, data: Any) -> str:
            if isinstance(data, BaseException):
                logging.getLogger(__name__).error("a step raised what is not our error", exc_info=data)
                data = {_RAISED: repr(data)}
            return to_json(data).decode()

        def deserialize(self, serialized_data: str) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]  # its base says cls
            value = from_json(serialized_data)
            raised = _raised(value)
            # DBOS raises what it kept of an exception, so that has to come back as one.
            return value if raised is None else FlowyardError(raised)

        def name(self) -> str:
            return "flowyard_json"

    return JsonSerializer()
