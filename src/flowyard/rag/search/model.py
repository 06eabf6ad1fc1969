"""What is asked of an index, and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from flowyard.foundation.errors import InvalidInputError
from flowyard.rag.model import Chunk
from flowyard.rag.search.filters import Filter

SearchKind = Literal["hybrid", "vector", "text"]

_MOST = 1000
#: How many candidates a reranker orders anew: a cross-encoder reads about 60 in a second of one core.
RERANKED = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question to an index.

    Attributes:
        text: the question in words.
        vector: the question embedded by the index's model; a search by words alone needs none.
        kind: by vectors, by words (``text``), or both with their ranks fused.
        top_k: how many chunks are wanted, 1 to 1,000.
        vector_weight: the share of vectors in a hybrid search, 0 to 1: ranks count ``2 * vector_weight`` and ``2 * (1 - vector_weight)``
            times, so that 0.5 is plain reciprocal rank fusion.
        candidates: how many each kind of search hands on to fusion and reranking; never fewer than `top_k`.
        where: conditions that chunks have to fulfil.
    """

    text: str = ""
    vector: Sequence[float] | None = None
    kind: SearchKind = "hybrid"
    top_k: int = 5
    vector_weight: float = 0.5
    candidates: int = 50
    where: Filter = field(default_factory=Filter)

    @property
    def weights(self) -> tuple[float, float]:
        """What ranks by vectors and by words count in their fusion."""
        return 2 * self.vector_weight, 2 * (1 - self.vector_weight)

    def __post_init__(self) -> None:
        if not 1 <= self.top_k <= _MOST or not 1 <= self.candidates <= _MOST:
            raise InvalidInputError(
                f"A search for {self.top_k} of {self.candidates} candidates cannot be.", remedy=f"Give two numbers from 1 to {_MOST}."
            )
        if not 0 <= self.vector_weight <= 1:
            raise InvalidInputError(f"A weight of vectors of {self.vector_weight:g} cannot be.", remedy="Give one from 0 to 1.")
        if self.vector is None and self.kind != "text":
            raise InvalidInputError(
                f"A {self.kind} search needs the question's vector.", remedy="Embed the question with the index's model."
            )
        if not self.text.strip() and self.kind != "vector":
            raise InvalidInputError(f"A {self.kind} search needs the question's text.", remedy="Give a text with at least one word.")


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place in an order, counted from 1, and the score that gave it."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """A chunk that was found, and why it stands where it does.

    Attributes:
        chunk: what was found.
        score: the score that the order is by: of the last of what follows that was done.
        vector: by its vector alone; None where that did not find it, or was not asked.
        text: by its words alone.
        fused: by both ranks; None but in a hybrid search.
        reranked: by the reranker; None without one.
    """

    chunk: Chunk
    score: float
    vector: Ranked | None = None
    text: Ranked | None = None
    fused: Ranked | None = None
    reranked: Ranked | None = None
