"""The `saved_queries` table."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Engine, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from flowyard.storage.engine import reading, writing
from flowyard.storage.saved_queries_table import saved_queries
from flowyard.tracing.saved_queries import SavedQueryRecord

_OWN = ("workspace_id", "owner_id", "name")


class SqlSavedQueryStore:
    """`tracing.saved_queries.SavedQueryStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def visible(self, workspace_id: str, owner_id: str) -> Sequence[SavedQueryRecord]:
        """See `SavedQueryStore.visible`."""
        seen = or_(saved_queries.c.owner_id == owner_id, saved_queries.c.shared)
        query = select(saved_queries).where(saved_queries.c.workspace_id == workspace_id, seen)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(saved_queries.c.name, saved_queries.c.owner)).mappings().all()
        return [SavedQueryRecord(**row) for row in rows]

    def put(self, record: SavedQueryRecord) -> None:
        """See `SavedQueryStore.put`."""
        try:
            self._put(record)
        except IntegrityError:
            # The same owner has saved the first one of that name at the same moment; now there is a row to update.
            self._put(record)

    def delete(self, workspace_id: str, owner_id: str, name: str) -> bool:
        """See `SavedQueryStore.delete`."""
        mine = (saved_queries.c.workspace_id == workspace_id, saved_queries.c.owner_id == owner_id, saved_queries.c.name == name)
        with writing(self._engine) as connection:
            return connection.execute(delete(saved_queries).where(*mine)).rowcount > 0

    def _put(self, record: SavedQueryRecord) -> None:
        values = asdict(record)
        mine = update(saved_queries).where(*(saved_queries.c[name] == values[name] for name in _OWN))
        with writing(self._engine) as connection:
            if connection.execute(mine.values(**{name: value for name, value in values.items() if name not in _OWN})).rowcount == 0:
                connection.execute(insert(saved_queries).values(**values))
