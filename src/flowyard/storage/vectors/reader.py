"""A reader of one state of an index."""

from collections.abc import Sequence
from typing import Any

from flowyard.identity.access import EVERYTHING, Access
from flowyard.rag.model import Chunk
from flowyard.rag.ports import DocumentEntry, EmbeddingModel, Found, IndexKey
from flowyard.rag.search.filters import Filter
from flowyard.storage.vectors.conditions import behind, condition, one_of
from flowyard.storage.vectors.rows import CHUNK_COLUMNS, VECTOR, chunks_of, vectors_checked
from flowyard.storage.vectors.tables import told

# Partitions of the index that are looked into at least (more where a filter leaves too few); and how many candidates are compared by
# their whole vectors: twice as many as wanted, and not fewer than a hundred. Among 100,000 that finds 99 of 100 that all comparisons find.
_PARTITIONS, _TIMES, _LEAST = 20, 2, 100


class LanceReader:
    """See `flowyard.rag.ports.IndexReader`. `table` is checked out at its state, and belongs to this reader alone."""

    def __init__(self, key: IndexKey, table: Any, embedding: EmbeddingModel) -> None:
        self.embedding = embedding
        self._key = key
        self._table = table

    def nearest(self, vector: Sequence[float], access: Access, where: Filter, limit: int) -> list[Found]:
        """See `IndexReader.nearest`."""
        asked = vectors_checked([vector], self.embedding)[0]
        narrowed = condition(access, where)
        with told(self._key):
            query = self._table.search(asked, vector_column_name=VECTOR).distance_type("cosine").minimum_nprobes(_PARTITIONS)
            query = (
                query.refine_factor(max(_TIMES, -(-_LEAST // limit)))
                .where(narrowed, prefilter=True)
                .limit(limit)
                .select(["_distance"])
                .with_row_id(True)
            )
            found = query.to_arrow()
        places, distances = found["_rowid"].to_pylist(), found["_distance"].to_pylist()
        return [Found(place, 1.0 - distance) for place, distance in zip(places, distances, strict=True)]

    def matching(self, text: str, access: Access, where: Filter, limit: int) -> list[Found]:
        """See `IndexReader.matching`."""
        from lancedb import query as lance

        match: Any = lance.MatchQuery
        narrowed = condition(access, where)
        words = text.encode("utf-8", "replace").decode()
        with told(self._key):
            query = self._table.search(match(words, "text"), query_type="fts").where(narrowed, prefilter=True)
            found = query.limit(limit).select(["_score"]).with_row_id(True).to_arrow()
        places, scores = found["_rowid"].to_pylist(), found["_score"].to_pylist()
        return [Found(place, score) for place, score in zip(places, scores, strict=True)]

    def read(self, places: Sequence[int], access: Access) -> dict[int, Chunk]:
        """See `IndexReader.read`."""
        if not places:
            return {}
        with told(self._key):
            rows = self._table.take_row_ids(list(places)).select(list(CHUNK_COLUMNS)).with_row_id().to_arrow()
        found = dict(zip(rows["_rowid"].to_pylist(), chunks_of(rows), strict=True))
        return {place: chunk for place, chunk in found.items() if access.allows(chunk.tags)}

    def count(self, access: Access, where: Filter) -> int:
        """See `IndexReader.count`."""
        with told(self._key):
            return int(self._table.count_rows(condition(access, where)))

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
        with told(self._key):
            return self._table.search().where(narrowed).select(columns).to_arrow()
