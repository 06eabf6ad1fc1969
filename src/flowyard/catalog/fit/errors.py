"""What can be wrong with a question whether a model fits."""

from flowyard.foundation.errors import InvalidInputError


class FitInvalidError(InvalidInputError):
    """The context, the requests at once or the format to count with cannot be; the location names which."""

    code = "FitInvalid"
    title = "The memory cannot be counted so"
