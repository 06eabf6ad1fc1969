"""The job that builds a version of an index. Batches are recorded steps: one that was cut short goes on with the next."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from flowyard.compute.errors import JobCanceledError
from flowyard.compute.ports import JobContext, StageReport
from flowyard.data.lineage.model import Made, Thing, edges_by
from flowyard.data.working import acting
from flowyard.foundation.clock import NANOSECONDS, now_ns
from flowyard.foundation.codecs import convert, plain
from flowyard.foundation.errors import FlowyardError
from flowyard.foundation.ids import new_id
from flowyard.foundation.references import parse_reference
from flowyard.identity.audit import audit_record
from flowyard.identity.model import Caller
from flowyard.rag.building.model import BatchResult, BuildPlan, LedgerEntry, Recipe, VersionRecord
from flowyard.rag.building.plan import batches, files_of, planned
from flowyard.rag.building.ports import IndexLedger
from flowyard.rag.building.samples import BuildSampler
from flowyard.rag.building.writing import BatchWriter, Counters, Tools
from flowyard.rag.chunking.chunker import Chunker
from flowyard.rag.chunking.settings import ChunkSettings
from flowyard.rag.chunking.tokens import Tokenizer
from flowyard.rag.cracking.crackers import Cracker
from flowyard.rag.cracking.model import CrackLimits
from flowyard.rag.cracking.ocr import has_ocr
from flowyard.rag.embedding import Embedder
from flowyard.rag.errors import IndexEmptyError
from flowyard.rag.ports import EmbeddingModel, IndexKey, Step, VectorStore
from flowyard.wire.index_builds import IndexBuildSamples
from flowyard.wire.index_origins import DocumentOrigin
from flowyard.wire.indexes import IndexBuildResult

#: The kind's name; its arguments are `BuildArguments`.
INDEX_BUILD = "index_build"
STAGES = ("read", "crack", "chunk", "embed", "write", "optimise", "publish")
LATEST = "latest"
#: A scan takes seconds a page: some two hundred pages may be read.
_OCR_SECONDS = 600.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildArguments:
    """What the job is told: the index, its source with the version pinned, all of its recipe, and who asked.

    Without a source, documents are gathered from the recipe's origin.
    """

    name: str
    recipe: Recipe
    by: str
    source: str | None = None
    description: str | None = None


class Sources(Protocol):
    """Where documents are, as `sources.service.DocumentSources` has them."""

    def resolve(self, workspace_id: str, text: str) -> Path:
        """Return the file or folder that a reference names."""
        ...

    def gather(self, context: JobContext, name: str, origin: DocumentOrigin, by: str, report: StageReport) -> str:
        """Bring an index's documents here, and return the reference of the version of a data asset that has them."""
        ...


