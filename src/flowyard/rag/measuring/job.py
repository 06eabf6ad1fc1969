"""The job that measures a version of an index: questions in shards are recorded steps, so that one that was cut short goes on there."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from flowyard.catalog.reports import ReportRecord, ReportStore
from flowyard.compute.ports import JobContext
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.codecs import convert, plain
from flowyard.identity.access import UNTAGGED, Access
from flowyard.rag.building.job import Models, Sources
from flowyard.rag.building.model import Recipe, VersionRecord
from flowyard.rag.building.ports import IndexLedger
from flowyard.rag.embedding import Embedder
from flowyard.rag.measuring.metrics import DEEPEST, RULE, Ranking
from flowyard.rag.measuring.relevance import Relevance, listed
from flowyard.rag.measuring.report import searches_of
from flowyard.rag.measuring.service import INDEX_MEASURE, STAGES, rows_id
from flowyard.rag.model import Chunk
from flowyard.rag.ports import IndexKey, IndexReader, Reranker, VectorStore
from flowyard.rag.questions.documents import missing_documents, tell_missing
from flowyard.rag.questions.model import Question, read_questions
from flowyard.rag.reports import with_needs
from flowyard.rag.search.model import RERANKED, Query
from flowyard.rag.search.service import Searcher
from flowyard.wire.index_measurements import IndexMeasurement, MeasuredHit, MeasuredQuestion
from flowyard.wire.indexes import IndexSearchKind

#: So many questions are one recorded step.
_SHARD = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureArguments:
    """What the job is told: the version and the question set that are meant, by their numbers, and what who began it may see.

    `calls`: of the reranking model, if one is asked for, the name that it is called by.
    """

    index: str
    version: str
    data: str
    kinds: tuple[IndexSearchKind, ...]
    most: int
    access: Access = UNTAGGED
    calls: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shard:
    rows: tuple[MeasuredQuestion, ...]
    times: dict[str, list[float]]


class SearchModels(Models, Protocol):
    """Embedding and reranking models."""

    def reranking(self, context: JobContext, calls: dict[str, str]) -> AbstractContextManager[dict[str, Reranker]]:
        """Return reranking models by their names, each called as `calls` says, until the block ends."""
        ...


class IndexMeasureJob:
    """Implements `compute.ports.JobKind`. It sees what who began it may see.

    Args:
        sources: where question sets are.
        vectors: where chunks are.
        ledger: where versions are kept.
        models: what embeds and reranks.
        reports: where measurements are kept.
    """

    name = INDEX_MEASURE
    stages = STAGES

    def __init__(self, sources: Sources, vectors: VectorStore, ledger: IndexLedger, models: SearchModels, reports: ReportStore) -> None:
        self._sources = sources
        self._vectors = vectors
        self._ledger = ledger
        self._models = models
        self._reports = reports

    def run(self, context: JobContext, arguments: dict[str, Any]) -> Any:
        """Measure, keep the report, and return its id.

        Raises:
            InvalidInputError: the data has no questions.
            FlowyardError: the embedding or the reranking model does not answer. The job can be resumed.
        """
        told = convert(arguments, MeasureArguments)
        with context.stage("prepare"):
            began = context.step("began", now_ns)
            questions = read_questions(self._sources.resolve(context.workspace_id, told.data), told.most)
            record = next(one for one in self._ledger.versions(context.workspace_id, told.index) if one.version == told.version)
            named = [document for question in questions.questions for document in question.documents]
            missing = missing_documents(self._ledger, record, told.access, named)
            gone = tell_missing(questions.questions, missing, f"{told.index}:{told.version}")
            begun = IndexMeasurement(
                id=context.job_id,
                status="running",
                index=told.index,
                version=told.version,
                data=told.data,
                started_at=to_rfc3339(began),
                questions=len(questions.questions),
                left_out=questions.left_out,
                rerank=next(iter(told.calls), None),
                rule=RULE,
                warnings=(*questions.reasons, *([] if gone is None else [gone])),
            )
            keep = partial(self._keep, context, began, record.recipe, told.access)
            keep(begun)
        shards = self._searched(context, told, record, questions.questions)
        with context.stage("report"):
            rows = [row for shard in shards for row in shard.rows]
            times = {kind: [value for shard in shards for value in shard.times[kind]] for kind in told.kinds}
            found = replace(
                begun,
                status="completed",
                ended_at=to_rfc3339(context.step("ended", now_ns)),
                unanswerable=sum(row.there == 0 for row in rows),
                searches=searches_of(rows, told.kinds, times),
            )
            keep(found, rows)
        return {"id": found.id, "index": found.index, "version": found.version}

    def _searched(self, context: JobContext, told: MeasureArguments, record: VersionRecord, questions: Sequence[Question]) -> list[_Shard]:
        reader = self._vectors.open(IndexKey(context.workspace_id, told.index), told.version)
        done: list[_Shard] = []
        reranking = self._models.reranking(context, told.calls) if told.calls else nullcontext(dict[str, Reranker]())
        embedding = self._models.embedder(context, record.recipe.embedding_model)
        with embedding as embedder, reranking as rerankers, context.stage("search") as report:
            search = _Search(reader, embedder, next(iter(rerankers.values()), None), told.kinds, told.access)
            for start in range(0, len(questions), _SHARD):
                context.check_canceled()
                report.progress(start, len(questions), "questions")
                shard = questions[start : start + _SHARD]
                kept = context.step(
                    f"questions from {start} by rule {RULE}", lambda shard=shard: plain(search(shard, context.check_canceled))
                )
                done.append(convert(kept, _Shard))
            report.progress(len(questions), len(questions), "questions")
        return done

    def _keep(
        self,
        context: JobContext,
        began: int,
        recipe: Recipe,
        access: Access,
        found: IndexMeasurement,
        rows: Sequence[MeasuredQuestion] = (),
    ) -> None:
        whole = ReportRecord(
            id=found.id,
            workspace_id=context.workspace_id,
            kind="index",
            target=found.index,
            completed=found.status == "completed",
            created_ns=began,
            document=with_needs(found, recipe, access),
        )
        if rows:
            self._reports.put(
                replace(whole, id=rows_id(found.id), kind="index_rows", target=found.id, document={"rows": plain(list(rows))})
            )
        self._reports.put(whole)


class _Search:
    def __init__(
        self, reader: IndexReader, embedder: Embedder, reranker: Reranker | None, kinds: Sequence[IndexSearchKind], access: Access
    ) -> None:
        self._access = access
        self._reranker = reranker
        self._searcher = Searcher(reader)
        self._embedder = embedder
        self._kinds = kinds
        self._relevance = Relevance(lambda document: reader.chunks_of(document, access))

    def __call__(self, questions: Sequence[Question], check: Callable[[], None]) -> _Shard:
        needed = any(kind != "text" for kind in self._kinds)
        vectors = self._embedder.embed([question.text for question in questions]) if needed else [None] * len(questions)
        times: dict[str, list[float]] = {kind: [] for kind in self._kinds}
        rows: list[MeasuredQuestion] = []
        for question, vector in zip(questions, vectors, strict=True):
            check()
            found: dict[str, tuple[MeasuredHit, ...]] = {}
            for kind in self._kinds:
                query = Query(text=question.text, vector=None if kind == "text" else vector, kind=kind, top_k=DEEPEST)
                query = query if self._reranker is None else replace(query, candidates=RERANKED)
                began = time.perf_counter()
                hits = self._searcher.search(query, self._access, self._reranker)
                times[kind].append((time.perf_counter() - began) * 1000)
                chunks = listed(question, [hit.chunk for hit in hits])
                ranked = self._relevance.ranking(question, chunks)
                found[kind] = tuple(_hit(ranked, place, chunk) for place, chunk in enumerate(chunks))
            whole = self._relevance.ranking(question, [])
            rows.append(
                MeasuredQuestion(
                    line=question.line,
                    question=question.text,
                    documents=question.documents,
                    there=whole.there,
                    best=tuple(whole.best),
                    found=found,
                )
            )
        return _Shard(rows=tuple(rows), times=times)


def _hit(ranked: Ranking, place: int, chunk: Chunk) -> MeasuredHit:
    gain = ranked.gains[place] if ranked.gains else None
    return MeasuredHit(chunk=chunk.id, document=chunk.document, relevant=ranked.relevant[place], gain=gain)
