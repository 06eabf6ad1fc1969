"""The `lineage_edges` table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from flowyard.data.lineage.model import EdgeRecord
from flowyard.data.lineage.ports import Around
from flowyard.foundation.codecs import from_json, to_json
from flowyard.storage.engine import reading, writing
from flowyard.storage.lineage_table import lineage_edges

#: Rows and variables of one statement.
_AT_ONCE = 500


def append_edges(connection: Connection, edges: Sequence[EdgeRecord]) -> None:
    """Add edges within the caller's transaction; those that are there stay as they are."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    for some in _parts(edges):
        rows = [{**asdict(edge), "parameters": to_json(edge.parameters).decode()} for edge in some]
        connection.execute(make(lineage_edges).on_conflict_do_nothing(), rows)


class SqlLineageStore:
    """`data.lineage.ports.LineageStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, edges: Sequence[EdgeRecord]) -> None:
        """See `LineageStore.add`."""
        with writing(self._engine) as connection:
            append_edges(connection, edges)

    def around(self, workspace_id: str, nodes: Sequence[str], *, up: bool, each: int) -> Around:
        """See `LineageStore.around`."""
        near, order = _side(up=up), (lineage_edges.c.created_ns.desc(), lineage_edges.c.id)
        edges: list[EdgeRecord] = []
        counts: dict[str, int] = {}
        with reading(self._engine) as connection:
            for some in _parts(nodes):
                numbered = (
                    select(
                        *lineage_edges.c,
                        func.row_number().over(partition_by=near, order_by=order).label("number"),
                        func.count().over(partition_by=near).label("total"),
                    )
                    .where(lineage_edges.c.workspace_id == workspace_id, near.in_(some))
                    .subquery()
                )
                found = select(numbered).where(numbered.c.number <= each).order_by(numbered.c.created_ns.desc(), numbered.c.id)
                for row in connection.execute(found).mappings():
                    edges.append(_record(row))
                    counts[row["target" if up else "source"]] = row["total"]
        return Around(edges=tuple(edges), counts=counts)

    def page(self, workspace_id: str, node: str, *, up: bool, after_id: str | None, limit: int) -> Sequence[EdgeRecord]:
        """See `LineageStore.page`."""
        found = select(lineage_edges).where(lineage_edges.c.workspace_id == workspace_id, _side(up=up) == node)
        if after_id is not None:
            found = found.where(lineage_edges.c.id > after_id)
        with reading(self._engine) as connection:
            return [_record(row) for row in connection.execute(found.order_by(lineage_edges.c.id).limit(limit)).mappings()]

    def latest(self, workspace_id: str, prefix: str) -> str | None:
        """See `LineageStore.latest`."""
        newest: tuple[int, str] | None = None
        with reading(self._engine) as connection:
            for end in (lineage_edges.c.source, lineage_edges.c.target):
                called = or_(end == prefix, end.startswith(f"{prefix}/", autoescape=True))
                found = (
                    select(lineage_edges.c.created_ns, end)
                    .where(lineage_edges.c.workspace_id == workspace_id, called)
                    .order_by((end == prefix).desc(), lineage_edges.c.created_ns.desc())
                    .limit(1)
                )
                row = connection.execute(found).one_or_none()
                if row is not None and row[1] == prefix:
                    return prefix
                newest = max(filter(None, (newest, None if row is None else (row[0], row[1]))), default=None)
        return None if newest is None else newest[1]


def _side(*, up: bool) -> Any:
    return lineage_edges.c.target if up else lineage_edges.c.source


def _parts(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))


def _record(row: RowMapping) -> EdgeRecord:
    names: Iterable[str] = EdgeRecord.__dataclass_fields__
    return EdgeRecord(**{**{name: row[name] for name in names}, "parameters": from_json(row["parameters"])})
