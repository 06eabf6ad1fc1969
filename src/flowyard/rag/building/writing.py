"""A batch of files into an index: cracked, cut, embedded where that is new, and written as one step."""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from flowyard.compute.errors import JobCanceledError
from flowyard.compute.ports import JobContext
from flowyard.rag.building.model import BatchResult, LedgerEntry, Recipe, SourceFile
from flowyard.rag.building.samples import BuildSampler
from flowyard.rag.chunking.chunker import Chunker
from flowyard.rag.cracking.crackers import Cracker
from flowyard.rag.cracking.model import CrackTask, Unreadable
from flowyard.rag.embedding import Embedder
from flowyard.rag.model import Chunk, Document
from flowyard.rag.pages import starts_of
from flowyard.rag.ports import EmbeddingModel, IndexKey, IndexReader, Step, VectorStore

_PARTS: tuple[str, ...] = ("crack", "chunk", "embed", "write")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What does the work: where chunks go, what cuts, what embeds, and what keeps samples of all that."""

    vectors: VectorStore
    chunker: Chunker
    embedder: Embedder
    sampler: BuildSampler


class Counters:
    """How far the parts of the pipeline are, shown as progress of the stages ``crack``, ``chunk``, ``embed`` and ``write``."""

    def __init__(self, context: JobContext, files: int) -> None:
        self._context = context
        self._files = files
        self.cracked = self.chunks = self.embedded = self.reused = self.written = 0
        self._spent = dict.fromkeys(_PARTS, 0.0)
        self._stages = {name: context.stage(name) for name in _PARTS}
        self._at = _PARTS[0]

    def __enter__(self) -> Self:
        self._reports = {name: stage.__enter__() for name, stage in self._stages.items()}
        self.show()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for name in _PARTS:
            self._tell(name)
        for name, stage in self._stages.items():
            if error is None or name == self._at:
                stage.__exit__(kind, error, trace)
            else:  # the part that was at work failed; the others were only stopped
                stage.__exit__(JobCanceledError, JobCanceledError("Another part of the pipeline failed."), None)

    @contextmanager
    def at(self, name: str, what: str = "") -> Generator[None]:
        """Count the time of the block as that of a part, and show what it is at."""
        self.show()
        self._tell(name, what)
        self._at = name
        began = time.monotonic()
        try:
            yield
        finally:
            self._spent[name] += time.monotonic() - began

    def show(self) -> None:
        """Tell how far it is; end the work when the job was canceled."""
        self._context.check_canceled()
        self._reports["crack"].progress(self.cracked, self._files, "documents")
        self._reports["chunk"].progress(self.chunks, None, "chunks")
        self._reports["embed"].progress(self.embedded, None, "chunks")
        self._reports["write"].progress(self.written, self._files, "documents")

    def _tell(self, name: str, what: str = "") -> None:
        """Say what a part is at, what it need not do, and how much of the time was its own: all four go on in turns."""
        there = f"{self.reused} were there" if name == "embed" and self.reused else ""
        self._reports[name].detail(", ".join(part for part in (what, there) if part))
        self._reports[name].worked(self._spent[name])

    def add(self, batch: BatchResult) -> None:
        """Count what an earlier run of the job did."""
        self.cracked += len(batch.entries)
        self.chunks += sum(entry.chunks for entry in batch.entries)
        self.embedded += batch.embedded
        self.written += len(batch.entries)


class BatchWriter:
    """Writes batches of one build."""

    def __init__(self, key: IndexKey, recipe: Recipe, embedding: EmbeddingModel, tools: Tools, before: IndexReader | None) -> None:
        self._key = key
        self._recipe = recipe
        self._embedding = embedding
        self._tools = tools
        self._before = before

    def write(self, files: Sequence[SourceFile], step: str, cracker: Cracker, counters: Counters) -> BatchResult:
        """Take files in, as a whole or not at all; `step` names the batch, and tells its repetition."""
        entries, chunks = list[LedgerEntry](), list[Chunk]()
        for file in files:
            entry, found = self._read(file, cracker, counters)
            counters.cracked += 1
            counters.chunks += len(found)
            entries.append(entry)
            chunks += found
        vectors, embedded = self._vectors(chunks, counters)
        keys = tuple(file.key for file in files)
        with counters.at("write"):
            self._tools.vectors.write(self._key, Step(key=step, embedding=self._embedding, chunks=chunks, vectors=vectors, documents=keys))
        counters.written += len(files)
        counters.show()
        return BatchResult(entries=tuple(entries), embedded=embedded)

    def _read(self, file: SourceFile, cracker: Cracker, counters: Counters) -> tuple[LedgerEntry, list[Chunk]]:
        with counters.at("crack", file.key):
            document = self._cracked(file, cracker)
        if isinstance(document, Unreadable):
            entry = LedgerEntry(key=file.key, fingerprint=file.fingerprint, why=document.why, message=document.message)
            self._tools.sampler.unread(entry)
            return entry, []
        self._tools.sampler.document(document)
        with counters.at("chunk"):
            chunks = self._tools.chunker.chunks(document, self._recipe.tags(file.key))
        self._tools.sampler.chunks(chunks)
        entry = LedgerEntry(
            key=file.key,
            fingerprint=file.fingerprint,
            title=document.title,
            media_type=document.media_type,
            chunks=len(chunks),
            tokens=sum(chunk.tokens for chunk in chunks),
            pages=len(document.pages),
            page_starts=starts_of(document.pages),
        )
        return entry, chunks

    def _cracked(self, file: SourceFile, cracker: Cracker) -> Document | Unreadable:
        if file.problem is not None:
            return Unreadable(key=file.key, why="unreachable", message=file.problem)
        return cracker.crack(CrackTask(path=file.path, key=file.key, fingerprint=file.fingerprint, metadata=file.metadata))

    def _vectors(self, chunks: Sequence[Chunk], counters: Counters) -> tuple[list[Sequence[float]], int]:
        """Return the chunks' vectors, those of the version before where it has them, and how many are new."""
        known = dict(self._before.vectors([chunk.id for chunk in chunks])) if self._before is not None and chunks else {}
        new = [chunk for chunk in chunks if chunk.id not in known]
        counters.reused += len(chunks) - len(new)
        self._tools.sampler.vectors(known, reused=True)
        for part in _parts(new):
            with counters.at("embed"):
                made = self._tools.embedder.embed([self._tools.chunker.embedded(chunk) for chunk in part])
            known |= {chunk.id: vector for chunk, vector in zip(part, made, strict=True)}
            self._tools.sampler.vectors(known, reused=False)
            counters.embedded += len(part)
        return [known[chunk.id] for chunk in chunks], len(new)


def _parts(chunks: Sequence[Chunk], size: int = 64) -> Iterator[Sequence[Chunk]]:
    """Divide chunks so that progress shows; those of like length together, which a model computes with less padding."""
    ordered = sorted(chunks, key=lambda chunk: chunk.tokens)
    return (ordered[start : start + size] for start in range(0, len(ordered), size))
