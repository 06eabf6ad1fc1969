"""Indexes as the platform offers them, within the caller's workspace."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from flowyard.foundation.errors import InvalidInputError, Location, nearest
from flowyard.identity.access import Access, AccessTagService
from flowyard.identity.audit import audit_record
from flowyard.identity.errors import PermissionDeniedError
from flowyard.identity.model import SESSION_SCOPE, Caller
from flowyard.rag.building.job import LATEST
from flowyard.rag.building.model import DocumentHead, VersionRecord
from flowyard.rag.building.ports import IndexLedger
from flowyard.rag.builds import DEFAULT_MODEL, NAME, Embedders, IndexBuilds
from flowyard.rag.errors import (
    IndexBusyError,
    IndexNotFoundError,
    IndexVersionNotFoundError,
)
from flowyard.rag.measuring.service import MeasurementService
from flowyard.rag.ports import IndexKey, IndexReader, Reranker, VectorStore
from flowyard.rag.presenting import as_chunk, as_document, as_hit, as_version
from flowyard.rag.previews import ChunkPreviewer, missing
from flowyard.rag.questions.documents import missing_documents
from flowyard.rag.questions.service import QuestionService
from flowyard.rag.search.filters import Filter
from flowyard.rag.search.model import RERANKED, Query
from flowyard.rag.search.service import Searcher
from flowyard.rag.tuning.indexing import drop_trials
from flowyard.rag.tuning.service import TuningService
from flowyard.rag.versions import IndexVersions
from flowyard.tracing.context import current
from flowyard.tracing.guarding import TraceGuards, conversation_key
from flowyard.wire.index_previews import ChunkPreview, ChunkPreviewCreate
from flowyard.wire.index_questions import MissingDocument
from flowyard.wire.indexes import (
    Index,
    IndexAnswer,
    IndexChunk,
    IndexDiff,
    IndexDocument,
    IndexQuery,
    IndexVersion,
)
from flowyard.wire.shared import Page

_LONGEST_PAGE, _MOST_HITS, _LONGEST_QUESTION, _MOST_NAMED = 500, 100, 8_000, 10_000
_OPEN = 32


class Questions(Embedders, Protocol):
    """What embeds questions, too: the model of an index, as callers of ``/v1`` know it."""

    def vector(self, workspace_id: str, model: str, text: str) -> Sequence[float]:
        """Return a question's vector.

        Raises:
            FlowyardError: the model does not answer.
        """
        ...

    def reranker(self, caller: Caller, model: str) -> Reranker:
        """Return a reranking model.

        Raises:
            ModelUnknownError, ModelNotCallableError: there is no such model, or it cannot be called yet.
            InvalidInputError: it is for something else.
            PermissionDeniedError: it is behind a connection, and the caller may not call models.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexWork:
    """What else is done with indexes: measuring, making question sets for that, searching for better ones, and trying ways of cutting."""

    measurements: MeasurementService
    question_sets: QuestionService
    tunings: TuningService
    previews: ChunkPreviewer


