"""What can go wrong with transforms."""

from flowyard.foundation.errors import FlowyardError, InvalidInputError, UnavailableError


class TransformError(InvalidInputError):
    """A step is not valid: `location` says which, in the request."""

    code = "InvalidTransform"
    title = "The transform is not valid"


class TransformRowError(FlowyardError):
    """A step failed at a row; `extra` has ``step``, ``row`` (from 1, of the source where that is known) and ``column``."""

    code = "TransformRowFailed"
    title = "A row cannot be transformed"
    status = 422


class TransformCodeError(FlowyardError):
    """The code or statement of a step failed; `location` is the line of it."""

    code = "TransformCodeFailed"
    title = "A step's code failed"
    status = 422


class TransformStoppedError(FlowyardError):
    """A step took too long or too much memory, and was stopped."""

    code = "TransformStopped"
    title = "The transform was stopped"
    status = 422


class TransformBusyError(UnavailableError):
    """As many previews of transforms run as may at once."""

    code = "TransformBusy"
    title = "Too many previews at once"
    status = 429
