"""The tables of the model registry; `storage.schema` has them with the others."""

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table, Text, UniqueConstraint

from flowyard.storage.columns import metadata, workspace_id

registered_models = Table(
    "registered_models",
    metadata,
    Column("id", String(36), primary_key=True),
    workspace_id(),
    Column("name", String(100), nullable=False),
    Column("version", String(30), nullable=False),
    Column("type", String(20), nullable=False),
    Column("model", String(100)),
    Column("digest", String(64)),
    Column("fingerprint", String(200), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("files", BigInteger, nullable=False),
    Column("license", String(200), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("aliases", Text, nullable=False),
    Column("flavors", Text, nullable=False),
    Column("runs_code", Boolean, nullable=False),
    Column("description", Text),
    Column("tags", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("created_by", String(200), nullable=False),
    UniqueConstraint("workspace_id", "name", "version"),
    Index(None, "workspace_id", "created_ns"),
)

# Which licenses a workspace deploys.
license_rules = Table(
    "license_rules",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("allow", Text, nullable=False),
    Column("deny", Text, nullable=False),
)
