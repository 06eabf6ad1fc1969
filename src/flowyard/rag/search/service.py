"""The search itself: what each kind finds, their ranks fused, the best read and reranked."""

from collections.abc import Sequence

from flowyard.foundation.errors import InvalidInputError
from flowyard.identity.access import Access
from flowyard.rag.errors import RerankError
from flowyard.rag.model import Chunk
from flowyard.rag.ports import Found, IndexReader, Reranker
from flowyard.rag.search.fusion import reciprocal_ranks
from flowyard.rag.search.model import Query, Ranked, SearchHit


class Searcher:
    """Searches one state of an index. Any number of threads may call it."""

    def __init__(self, reader: IndexReader) -> None:
        self._reader = reader

    def search(self, query: Query, access: Access, reranker: Reranker | None = None) -> list[SearchHit]:
        """Return the best chunks that `access` allows, the best first; a `reranker` orders the candidates anew.

        Raises:
            InvalidInputError: a reranker is given and the question has no text.
            EmbeddingMismatchError: the question's vector is none of the index's model.
            RerankError: the reranker does not answer.
        """
        if reranker is not None and not query.text.strip():
            raise InvalidInputError("Reranking needs the question's text.", remedy="Give a text with at least one word.")
        vector, text = self._found(query, access)
        by_vector, by_text = _ranked(vector), _ranked(text)
        fused = reciprocal_ranks([found.place for found in vector], [found.place for found in text], weights=query.weights)
        order = list(fused)
        chunks = self._reader.read(order[: query.top_k if reranker is None else max(query.candidates, query.top_k)], access)
        kept = [place for place in order if place in chunks]
        reranked = {} if reranker is None else _reranked(reranker, query, [(place, chunks[place]) for place in kept])
        hits: list[SearchHit] = []
        ranks = {place: Ranked(rank, fused[place]) for rank, place in enumerate(order, start=1)} if query.kind == "hybrid" else {}
        for place in (list(reranked) or kept)[: query.top_k]:
            steps = [reranked.get(place), ranks.get(place), by_vector.get(place), by_text.get(place)]
            hits.append(
                SearchHit(
                    chunk=chunks[place],
                    score=next(step.score for step in steps if step is not None),
                    reranked=steps[0],
                    fused=steps[1],
                    vector=steps[2],
                    text=steps[3],
                )
            )
        return hits

    def _found(self, query: Query, access: Access) -> tuple[list[Found], list[Found]]:
        limit = max(query.candidates, query.top_k)
        if query.vector is None or query.kind == "text":
            return [], self._reader.matching(query.text, access, query.where, limit)
        if query.kind == "vector":
            return self._reader.nearest(query.vector, access, query.where, limit), []
        return self._reader.both(query.vector, query.text, access, query.where, limit)


def _reranked(reranker: Reranker, query: Query, candidates: Sequence[tuple[int, Chunk]]) -> dict[int, Ranked]:
    if not candidates:
        return {}
    scores = reranker.rerank(query.text, [chunk.searched for _, chunk in candidates])
    if len(scores) != len(candidates):
        raise RerankError(
            f"The reranking model gave {len(scores)} scores for {len(candidates)} texts.", remedy="Check that it is a reranking model."
        )
    order = sorted(range(len(scores)), key=lambda index: (-scores[index], index))
    return {candidates[index][0]: Ranked(rank, scores[index]) for rank, index in enumerate(order, start=1)}


def _ranked(found: Sequence[Found]) -> dict[int, Ranked]:
    return {each.place: Ranked(rank, each.score) for rank, each in enumerate(found, start=1)}
