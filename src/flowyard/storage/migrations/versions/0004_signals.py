"""Segments of logs, metrics and scores beside those of spans, with checksums."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLE = "telemetry_segments"
_OLD, _NEW = "ix_telemetry_segments_workspace_id_min_start_ns", "ix_telemetry_segments_workspace_id_signal_min_start_ns"


def upgrade() -> None:
    op.add_column(_TABLE, sa.Column("signal", sa.String(length=20), server_default="spans", nullable=False))
    op.add_column(_TABLE, sa.Column("checksum", sa.BigInteger(), nullable=True))
    op.drop_index(op.f(_OLD), table_name=_TABLE)
    op.create_index(op.f(_NEW), _TABLE, ["workspace_id", "signal", "min_start_ns"], unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM telemetry_segments WHERE signal <> 'spans'")
    op.drop_index(op.f(_NEW), table_name=_TABLE)
    op.create_index(op.f(_OLD), _TABLE, ["workspace_id", "min_start_ns"], unique=False)
    op.drop_column(_TABLE, "checksum")
    op.drop_column(_TABLE, "signal")
