"""The table of saved queries; `storage.schema` has it with the others."""

from sqlalchemy import BigInteger, Boolean, Column, PrimaryKeyConstraint, String, Table, Text

from flowyard.storage.columns import metadata, workspace_id

saved_queries = Table(
    "saved_queries",
    metadata,
    workspace_id(),
    Column("owner_id", String(36), nullable=False),
    Column("name", String(100), nullable=False),
    Column("owner", String(200), nullable=False),
    Column("query", Text, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("updated_ns", BigInteger, nullable=False),
    PrimaryKeyConstraint("workspace_id", "owner_id", "name"),
)
