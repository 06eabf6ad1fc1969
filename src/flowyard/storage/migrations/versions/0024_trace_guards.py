"""Which traces read documents with which access tags."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trace_guards",
        sa.Column("workspace_id", sa.String(length=36), nullable=False),
        sa.Column("trace_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_trace_guards_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "trace_id", "digest", name=op.f("pk_trace_guards")),
    )
    op.create_index("ix_trace_guards_digest", "trace_guards", ["workspace_id", "digest"])


def downgrade() -> None:
    op.drop_index("ix_trace_guards_digest", table_name="trace_guards")
    op.drop_table("trace_guards")
