"""Access tags of members, keys and endpoints, and by whose tags the keys of processes see documents."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_tags",
        sa.Column("workspace_id", sa.String(length=36), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("tag", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_access_tags_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "holder", "tag", name=op.f("pk_access_tags")),
    )
    op.add_column("api_keys", sa.Column("acts_for", sa.String(length=80), nullable=True))


def downgrade() -> None:
    op.drop_column("api_keys", "acts_for")
    op.drop_table("access_tags")
