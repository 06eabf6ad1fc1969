"""What a command needs of the SDK, and how it shows a job's progress."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowyard.foundation.errors import FlowyardError, InvalidInputError
from flowyard.foundation.file_values import file_value

if TYPE_CHECKING:
    from flowyard.client import Workspace
    from flowyard.wire.jobs import Job, JobEvent


def workspace(home: Path | None = None) -> "Workspace":
    """Return the workspace that the environment or the home folder names."""
    from flowyard.client import Workspace

    return Workspace(home=home)


def key_values(pairs: list[str]) -> dict[str, Any]:
    """Read ``k=v`` words: a value that is JSON (a number, true, a list, …) is taken as that, any other as text.

    The value ``@PATH`` is what is in that file.

    Raises:
        InvalidInputError: a word has no ``=``, or a file cannot be read.
    """
    import msgspec

    found: dict[str, Any] = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator or not name:
            raise InvalidInputError(f"{pair!r} is not of the form name=value.", remedy="Write for instance: --inputs question=Hello")
        from_file = file_value(value)
        value = value if from_file is None else from_file
        try:
            found[name] = msgspec.json.decode(value)
        except msgspec.DecodeError:
            found[name] = value
    return found


class JobFailedError(FlowyardError):
    """A job that a command waited for did not complete."""

    code = "JobFailed"
    title = "The job did not complete"


def follow(ws: "Workspace", job: "Job", *, quiet: bool = False) -> "Job":
    """Wait for `job`, showing its stages on standard error.

    Raises:
        JobFailedError: it failed or was canceled; the message is the job's error.
    """
    from flowyard.cli.progress import JobProgress

    with JobProgress(quiet=quiet) as shown:
        on_event: Callable[[JobEvent], None] = shown.update
        ended = ws.jobs.wait(job.id, on_event=on_event)
    if ended.status != "completed":
        error = ended.error or {}
        canceled = f"flowyard job resume {ended.id} goes on with what is not done yet." if ended.status == "canceled" else None
        raise JobFailedError(str(error.get("detail") or f"{ended.title}: {ended.status}."), remedy=error.get("remedy") or canceled)
    return ended
