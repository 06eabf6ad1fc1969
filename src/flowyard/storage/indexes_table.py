"""The tables of indexes: versions, what each has of its documents, and builds; `storage.schema` has them with the others."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from flowyard.storage.columns import metadata, workspace_id

index_versions = Table(
    "index_versions",
    metadata,
    Column("id", String(36), primary_key=True),
    workspace_id(),
    Column("name", String(100), nullable=False),
    Column("version", String(30), nullable=False),
    Column("source", Text, nullable=False),
    Column("recipe", Text, nullable=False),
    Column("dimensions", Integer, nullable=False),
    Column("documents", BigInteger, nullable=False),
    Column("unread", BigInteger, nullable=False),
    Column("chunks", BigInteger, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Column("embedded", BigInteger, nullable=False),
    Column("elapsed_ms", BigInteger, nullable=False),
    Column("job_id", String(36), nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("description", Text),
    UniqueConstraint("workspace_id", "name", "version"),
    Index(None, "workspace_id", "job_id"),
)

# A key is a path and may be longer than an index of PostgreSQL takes: rows of a version are ordered by their number.
index_documents = Table(
    "index_documents",
    metadata,
    Column("version_id", String(36), ForeignKey("index_versions.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
    Column("fingerprint", String(100), nullable=False),
    Column("title", Text, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("page_starts", Text),
    Column("why", String(30)),
    Column("message", Text),
)

# The newest build of an index is the one whose work its head is.
index_builds = Table(
    "index_builds",
    metadata,
    Column("job_id", String(36), primary_key=True),
    workspace_id(),
    Column("name", String(100), nullable=False),
    Column("began_ns", BigInteger, nullable=False),
    Column("samples", Text),
    Index(None, "workspace_id", "name"),
)

INDEX_TABLES = (index_versions, index_documents, index_builds)
