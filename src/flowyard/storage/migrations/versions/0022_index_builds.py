"""Builds of indexes: whose work the head of an index is, and samples of what each step gave."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "index_builds",
        sa.Column("job_id", sa.String(length=36), nullable=False),
        sa.Column("workspace_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("began_ns", sa.BigInteger(), nullable=False),
        sa.Column("samples", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_index_builds_workspace_id")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_index_builds")),
    )
    op.create_index(op.f("ix_index_builds_workspace_id_name"), "index_builds", ["workspace_id", "name"])


def downgrade() -> None:
    op.drop_table("index_builds")
