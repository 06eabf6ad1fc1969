"""The table of access tags; `storage.schema` has it with the others."""

from sqlalchemy import Column, PrimaryKeyConstraint, String, Table

from flowyard.storage.columns import metadata, workspace_id

# `holder` is ``user:<id>``, ``key:<id>`` or ``endpoint:<id>``.
access_tags = Table(
    "access_tags",
    metadata,
    workspace_id(),
    Column("holder", String(80), nullable=False),
    Column("tag", String(100), nullable=False),
    PrimaryKeyConstraint("workspace_id", "holder", "tag"),
)
