"""What can go wrong with telemetry."""

from flowyard.foundation.errors import FlowyardError, NotFoundError


class SpoolWriteError(FlowyardError):
    """Spans could not be written to their spool: the disk is full, or the folder is gone. They wait in memory meanwhile."""

    code = "SpoolWrite"
    title = "Spans could not be written"
    status = 507


class TraceNotFoundError(NotFoundError):
    """No span of that trace is stored in the workspace."""

    code = "TraceNotFound"
    title = "No such trace"


class ValueNotFoundError(NotFoundError):
    """A trace has no such span, or the span no such value."""

    code = "ValueNotFound"
    title = "No such value"


class WithheldError(FlowyardError):
    """It was made of documents with access tags that the caller does not have."""

    code = "Withheld"
    title = "It is withheld from you"
    status = 403
    advice = "Ask an owner of the workspace for the tags: flowyard access set TAG --user NAME"


class ScoreNotFoundError(NotFoundError):
    """No score of that id counts in the workspace."""

    code = "ScoreNotFound"
    title = "No such score"
