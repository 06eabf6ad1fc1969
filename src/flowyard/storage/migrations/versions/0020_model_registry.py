"""The model registry: versions of models, and which licenses a workspace deploys."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "registered_models",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("workspace_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("version", sa.String(length=30), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("fingerprint", sa.String(length=200), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.BigInteger(), nullable=False),
        sa.Column("license", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("flavors", sa.Text(), nullable=False),
        sa.Column("runs_code", sa.Boolean(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_registered_models_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registered_models")),
        sa.UniqueConstraint("workspace_id", "name", "version", name=op.f("uq_registered_models_workspace_id_name_version")),
    )
    op.create_index(op.f("ix_registered_models_workspace_id_created_ns"), "registered_models", ["workspace_id", "created_ns"])
    op.create_table(
        "license_rules",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("allow", sa.Text(), nullable=False),
        sa.Column("deny", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_license_rules")),
    )


def downgrade() -> None:
    op.drop_table("license_rules")
    op.drop_table("registered_models")
