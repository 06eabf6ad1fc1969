"""What can go wrong between us and a model."""

from typing import Any, ClassVar

from flowyard.foundation.errors import FlowyardError, InvalidInputError


class ModelCallError(FlowyardError):
    """The model's server answered with an error.

    Attributes:
        upstream_status: HTTP status it sent; None when the error came inside a stream.
        upstream_code: its `error.code`, where it told one.
        upstream_type: its `error.type`, where it told one.
    """

    code = "ModelCallFailed"
    title = "The model's server answered with an error"
    status = 502
    advice = "Try again; the server's own log says more."

    def __init__(
        self,
        message: str,
        *,
        upstream_status: int | None = None,
        upstream_code: str | None = None,
        upstream_type: str | None = None,
        remedy: str | None = None,
    ) -> None:
        told: dict[str, Any] = {"upstream_status": upstream_status, "upstream_code": upstream_code, "upstream_type": upstream_type}
        super().__init__(message, remedy=remedy, extra={name: value for name, value in told.items() if value is not None})
        self.upstream_status = upstream_status
        self.upstream_code = upstream_code
        self.upstream_type = upstream_type


class ModelRequestRefusedError(ModelCallError):
    """The model's server says that the request itself is wrong (4xx): sending it again will not help."""

    code = "ModelRequestRefused"
    title = "The model's server refused the request"
    status = 400
    advice = "Correct what the server names: a parameter, the messages, or the model."


class ModelAccessDeniedError(ModelCallError):
    """The model's server does not accept the connection's key (401 or 403)."""

    code = "ModelAccessDenied"
    title = "The model's server did not accept the key"


class ModelRateLimitedError(ModelCallError):
    """Too many requests or tokens (429), also after our retries. `retry_after_s` is what the server asked for."""

    code = "ModelRateLimited"
    title = "The model's server asks to slow down"
    status = 429
    retry_after_s: float | None = None


class ModelQuotaExceededError(ModelCallError):
    """The account has no quota left (429 ``insufficient_quota``): waiting will not help."""

    code = "ModelQuotaExceeded"
    title = "The account behind the connection has no quota left"
    status = 429


class ModelStreamCutError(ModelCallError):
    """A streamed answer ended before it was complete."""

    code = "ModelStreamCut"
    title = "The model's answer broke off"


class ModelUnreachableError(FlowyardError):
    """No connection to the model's server could be made, or it broke before anything was answered, also after our retries.

    `reached` False: there was no connection, so the server never saw the call.
    """

    code = "ModelUnreachable"
    title = "The model's server cannot be reached"
    status = 502
    reached: bool = True


class ModelTimeoutError(FlowyardError):
    """The model's server did not answer in time."""

    code = "ModelTimeout"
    title = "The model's server took too long"
    status = 504


class ConnectionInvalidError(FlowyardError):
    """A connection lacks something that its type needs, or holds something that it does not understand."""

    code = "ConnectionInvalid"
    title = "The connection is not complete"
    status = 422
    exit_code = 2


class ScriptInvalidError(ConnectionInvalidError):
    """The script of a scripted model cannot be read; the location names the rule."""

    code = "ScriptInvalid"
    title = "The script of the scripted model is not valid"
    advice = "Correct the script there."


class EngineFailedError(FlowyardError):
    """A local engine cannot load its model."""

    code = "EngineFailed"
    title = "The local engine cannot load the model"
    status = 503
    exit_code: ClassVar[int] = 1


class PatternUnsupportedError(InvalidInputError):
    """A schema has a pattern that a model of this machine cannot be held to."""

    code = "PatternUnsupported"
    title = "The model cannot be held to the pattern"
    status = 400
    advice = (
        "Write it without flags, looks around, references back and boundaries of words, with ^ and $ only at its beginning and end; "
        "or take it out of the schema, and look at the answer."
    )
