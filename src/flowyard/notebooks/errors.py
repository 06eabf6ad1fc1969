"""What can go wrong with notebooks."""

from flowyard.foundation.errors import ConflictError, ForbiddenError, UnauthenticatedError


class NotebookTicketError(UnauthenticatedError):
    """A link to a notebook is unknown, was used already or has expired."""

    code = "NotebookTicketInvalid"
    title = "This link to a notebook does not work any more"


class NotebookClosedError(UnauthenticatedError):
    """Nobody is signed in to this notebook, or not any more."""

    code = "NotebookClosed"
    title = "You are not signed in to this notebook"


class NotebookOriginError(ForbiddenError):
    """A page of another site asked."""

    code = "NotebookOrigin"
    title = "Another site's page asked for this notebook"


class NotebookStoppedError(ConflictError):
    """The notebook's process was stopped."""

    code = "NotebookStopped"
    title = "The notebook was stopped"
