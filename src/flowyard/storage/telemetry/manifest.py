"""The manifest: which segments count, and up to where each spool stands in them. It is the truth; files are not."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Engine, delete, insert, select, update

from flowyard.foundation.clock import now_ns
from flowyard.storage.engine import reading, writing
from flowyard.storage.schema import telemetry_segments, telemetry_spools, workspaces
from flowyard.storage.telemetry.model import Segment
from flowyard.tracing.signals import Signal

_COLUMNS = tuple(Segment.__dataclass_fields__)


class Manifest:
    """Reads and writes the manifest's two tables."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def positions(self) -> dict[str, int]:
        """Return up to which byte each spool (by its key) stands in segments."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(telemetry_spools.c.name, telemetry_spools.c.position)).all()
        return {row.name: row.position for row in rows}

    def add(self, segments: Iterable[Segment], positions: Mapping[str, int]) -> None:
        """Add segments and move the positions of the spools whose spans they hold, in one transaction.

        It may be called again after a failure of which nobody knows whether the commit happened.
        """
        rows = {segment.id: _row(segment) for segment in segments}
        at = now_ns()
        with writing(self._engine) as connection:
            there = connection.scalars(select(telemetry_segments.c.id).where(telemetry_segments.c.id.in_(rows))).all()
            missing = [row for name, row in rows.items() if name not in there]
            if missing:
                connection.execute(insert(telemetry_segments), missing)
            for name, position in positions.items():
                moved = connection.execute(
                    update(telemetry_spools).where(telemetry_spools.c.name == name).values(position=position, updated_ns=at)
                )
                if moved.rowcount == 0:
                    connection.execute(insert(telemetry_spools).values(name=name, position=position, updated_ns=at))

    def replace(self, old: Iterable[Segment], new: Segment | None) -> bool:
        """Put `new` in the place of `old`, in one transaction; False and no change when one of `old` is there no more."""
        ids = [segment.id for segment in old]
        with writing(self._engine) as connection:
            removed = connection.execute(delete(telemetry_segments).where(telemetry_segments.c.id.in_(ids)))
            if removed.rowcount != len(ids):
                connection.rollback()
                return False
            if new is not None:
                connection.execute(insert(telemetry_segments).values(**_row(new)))
        return True

    def forget(self, spools: Iterable[str]) -> None:
        """Remove the positions of spools that are deleted."""
        names = list(spools)
        if names:
            with writing(self._engine) as connection:
                connection.execute(delete(telemetry_spools).where(telemetry_spools.c.name.in_(names)))

    def segments(
        self, workspace_id: str, since_ns: int | None = None, until_ns: int | None = None, signal: Signal = "spans"
    ) -> list[Segment]:
        """Return a workspace's segments that may hold a row of a time in ``[since_ns, until_ns)``, the latest first."""
        mine = (telemetry_segments.c.workspace_id == workspace_id, telemetry_segments.c.signal == signal)
        statement = select(telemetry_segments).where(*mine)
        if until_ns is not None:
            statement = statement.where(telemetry_segments.c.min_start_ns < until_ns)
        if since_ns is not None:
            statement = statement.where(telemetry_segments.c.max_start_ns >= since_ns)
        with reading(self._engine) as connection:
            rows = connection.execute(statement.order_by(telemetry_segments.c.max_start_ns.desc(), telemetry_segments.c.id)).all()
        return [Segment(**{name: getattr(row, name) for name in _COLUMNS}) for row in rows]

    def all_segments(self) -> list[Segment]:
        """Return the segments of all workspaces, for upkeep."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(telemetry_segments)).all()
        return [Segment(**{name: getattr(row, name) for name in _COLUMNS}) for row in rows]

    def default_workspace(self) -> str | None:
        """Return the id of the installation's first workspace, or None before there is one."""
        with reading(self._engine) as connection:
            return connection.scalar(select(workspaces.c.id).order_by(workspaces.c.created_ns, workspaces.c.id).limit(1))


def _row(segment: Segment) -> dict[str, object]:
    return {name: getattr(segment, name) for name in _COLUMNS}
