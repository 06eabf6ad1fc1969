"""What can go wrong with endpoints and at the gateway."""

from flowyard.foundation.errors import ConflictError, FlowyardError, InvalidInputError, NotFoundError, UnavailableError


class BodyTooLargeError(FlowyardError):
    """The request's body is over the limit."""

    code = "BodyTooLarge"
    title = "The body is too large"
    status = 413
    exit_code = 2


class BodyInvalidError(InvalidInputError):
    """The request's body is no JSON object, or lacks what the route needs."""

    code = "BodyInvalid"
    title = "The body cannot be read"
    status = 400


class MethodNotAllowedError(FlowyardError):
    """The path exists, the method does not."""

    code = "MethodNotAllowed"
    title = "The method does not fit the path"
    status = 405
    exit_code = 2


class UpgradeRefusedError(FlowyardError):
    """A WebSocket was asked for; nothing here speaks it."""

    code = "UpgradeRefused"
    title = "WebSockets are not served"
    status = 400


class OperationUnsupportedError(InvalidInputError):
    """The model cannot do what was asked of it."""

    code = "OperationUnsupported"
    title = "The model cannot do this"
    status = 400


class EndpointUnknownError(NotFoundError):
    """The workspace has no endpoint of that name."""

    code = "EndpointNotFound"
    title = "No such endpoint"


class EndpointTakenError(ConflictError):
    """The workspace has an endpoint of that name already."""

    code = "EndpointTaken"
    title = "The name is taken"


class DeploymentUnknownError(NotFoundError):
    """The endpoint has no deployment of that name."""

    code = "DeploymentNotFound"
    title = "No such deployment"


class RevisionUnknownError(NotFoundError):
    """The deployment has no such revision to go back to."""

    code = "RevisionNotFound"
    title = "No such revision"


class DeploymentBusyError(ConflictError):
    """The deployment takes traffic, or another deploy of it is under way."""

    code = "DeploymentBusy"
    title = "The deployment is in use"


class AuthModeError(ConflictError):
    """The endpoint has keys and a token was asked for, or the other way round."""

    code = "AuthMode"
    title = "The endpoint is called in another way"


class NoTrafficError(ConflictError):
    """The endpoint sends no traffic to any deployment and none was pinned."""

    code = "NoTraffic"
    title = "The endpoint takes no traffic"


class TrafficInvalidError(InvalidInputError):
    """A traffic split that does not sum to 0 or 100, or names deployments that do not exist."""

    code = "TrafficInvalid"
    title = "The traffic split is not valid"


class NameInvalidError(InvalidInputError):
    """A name that breaks the rule for endpoints and deployments."""

    code = "NameInvalid"
    title = "The name is not valid"


class DeploymentInvalidError(InvalidInputError):
    """A deployment that names no flow and no model, both, or one that is not there."""

    code = "DeploymentInvalid"
    title = "The deployment is not valid"


class ScriptFailedError(FlowyardError):
    """A scoring script cannot be imported, its ``init()`` failed, or ``run()`` did."""

    code = "ScriptFailed"
    title = "The scoring script failed"


class ReplicaUnknownError(NotFoundError):
    """The endpoint has no replica of that name."""

    code = "ReplicaNotFound"
    title = "No such replica"


class ReplicaUnavailableError(UnavailableError):
    """No replica of the deployment answers."""

    code = "ReplicaUnavailable"
    title = "No replica answers"


class DeploymentOverloadedError(FlowyardError):
    """All instances are busy, and the request waited as long as it may, or too many wait already.

    `extra`: ``reason`` (``queue_wait`` or ``queue_full``), ``waiting``, ``retry_after_s``.
    """

    code = "DeploymentOverloaded"
    title = "The deployment is busy"
    status = 429


class RouteUnknownError(NotFoundError):
    """The workspace has no route of that name."""

    code = "RouteNotFound"
    title = "No such route"


class RouteTakenError(ConflictError):
    """The name is that of another route, or of a model."""

    code = "RouteTaken"
    title = "The name is taken"


class RouteInvalidError(InvalidInputError):
    """A route that cannot work."""

    code = "RouteInvalid"
    title = "The route is not valid"


class RouteExhaustedError(UnavailableError):
    """No model of a route may be tried now: all failed lately."""

    code = "RouteExhausted"
    title = "No model of the route answers"


class DeadlineError(FlowyardError):
    """A model call took longer than its route, or its client, gives it."""

    code = "DeadlineExceeded"
    title = "The call took too long"
    status = 504


class AnswerInvalidError(FlowyardError):
    """A model's server answered with something that is no answer of the protocol."""

    code = "AnswerInvalid"
    title = "The model's answer cannot be read"
    status = 502


class LimitedError(FlowyardError):
    """A key, or its workspace, has used what it may. `headers` go on the answer."""

    status = 429
    headers: tuple[tuple[bytes, bytes], ...] = ()


class LimitReachedError(LimitedError):
    """A key, or its workspace, has used what it may in this minute.

    `extra`: ``limit`` (requests or tokens), ``subject``, ``resets_at``, and ``retry_after_s`` unless the request alone is over the limit.
    """

    code = "LimitReached"
    title = "A limit is reached"


class BudgetSpentError(LimitedError):
    """A key, or its workspace, has spent its budget. `extra` as with `LimitReachedError`; ``limit`` is day or month."""

    code = "BudgetSpent"
    title = "The budget is spent"
    # OpenAI's clients would try again at once, in vain until the next day.
    headers = ((b"x-should-retry", b"false"),)


class PriceUnknownError(FlowyardError):
    """A budget refuses calls to models that the price list does not have."""

    code = "PriceUnknown"
    title = "The price is not known"
    status = 403


class ReplicaTimeoutError(FlowyardError):
    """A replica took too long."""

    code = "ReplicaTimeout"
    title = "The replica took too long"
    status = 504


class ServerUnavailableError(UnavailableError):
    """The control plane does not answer; data-plane requests are not affected."""

    code = "ServerUnavailable"
    title = "The server is not answering"


class UpstreamLostError(FlowyardError):
    """A connection to an upstream could not be made, or broke.

    `began`: something of the answer had come. `reached` False: no connection was made, so the upstream never saw the request.
    """

    code = "UpstreamLost"
    title = "The upstream broke off"
    status = 502

    def __init__(self, message: str, *, began: bool = False, reached: bool = True, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.began = began
        self.reached = reached


class UpstreamTimeoutError(FlowyardError):
    """An upstream did not answer in time."""

    code = "UpstreamTimeout"
    title = "The upstream took too long"
    status = 504


class GateUnmetError(ConflictError):
    """The evaluation of what is to be deployed does not meet a gate, or there is none."""

    code = "GateUnmet"
    title = "The evaluation does not meet its gate"
