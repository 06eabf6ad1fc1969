"""What can go wrong with lineage."""

from flowyard.foundation.errors import NotFoundError


class LineageNotFoundError(NotFoundError):
    """Nothing is recorded of what was asked for."""

    code = "LineageNotFound"
    title = "No such lineage"
