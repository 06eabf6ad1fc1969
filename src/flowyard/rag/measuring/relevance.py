"""What of a version answers a question: characters of its chunks where the question's span is known, else documents.

A document that is cut into many chunks would otherwise make a question harder, and versions that are cut differently could not be compared.
"""

from collections.abc import Callable, Sequence

from flowyard.evaluation.text.claims import claims_of
from flowyard.rag.measuring.metrics import DEEPEST, Ranking
from flowyard.rag.model import Chunk
from flowyard.rag.questions.model import Question

#: A chunk answers a question when it has so much of the question's span, or lies so far within it.
HALF = 0.5
#: Or, where only the text is known that answers, when it has this share of that text's words, or the text has that of its own.
ALIKE = 0.7


class Relevance:
    """Says of chunks whether they answer a question.

    Args:
        chunks_of: the chunks of a document of the version, in its order.
    """

    def __init__(self, chunks_of: Callable[[str], Sequence[Chunk]]) -> None:
        self._chunks_of = chunks_of
        self._known: dict[str, Sequence[Chunk]] = {}
        self._whole: dict[int, tuple[int, int, tuple[float, ...]]] = {}

    def there(self, question: Question) -> int:
        """Return how many chunks of the version answer a question, or documents without a span; of one that has a context only, 1."""
        if not question.documents:
            return 1
        if question.span is None:
            return sum(bool(self._of(document)) for document in question.documents)
        return sum(answers(question, chunk) for document in question.documents for chunk in self._of(document))

    def ranking(self, question: Question, chunks: Sequence[Chunk]) -> Ranking:
        """Return what a list gives to a question, its chunks as they are `listed`."""
        relevant = [answers(question, chunk) for chunk in chunks]
        if question.line not in self._whole:
            self._whole[question.line] = self._best_of(question)
        there, whole, best = self._whole[question.line]
        if not best:
            return Ranking(relevant=relevant, there=there)
        seen = _Coverage(question)
        return Ranking(relevant=relevant, there=there, gains=[round(seen.add(chunk) / whole, 4) for chunk in chunks], best=best)

    def _best_of(self, question: Question) -> tuple[int, int, tuple[float, ...]]:
        """Return how many chunks answer a question, how many characters of its span chunks have, and what the best ones add."""
        there = self.there(question)
        if question.span is None or not there:
            return there, 0, ()
        every = [chunk for document in question.documents for chunk in self._of(document)]
        whole = _Coverage(question).all_of(every)
        return there, whole, tuple(round(gain / whole, 4) for gain in _Coverage(question).best(every))

    def _of(self, document: str) -> Sequence[Chunk]:
        if document not in self._known:
            self._known[document] = self._chunks_of(document)
        return self._known[document]


class _Coverage:
    """Which characters of a question's span chunks have."""

    def __init__(self, question: Question) -> None:
        self._start, self._end = question.span or (0, 0)
        self._seen = {document: bytearray(self._end - self._start) for document in question.documents}

    def more(self, chunk: Chunk) -> int:
        """Return how many characters a chunk would add."""
        seen, start, end = self._place(chunk)
        return seen.count(0, start, end)

    def add(self, chunk: Chunk) -> int:
        """Return how many characters a chunk adds."""
        seen, start, end = self._place(chunk)
        more = seen.count(0, start, end)
        seen[start:end] = b"\1" * (end - start)
        return more

    def all_of(self, chunks: Sequence[Chunk]) -> int:
        """Return how many characters chunks add together."""
        return sum(map(self.add, chunks))

    def best(self, chunks: Sequence[Chunk]) -> list[int]:
        """Return what chunks add in the best order, up to `DEEPEST`: each time the one that adds most."""
        left: list[Chunk] = list(filter(self.more, chunks))
        gains: list[int] = []
        while len(gains) < DEEPEST and left:
            most = max(left, key=self.more)
            gains.append(self.add(most))
            left = list(filter(self.more, left))
        return gains

    def _place(self, chunk: Chunk) -> tuple[bytearray, int, int]:
        start, end = max(chunk.stretch.start, self._start), min(chunk.stretch.end, self._end)
        seen = self._seen.get(chunk.document)
        return (bytearray(), 0, 0) if seen is None or end <= start else (seen, start - self._start, end - self._start)


def listed(question: Question, chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return the list that is measured: the chunks as they were found, or without a span of each document the best (MaxP: Dai and Callan
    2019, SIGIR, 985-988)."""
    if question.span is not None or not question.documents:
        return list(chunks)
    best: dict[str, Chunk] = {}
    for chunk in chunks:
        best.setdefault(chunk.document, chunk)
    return list(best.values())


def answers(question: Question, chunk: Chunk) -> bool:
    """Return whether a chunk answers a question.

    With a span: the chunk is of its document, and has at least half of the span, or lies at least half within it: so a chunk that is
    longer than the span counts as well as one that is a part of it, and one that only touches it does not. Without a span any chunk of a
    document of the question counts; without a document one whose words are those of the context.
    """
    if question.documents:
        if chunk.document not in question.documents:
            return False
        if question.span is None:
            return True
        start, end = question.span
        shared = min(end, chunk.stretch.end) - max(start, chunk.stretch.start)
        return shared >= HALF * min(end - start, chunk.stretch.end - chunk.stretch.start) and shared > 0
    told, own = frozenset(claims_of(question.context or "")), frozenset(claims_of(chunk.text))
    return bool(told) and bool(own) and len(told & own) >= ALIKE * min(len(told), len(own))
