"""What the tables have in common: the schema that they belong to, and columns."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, String
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts a row id by itself only in a column declared INTEGER.
SEQUENCE: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")


def workspace_id() -> Column[str]:
    """Return the column that every row of a workspace has."""
    return Column("workspace_id", String(36), ForeignKey("workspaces.id"), nullable=False)
