"""The tables `index_versions`, `index_documents` and `index_builds`."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, case, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from flowyard.data.lineage.model import EdgeRecord
from flowyard.foundation.clock import now_ns
from flowyard.foundation.codecs import convert, decode, from_json, to_json
from flowyard.identity.model import AuditRecord
from flowyard.rag.building.model import DocumentHead, LedgerEntry, Recipe, SeenCounts, SeenRules, VersionRecord
from flowyard.rag.errors import IndexBusyError, IndexConflictError
from flowyard.rag.pages import PageStarts
from flowyard.storage.engine import reading, writing
from flowyard.storage.indexes_table import index_builds, index_documents, index_versions
from flowyard.storage.reports_table import model_reports
from flowyard.storage.schema import jobs
from flowyard.storage.sql.audit import append_audit
from flowyard.storage.sql.lineage import append_edges
from flowyard.storage.sql.workspaces import lock_workspace
from flowyard.wire.index_builds import IndexBuildSamples

_VERSION, _DOCUMENT, _BUILD, _REPORT = index_versions.c, index_documents.c, index_builds.c, model_reports.c
_ENTRY = [column for column in _DOCUMENT if column.name not in {"version_id", "number"}]
_ROWS = 1000


class SqlIndexLedger:
    """`rag.building.ports.IndexLedger` in SQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, record: VersionRecord, entries: Sequence[LedgerEntry], audit: AuditRecord, edges: Sequence[EdgeRecord] = ()) -> None:
        """See `IndexLedger.add`."""
        values = asdict(record) | {"recipe": to_json(record.recipe).decode()}
        rows = [{"version_id": record.id, "number": number, **_columns(entry)} for number, entry in enumerate(entries)]
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(index_versions).values(**values))
                for start in range(0, len(rows), _ROWS):
                    connection.execute(insert(index_documents), rows[start : start + _ROWS])
                append_audit(connection, audit)
                append_edges(connection, edges)
        except IntegrityError as error:
            if all(record.version != present.version for present in self.versions(record.workspace_id, record.name)):
                raise
            raise IndexConflictError(
                f"Version {record.version} of the index {record.name!r} is there.", remedy="Build it again: the next number is taken."
            ) from error

    def versions(self, workspace_id: str, name: str | None = None) -> list[VersionRecord]:
        """See `IndexLedger.versions`."""
        query = select(index_versions).where(_VERSION.workspace_id == workspace_id)
        if name is not None:
            query = query.where(_VERSION.name == name)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(_VERSION.created_ns.desc(), _VERSION.id.desc())).mappings().all()
        return [_record(row) for row in rows]

    def entries(
        self, version_id: str, *, after: int = -1, limit: int | None = None, unread: bool | None = None, seen: SeenRules = ()
    ) -> list[tuple[int, LedgerEntry]]:
        """See `IndexLedger.entries`."""
        query = select(_DOCUMENT.number, *_ENTRY).where(_DOCUMENT.version_id == version_id, _DOCUMENT.number > after, *_seen(seen))
        if unread is not None:
            query = query.where(_DOCUMENT.why.is_not(None) if unread else _DOCUMENT.why.is_(None))
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(_DOCUMENT.number).limit(limit)).mappings().all()
        return [(row["number"], _entry(row)) for row in rows]

    def counts(self, version_id: str, seen: SeenRules) -> SeenCounts:
        """See `IndexLedger.counts`."""
        read = (func.count().filter(_DOCUMENT.why.is_(None)), func.count().filter(_DOCUMENT.why.is_not(None)))
        sums = (func.coalesce(func.sum(column), 0) for column in (_DOCUMENT.chunks, _DOCUMENT.tokens))
        with reading(self._engine) as connection:
            row = connection.execute(select(*read, *sums).where(_DOCUMENT.version_id == version_id, *_seen(seen))).one()
        documents, unread, chunks, tokens = map(int, row)
        return SeenCounts(documents=documents, unread=unread, chunks=chunks, tokens=tokens)

    def heads(self, version_id: str, keys: Sequence[str]) -> dict[str, DocumentHead]:
        """See `IndexLedger.heads`."""
        named = (_DOCUMENT.version_id == version_id, _DOCUMENT.key.in_(list(keys)))
        query = select(_DOCUMENT.key, _DOCUMENT.title, _DOCUMENT.page_starts).where(*named)
        with reading(self._engine) as connection:
            return {row.key: DocumentHead(title=row.title, page_starts=_starts(row.page_starts)) for row in connection.execute(query)}

    def version(self, workspace_id: str, name: str, version: str) -> VersionRecord | None:
        """See `IndexLedger.version`."""
        return self._one(_VERSION.workspace_id == workspace_id, _VERSION.name == name, _VERSION.version == version)

    def made_by(self, workspace_id: str, job_id: str) -> VersionRecord | None:
        """See `IndexLedger.made_by`."""
        return self._one(_VERSION.workspace_id == workspace_id, _VERSION.job_id == job_id)

    def _one(self, *conditions: ColumnElement[bool]) -> VersionRecord | None:
        with reading(self._engine) as connection:
            row = connection.execute(select(index_versions).where(*conditions)).mappings().first()
        return None if row is None else _record(row)

    def claim(self, workspace_id: str, name: str, job_id: str) -> None:
        """See `IndexLedger.claim`."""
        with writing(self._engine) as connection:
            lock_workspace(connection, workspace_id)
            holder = _holder(connection, workspace_id, name)
            if holder == job_id:
                return
            if connection.execute(select(_BUILD.job_id).where(_BUILD.job_id == job_id)).first() is not None:
                raise _taken_over(name, holder)
            running = select(jobs.c.id).where(jobs.c.id == holder, jobs.c.status.in_(("running", "canceling")))
            if holder is not None and connection.execute(running).first() is not None:
                raise IndexBusyError(f"Job {holder} builds the index {name!r}.", remedy=f"Wait for it, or: flowyard job cancel {holder}")
            connection.execute(insert(index_builds).values(job_id=job_id, workspace_id=workspace_id, name=name, began_ns=now_ns()))

    def check_claim(self, workspace_id: str, name: str, job_id: str) -> None:
        """See `IndexLedger.check_claim`."""
        with reading(self._engine) as connection:
            holder = _holder(connection, workspace_id, name)
        if holder != job_id:
            raise _taken_over(name, holder)

    def keep_samples(self, samples: IndexBuildSamples) -> None:
        """See `IndexLedger.keep_samples`."""
        told = to_json(samples).decode()
        with writing(self._engine) as connection:
            connection.execute(update(index_builds).where(_BUILD.job_id == samples.job).values(samples=told))

    def samples(self, workspace_id: str, name: str, job_id: str) -> IndexBuildSamples | None:
        """See `IndexLedger.samples`."""
        query = select(_BUILD.samples).where(_BUILD.job_id == job_id, _BUILD.workspace_id == workspace_id, _BUILD.name == name)
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return IndexBuildSamples(job=job_id) if row.samples is None else decode(row.samples, IndexBuildSamples)

    def drop(self, workspace_id: str, name: str, audit: AuditRecord) -> int:
        """See `IndexLedger.drop`."""
        mine = (_VERSION.workspace_id == workspace_id, _VERSION.name == name)
        with writing(self._engine) as connection:
            connection.execute(delete(index_documents).where(_DOCUMENT.version_id.in_(select(_VERSION.id).where(*mine))))
            gone = connection.execute(delete(index_versions).where(*mine)).rowcount
            _forget_measurements(connection, workspace_id, name)
            connection.execute(delete(index_builds).where(_BUILD.workspace_id == workspace_id, _BUILD.name == name))
            append_audit(connection, audit)
        return gone


