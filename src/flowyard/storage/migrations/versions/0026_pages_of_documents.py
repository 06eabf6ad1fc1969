"""Where the pages of an index's documents begin; of documents that were read before, that is known once they are read again."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("index_documents", sa.Column("page_starts", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("index_documents", "page_starts")
