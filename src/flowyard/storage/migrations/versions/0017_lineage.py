"""Lineage: what was made of what."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lineage_edges",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("workspace_id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=600), nullable=False),
        sa.Column("target", sa.String(length=600), nullable=False),
        sa.Column("activity", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=True),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=100), nullable=True),
        sa.Column("environment", sa.String(length=200), nullable=True),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_lineage_edges_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lineage_edges")),
    )
    op.create_index(op.f("ix_lineage_edges_workspace_id_source"), "lineage_edges", ["workspace_id", "source"])
    op.create_index(op.f("ix_lineage_edges_workspace_id_target"), "lineage_edges", ["workspace_id", "target"])


def downgrade() -> None:
    op.drop_table("lineage_edges")