def _columns(entry: LedgerEntry) -> dict[str, Any]:
    """Return an entry's fields: `asdict` copies each value deeply, which of 10,000 files takes longer than to write them."""
    values = {name: getattr(entry, name) for name in LedgerEntry.__dataclass_fields__}
    return values | {"page_starts": to_json(entry.page_starts).decode() if entry.page_starts else None}


def _entry(row: RowMapping) -> LedgerEntry:
    values: dict[str, Any] = {column.name: row[column.name] for column in _ENTRY}
    values["page_starts"] = _starts(row["page_starts"])
    return LedgerEntry(**values)


def _starts(kept: str | None) -> PageStarts:
    return () if kept is None else decode(kept, PageStarts)


def _forget_measurements(connection: Connection, workspace_id: str, name: str) -> None:
    """Delete what versions of an index found: an index of this name that is built later has other documents."""
    measured = select(_REPORT.id).where(_REPORT.workspace_id == workspace_id, _REPORT.kind == "index", _REPORT.target == name)
    ids = connection.execute(measured).scalars().all()
    for start in range(0, len(ids), _ROWS):
        some = ids[start : start + _ROWS]
        rows = (_REPORT.workspace_id == workspace_id, _REPORT.kind == "index_rows", _REPORT.target.in_(some))
        connection.execute(delete(model_reports).where(*rows))
        connection.execute(delete(model_reports).where(_REPORT.workspace_id == workspace_id, _REPORT.id.in_(some)))
    searches = (_REPORT.workspace_id == workspace_id, _REPORT.kind == "index_tuning", _REPORT.target == name)
    connection.execute(delete(model_reports).where(*searches))


def _seen(rules: SeenRules) -> tuple[ColumnElement[bool], ...]:
    if not rules:
        return ()
    # No LIKE: SQLite's knows no difference between upper and lower case.
    fitting = [(func.substr(_DOCUMENT.key, 1, len(under)) == under, int(seen)) for under, seen in rules]
    return (case(*fitting, else_=1) == 1,)


def _holder(connection: Connection, workspace_id: str, name: str) -> str | None:
    query = select(_BUILD.job_id).where(_BUILD.workspace_id == workspace_id, _BUILD.name == name)
    return connection.execute(query.order_by(_BUILD.began_ns.desc(), _BUILD.job_id.desc()).limit(1)).scalar()


def _taken_over(name: str, holder: str | None) -> IndexConflictError:
    since = "it was deleted" if holder is None else f"job {holder} built it"
    return IndexConflictError(
        f"This build of the index {name!r} cannot go on: since it broke off, {since}.", remedy="Build it again: only what changed is read."
    )


def _record(row: RowMapping) -> VersionRecord:
    values: dict[str, Any] = {**row, "recipe": convert(from_json(row["recipe"]), Recipe)}
    return VersionRecord(**values)
