"""Indexes for trials: the documents of a version, cut and embedded in another way, kept until the search is over."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flowyard.compute.ports import JobContext
from flowyard.foundation.codecs import convert, plain
from flowyard.rag.building.model import BatchResult, Recipe, SourceFile, VersionRecord
from flowyard.rag.building.plan import batches
from flowyard.rag.building.samples import BuildSampler
from flowyard.rag.building.writing import BatchWriter, Counters, Tools
from flowyard.rag.chunking.chunker import Chunker
from flowyard.rag.chunking.settings import ChunkSettings
from flowyard.rag.chunking.tokens import Tokenizer
from flowyard.rag.cracking.crackers import Cracker
from flowyard.rag.embedding import Embedder
from flowyard.rag.ports import EmbeddingModel, IndexKey, IndexReader, VectorStore
from flowyard.rag.tuning.budget import Budget
from flowyard.rag.tuning.space import Arm
from flowyard.wire.index_builds import IndexBuildSamples

#: So many indexes are built for one search at most.
MOST_INDEXES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What an arm's index is: how many chunks it has, of how many tokens in all, and how many seconds it took."""

    chunks: int
    tokens: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    batch: BatchResult
    seconds: float


def trial_key(workspace_id: str, index: str, job_id: str, number: int) -> IndexKey:
    """Return where the index of an arm is kept."""
    return IndexKey(workspace_id, f"{index[:40]}.tuning-{job_id}-{number}")


def drop_trials(vectors: VectorStore, workspace_id: str, index: str, job_id: str) -> None:
    """Remove the indexes that were built for a search; it is no error that there are none."""
    for number in range(1, MOST_INDEXES + 1):
        vectors.drop(trial_key(workspace_id, index, job_id, number))


class TrialIndexes:
    """Builds indexes for the arms of one search. Batches are recorded steps, as those of a build are.

    Args:
        context: the job's.
        vectors: where indexes are.
        version: whose documents are cut anew.
        files: these documents.
        budget: of the search.
    """

    def __init__(
        self, context: JobContext, vectors: VectorStore, version: VersionRecord, files: Sequence[SourceFile], budget: Budget
    ) -> None:
        self._context = context
        self._vectors = vectors
        self._version = version
        self._files = files
        self._budget = budget

    @property
    def files(self) -> int:
        """How many files each index is built of."""
        return len(self._files)

    def build(self, arm: Arm, number: int, tools: tuple[Embedder, Tokenizer], counters: Counters) -> Built | None:
        """Build an arm's index; None when the budget was spent before it was whole."""
        embedder, tokenizer = tools
        key = trial_key(self._context.workspace_id, self._version.name, self._context.job_id, number)
        name = f"index {number}"
        dimensions = int(self._context.step(f"{name}: create", lambda: self._created(key, arm, embedder)))
        recipe = Recipe(embedding_model=arm.embedding_model, language=self._version.recipe.language, chunks=arm.chunks)
        sampler = BuildSampler(IndexBuildSamples(job=self._context.job_id), _not_shown)
        parts = Tools(vectors=self._vectors, chunker=Chunker(ChunkSettings.of(arm.chunks), tokenizer), embedder=embedder, sampler=sampler)
        writer = BatchWriter(key, recipe, EmbeddingModel(arm.embedding_model, dimensions), parts, self._before(arm))
        chunks = tokens = 0
        seconds = 0.0
        with Cracker() as cracker:
            for batch, step in self._batches(name):
                if self._budget.spent:
                    return None
                began, written = time.monotonic(), counters.written
                kept = self._context.step(step, lambda b=batch, s=step, t=began: _done(writer.write(b, s, cracker, counters), t))
                made = convert(kept, _Done)
                if counters.written == written:
                    counters.add(made.batch)
                chunks += sum(entry.chunks for entry in made.batch.entries)
                tokens += sum(entry.tokens for entry in made.batch.entries)
                seconds += made.seconds
                self._budget.add(made.seconds)
        self._context.step(f"{name}: optimise", lambda: self._vectors.optimise(key))
        return Built(chunks=chunks, tokens=tokens, seconds=seconds)

    def open(self, number: int) -> IndexReader:
        """Return the index of an arm that was built."""
        return self._vectors.open(trial_key(self._context.workspace_id, self._version.name, self._context.job_id, number))

    def _created(self, key: IndexKey, arm: Arm, embedder: Embedder) -> int:
        self._vectors.drop(key)
        dimensions = len(embedder.embed(["How long are vectors?"])[0])
        self._vectors.create(key, EmbeddingModel(arm.embedding_model, dimensions), language=self._version.recipe.language)
        return dimensions

    def _before(self, arm: Arm) -> IndexReader | None:
        """Return the version itself where it has vectors of the same model: chunks that both ways cut alike are not embedded again."""
        if arm.embedding_model != self._version.recipe.embedding_model:
            return None
        return self._vectors.open(IndexKey(self._context.workspace_id, self._version.name), self._version.version)

    def _batches(self, name: str) -> Iterator[tuple[Sequence[SourceFile], str]]:
        return ((batch, f"{name}: batch {number}") for number, batch in enumerate(batches(self._files)))


def _done(batch: BatchResult, began: float) -> Any:
    return plain(_Done(batch=batch, seconds=time.monotonic() - began))


def _not_shown(samples: IndexBuildSamples) -> None:
    """Samples of builds are shown; of trials there are none."""
