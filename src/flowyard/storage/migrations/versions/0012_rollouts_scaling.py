"""What gateways count of deployments, how many replicas scaling wants of each and why, and rollouts in steps."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deployments", sa.Column("instances", sa.Integer()))
    op.add_column("deployments", sa.Column("sample", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "deployment_figures",
        sa.Column("deployment_id", sa.String(length=36), nullable=False),
        sa.Column("gateway", sa.String(length=36), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("updated_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("deployment_id", "gateway", name=op.f("pk_deployment_figures")),
    )
    op.create_table(
        "deployment_samples",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deployment_id", sa.String(length=36), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment_samples")),
    )
    op.create_index(op.f("ix_deployment_samples_deployment_id"), "deployment_samples", ["deployment_id"])
    op.create_table(
        "deployment_scalings",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("workspace_id", sa.String(length=36), nullable=False),
        sa.Column("deployment_id", sa.String(length=36), nullable=False),
        sa.Column("at_ns", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_deployment_scalings_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment_scalings")),
    )
    op.create_index(op.f("ix_deployment_scalings_deployment_id"), "deployment_scalings", ["deployment_id"])
    op.create_table(
        "rollouts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("workspace_id", sa.String(length=36), nullable=False),
        sa.Column("endpoint_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("spec", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("updated_ns", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_rollouts_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollouts")),
    )
    op.create_index(op.f("ix_rollouts_endpoint_id"), "rollouts", ["endpoint_id"])


def downgrade() -> None:
    op.drop_table("rollouts")
    op.drop_table("deployment_scalings")
    op.drop_table("deployment_samples")
    op.drop_table("deployment_figures")
    op.drop_column("deployments", "sample")
    op.drop_column("deployments", "instances")
