"""What can go wrong with datastores."""

from flowyard.foundation.errors import ConflictError, FlowyardError, InvalidInputError, NotFoundError, UnavailableError


class DatastoreInvalidError(InvalidInputError):
    """A datastore cannot be as it is asked for; the location names the key."""

    code = "DatastoreInvalid"
    title = "The datastore is not valid"


class DatastoreNotFoundError(NotFoundError):
    """There is no datastore of that name."""

    code = "DatastoreNotFound"
    title = "No such datastore"


class DatastoreExistsError(ConflictError):
    """The name is taken."""

    code = "DatastoreExists"
    title = "A datastore of this name exists"


class StoredFileNotFoundError(NotFoundError):
    """There is no such file in the datastore."""

    code = "StoredFileNotFound"
    title = "No such file"
    advice = "See what is there: flowyard datastore ls azureml://datastores/NAME/paths/"


class UnsafeStorePathError(InvalidInputError):
    """A path leaves its datastore."""

    code = "UnsafePath"
    title = "This path is not allowed"


class StoreAccessError(FlowyardError):
    """The store does not let these credentials do it: they are wrong, have run out, or lack a right."""

    code = "DatastoreAccess"
    title = "The datastore refuses the credentials"
    status = 424
    advice = "Make it again with credentials that may read and list there."


class StoreUnavailableError(UnavailableError):
    """The store does not answer, or answers what is none of its answers."""

    code = "DatastoreUnavailable"
    title = "The datastore does not answer"
    advice = "Check its address with: flowyard datastore test NAME"


class StoreRefusedError(InvalidInputError):
    """Something is asked of a store that stores of its type, or this one, cannot do."""

    code = "DatastoreRefused"
    title = "The datastore cannot do this"


class TableNotFoundError(NotFoundError):
    """There is no such table or view in the datastore."""

    code = "TableNotFound"
    title = "No such table"
    advice = "See what is there: flowyard datastore tables NAME"


class QueryError(InvalidInputError):
    """A database does not run a statement; the location is the place in it, where the database tells."""

    code = "QueryFailed"
    title = "The query cannot be run"
    advice = "Write one statement that gives rows, such as SELECT."
