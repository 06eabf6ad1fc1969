"""A reader of one state of an index."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from flowyard.identity.access import EVERYTHING, Access
from flowyard.rag.model import Chunk
from flowyard.rag.ports import DocumentEntry, EmbeddingModel, Found, IndexKey
from flowyard.rag.search.filters import Filter
from flowyard.storage.vectors.conditions import behind, condition, one_of
from flowyard.storage.vectors.rows import CHUNK_COLUMNS, VECTOR, chunks_of, vectors_checked
from flowyard.storage.vectors.tables import asynchronous, awaited, told

# So many partitions of the index are looked into: all of them up to 130,000 chunks. That many candidates at least are compared by their
# whole vectors: among 100,000 the ten nearest are all found so, and 49 of 50, of those that a filter leaves 47.
_PARTITIONS, _LEAST = 32, 50
# Lance makes a partition of so many chunks.
_PARTITION = 4096
T = TypeVar("T")


class LanceReader:
    """See `flowyard.rag.ports.IndexReader`. `table` is checked out at its state, and belongs to this reader alone."""

    def __init__(self, key: IndexKey, table: Any, embedding: EmbeddingModel) -> None:
        self.embedding = embedding
        self._key = key
        self._table = asynchronous(table)
        self._indexed: bool | None = None

    def nearest(self, vector: Sequence[float], access: Access, where: Filter, limit: int) -> list[Found]:
        """See `IndexReader.nearest`."""
        asked = vectors_checked([vector], self.embedding)[0]
        return self._told(self._near(asked, condition(access, where), limit))

    def both(self, vector: Sequence[float], text: str, access: Access, where: Filter, limit: int) -> tuple[list[Found], list[Found]]:
        """See `IndexReader.both`."""
        asked, narrowed = vectors_checked([vector], self.embedding)[0], condition(access, where)

        async def beside() -> tuple[list[Found], list[Found]]:
            return await asyncio.gather(self._near(asked, narrowed, limit), self._match(text, narrowed, limit))

        return self._told(beside())

    async def _near(self, asked: Any, narrowed: str, limit: int) -> list[Found]:
        found = await self._nearest(asked, narrowed, limit, _PARTITIONS)
        if len(found) < limit and int(await self._table.count_rows()) > _PARTITIONS * _PARTITION:  # there may be more partitions
            found = await self._nearest(asked, narrowed, limit, 0)
        places, distances = found["_rowid"].to_pylist(), found["_distance"].to_pylist()
        return [Found(place, 1.0 - distance) for place, distance in zip(places, distances, strict=True)]

    async def _nearest(self, asked: Any, narrowed: str, limit: int, partitions: int) -> Any:
        """Return row ids and distances; no more than so many partitions are looked into, or all (0)."""
        query = self._table.query().nearest_to(asked).column(VECTOR).distance_type("cosine")
        query = query.minimum_nprobes(1).maximum_nprobes(partitions).refine_factor(max(1, -(-_LEAST // limit)))
        return await _rows(query.where(narrowed).limit(limit).select(["_distance"]).with_row_id())

    def matching(self, text: str, access: Access, where: Filter, limit: int) -> list[Found]:
        """See `IndexReader.matching`."""
        return self._told(self._match(text, condition(access, where), limit))

    async def _match(self, text: str, narrowed: str, limit: int) -> list[Found]:
        from lancedb import query as lance

        match: Any = lance.MatchQuery
        words = text.encode("utf-8", "replace").decode()
        query = self._table.query().nearest_to_text(match(words, "text")).where(narrowed)
        if await self._all_indexed():
            query = query.fast_search()  # does not look for rows that are in no index, which takes a sixth of the time
        found = await _rows(query.limit(limit).select(["_score"]).with_row_id())
        places, scores = found["_rowid"].to_pylist(), found["_score"].to_pylist()
        return [Found(place, score) for place, score in zip(places, scores, strict=True)]

    async def _all_indexed(self) -> bool:
        if self._indexed is None:  # a reader's state never changes
            self._indexed = all(index.num_unindexed_rows == 0 for index in await self._table.list_indices())
        return self._indexed

    def read(self, places: Sequence[int], access: Access) -> dict[int, Chunk]:
        """See `IndexReader.read`."""
        if not places:
            return {}
        rows = self._told(_rows(self._table.take_row_ids(list(places)).select(list(CHUNK_COLUMNS)).with_row_id()))
        found = dict(zip(rows["_rowid"].to_pylist(), chunks_of(rows), strict=True))
        return {place: chunk for place, chunk in found.items() if access.allows(chunk.tags)}

    def count(self, access: Access, where: Filter) -> int:
        """See `IndexReader.count`."""
        return int(self._told(self._table.count_rows(condition(access, where))))

    def documents(self, access: Access, where: Filter, *, after: str = "", limit: int = 100) -> list[DocumentEntry]:
        """See `IndexReader.documents`."""
        narrowed = condition(access, where)
        found = self._scan(f"{narrowed} AND {behind('document', after)}" if after else narrowed, ["document"])
        counted = found.group_by("document").aggregate([([], "count_all")]).sort_by("document").slice(0, limit)
        return [DocumentEntry(row["document"], row["count_all"]) for row in counted.to_pylist()]

    def chunks_of(self, document: str, access: Access) -> list[Chunk]:
        """See `IndexReader.chunks_of`."""
        found = self._scan(condition(access, Filter(documents=(document,))), list(CHUNK_COLUMNS))
        return sorted(chunks_of(found), key=lambda chunk: (chunk.ordinal, chunk.id))

    def vectors(self, ids: Sequence[str]) -> dict[str, Sequence[float]]:
        """See `IndexReader.vectors`."""
        if not ids:
            return {}
        found = self._scan(f"{condition(EVERYTHING, Filter())} AND {one_of('id', ids)}", ["id", VECTOR])
        matrix = found[VECTOR].combine_chunks().flatten().to_numpy(zero_copy_only=False).reshape(-1, self.embedding.dimensions)
        return dict(zip(found["id"].to_pylist(), matrix, strict=True))

    def digests(self, access: Access) -> "dict[str, tuple[str, str]]":
        """Return the document and the digest of what it holds for each chunk by id."""
        found = self._scan(condition(access, Filter()), ["id", "document", "digest"])
        columns = (found[name].to_pylist() for name in ("id", "document", "digest"))
        return {chunk: (document, digest) for chunk, document, digest in zip(*columns, strict=True)}

    def _scan(self, narrowed: str, columns: list[str]) -> Any:
        return self._told(_rows(self._table.query().where(narrowed).select(columns)))

    def _told(self, work: Coroutine[Any, Any, T]) -> T:
        with told(self._key):
            return awaited(work)


async def _rows(query: Any) -> Any:
    import pyarrow

    pa: Any = pyarrow
    # `to_arrow` asks first, each time, which columns are blobs, and wraps what comes three times.
    stream = await query._inner.execute(None, None)
    return pa.Table.from_batches([batch async for batch in stream], schema=stream.schema)
