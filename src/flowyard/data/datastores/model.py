"""What a datastore is inside the platform."""

from dataclasses import dataclass, field
from pathlib import Path

from flowyard.wire.datastores import DatastoreType, StoredFile

#: The datastore that every workspace has, in the home folder. Azure ML's default has this name.
BUILT_IN = "workspaceblobstore"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatastoreRecord:
    """A datastore as it is kept: `sealed` is the encrypted JSON object of its secrets, `secret_names` their keys."""

    id: str
    workspace_id: str
    name: str
    type: DatastoreType
    description: str | None
    tags: dict[str, str]
    configs: dict[str, str]
    secret_names: tuple[str, ...]
    sealed: bytes = field(repr=False)
    created_ns: int
    updated_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What datastores may reach: folders of this machine below `roots` but for `home`, Flowyard's own, and, beside public addresses, the
    hosts `hosts`.
    """

    roots: tuple[Path, ...] = ()
    hosts: frozenset[str] = frozenset()
    home: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a datastore is, its secrets in the clear, and what it may reach."""

    configs: dict[str, str]
    secrets: dict[str, str] = field(default_factory=dict[str, str], repr=False)
    bounds: Bounds = Bounds()


@dataclass(frozen=True, slots=True)
class FilePage:
    """Files and folders in order; `after` continues behind them, None at the end."""

    items: tuple[StoredFile, ...]
    after: str | None = None
