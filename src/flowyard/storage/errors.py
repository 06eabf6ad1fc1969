"""What can be wrong with the metadata database."""

from flowyard.foundation.errors import FlowyardError, UnavailableError


class DatabaseError(FlowyardError):
    """The database cannot be used by this program as it is."""

    code = "DatabaseUnusable"
    title = "The database cannot be used"
    exit_code = 2


class DatabaseNewerError(DatabaseError):
    """A newer version of the program has migrated the database."""

    code = "DatabaseNewer"
    title = "The database is newer than the program"


class DatabaseNotMigratedError(DatabaseError):
    """The database has no tables, or those of an earlier version."""

    code = "DatabaseNotMigrated"
    title = "The database is not migrated"


class DatabaseUnavailableError(UnavailableError):
    """The database does not answer, or its file cannot be opened."""

    code = "DatabaseUnavailable"
    title = "The database does not answer"
    exit_code = 2
