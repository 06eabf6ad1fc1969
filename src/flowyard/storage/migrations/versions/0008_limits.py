"""Limits of keys and workspaces, what was used of them, and what gateways hold of the rest."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("limits", sa.Text(), server_default="{}", nullable=False))
    op.create_table(
        "workspace_limits",
        sa.Column("workspace_id", sa.String(length=36), nullable=False),
        sa.Column("limits", sa.Text(), nullable=False),
        sa.Column("updated_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_workspace_limits")),
    )
    op.create_table(
        "limit_use",
        sa.Column("subject", sa.String(length=50), nullable=False),
        sa.Column("measure", sa.String(length=10), nullable=False),
        sa.Column("start_ns", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "measure", name=op.f("pk_limit_use")),
    )
    op.create_table(
        "limit_leases",
        sa.Column("subject", sa.String(length=50), nullable=False),
        sa.Column("measure", sa.String(length=10), nullable=False),
        sa.Column("holder", sa.String(length=36), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("start_ns", sa.BigInteger(), nullable=False),
        sa.Column("expires_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "measure", "holder", name=op.f("pk_limit_leases")),
    )


def downgrade() -> None:
    op.drop_table("limit_leases")
    op.drop_table("limit_use")
    op.drop_table("workspace_limits")
    op.drop_column("api_keys", "limits")