class IndexService:
    """Shows and searches indexes, each caller of what they may see; `builds` makes them. All methods block.

    Args:
        vectors: where chunks are.
        ledger: where versions are kept.
        builds: makes them.
        questions: what embeds questions.
        work: what else is done with indexes.
        access: says who may see what.
        guards: keeps which traces read what.
    """

    def __init__(
        self,
        vectors: VectorStore,
        ledger: IndexLedger,
        builds: IndexBuilds,
        questions: Questions,
        work: IndexWork,
        access: AccessTagService,
        guards: TraceGuards,
    ) -> None:
        self.measurements = work.measurements
        self.question_sets = work.question_sets
        self.tunings = work.tunings
        self.previews = work.previews
        self._access = access
        self._guards = guards
        self._vectors = vectors
        self._ledger = ledger
        self._known = IndexVersions(ledger, vectors)
        self._questions = questions
        self.builds = builds
        # A version never changes, so what reads it can be kept; the head is never read here.
        self._searcher = lru_cache(maxsize=_OPEN)(self._opened)

    def preview(self, caller: Caller, asked: ChunkPreviewCreate) -> ChunkPreview:
        """Return what ways of cutting make of one document, of data or of a version of an index.

        Raises:
            InvalidInputError: not one of `data` and `index` is named; or as `ChunkPreviewer.preview`.
            IndexNotFoundError, IndexVersionNotFoundError: there is no such version.
            DocumentNotFoundError: it has no such document that the caller sees.
            DataAssetNotFoundError, DataError, UnreadableError, PreviewBusyError, ModelNotPulledError: as `ChunkPreviewer.preview`.
        """
        if (asked.data is None) == (asked.index is None):
            raise InvalidInputError(
                "A document is one of data or of an index.", remedy="Give one of `data` and `index`.", location=Location(pointer="/data")
            )
        if asked.index is None:
            return self.previews.preview(caller.workspace_id, str(asked.data), asked.embedding_model or DEFAULT_MODEL, asked)
        record = self._version(caller, asked.index, asked.version)
        if not self._access.access_of(caller).allows(record.recipe.tags(asked.document)):
            raise missing(asked.document, record.source)
        model = asked.embedding_model or record.recipe.embedding_model
        return self.previews.preview(caller.workspace_id, record.source, model, asked)

    def list(self, caller: Caller) -> tuple[Index, ...]:
        """Return the indexes, the one with the newest version first."""
        found: dict[str, Sequence[VersionRecord]] = {}
        for record in self._ledger.versions(caller.workspace_id):
            found[record.name] = (*found.get(record.name, ()), record)
        access = self._access.access_of(caller)
        return tuple(self._index(records, access) for records in found.values())

    def get(self, caller: Caller, name: str) -> Index:
        """Return an index.

        Raises:
            IndexNotFoundError: there is none of this name.
        """
        return self._index(self._versions(caller, name), self._access.access_of(caller))

    def versions(self, caller: Caller, name: str) -> tuple[IndexVersion, ...]:
        """Return the versions of an index, the newest first.

        Raises:
            IndexNotFoundError: there is none of this name.
        """
        records = self._versions(caller, name)
        labels, access = self._vectors.labels(_key(caller, name)), self._access.access_of(caller)
        return tuple(self._told(record, labels, access) for record in records)

    def version(self, caller: Caller, name: str, version: str) -> IndexVersion:
        """Return a version by its number or a label.

        Raises:
            IndexNotFoundError, IndexVersionNotFoundError: there is no such version.
        """
        record = self._version(caller, name, version)
        return self._told(record, self._vectors.labels(_key(caller, name)), self._access.access_of(caller))

    def whole_version(self, caller: Caller, name: str, version: str) -> IndexVersion:
        """Return a version whose documents the caller sees all of.

        Raises:
            IndexNotFoundError, IndexVersionNotFoundError: there is no such version.
            PermissionDeniedError: some of its documents have access tags that the caller has not.
        """
        record = self._version(caller, name, version)
        if record.recipe.seen_by(self._access.access_of(caller)):
            raise PermissionDeniedError(
                f"Some documents of {name}:{record.version} are not open to you, and this works on all of them.",
                remedy="Ask an owner of the workspace to do it, or for their access tags.",
            )
        return self.version(caller, name, version)

    def documents(
        self, caller: Caller, name: str, version: str, *, unread: bool | None = None, cursor: str | None = None, limit: int = 100
    ) -> Page[IndexDocument]:
        """Return the documents of a version that the caller may see, in the order of their keys; `unread`: only such, or only others.

        Raises:
            IndexNotFoundError, IndexVersionNotFoundError: there is no such version.
        """
        record = self._version(caller, name, version)
        after = int(cursor) if cursor is not None and cursor.isdecimal() else -1
        limit = min(max(limit, 1), _LONGEST_PAGE)
        access = self._access.access_of(caller)
        rows = self._ledger.entries(record.id, after=after, limit=limit + 1, unread=unread, seen=record.recipe.seen_by(access))
        items = tuple(as_document(entry, access.shown(record.recipe.tags(entry.key))) for _, entry in rows[:limit])
        return Page(items=items, next_cursor=str(rows[limit - 1][0]) if len(rows) > limit else None)

    def missing(self, caller: Caller, name: str, version: str, documents: Sequence[str]) -> tuple[MissingDocument, ...]:
        """Return which of the documents that questions name a version has no text of, as far as the caller may see.

        Raises:
            IndexNotFoundError, IndexVersionNotFoundError: there is no such version.
            InvalidInputError: more than 10,000 are named.
        """
        if len(documents) > _MOST_NAMED:
            raise InvalidInputError(
                f"{len(documents):,} documents are named, of {_MOST_NAMED:,} at most.",
                remedy="Ask for some at a time.",
                location=Location(pointer="/documents"),
            )
        return missing_documents(self._ledger, self._version(caller, name, version), self._access.access_of(caller), documents)

    def chunks(self, caller: Caller, name: str, version: str, document: str) -> tuple[IndexChunk, ...]:
        """Return the chunks of a document that the caller may see, in its order.

        Raises:
            IndexNotFoundError, IndexVersionNotFoundError: there is no such version.
        """
        record = self._version(caller, name, version)
        reader, _ = self._searcher(_key(caller, name), record.version)
        access = self._access.access_of(caller)
        head = self._ledger.heads(record.id, [document]).get(document) or DocumentHead()
        return tuple(as_chunk(one, access, head.page_starts) for one in reader.chunks_of(document, access))

    def search(self, caller: Caller, name: str, asked: IndexQuery) -> IndexAnswer:
        """Return what a version has on a question.

        Raises:
            IndexNotFoundError, IndexVersionNotFoundError: there is no such version.
            InvalidInputError: the question is empty or too long.
            FlowyardError: the embedding model or the reranking model does not answer, or cannot be asked.
            PermissionDeniedError: a flow asks for documents with access tags, and does not say in which trace.
        """
        if not 1 <= asked.top_k <= _MOST_HITS or len(asked.text) > _LONGEST_QUESTION:
            raise InvalidInputError(
                f"A search takes a question of up to {_LONGEST_QUESTION} characters, and top_k from 1 to {_MOST_HITS}.",
                remedy="Ask less at once.",
                location=Location(pointer="/top_k" if len(asked.text) <= _LONGEST_QUESTION else "/text"),
            )
        if not asked.text.strip():
            raise InvalidInputError("The question is empty.", remedy="Ask something.", location=Location(pointer="/text"))
        began = time.perf_counter()
        record = self._version(caller, name, asked.version)
        _, searcher = self._searcher(_key(caller, name), record.version)
        reranker = None if asked.rerank is None else self._questions.reranker(caller, asked.rerank)
        model = record.recipe.embedding_model
        vector = None if asked.kind == "text" else self._questions.vector(caller.workspace_id, model, asked.text)
        embedded = time.perf_counter()
        query = Query(text=asked.text, vector=vector, kind=asked.kind, top_k=asked.top_k, where=Filter(under=asked.under))
        query = replace(query, vector_weight=asked.vector_weight, candidates=query.candidates if reranker is None else RERANKED)
        access = self._access.access_of(caller).narrowed(asked.tags)
        hits = searcher.search(query, access, reranker)
        self._note(caller, [access.shown(one.chunk.tags) for one in hits])
        heads = self._ledger.heads(record.id, sorted({hit.chunk.document for hit in hits}))
        ended = time.perf_counter()
        return IndexAnswer(
            version=record.version,
            hits=tuple(as_hit(one, heads, access) for one in hits),
            search_ms=(ended - embedded) * 1000,
            elapsed_ms=(ended - began) * 1000,
        )

    def _note(self, caller: Caller, documents: Sequence[Sequence[str]]) -> None:
        """Keep which documents the trace read that the search is made in, before it has them."""
        if not any(documents):
            return
        trace = current()
        if trace is not None:
            self._guards.note(caller.workspace_id, trace.trace_id, documents)
            if caller.scope.startswith(SESSION_SCOPE):
                self._guards.note(caller.workspace_id, conversation_key(caller.scope), documents)
        elif caller.acts_for:
            raise PermissionDeniedError(
                "A flow has found documents with access tags, and does not say in which trace: they could not be withheld from others.",
                remedy="Search within a node, with the lookup tool or Flowyard's client; in a thread of your own run it within "
                "contextvars.copy_context().",
            )

    def label(self, caller: Caller, name: str, label: str, version: str) -> tuple[IndexVersion, ...]:
        """Let a label stand on a version, and return the versions. ``latest`` is what is searched by default: moving it rolls back.

        Raises:
            IndexNotFoundError, IndexVersionNotFoundError: there is no such version.
            InvalidInputError: it is no name for a label.
        """
        if not NAME.fullmatch(label) or label.isdecimal():
            raise InvalidInputError(f"{label[:120]!r} is no name for a label.", remedy="Use a word, such as production.")
        record = self._version(caller, name, version)
        self._vectors.label(_key(caller, name), label, record.version)
        return self.versions(caller, name)

    def diff(self, caller: Caller, name: str, before: str, after: str) -> IndexDiff:
        """Return what lies between two versions, as the caller sees them.

        Raises:
            IndexNotFoundError, IndexVersionNotFoundError: there is no such version.
        """
        first, second = self._version(caller, name, before), self._version(caller, name, after)
        found = self._vectors.diff(_key(caller, name), first.version, second.version, self._access.access_of(caller))
        return IndexDiff(
            before=first.version,
            after=second.version,
            documents_added=found.documents_added,
            documents_removed=found.documents_removed,
            documents_changed=found.documents_changed,
            chunks_added=len(found.chunks_added),
            chunks_removed=len(found.chunks_removed),
        )

    def delete(self, caller: Caller, name: str) -> None:
        """Forget an index with all its versions, what was measured of them, and what searches that never ended had built.

        Raises:
            IndexNotFoundError: there is none of this name.
            IndexBusyError: it is being built, or a search over its configurations runs.
        """
        self._versions(caller, name)
        building, searching = self.builds.running(caller.workspace_id, name), self.tunings.running(caller.workspace_id, name)
        job = building or searching
        if job is not None:
            what = "builds the index" if building else "searches over configurations of the index"
            raise IndexBusyError(f"Job {job} {what} {name!r}.", remedy=f"First: flowyard job cancel {job}")
        unfinished = self.tunings.unfinished(caller.workspace_id, name)
        self._ledger.drop(caller.workspace_id, name, audit_record(caller, "index.delete", f"index/{name}"))
        self._vectors.drop(_key(caller, name))
        for tuning in unfinished:
            drop_trials(self._vectors, caller.workspace_id, name, tuning)
        self._searcher.cache_clear()

    def _versions(self, caller: Caller, name: str) -> Sequence[VersionRecord]:
        records = self._ledger.versions(caller.workspace_id, name)
        if not records:
            known = {record.name for record in self._ledger.versions(caller.workspace_id)}
            like = nearest(name, known)
            raise IndexNotFoundError(
                f"There is no index {name[:120]!r}.", remedy=f"Did you mean {like!r}?" if like else "flowyard index list shows them."
            )
        return records

    def _version(self, caller: Caller, name: str, version: str) -> VersionRecord:
        found = self._known.record(caller.workspace_id, name, version)
        if found is None:
            there = ", ".join(record.version for record in self._versions(caller, name))
            raise IndexVersionNotFoundError(
                f"The index {name!r} has no version or label {version[:120]!r}.", remedy=f"Its versions are {there}."
            )
        return found

    def _told(self, record: VersionRecord, labels: dict[str, str], access: Access) -> IndexVersion:
        seen = record.recipe.seen_by(access)
        return as_version(record, labels, access, self._ledger.counts(record.id, seen) if seen else None)

    def _index(self, records: Sequence[VersionRecord], access: Access) -> Index:
        newest = records[0]
        labels = self._vectors.labels(IndexKey(newest.workspace_id, newest.name))
        latest = next((record for record in records if record.version == labels.get(LATEST)), newest)
        return Index(
            name=newest.name,
            embedding_model=newest.recipe.embedding_model,
            dimensions=newest.dimensions,
            language=newest.recipe.language,
            versions=len(records),
            latest=self._told(latest, labels, access),
            description=next((record.description for record in records if record.description), None),
        )

    def _opened(self, key: IndexKey, version: str) -> tuple[IndexReader, Searcher]:
        reader = self._vectors.open(key, version)
        return reader, Searcher(reader)


def _key(caller: Caller, name: str) -> IndexKey:
    return IndexKey(caller.workspace_id, name)
