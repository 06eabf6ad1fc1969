"""The table of schedules of imports; `storage.schema` has it with the others."""

from sqlalchemy import BigInteger, Boolean, Column, PrimaryKeyConstraint, String, Table, Text

from flowyard.storage.columns import metadata, workspace_id

data_schedules = Table(
    "data_schedules",
    metadata,
    workspace_id(),
    Column("name", String(100), nullable=False),
    Column("cron", String(200), nullable=False),
    Column("request", Text, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("next_ns", BigInteger, nullable=False),
    Column("last_ns", BigInteger),
    Column("last_job", String(36)),
    Column("created_ns", BigInteger, nullable=False),
    Column("created_by", String(200), nullable=False),
    PrimaryKeyConstraint("workspace_id", "name"),
)
