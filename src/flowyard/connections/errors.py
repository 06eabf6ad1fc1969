"""What connections refuse, and why."""

from flowyard.foundation.errors import ConflictError, FlowyardError, InvalidInputError, NotFoundError


class ConnectionNotFoundError(NotFoundError):
    """The workspace has no connection of this name."""

    code = "ConnectionNotFound"


class ConnectionInvalidError(InvalidInputError):
    """A connection's keys or values are not those of its type."""

    code = "ConnectionNotValid"
    title = "The connection is not valid"


class ConnectionFileError(ConnectionInvalidError):
    """A connection's YAML file cannot be used; the location has the file, line and column."""

    code = "ConnectionFileNotValid"
    title = "The connection file is not valid"


class ConnectionExistsError(ConflictError):
    """The name is taken."""

    code = "ConnectionExists"
    title = "The name is taken"


class BuiltInConnectionError(ConflictError):
    """The connection ``local`` belongs to the installation and cannot be changed."""

    code = "BuiltInConnection"
    title = "This connection is built in"


class MasterKeyError(FlowyardError):
    """Secrets cannot be read: the master key is missing, damaged or another one than they were encrypted with."""

    code = "MasterKey"
    title = "The master key does not fit"
    exit_code = 2
