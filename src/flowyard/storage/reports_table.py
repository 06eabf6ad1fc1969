"""The table of what trials of models found; `storage.schema` has it with the others."""

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table, Text

from flowyard.storage.columns import metadata, workspace_id

model_reports = Table(
    "model_reports",
    metadata,
    Column("id", String(36), primary_key=True),
    workspace_id(),
    Column("kind", String(20), nullable=False),
    Column("target", String(300), nullable=False),
    Column("completed", Boolean, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("document", Text, nullable=False),
    Index(None, "workspace_id", "kind", "target"),
)
