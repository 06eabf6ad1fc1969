"""The table of lineage; `storage.schema` has it with the others."""

from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from flowyard.storage.columns import metadata, workspace_id

# `source` and `target` are ``<kind>/<name>[/<version>]``: what they name may be gone, and its lineage stays. An edge's id follows from
# its ends, so that it is there once.
lineage_edges = Table(
    "lineage_edges",
    metadata,
    Column("id", String(64), primary_key=True),
    workspace_id(),
    Column("source", String(600), nullable=False),
    Column("target", String(600), nullable=False),
    Column("activity", String(40), nullable=False),
    Column("by", String(300)),
    Column("parameters", Text, nullable=False),
    Column("code", String(100)),
    Column("environment", String(200)),
    Column("created_ns", BigInteger, nullable=False),
    Column("created_by", String(200), nullable=False),
    Index(None, "workspace_id", "source"),
    Index(None, "workspace_id", "target"),
)
