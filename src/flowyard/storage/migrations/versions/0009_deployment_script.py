"""Deployments of scoring scripts, what served before, and mirrored traffic."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deployments", sa.Column("script", sa.String(length=300), nullable=True))
    op.add_column("endpoints", sa.Column("mirror_traffic", sa.Text(), server_default="{}", nullable=False))
    op.add_column("endpoints", sa.Column("tags", sa.Text(), server_default="{}", nullable=False))
    op.create_table(
        "deployment_revisions",
        sa.Column("deployment_id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=36), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployments.id"], name=op.f("fk_deployment_revisions_deployment_id_deployments")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_deployment_revisions_workspace_id_workspaces")),
        sa.PrimaryKeyConstraint("deployment_id", "revision", name=op.f("pk_deployment_revisions")),
    )


def downgrade() -> None:
    op.drop_table("deployment_revisions")
    op.drop_column("endpoints", "tags")
    op.drop_column("endpoints", "mirror_traffic")
    op.drop_column("deployments", "script")
