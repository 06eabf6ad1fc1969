"""A few of what each step of a build gives, kept so that people can look at them while it runs and afterwards."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from flowyard.rag.building.model import BuildPlan, LedgerEntry
from flowyard.rag.model import Chunk, Document
from flowyard.wire.index_builds import IndexBuildSamples, SampleChunk, SampleFile, SamplePage, SampleUnread

_FILES, _PAGES, _CHUNKS, _UNREAD = 20, 4, 6, 20
_PAGE_CHARACTERS, _CHUNK_CHARACTERS, _MESSAGE_CHARACTERS, _NUMBERS = 2000, 600, 300, 8


class BuildSampler:
    """Collects samples, bounded in number and size, and hands them on whenever there is another.

    Args:
        known: what an earlier run of the same build collected.
        keep: is given all samples.
    """

    def __init__(self, known: IndexBuildSamples, keep: Callable[[IndexBuildSamples], None]) -> None:
        self._samples = known
        self._keep = keep

    def planned(self, source: str, plan: BuildPlan) -> None:
        """Take what is to be read; it is the same in every run of a build."""
        if self._samples.source is not None:
            return
        files = tuple(SampleFile(key=file.key, bytes=file.bytes) for file in plan.changed[:_FILES])
        counts = {"changed": len(plan.changed), "kept": len(plan.kept), "gone": len(plan.gone)}
        unread = tuple(_unread(entry) for entry in plan.kept if entry.why is not None)[:_UNREAD]
        self._set(replace(self._samples, source=source, files=files, unread=unread, **counts))

    def document(self, document: Document) -> None:
        """Take a document that was read."""
        if len(self._samples.pages) == _PAGES or any(page.document == document.key for page in self._samples.pages):
            return
        page = next(iter(document.pages), None)
        text = document.text[page.stretch.start : page.stretch.end] if page else document.text
        sample = SamplePage(
            document=document.key,
            media_type=document.media_type,
            page=page.number if page else None,
            markdown=text[:_PAGE_CHARACTERS],
            cut=len(text) > _PAGE_CHARACTERS,
        )
        self._set(replace(self._samples, pages=(*self._samples.pages, sample)))

    def unread(self, entry: LedgerEntry) -> None:
        """Take a file that could not be read."""
        if len(self._samples.unread) == _UNREAD or any(one.key == entry.key for one in self._samples.unread):
            return
        self._set(replace(self._samples, unread=(*self._samples.unread, _unread(entry))))

    def chunks(self, chunks: Sequence[Chunk]) -> None:
        """Take chunks that were cut of a document, at equal distances; in place of others, while one document has more than another."""
        known = self._samples.chunks
        documents = Counter(chunk.document for chunk in known)
        if not chunks or chunks[0].document in documents or len(documents) == _CHUNKS:
            return
        many = min(len(chunks), _CHUNKS)
        every = [*known, *(_chunk(chunks[place * len(chunks) // many]) for place in range(many))]
        documents[chunks[0].document] = many
        while len(every) > _CHUNKS:
            [(most, _)] = documents.most_common(1)
            documents[most] -= 1
            every.remove(next(chunk for chunk in reversed(every) if chunk.document == most))
        self._set(replace(self._samples, chunks=tuple(every)))

    def vectors(self, vectors: Mapping[str, Sequence[float]], *, reused: bool) -> None:
        """Take vectors by the ids of their chunks; `reused`: those of the version before."""
        if any(not chunk.vector and chunk.id in vectors for chunk in self._samples.chunks):
            self._set(replace(self._samples, chunks=tuple(_embedded(chunk, vectors, reused=reused) for chunk in self._samples.chunks)))

    def _set(self, samples: IndexBuildSamples) -> None:
        self._samples = samples
        self._keep(samples)


def _unread(entry: LedgerEntry) -> SampleUnread:
    return SampleUnread(key=entry.key, why=entry.why or "", message=(entry.message or "")[:_MESSAGE_CHARACTERS])


def _chunk(chunk: Chunk) -> SampleChunk:
    return SampleChunk(
        id=chunk.id,
        document=chunk.document,
        headings=chunk.headings,
        text=chunk.text[:_CHUNK_CHARACTERS],
        cut=len(chunk.text) > _CHUNK_CHARACTERS,
        tokens=chunk.tokens,
    )


def _embedded(chunk: SampleChunk, vectors: Mapping[str, Sequence[float]], *, reused: bool) -> SampleChunk:
    vector = vectors.get(chunk.id)
    if chunk.vector or vector is None:
        return chunk
    numbers = tuple(round(float(number), 5) for number in vector[:_NUMBERS])
    return replace(chunk, vector=numbers, dimensions=len(vector), reused=reused)
