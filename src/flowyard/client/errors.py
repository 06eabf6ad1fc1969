"""What can go wrong between the SDK and a server."""

from flowyard.foundation.errors import FlowyardError


class NoServerError(FlowyardError):
    """No server runs in this home folder, or the one named does not answer."""

    code = "NoServer"
    title = "No server answers"
    status = 503


class BadAnswerError(FlowyardError):
    """The other side answered something that is not Flowyard's API."""

    code = "BadAnswer"
    title = "The answer was not understood"
    status = 502
