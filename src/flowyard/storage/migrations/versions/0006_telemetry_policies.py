"""What a workspace's telemetry leaves out, and how long it keeps the rest."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "telemetry_policies",
        sa.Column("workspace_id", sa.String(length=36), nullable=False),
        sa.Column("redact", sa.Text(), nullable=False),
        sa.Column("retention_days", sa.Text(), nullable=False),
        sa.Column("sampling_ratio", sa.Float(), nullable=False),
        sa.Column("updated_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_telemetry_policies")),
    )


def downgrade() -> None:
    op.drop_table("telemetry_policies")