class Models(Protocol):
    """Embedding models."""

    def tokenizer(self, model: str) -> Tokenizer:
        """Return what counts a model's tokens."""
        ...

    def embedder(self, context: JobContext, model: str) -> AbstractContextManager[Embedder]:
        """Return a model to embed with, until the block ends."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """Where a build began: the version that it goes out from, and how long vectors are."""

    before: str | None
    dimensions: int
    at_ns: int


class IndexBuildJob:
    """Implements `compute.ports.JobKind`.

    Args:
        sources: where documents come from.
        vectors: where chunks go.
        ledger: where versions are kept.
        models: what embeds.
    """

    name = INDEX_BUILD
    stages = STAGES

    def __init__(self, sources: Sources, vectors: VectorStore, ledger: IndexLedger, models: Models) -> None:
        self._sources = sources
        self._vectors = vectors
        self._ledger = ledger
        self._models = models

    def run(self, context: JobContext, arguments: dict[str, Any]) -> Any:
        """Build the version and return an `IndexBuildResult`.

        Raises:
            IndexBusyError: another build of the index runs.
            IndexConflictError: another one took the index over since this one broke off, so that it cannot go on.
            IndexEmptyError: no file of the source could be read; nothing was published.
            FlowyardError: the source or the embedding model does not answer. The job can be resumed.
        """
        told = convert(arguments, BuildArguments)
        with self._models.embedder(context, told.recipe.embedding_model) as embedder:
            return plain(_Build(context, told, self._sources, self._vectors, self._ledger).run(self._models, embedder))


class _Build:
    def __init__(self, context: JobContext, told: BuildArguments, sources: Sources, vectors: VectorStore, ledger: IndexLedger) -> None:
        self._context = context
        self._told = told
        self._sources = sources
        self._vectors = vectors
        self._ledger = ledger
        self._key = IndexKey(context.workspace_id, told.name)
        self._source = told.source or ""

    def run(self, models: Models, embedder: Embedder) -> IndexBuildResult:
        began = time.monotonic()
        made = self._ledger.made_by(self._context.workspace_id, self._context.job_id)
        if made is not None:
            self._vectors.label(self._key, LATEST, made.version)
            return _result(made)  # an earlier run got so far
        self._claim()
        before = next(iter(self._ledger.versions(self._context.workspace_id, self._told.name)), None)
        begun, plan = self._prepared(embedder, before)
        if before is not None and plan.nothing and before.recipe == self._told.recipe:
            return replace(_result(before), made=False, changed=0, embedded=0)
        sampler = self._sampler()
        sampler.planned(self._source, plan)
        tools = Tools(vectors=self._vectors, chunker=self._chunker(models), embedder=embedder, sampler=sampler)
        done = self._resumable(lambda: self._written(plan, begun, tools))
        entries = [*plan.kept, *(entry for batch in done for entry in batch.entries)]
        if not any(entry.why is None for entry in entries):
            self._put_back(before)
            raise IndexEmptyError(
                f"None of the {len(entries)} files of {self._source} could be read.",
                remedy="The job's log says why for each.",
            )
        with self._context.stage("optimise"):
            self._vectors.optimise(self._key)
        with self._context.stage("publish"):
            record = self._record(begun, entries, sum(batch.embedded for batch in done), time.monotonic() - began)
            self._publish(record, sorted(entries, key=lambda entry: entry.key))
        return replace(_result(record), changed=sum(len(batch.entries) for batch in done), removed=len(plan.gone))

    def _claim(self) -> None:
        """Take the index, so that no other build writes into it, and this one does not go on when another did meanwhile."""
        workspace, name, job = self._context.workspace_id, self._told.name, self._context.job_id
        self._context.step("claim", lambda: self._ledger.claim(workspace, name, job))
        self._ledger.check_claim(workspace, name, job)

    def _sampler(self) -> BuildSampler:
        known = self._ledger.samples(self._context.workspace_id, self._told.name, self._context.job_id)
        return BuildSampler(known or IndexBuildSamples(job=self._context.job_id), self._ledger.keep_samples)

    def _chunker(self, models: Models) -> Chunker:
        recipe = self._told.recipe
        return Chunker(ChunkSettings.of(recipe.chunks), models.tokenizer(recipe.embedding_model))

    def _prepared(self, embedder: Embedder, before: VersionRecord | None) -> tuple[_Begun, BuildPlan]:
        began = time.monotonic()
        with self._context.stage("read") as report:

            def count(files: int) -> None:
                self._context.check_canceled()
                report.progress(files, None, "documents")

            self._resumable(lambda: self._gather(report))
            root = self._sources.resolve(self._context.workspace_id, self._source)
            files = files_of(root, count)
            known = [entry for _, entry in self._ledger.entries(before.id)] if before is not None else []
            plan = planned(files, known, recipe=self._told.recipe, recipe_before=before.recipe if before else None)
            report.detail(plan.told)
            report.worked(time.monotonic() - began)  # the rest is the embedding model's start
            begun = convert(self._resumable(lambda: self._context.step("begin", lambda: plain(self._begin(embedder, before)))), _Begun)
        return begun, plan

    def _gather(self, report: StageReport) -> None:
        origin, by, name = self._told.recipe.origin, self._told.by, self._told.name
        if self._told.source is None and origin is not None:
            self._source = str(self._context.step("gather", lambda: self._sources.gather(self._context, name, origin, by, report)))

    def _begin(self, embedder: Embedder, before: VersionRecord | None) -> _Begun:
        self._put_back(before)
        if before is not None:
            return _Begun(before=before.version, dimensions=before.dimensions, at_ns=now_ns())
        [probe] = embedder.embed(["How long are vectors?"])
        self._vectors.create(self._key, self._embedding(len(probe)), language=self._told.recipe.language)
        return _Begun(before=None, dimensions=len(probe), at_ns=now_ns())

    def _put_back(self, before: VersionRecord | None) -> None:
        """Bring the index to where the version before left it: what a build wrote that never ended is no part of another."""
        if before is None:
            self._vectors.drop(self._key)
            return
        known = {one.version for one in self._ledger.versions(self._context.workspace_id, self._told.name)}
        for version in self._vectors.describe(self._key).versions:
            if version not in known:
                self._vectors.withdraw(self._key, version)
        self._vectors.restore(self._key, before.version)

    def _resumable(self, work: Callable[[], T]) -> T:
        """Do what can be gone on with after it failed, and say so when it does."""
        try:
            return work()
        except JobCanceledError:
            raise
        except FlowyardError as error:
            how = f"Then go on with what is not embedded yet: flowyard job resume {self._context.job_id}"
            error.remedy = f"{error.remedy} {how}" if error.remedy else how
            raise

    def _embedding(self, dimensions: int) -> EmbeddingModel:
        return EmbeddingModel(self._told.recipe.embedding_model, dimensions)

    def _written(self, plan: BuildPlan, begun: _Begun, tools: Tools) -> list[BatchResult]:
        embedding, job = self._embedding(begun.dimensions), self._context.job_id
        reader = self._vectors.open(self._key, begun.before) if begun.before is not None else None
        writer = BatchWriter(self._key, self._told.recipe, embedding, tools, reader)
        done = list[BatchResult]()
        with (
            Counters(self._context, len(plan.changed)) as counters,
            Cracker(CrackLimits(seconds=_OCR_SECONDS) if has_ocr() else None) as cracker,
        ):
            for number, batch in enumerate(batches(plan.changed)):
                began = counters.written
                key = f"{job}-{number}"
                kept = self._context.step(
                    f"batch {number}", lambda batch=batch, key=key: plain(writer.write(batch, key, cracker, counters))
                )
                result = convert(kept, BatchResult)
                if counters.written == began:
                    counters.add(result)
                done.append(result)
                self._tell(result)
            if plan.gone:
                self._vectors.write(self._key, Step(key=f"{job}-gone", embedding=embedding, documents=plan.gone))
        return done

    def _tell(self, batch: BatchResult) -> None:
        for entry in batch.entries:
            if entry.message is not None:
                # Whoever may look at jobs reads the log: of a document that is not everybody's it says nothing.
                hidden = self._told.recipe.tags(entry.key)
                self._context.log("A document with access tags could not be read." if hidden else f"{entry.key}: {entry.message}")

    def _record(self, begun: _Begun, entries: list[LedgerEntry], embedded: int, seconds: float) -> VersionRecord:
        present = self._ledger.versions(self._context.workspace_id, self._told.name)
        return VersionRecord(
            id=new_id(),
            workspace_id=self._context.workspace_id,
            name=self._told.name,
            version=str(1 + max((int(one.version) for one in present), default=0)),
            source=self._source,
            recipe=self._told.recipe,
            dimensions=begun.dimensions,
            documents=sum(entry.why is None for entry in entries),
            unread=sum(entry.why is not None for entry in entries),
            chunks=sum(entry.chunks for entry in entries),
            tokens=sum(entry.tokens for entry in entries),
            embedded=embedded,
            elapsed_ms=max(round(seconds * 1000), (now_ns() - begun.at_ns) * 1000 // NANOSECONDS),
            job_id=self._context.job_id,
            created_ns=now_ns(),
            created_by=self._told.by,
            description=self._told.description,
        )

    def _publish(self, record: VersionRecord, entries: list[LedgerEntry]) -> None:
        self._vectors.publish(self._key, record.version)
        caller: Caller = acting(self._context, self._told.by)
        data = parse_reference(self._source, kind="data")
        made = Made(
            activity="index",
            sources=(Thing("data", data.name, data.version or ""), Thing("model", record.recipe.embedding_model)),
            by=f"job/{self._context.job_id}",
            parameters=plain(record.recipe.chunks),
        )
        audit = audit_record(caller, "index.build", f"index/{record.name}/{record.version}")
        self._ledger.add(record, entries, audit, edges_by(caller, Thing("index", record.name, record.version), made))
        self._vectors.label(self._key, LATEST, record.version)


def _result(record: VersionRecord) -> IndexBuildResult:
    return IndexBuildResult(
        name=record.name,
        version=record.version,
        made=True,
        documents=record.documents,
        chunks=record.chunks,
        unread=record.unread,
        embedded=record.embedded,
    )
