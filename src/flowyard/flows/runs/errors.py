"""What can go wrong with a run before, while and after its rows run."""

from flowyard.foundation.errors import ConflictError, FlowyardError, InvalidInputError, NotFoundError


class RunError(FlowyardError):
    """Base of the errors of runs."""

    code = "RunFailed"
    title = "The run failed"
    status = 400


class RunNotFoundError(NotFoundError):
    """There is no run of that name."""

    code = "RunNotFound"
    title = "No such run"


class RowNotFoundError(NotFoundError):
    """The run has no such row."""

    code = "RowNotFound"
    title = "No such row"


class RunExistsError(ConflictError):
    """The name is taken."""

    code = "RunExists"
    title = "A run of this name exists"


class RunDamagedError(RunError):
    """A run's file cannot be read."""

    code = "RunDamaged"
    title = "The run's file is damaged"
    status = 500


class RunNameError(InvalidInputError):
    """A run cannot be called so."""

    code = "RunNameNotValid"
    title = "This is no name for a run"


class RunFileError(InvalidInputError):
    """A ``run.yaml`` cannot be used; `findings` has all that is wrong, each with its line."""

    code = "InvalidRunFile"
    title = "The run file is not valid"


class RunStateError(ConflictError):
    """What is asked for does not fit what the run is: it runs, or it has ended."""

    code = "RunState"
    title = "The run's state does not allow this"


class RunInterruptedError(RunError):
    """The process that ran it ended in the middle of it."""

    code = "RunInterrupted"
    title = "The run was interrupted"


class UploadNotFoundError(NotFoundError):
    """There is no uploaded data of that reference."""

    code = "UploadNotFound"
    title = "No such upload"


class RunBusyError(ConflictError):
    """Another process works on the run."""

    code = "RunBusy"
    title = "The run is being worked on"


class MappingError(InvalidInputError):
    """The column mapping names what is not there."""

    code = "InputMappingError"
    title = "The column mapping does not fit the data"


class TooManyFailuresError(RunError):
    """More rows failed than the run allows."""

    code = "TooManyFailures"
    title = "Too many rows failed"


class ProcessCrashedError(RunError):
    """A row brought its process down."""

    code = "ProcessCrashed"
    title = "The row's process ended"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, remedy="See the run's log; try the row alone: flowyard flow test.")


class MemoryExceededError(RunError):
    """A row's process took more memory than is allowed."""

    code = "MemoryExceeded"
    title = "The row took too much memory"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, remedy="Let the flow take less, or run fewer rows at once: --concurrency.")
