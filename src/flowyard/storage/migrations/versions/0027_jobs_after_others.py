"""Which job another one waits for."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("after_id", sa.String(36), nullable=True))


def downgrade() -> None:
    op.drop_column("jobs", "after_id")
