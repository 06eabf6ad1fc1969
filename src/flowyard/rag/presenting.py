"""Versions, documents, chunks and hits as they are told."""

from flowyard.foundation.clock import to_rfc3339
from flowyard.rag.building.model import LedgerEntry, VersionRecord
from flowyard.rag.model import Chunk
from flowyard.rag.search.model import Ranked, SearchHit
from flowyard.wire.indexes import IndexChunk, IndexDocument, IndexHit, IndexVersion, RankedScore


def as_version(record: VersionRecord, labels: dict[str, str]) -> IndexVersion:
    """Return a version with the labels that stand on it; `labels` are the index's."""
    mine = tuple(sorted(label for label, version in labels.items() if version == record.version))
    return IndexVersion(
        name=record.name,
        version=record.version,
        source=record.source,
        chunking=record.recipe.chunks,
        access=record.recipe.access,
        documents=record.documents,
        unread=record.unread,
        chunks=record.chunks,
        tokens=record.tokens,
        embedded=record.embedded,
        elapsed_s=record.elapsed_ms / 1000,
        job=record.job_id,
        created_at=to_rfc3339(record.created_ns),
        created_by=record.created_by,
        labels=mine,
        origin=record.recipe.origin,
    )


def as_document(entry: LedgerEntry) -> IndexDocument:
    """Return a document."""
    return IndexDocument(
        key=entry.key,
        title=entry.title or entry.key,
        media_type=entry.media_type,
        chunks=entry.chunks,
        tokens=entry.tokens,
        pages=entry.pages,
        why=entry.why,
        message=entry.message,
    )


def as_chunk(chunk: Chunk) -> IndexChunk:
    """Return a chunk."""
    return IndexChunk(
        id=chunk.id,
        document=chunk.document,
        ordinal=chunk.ordinal,
        text=chunk.text,
        prefix=chunk.prefix,
        start=chunk.stretch.start,
        end=chunk.stretch.end,
        page=chunk.page,
        headings=chunk.headings,
        kind=chunk.kind,
        tokens=chunk.tokens,
        tags=chunk.tags,
        metadata=chunk.metadata,
    )


def as_hit(hit: SearchHit, titles: dict[str, str]) -> IndexHit:
    """Return a hit, with the title of its document."""
    return IndexHit(
        chunk=as_chunk(hit.chunk),
        title=titles.get(hit.chunk.document) or hit.chunk.document,
        score=hit.score,
        vector=_ranked(hit.vector),
        words=_ranked(hit.text),
        fused=_ranked(hit.fused),
        reranked=_ranked(hit.reranked),
    )


def _ranked(ranked: Ranked | None) -> RankedScore | None:
    return None if ranked is None else RankedScore(rank=ranked.rank, score=ranked.score)
