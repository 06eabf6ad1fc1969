"""The table of what traces read of documents with access tags; `storage.schema` has it with the others."""

from sqlalchemy import BigInteger, Column, Index, PrimaryKeyConstraint, String, Table, Text

from flowyard.storage.columns import metadata, workspace_id

# `tags` are those of one document, sorted, with commas between them; `digest` is their SHA-256. `noted_ns` is when that was kept; None:
# it stays for good.
trace_guards = Table(
    "trace_guards",
    metadata,
    workspace_id(),
    Column("trace_id", String(32), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("tags", Text, nullable=False),
    Column("noted_ns", BigInteger),
    PrimaryKeyConstraint("workspace_id", "trace_id", "digest"),
)
Index("ix_trace_guards_digest", trace_guards.c.workspace_id, trace_guards.c.digest)
Index("ix_trace_guards_noted_ns", trace_guards.c.workspace_id, trace_guards.c.noted_ns)
