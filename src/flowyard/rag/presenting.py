"""Versions, documents, chunks and hits as they are told."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from flowyard.foundation.clock import to_rfc3339
from flowyard.identity.access import Access
from flowyard.rag.building.model import DocumentHead, LedgerEntry, SeenCounts, VersionRecord
from flowyard.rag.model import Chunk
from flowyard.rag.pages import PageStarts, pages_within
from flowyard.rag.search.model import Ranked, SearchHit
from flowyard.rag.tuning.space import proposed
from flowyard.wire.index_builds import IndexBuildSamples
from flowyard.wire.indexes import AccessRule, IndexChunk, IndexDocument, IndexHit, IndexVersion, PageStretch, RankedScore


def as_version(record: VersionRecord, labels: dict[str, str], access: Access, seen: SeenCounts | None) -> IndexVersion:
    """Return a version with the labels that stand on it; `labels` are the index's. `seen`: how much is seen of what is not seen whole."""
    counted = seen or record
    mine = tuple(sorted(label for label, version in labels.items() if version == record.version))
    return IndexVersion(
        name=record.name,
        version=record.version,
        source=record.source,
        chunking=record.recipe.chunks,
        proposed_chunking=proposed(record.recipe.chunks),
        access=record.recipe.access if seen is None else _rules(record.recipe.access, access),
        documents=counted.documents,
        unread=counted.unread,
        chunks=counted.chunks,
        tokens=counted.tokens,
        embedded=record.embedded if seen is None else None,
        elapsed_s=record.elapsed_ms / 1000,
        job=record.job_id,
        created_at=to_rfc3339(record.created_ns),
        created_by=record.created_by,
        labels=mine,
        origin=record.recipe.origin,
    )


def _rules(rules: tuple[AccessRule, ...], access: Access) -> tuple[AccessRule, ...]:
    return tuple(AccessRule(under=rule.under, tags=access.shown(rule.tags)) for rule in rules if access.allows(rule.tags))


def as_document(entry: LedgerEntry, tags: tuple[str, ...]) -> IndexDocument:
    """Return a document; `tags` are those of its tags that may be told."""
    return IndexDocument(
        key=entry.key,
        title=entry.title or "",
        media_type=entry.media_type,
        chunks=entry.chunks,
        tokens=entry.tokens,
        pages=entry.pages,
        tags=tags,
        why=entry.why,
        message=entry.message,
    )


def as_chunk(chunk: Chunk, access: Access, starts: PageStarts) -> IndexChunk:
    """Return a chunk, with those of its tags that may be told; `starts`: where its document's pages begin."""
    pages = pages_within(starts, chunk.stretch)
    return IndexChunk(
        id=chunk.id,
        document=chunk.document,
        ordinal=chunk.ordinal,
        text=chunk.text,
        prefix=chunk.prefix,
        start=chunk.stretch.start,
        end=chunk.stretch.end,
        page=chunk.page,
        pages=tuple(PageStretch(number=page.number, start=page.stretch.start, end=page.stretch.end) for page in pages),
        headings=chunk.headings,
        kind=chunk.kind,
        tokens=chunk.tokens,
        tags=access.shown(chunk.tags),
        metadata=chunk.metadata,
    )


def as_hit(hit: SearchHit, heads: Mapping[str, DocumentHead], access: Access) -> IndexHit:
    """Return a hit, with the title of its document."""
    head = heads.get(hit.chunk.document) or DocumentHead()
    return IndexHit(
        chunk=as_chunk(hit.chunk, access, head.page_starts),
        title=head.title or hit.chunk.document,
        score=hit.score,
        vector=_ranked(hit.vector),
        words=_ranked(hit.text),
        fused=_ranked(hit.fused),
        reranked=_ranked(hit.reranked),
    )


def _ranked(ranked: Ranked | None) -> RankedScore | None:
    return None if ranked is None else RankedScore(rank=ranked.rank, score=ranked.score)


def seen_samples(samples: IndexBuildSamples, seen: Callable[[str], bool]) -> IndexBuildSamples:
    """Return those samples whose documents somebody sees, who does not see all of them; how many there are is not told."""
    return replace(
        samples,
        files=tuple(file for file in samples.files if seen(file.key)),
        pages=tuple(page for page in samples.pages if seen(page.document)),
        chunks=tuple(chunk for chunk in samples.chunks if seen(chunk.document)),
        unread=tuple(file for file in samples.unread if seen(file.key)),
        changed=None,
        kept=None,
        gone=None,
    )
