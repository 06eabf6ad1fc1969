"""How a deployment's requests are bounded, and what else its file says of it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deployments", sa.Column("settings", sa.Text(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("deployments", "settings")
