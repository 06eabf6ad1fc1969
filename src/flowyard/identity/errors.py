"""What identity refuses, and why."""

from flowyard.foundation.errors import ConflictError, ForbiddenError, NotFoundError, UnauthenticatedError


class BadCredentialError(UnauthenticatedError):
    """A key or session is missing, unknown, expired, revoked or ended. Which of these is not told."""

    code = "BadCredential"


class SignInTokenError(UnauthenticatedError):
    """A sign-in link is unknown, was used already or has expired."""

    code = "SignInTokenInvalid"
    title = "This sign-in link does not work any more"


class PermissionDeniedError(ForbiddenError):
    """The role lacks a permission."""

    code = "PermissionDenied"


class RoleTooHighError(ForbiddenError):
    """A caller tried to give, or to take away, rights that they do not have themselves."""

    code = "RoleTooHigh"
    title = "Nobody can give more rights than they have"


class WorkspaceNotFoundError(NotFoundError):
    """There is no such workspace, or the caller is not in it."""

    code = "WorkspaceNotFound"


class UserNotFoundError(NotFoundError):
    """Nobody of this name is in the workspace."""

    code = "UserNotFound"


class KeyNotFoundError(NotFoundError):
    """The workspace has no such key, or it is revoked already."""

    code = "KeyNotFound"


class HolderNotFoundError(NotFoundError):
    """Nobody of this name can have access tags."""

    code = "HolderNotFound"


class NameTakenError(ConflictError):
    """The name is in use."""

    code = "NameTaken"
    title = "The name is taken"


class LastOwnerError(ConflictError):
    """A workspace keeps at least one owner."""

    code = "LastOwner"
    title = "A workspace needs an owner"
