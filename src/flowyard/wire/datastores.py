"""Datastores: where files are that the workspace may read, under a name."""

from dataclasses import dataclass, field
from typing import Any, Literal

DatastoreType = Literal[
    "local_folder",
    "azure_blob",
    "azure_data_lake_gen2",
    "aws_s3",
    "gcs",
    "git",
    "http",
    "sqlite",
    "postgresql",
    "azure_postgresql",
    "mysql",
    "azure_mysql",
    "mssql",
    "azure_sql_database",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Datastore:
    """A datastore without its credentials: `secrets` are the names of those that are kept. `built_in` ones are always there."""

    name: str
    type: DatastoreType
    description: str | None
    tags: dict[str, str]
    configs: dict[str, str]
    secrets: tuple[str, ...]
    built_in: bool
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatastoreWrite:
    """A datastore to make: `configs` say where it is, `secrets` are its credentials, which are kept encrypted and never shown."""

    name: str
    type: DatastoreType
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict[str, str])
    configs: dict[str, str] = field(default_factory=dict[str, str])
    secrets: dict[str, str] = field(default_factory=dict[str, str], repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatastoreTest:
    """How a datastore was reached. `detail` says what was seen, or what failed; `remedy` what to do then."""

    ok: bool
    detail: str
    remedy: str | None = None
    latency_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file or folder of a datastore. Of folders nothing more is known; `etag` changes when a file does."""

    path: str
    kind: Literal["file", "folder"]
    bytes: int | None = None
    modified_at: str | None = None
    etag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFiles:
    """Some of the files and folders of a folder. With `next` there are more: give it as `after`."""

    items: tuple[StoredFile, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTable:
    """A table or view of a datastore that is a database; `schema` is None where the database has none."""

    name: str
    schema: str | None
    kind: Literal["table", "view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTables:
    """Some of the tables and views, by schema and name. With `next` there are more: give it as `after`."""

    items: tuple[StoredTable, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """A column; `type` is the database's own name of its type, or Arrow's, of a query. `nullable` is None where it is not known."""

    name: str
    type: str
    nullable: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumns:
    """The columns of a table or view, in its order."""

    table: StoredTable
    columns: tuple[TableColumn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableQuery:
    """A statement that gives rows, such as ``SELECT``, and the most rows (1 to 1,000) to answer with."""

    sql: str
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRows:
    """Rows of a query in the order of its columns: numbers, texts, true and false, null; times as RFC 3339, bytes as hexadecimal, exact
    decimals and whole numbers from 2^53 as text; of texts the first 10,000 characters. `more`: there are others, not asked for or too many.
    """

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool
