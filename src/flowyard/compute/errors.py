"""What can go wrong with processes and jobs."""

from flowyard.foundation.errors import ConflictError, FlowyardError, InvalidInputError, NotFoundError, UnavailableError


class ProcessFailedError(FlowyardError):
    """A process ended before it was ready. `extra` has ``name``, ``log`` (its last lines) and, where it told one, ``cause``."""

    code = "ProcessFailed"
    title = "A process could not start"
    status = 502
    advice = "Mend what its last lines tell of, and try again; its whole log is in the home folder under logs/."


class ProcessNotReadyError(UnavailableError):
    """A process runs, but was not ready in time."""

    code = "ProcessNotReady"
    title = "A process is not ready"
    status = 504
    advice = "Try again in a moment; its log in the home folder under logs/ tells what it waits for."


class SupervisorUnavailableError(UnavailableError):
    """The supervisor does not answer, so nothing can be started or stopped."""

    code = "SupervisorUnavailable"
    title = "The supervisor does not answer"
    advice = "See `flowyard status`; start it with `flowyard up`."


class ChildProtocolError(FlowyardError):
    """A child program was started by something else than the supervisor."""

    code = "ChildProtocol"
    title = "Not started by the supervisor"
    exit_code = 2


class IsolationUnavailableError(InvalidInputError):
    """Flow processes cannot be kept apart as the settings ask."""

    code = "IsolationUnavailable"
    title = "Flow processes cannot be kept apart here"


class HomeInUseError(ConflictError):
    """Another supervisor runs on the same home folder."""

    code = "HomeInUse"
    title = "Flowyard runs here already"
    exit_code = 2


class HomeNotWritableError(FlowyardError):
    """The home folder cannot be made or written."""

    code = "HomeNotWritable"
    title = "The folder cannot be written"
    exit_code = 2


class PortInUseError(ConflictError):
    """Something else listens at the address that was asked for."""

    code = "PortInUse"
    title = "The port is taken"
    exit_code = 2


class JobNotFoundError(NotFoundError):
    """No such job in this workspace."""

    code = "JobNotFound"
    title = "No such job"


class JobKindUnknownError(InvalidInputError):
    """No worker knows this kind of job."""

    code = "JobKindUnknown"
    title = "Unknown kind of job"


class JobStateError(ConflictError):
    """The job is in a state in which this cannot be done."""

    code = "JobState"
    title = "The job's state does not allow this"


class JobCanceledError(FlowyardError):
    """Raised inside a job whose cancel was asked for; ends it as canceled."""

    code = "JobCanceled"
    title = "The job was canceled"
    status = 409


class LeaseLostError(FlowyardError):
    """A later attempt of the same job has begun elsewhere: what this one would write is thrown away."""

    code = "LeaseLost"
    title = "Another worker has taken over"
    status = 409


class RowProgramError(FlowyardError):
    """The processes of a row map do not start, or die without a row being at fault; the message has their last lines."""

    advice = "Mend what these lines tell of, then resume the run: rows that are there are not run again."
    code = "RowProgramFailed"
    title = "The rows' process failed"
    status = 500
