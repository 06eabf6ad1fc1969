"""The `trace_guards` table."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from flowyard.foundation.clock import DAY_NS, now_ns
from flowyard.storage.engine import reading, writing
from flowyard.storage.guards_table import trace_guards
from flowyard.tracing.guarding import Tags

_GUARD = trace_guards.c
#: So many values are bound in one statement.
_AT_ONCE = 500


class SqlGuardStore:
    """`tracing.guarding.GuardStore` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, workspace_id: str, read: Mapping[str, Iterable[Tags]], *, for_good: bool = False) -> None:
        """See `GuardStore.add`."""
        common = {"workspace_id": workspace_id, "noted_ns": None if for_good else now_ns()}
        rows = [
            {**common, "trace_id": trace_id, "digest": sha256(told.encode()).hexdigest(), "tags": told}
            for trace_id, documents in read.items()
            for told in sorted({",".join(tags) for tags in documents})
        ]
        missing = self._new(workspace_id, rows)
        while missing:
            try:
                with writing(self._engine) as connection:
                    connection.execute(insert(trace_guards), missing)
            except IntegrityError:
                before, missing = missing, self._new(workspace_id, rows)
                if missing == before:  # no other process kept one of them meanwhile
                    raise
            else:
                return

    def renew(self, workspace_id: str, trace_id: str) -> None:
        """See `GuardStore.renew`."""
        now = now_ns()
        old = (_GUARD.workspace_id == workspace_id, _GUARD.trace_id == trace_id, _GUARD.noted_ns < now - DAY_NS)
        with reading(self._engine) as connection:
            if connection.execute(select(_GUARD.trace_id).where(*old).limit(1)).first() is None:
                return
        with writing(self._engine) as connection:
            connection.execute(update(trace_guards).where(*old).values(noted_ns=now))

    def prune(self, before_ns: Callable[[str], int | None]) -> int:
        """Forget what was kept before a time, by workspace; None: nothing of that one. Returns how much that was."""
        with reading(self._engine) as connection:
            workspaces = connection.execute(select(_GUARD.workspace_id).distinct()).scalars().all()
        gone = 0
        for workspace_id in workspaces:
            before = before_ns(workspace_id)
            if before is not None:
                with writing(self._engine) as connection:
                    old = delete(trace_guards).where(_GUARD.workspace_id == workspace_id, _GUARD.noted_ns < before)
                    gone += connection.execute(old).rowcount
        return gone

    def of(self, workspace_id: str, trace_ids: Sequence[str]) -> dict[str, frozenset[Tags]]:
        """See `GuardStore.of`."""
        found: dict[str, set[Tags]] = {}
        with reading(self._engine) as connection:
            for row in _rows(connection, workspace_id, trace_ids):
                found.setdefault(row.trace_id, set()).add(_tags(row.tags))
        return {trace_id: frozenset(tags) for trace_id, tags in found.items()}

    def kinds(self, workspace_id: str) -> frozenset[Tags]:
        """See `GuardStore.kinds`."""
        query = select(_GUARD.tags).where(_GUARD.workspace_id == workspace_id).distinct()
        with reading(self._engine) as connection:
            return frozenset(_tags(told) for told in connection.execute(query).scalars())

    def reading(self, workspace_id: str, tags: Iterable[Tags]) -> frozenset[str]:
        """See `GuardStore.reading`."""
        digests = [sha256(",".join(one).encode()).hexdigest() for one in tags]
        found = set[str]()
        with reading(self._engine) as connection:
            for some in _parts(digests):
                query = select(_GUARD.trace_id).where(_GUARD.workspace_id == workspace_id, _GUARD.digest.in_(some)).distinct()
                found.update(connection.execute(query).scalars())
        return frozenset(found)

    def _new(self, workspace_id: str, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        with reading(self._engine) as connection:
            known = {(row.trace_id, row.tags) for row in _rows(connection, workspace_id, sorted({row["trace_id"] for row in rows}))}
        return [row for row in rows if (row["trace_id"], row["tags"]) not in known]


def _rows(connection: Connection, workspace_id: str, trace_ids: Sequence[str]) -> Iterator[Any]:
    for some in _parts(trace_ids):
        query = select(_GUARD.trace_id, _GUARD.tags).where(_GUARD.workspace_id == workspace_id, _GUARD.trace_id.in_(some))
        yield from connection.execute(query)


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def _tags(told: str) -> Tags:
    return tuple(told.split(","))
