"""When what a trace read was kept, so that it goes with the trace; what is kept already stays for good."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trace_guards", sa.Column("noted_ns", sa.BigInteger(), nullable=True))
    op.create_index("ix_trace_guards_noted_ns", "trace_guards", ["workspace_id", "noted_ns"])


def downgrade() -> None:
    op.drop_index("ix_trace_guards_noted_ns", table_name="trace_guards")
    op.drop_column("trace_guards", "noted_ns")
