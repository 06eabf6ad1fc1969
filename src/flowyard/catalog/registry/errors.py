"""What can go wrong with the registry."""

from flowyard.foundation.errors import ConflictError, FlowyardError, NotFoundError


class RegisteredModelUnknownError(NotFoundError):
    """The workspace has no registered model, or no version of it, of this name."""

    code = "RegisteredModelNotFound"
    title = "No such registered model"


class RegisteredModelExistsError(ConflictError):
    """There is a version of this number, and versions never change."""

    code = "RegisteredModelExists"
    title = "The version is there"


class LicenseDeniedError(FlowyardError):
    """A rule of the workspace keeps models of this license from being deployed."""

    code = "LicenseDenied"
    title = "The license is denied"
    status = 403
