"""What datastores need from others, and what each type of them does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from flowyard.data.datastores.model import DatastoreRecord, FilePage, Place
from flowyard.identity.model import AuditRecord
from flowyard.wire.datastores import DatastoreType, StoredFile


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A type of datastore: the keys it has, and what opens it.

    `credentials` are sets of secrets that go together, of which one is given or none; `configs` map a key to whether it is needed.
    """

    type: DatastoreType
    configs: dict[str, bool]
    credentials: tuple[tuple[str, ...], ...]
    open: Callable[[Place], StoreFiles]
    optional_secrets: tuple[str, ...] = ()

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

    def delete(self, workspace_id: str, name: str, audit: AuditRecord) -> bool:
        """Delete a datastore; returns whether there was one."""
        ...
