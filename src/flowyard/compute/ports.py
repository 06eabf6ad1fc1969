"""What the stages need of a place to run things."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from flowyard.compute.model import ProcessSpec, ProcessStatus

T = TypeVar("T")


class ProcessHost(Protocol):
    """Keeps processes running: starts, restarts with backoff, drains, stops. Calls block; async callers use a thread."""

    def ensure(self, spec: ProcessSpec, *, wait_s: float | None = None) -> ProcessStatus:
        """Make `spec` run and return its status, which is ``ready`` unless `wait_s` is 0.

        The same spec again changes nothing. Another spec under the same name replaces the process: the new one starts and gets
        ready first where it has a socket of its own, then the old one drains. `wait_s` None waits for ``spec.ready_timeout_s``.

        Raises:
            ProcessFailedError: it ended before it was ready; the message has its last log lines.
            ProcessNotReadyError: it was not ready in time.
        """
        ...

    def get(self, name: str) -> ProcessStatus | None:
        """Return one status, or None when no such process is kept."""
        ...

    def find(self, prefix: str = "") -> list[ProcessStatus]:
        """Return all whose name starts with `prefix`, by name."""
        ...

    def touch(self, name: str) -> bool:
        """Put off the idle stop. False when it is not running: call `ensure` again."""
        ...

    def stop(self, name: str) -> None:
        """Drain, stop and forget it. Unknown names are no error."""
        ...

    def logs(self, name: str, *, tail: int = 200) -> list[str]:
        """Return the last lines that it wrote to standard output and error, over restarts; empty when unknown."""
        ...


class StageReport(Protocol):
    """Where a running stage says how far it is. Calls are cheap; they are written at most a few times a second."""

    def progress(self, done: int, total: int | None = None, unit: str | None = None) -> None:
        """Say how much is done."""
        ...

    def detail(self, text: str) -> None:
        """Say in a few words what is going on."""
        ...

    def worked(self, seconds: float) -> None:
        """Say how much of its time was its own: stages that go on in turns share theirs."""
        ...


class JobContext(Protocol):
    """What a job's code is given."""

    @property
    def job_id(self) -> str:
        """The job's id, the same in every attempt: use it as an idempotency key."""
        ...

    @property
    def workspace_id(self) -> str:
        """The workspace in which it runs."""
        ...

    def stage(self, name: str) -> AbstractContextManager[StageReport]:
        """Enter one of the kind's stages: its times and outcome are kept and shown."""
        ...

    def step(self, name: str, work: Callable[[], T]) -> T:
        """Run `work` as a durable step.

        Once its JSON-serialisable result is recorded, a resumed job gets that and does not run it again.
        """
        ...

    def log(self, message: str) -> None:
        """Add a line to the job's log."""
        ...

    def check_canceled(self) -> None:
        """Raise JobCanceledError when a cancel was asked for. Call it at least once a second in long work."""
        ...


class JobKind(Protocol):
    """A kind of job. Registered by name in the worker's wiring; `run` may be called again after a crash."""

    @property
    def name(self) -> str:
        """Stable name, ``model_pull`` for instance."""
        ...

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages, in order, as they are shown before they begin."""
        ...

    def run(self, context: JobContext, arguments: dict[str, Any]) -> Any:
        """Do the work and return a JSON-serialisable result. FlowyardError becomes the job's error as it is."""
        ...
