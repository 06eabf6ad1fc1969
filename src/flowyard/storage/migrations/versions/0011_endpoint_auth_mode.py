"""Whether an endpoint has two keys of its own, or gives tokens that expire."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("endpoints", sa.Column("auth_mode", sa.String(length=20), server_default="key", nullable=False))


def downgrade() -> None:
    op.drop_column("endpoints", "auth_mode")
