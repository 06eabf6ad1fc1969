"""What can go wrong with a comparison of models."""

from flowyard.foundation.errors import InvalidInputError, NotFoundError


class ComparisonInvalidError(InvalidInputError):
    """What is to be compared cannot be; the location names which part."""

    code = "ComparisonInvalid"
    title = "The models cannot be compared so"


class ComparisonNotFoundError(NotFoundError):
    """There is no such comparison in the workspace."""

    code = "ComparisonNotFound"
    title = "No such comparison"
