"""What datastores need from others, and what each type of them does."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from flowyard.data.datastores.model import DatastoreRecord, FilePage, Place
from flowyard.identity.model import AuditRecord
from flowyard.wire.datastores import DatastoreType, StoredFile, StoredTables, TableColumns


class StoreFiles(Protocol):
    """The files of a datastore. Paths are relative, with ``/``, and checked already (`paths.checked`). All methods block.

    All raise StoreAccessError where the credentials do not allow it, StoreUnavailableError where the store does not answer.
    """

    def check(self) -> str:
        """Reach the store as far as it can be without knowing a file; return in words what was seen."""
        ...

    def files(self, folder: str, *, after: str | None, limit: int) -> FilePage:
        """Return at most `limit` files and folders right below `folder` (empty: the root), those behind the cursor `after`.

        The same cursor always continues at the same place. A folder that is not there is empty.

        Raises:
            StoreRefusedError: it cannot be listed.
        """
        ...

    def info(self, path: str) -> StoredFile:
        """Return a file's size, time and etag.

        Raises:
            StoredFileNotFoundError: there is no such file.
        """
        ...

    def read(self, path: str, start: int, end: int) -> bytes:
        """Return the bytes from `start` to before `end`, fewer where the file ends, none behind its end.

        Raises:
            StoredFileNotFoundError: there is no such file.
        """
        ...

    def write(self, path: str, source: Path) -> None:
        """Make or replace a file of the bytes of the local file `source`, as a whole or not at all.

        Raises:
            StoreRefusedError: stores of this type are only read.
        """
        ...


@dataclass(frozen=True, slots=True)
class RowStream:
    """The rows of a query: their `schema` (`pyarrow.Schema`), and `batches` of it (`pyarrow.RecordBatch`), read once, as they come."""

    schema: Any
    batches: Iterator[Any]


class TableSource(Protocol):
    """The tables of a datastore that is a database. All methods block, and none of them changes anything there.

    All raise StoreAccessError where the credentials do not allow it, StoreUnavailableError where the database does not answer, and
    MissingExtraError where its driver is not installed.
    """

    def check(self) -> str:
        """Connect and sign in; return in words what was seen."""
        ...

    def tables(self, *, after: str | None, limit: int) -> StoredTables:
        """Return at most `limit` tables and views, by schema and name, those behind the cursor `after`."""
        ...

    def columns(self, schema: str | None, name: str) -> TableColumns:
        """Return the columns of a table or view; without `schema`, of the one in the database's default schema.

        Raises:
            TableNotFoundError: there is none of that name.
        """
        ...

    def select(self, schema: str | None, name: str) -> str:
        """Return the statement that reads all of a table or view, its name quoted as this database does. The name is not looked up."""
        ...

    def query(self, sql: str, *, seconds: float, batch_rows: int = 10_000) -> AbstractContextManager[RowStream]:
        """Run one statement that gives rows, in a transaction that only reads, and yield its rows in batches of at most `batch_rows`.

        Memory holds a batch or two at a time. The connection is closed when the block is left, read to the end or not.

        Args:
            sql: the statement.
            seconds: the longest that it may take, the reading of its rows included.
            batch_rows: rows of a batch.

        Raises:
            QueryError: it is no statement of this database that gives rows and only reads, or it takes longer; also while rows are read.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A type of datastore: the keys it has, and what opens it.

    `credentials` are sets of secrets that go together, of which one is given, or none where they are not `needs_credentials`; `configs`
    map a key to whether it is needed. `tables` opens what has tables; of such a datastore, `open` gives no files.
    """

    type: DatastoreType
    configs: dict[str, bool]
    credentials: tuple[tuple[str, ...], ...]
    open: Callable[[Place], StoreFiles]
    optional_secrets: tuple[str, ...] = ()
    needs_credentials: bool = False
    tables: Callable[[Place], TableSource] | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """All secrets that a datastore of this type may have."""
        return tuple(dict.fromkeys([*(name for names in self.credentials for name in names), *self.optional_secrets]))


class DatastoreStore(Protocol):
    """Keeps datastores."""

    def in_workspace(self, workspace_id: str) -> Sequence[DatastoreRecord]:
        """Return the workspace's datastores, by name."""
        ...

    def get(self, workspace_id: str, name: str) -> DatastoreRecord | None:
        """Return one datastore."""
        ...

    def add(self, record: DatastoreRecord, audit: AuditRecord) -> None:
        """Add a datastore.

        Raises:
            DatastoreExistsError: the name is taken.
        """
        ...

    def replace(self, record: DatastoreRecord, audit: AuditRecord) -> None:
        """Put a datastore in the place of the one of its name, if there is one."""
        ...

    def delete(self, workspace_id: str, name: str, audit: AuditRecord) -> bool:
        """Delete a datastore; returns whether there was one."""
        ...
