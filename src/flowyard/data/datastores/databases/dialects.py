"""What a database has to say of itself to be a `TableSource`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flowyard.foundation.errors import FlowyardError

#: How long a connection may take to be made.
CONNECT_S = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement gives: the DB-API's description of its columns, and its rows, a list at a time."""

    description: Sequence[Sequence[Any]]
    pages: Iterator[list[Sequence[Any]]]


class Dialect(Protocol):
    """A database at one place, over its DB-API driver. All methods block."""

    #: What errors call it, such as ``the database 'sales' of db.example``.
    name: str
    #: SQLAlchemy's name of the database and its driver, such as ``postgresql+psycopg``.
    engine: str

    def connect(self, seconds: float) -> Any:
        """Return a DB-API connection that only reads, and on which no statement takes longer than `seconds`.

        Raises:
            MissingExtraError: the driver is not installed.
            FlowyardError: the address, the login or the database is wrong; everything else as the driver raises it.
        """
        ...

    def run(self, connection: Any, sql: str, rows: int) -> Answer:
        """Run one statement, whose rows come in lists of at most `rows`.

        Raises:
            QueryError: it does more than reading.
        """
        ...

    def type_of(self, column: Sequence[Any]) -> Any:
        """Return the Arrow type (`pyarrow.DataType`) of a column by its description; None where its values have to tell."""
        ...

    def meaning(self, error: Exception, sql: str | None) -> FlowyardError | None:
        """Return what an error of the driver means, of the statement `sql` or of connecting; None where it is none of the driver's."""
        ...
