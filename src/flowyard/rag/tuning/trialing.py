"""Trials: what configurations that share an index find of questions.

A search by vectors and one by words are all that an index is asked for a question: weights, depths and orders are made of what these find.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from flowyard.identity.access import EVERYTHING
from flowyard.rag.measuring.metrics import Ranking, scores
from flowyard.rag.measuring.relevance import Relevance, listed
from flowyard.rag.model import Chunk
from flowyard.rag.ports import IndexReader, Reranker
from flowyard.rag.questions.model import Question
from flowyard.rag.search.filters import Filter
from flowyard.rag.search.fusion import reciprocal_ranks
from flowyard.rag.search.model import RERANKED, Query
from flowyard.wire.index_tunings import IndexConfiguration, TuningMeasure

_ALL = Filter()


@dataclass(frozen=True, slots=True)
class Observed:
    """What a configuration found of one question: its score, how long that took, and the tokens that a model would be given."""

    score: float
    ms: float
    tokens: int


@dataclass(slots=True)
class _Found:
    """What an index has on one question, by vectors and by words, and what each took in milliseconds."""

    vector: list[int]
    text: list[int]
    vector_ms: float
    text_ms: float
    chunks: dict[int, Chunk] = field(default_factory=dict[int, Chunk])

    def candidates(self, configuration: IndexConfiguration) -> list[int]:
        query = query_of(configuration)
        vector = self.vector[: query.candidates] if configuration.kind != "text" else []
        text = self.text[: query.candidates] if configuration.kind != "vector" else []
        # As `Searcher` does it: of all that both find, a reranker reads so many as one of them may find.
        order = list(reciprocal_ranks(vector, text, weights=query.weights))
        return order if configuration.rerank is None else order[: query.candidates]

    def ms(self, configuration: IndexConfiguration) -> float:
        """Return the time of the searches, which run side by side."""
        return max(self.vector_ms if configuration.kind != "text" else 0.0, self.text_ms if configuration.kind != "vector" else 0.0)


class Trials:
    """Tries configurations on one index.

    Args:
        reader: the index, a version of it.
        rerankers: by their names.
        measure: what is scored.
    """

    def __init__(self, reader: IndexReader, rerankers: Mapping[str, Reranker], measure: TuningMeasure) -> None:
        self._reader = reader
        self._rerankers = rerankers
        self._measure: TuningMeasure = measure
        self._relevance = Relevance(lambda document: reader.chunks_of(document, EVERYTHING))

    def __call__(
        self,
        configurations: Sequence[IndexConfiguration],
        questions: Sequence[Question],
        vectors: Sequence[Sequence[float]],
        check: Callable[[], None],
    ) -> list[list[Observed]]:
        """Return of each question what each configuration found; `check` is called between questions."""
        observed: list[list[Observed]] = []
        for question, vector in zip(questions, vectors, strict=True):
            check()
            observed.append(self._question(configurations, question, vector))
        return observed

    def _question(self, configurations: Sequence[IndexConfiguration], question: Question, vector: Sequence[float]) -> list[Observed]:
        found = self._found(configurations, question, vector)
        orders = {_order(one): found.candidates(one) for one in configurations}
        wanted = dict.fromkeys(place for one in configurations for place in orders[_order(one)][: _read(one)])
        found.chunks = self._reader.read(list(wanted), EVERYTHING)
        reranked = self._reranked(configurations, question, orders, found)
        observed: list[Observed] = []
        for one in configurations:
            order, more_ms = reranked.get(_order(one), (orders[_order(one)], 0.0))
            chunks = [found.chunks[place] for place in order if place in found.chunks][: one.top_k]
            score = _score(self._relevance.ranking(question, listed(question, chunks)), self._measure, one.top_k)
            observed.append(Observed(score, round(found.ms(one) + more_ms, 3), sum(chunk.tokens for chunk in chunks)))
        return observed

    def _found(self, configurations: Sequence[IndexConfiguration], question: Question, vector: Sequence[float]) -> _Found:
        most = max(query_of(one).candidates for one in configurations)
        found = _Found([], [], 0.0, 0.0)
        if any(one.kind != "text" for one in configurations):
            began = time.perf_counter()
            found.vector = [each.place for each in self._reader.nearest(vector, EVERYTHING, _ALL, most)]
            found.vector_ms = (time.perf_counter() - began) * 1000
        if any(one.kind != "vector" for one in configurations):
            began = time.perf_counter()
            found.text = [each.place for each in self._reader.matching(question.text, EVERYTHING, _ALL, most)]
            found.text_ms = (time.perf_counter() - began) * 1000
        return found

    def _reranked(
        self, configurations: Sequence[IndexConfiguration], question: Question, orders: Mapping[str, list[int]], found: _Found
    ) -> dict[str, tuple[list[int], float]]:
        """Return the orders that rerankers give, and what each took: every candidate is read once, whatever order it came in."""
        made: dict[str, tuple[list[int], float]] = {}
        for name in {one.rerank: None for one in configurations if one.rerank is not None}:
            mine = {_order(one): orders[_order(one)] for one in configurations if one.rerank == name}
            places = [place for place in dict.fromkeys(place for order in mine.values() for place in order) if place in found.chunks]
            began = time.perf_counter()
            told = self._rerankers[name].rerank(question.text, [found.chunks[place].searched for place in places]) if places else []
            each_ms = (time.perf_counter() - began) * 1000 / max(1, len(places))
            score = dict(zip(places, told, strict=True))
            for key, order in mine.items():
                here = [place for place in order if place in score]
                made[key] = (sorted(here, key=lambda place, score=score: -score[place]), each_ms * len(here))
        return made


def query_of(configuration: IndexConfiguration) -> Query:
    """Return the search of a configuration; the question is still to be put in."""
    return Query(
        text="?",
        vector=(0.0,),
        kind=configuration.kind,
        vector_weight=configuration.vector_weight,
        top_k=configuration.top_k,
        candidates=50 if configuration.rerank is None else RERANKED,
    )


def _order(configuration: IndexConfiguration) -> str:
    """Return what names the order that a configuration gives: all that is but how much of it is taken."""
    weight = f" {configuration.vector_weight:g}" if configuration.kind == "hybrid" else ""
    return f"{configuration.kind}{weight} {configuration.rerank or ''}"


def _read(configuration: IndexConfiguration) -> int:
    return configuration.top_k if configuration.rerank is None else RERANKED


def _score(ranking: Ranking, measure: TuningMeasure, depth: int) -> float:
    found = scores(ranking)
    return found["mrr"] if measure == "mrr" else found[f"{measure}@{depth}"]
