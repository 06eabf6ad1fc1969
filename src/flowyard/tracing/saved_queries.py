"""Queries of the SQL editor that are kept under a name: each has an owner, who may share it with the workspace."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.errors import FlowyardError, InvalidInputError, Location
from flowyard.identity.model import Caller
from flowyard.tracing.sql import QUERY_LIMIT
from flowyard.wire.logs import SavedQuery, SavedQueryWrite

LONGEST_NAME, MOST = 80, 500


class SavedQueryUnknownError(FlowyardError):
    """There is no such saved query of the caller's."""

    code = "SavedQueryUnknown"
    title = "There is no such saved query"
    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQueryRecord:
    """A saved query as it is stored. `owner_id` is the user's or the key's, `owner` its name in the audit trail."""

    workspace_id: str
    owner_id: str
    name: str
    owner: str
    query: str
    shared: bool
    updated_ns: int


class SavedQueryStore(Protocol):
    """Keeps queries by workspace, owner and name."""

    def visible(self, workspace_id: str, owner_id: str) -> Sequence[SavedQueryRecord]:
        """Return an owner's queries and those that others share in the workspace, by name."""
        ...

    def put(self, record: SavedQueryRecord) -> None:
        """Keep a query in the place of the owner's one of the same name."""
        ...

    def delete(self, workspace_id: str, owner_id: str, name: str) -> bool:
        """Delete an owner's query; False when there is none."""
        ...


class SavedQueryService:
    """Keeps the caller's queries."""

    def __init__(self, store: SavedQueryStore) -> None:
        self._store = store

    def list(self, caller: Caller) -> tuple[SavedQuery, ...]:
        """Return the caller's queries and those that others share, by name."""
        return tuple(_to_wire(record, caller) for record in self._store.visible(caller.workspace_id, caller.id))

    def save(self, caller: Caller, name: str, written: SavedQueryWrite) -> SavedQuery:
        """Keep a query in the place of the caller's one of the same name.

        Raises:
            InvalidInputError: the name or the query is empty or too long, or the caller has too many.
        """
        if not name.strip() or name != name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            raise InvalidInputError(
                f"{name[:100]!r} is no name of a query.", remedy=f"Give 1 to {LONGEST_NAME} characters, without spaces around them."
            )
        if not 0 < len(written.query.strip()) <= len(written.query) <= QUERY_LIMIT:
            remedy = f"Write one SELECT of at most {QUERY_LIMIT} characters."
            raise InvalidInputError("The query is empty or too long.", remedy=remedy, location=Location(pointer="/query"))
        mine = {record.name for record in self._store.visible(caller.workspace_id, caller.id) if record.owner_id == caller.id}
        if len(mine - {name}) >= MOST:
            raise InvalidInputError(f"You have {MOST} saved queries.", remedy="Delete one first: flowyard logs forget NAME")
        record = SavedQueryRecord(
            workspace_id=caller.workspace_id,
            owner_id=caller.id,
            name=name,
            owner=caller.actor,
            query=written.query,
            shared=written.shared,
            updated_ns=now_ns(),
        )
        self._store.put(record)
        return _to_wire(record, caller)

    def delete(self, caller: Caller, name: str) -> None:
        """Delete the caller's query of this name.

        Raises:
            SavedQueryUnknownError: the caller has none.
        """
        if not self._store.delete(caller.workspace_id, caller.id, name):
            raise SavedQueryUnknownError(f"You have no saved query {name[:100]!r}.", remedy="flowyard logs saved lists what there is.")


def _to_wire(record: SavedQueryRecord, caller: Caller) -> SavedQuery:
    return SavedQuery(
        name=record.name,
        query=record.query,
        shared=record.shared,
        owner=record.owner,
        mine=record.owner_id == caller.id,
        updated_at=to_rfc3339(record.updated_ns),
    )
