"""What can go wrong with trying a model."""

from flowyard.foundation.errors import ConflictError, InvalidInputError, NotFoundError


class ModelNotCallableError(ConflictError):
    """The model cannot be called as it is: it is not here, or has no connection."""

    code = "ModelNotCallable"
    title = "The model cannot be called"


class VerificationNotFoundError(NotFoundError):
    """There is no such verification in the workspace."""

    code = "VerificationNotFound"
    title = "No such verification"


class VerificationInvalidError(InvalidInputError):
    """What is to be tried cannot be; the location names which part."""

    code = "VerificationInvalid"
    title = "The model cannot be tried so"
