"""``flowyard up --detach``: the same command in a session of its own, which tells through a pipe how its start went."""

import os
import subprocess
import sys
from dataclasses import dataclass

from flowyard.compute.processes.home import writable
from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.errors import FlowyardError, Problem, RemoteError
from flowyard.foundation.settings import Settings
from flowyard.server.mains.launcher import Started

_PROGRAM = "import sys; from flowyard.cli.entry import main; main(sys.argv[1:])"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    started: Started | None = None
    problem: Problem | None = None
    exit_code: int = 1


class DetachedStartError(RemoteError):
    """The start in the background failed, for the reason that it told."""

    def __init__(self, problem: Problem, exit_code: int) -> None:
        super().__init__(problem)
        self.exit_code = exit_code  # pyright: ignore[reportAttributeAccessIssue]  # one class for every reason


def start_detached(settings: Settings, host: str, port: int, *, demo: bool = False) -> Started:
    """Start the platform in the background and return once it answers.

    Raises:
        DetachedStartError: it could not start.
    """
    logs = settings.home / "logs"
    with writable(settings.home):
        logs.mkdir(parents=True, exist_ok=True)
        log = (logs / "supervisor.log").open("ab")
    reading, writing = os.pipe()
    words = ["up", "--host", host, "--port", str(port), "--home", str(settings.home), "--no-browser"]
    words += ["--gateways", str(settings.gateways), "--report-fd", str(writing), *(["--demo"] if demo else [])]
    with log:
        subprocess.Popen(  # noqa: S603  # our own command
            [sys.executable, "-c", _PROGRAM, *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(writing,),
            start_new_session=True,
            cwd=settings.home,
        )
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    if not told:
        raise FlowyardError("It ended before it answered.", remedy=f"What it wrote is in {logs / 'supervisor.log'}.")
    report = decode(told, _Report)
    if report.started is not None:
        return report.started
    raise DetachedStartError(report.problem or Problem(code="InternalError", title="", status=500, detail=""), report.exit_code)


def report_started(handle: int, started: Started) -> None:
    """Tell the waiting command that the platform answers."""
    _tell(handle, _Report(started=started))


def report_problem(handle: int, error: FlowyardError) -> None:
    """Tell the waiting command why it does not. Does nothing once `report_started` was called."""
    try:
        os.fstat(handle)
    except OSError:
        return
    _tell(handle, _Report(problem=error.problem(), exit_code=error.exit_code))


def _tell(handle: int, report: _Report) -> None:
    with os.fdopen(handle, "wb") as pipe:
        pipe.write(to_json(report))
