"""What deployments use of processors and memory, over time."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deployment_usage",
        sa.Column("deployment_id", sa.String(length=36), nullable=False),
        sa.Column("at_ns", sa.BigInteger(), nullable=False),
        sa.Column("lasted_ns", sa.BigInteger(), nullable=False),
        sa.Column("cpu_ns", sa.BigInteger(), nullable=False),
        sa.Column("memory_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("deployment_id", "at_ns", name=op.f("pk_deployment_usage")),
    )
    op.create_index(op.f("ix_deployment_usage_at_ns"), "deployment_usage", ["at_ns"])


def downgrade() -> None:
    op.drop_table("deployment_usage")
