"""What the server itself refuses."""

from dataclasses import replace

from flowyard.foundation.errors import FlowyardError, ForbiddenError, InvalidInputError, NotFoundError, Problem


class MalformedRequestError(InvalidInputError):
    """The body is no JSON, or not what its Content-Type says."""

    code = "MalformedRequest"
    title = "The request cannot be read"
    status = 400


class RouteNotFoundError(NotFoundError):
    """No such address."""

    code = "RouteNotFound"


class MethodNotAllowedError(FlowyardError):
    """The address exists, for other methods."""

    code = "MethodNotAllowed"
    title = "The address does not take this method"
    status = 405
    exit_code = 2


class BodyTooLargeError(FlowyardError):
    """The body is larger than the address takes."""

    code = "BodyTooLarge"
    title = "The body is too large"
    status = 413
    exit_code = 2


class CrossOriginError(ForbiddenError):
    """A page of another origin tried to use the browser's session."""

    code = "CrossOrigin"
    title = "The request came from another site"


class HttpError(FlowyardError):
    """Any other refusal of the web framework."""

    code = "HttpError"
    title = "The request was refused"

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self._status = status

    def problem(self, instance: str | None = None) -> Problem:
        """Return it with the status that the framework chose."""
        return replace(super().problem(instance), status=self._status)


class UnexpectedError(FlowyardError):
    """A fault of ours. What happened is in the server's log under the request's id, and nowhere else."""

    code = "InternalError"
