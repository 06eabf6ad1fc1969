"""Which questions are good: understood alone, answered by their passage, and no other asks the same.

What counts as answered is what counts as supported in an answer (`rag.tool.grounding`): it needs no model, so that a weak one cannot pass
its own work.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flowyard.evaluation.text.claims import claims_of, sentences_of
from flowyard.rag.model import Chunk
from flowyard.rag.questions.placing import place_of
from flowyard.rag.tool.grounding import SUPPORTED_FROM
from flowyard.rag.tool.injection import flags_of
from flowyard.wire.index_questions import GeneratedKind

Reason = Literal[
    "unreadable",
    "repeats_itself",
    "no_question",
    "refers_to_the_passage",
    "not_answered",
    "off_the_passage",
    "duplicate",
    "speaks_to_the_model",
    "failed",
    "badly_worded",
    "no_statement",
]
#: The share of a question's words that its passage must have, with its headings.
ABOUT_FROM = 0.5
#: Two questions ask the same when so much of all their words is shared (Jaccard).
SAME_FROM = 0.75
#: What rounding takes from a cosine, and more than a vector of nothing has.
_TINY = 1e-6
_LEAST_WORDS, _SHORT_WORDS, _LONGEST_QUESTION = 2, 14, 300
_REFERS = re.compile(
    r"\b(?:the|this|that|given|above)\s+(?:\w+\s+)?(?:passage|text|document|section|excerpt|quotation|context|paragraph)\b", re.IGNORECASE
)
#: How a question begins that is answered with yes or no.
_CLOSED = re.compile(r"(?:is|are|does|do|did|can|could|has|have|had|was|were|will|would|should|must|may|might)\b", re.IGNORECASE)
_FOLLOWS = re.compile(r"\b(?:it|its|they|them|their|this|that|these|those|he|she|one|then|so|also|there)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A question with its answer, and the passage both were made of; `before`: the question and answer that it follows up."""

    kind: GeneratedKind
    question: str
    answer: str
    chunk: Chunk
    before: tuple[str, str] | None = None

    def text(self) -> str:
        """Return what is asked: of a question that follows up another, behind that one."""
        return self.question if self.before is None else f"{self.before[0]} {self.question}"

    def row(self) -> dict[str, Any]:
        """Return it as a row of a question set."""
        chunk = self.chunk
        start, end = place_of(chunk, self.text(), self.answer)
        found: dict[str, Any] = {
            "question": self.question,
            "answer": self.answer,
            "context": f"{chunk.prefix}{chunk.text}",
            "kind": self.kind,
            "document": chunk.document,
            "start": start,
            "end": end,
            "page": chunk.page,
        }
        if self.before is not None:
            asked, answered = self.before
            found["chat_history"] = [{"inputs": {"question": asked}, "outputs": {"answer": answered}}]
        return found


def wrong_with(candidate: Candidate) -> Reason | None:
    """Return why a question is not good; None when it is."""
    first = candidate.before[0] if candidate.before is not None else ""
    badly = _badly_asked(candidate.question) or (_badly_asked(first) if first else None)
    if badly is not None:
        return badly
    if flags_of(" ".join((candidate.question, candidate.answer, *(candidate.before or ())))):
        return "speaks_to_the_model"
    if any(_repeats(text) for text in (candidate.question, candidate.answer, *(candidate.before or ()))):
        return "repeats_itself"
    if len(claims_of(f"{first} {candidate.question}")) < _LEAST_WORDS:
        return "no_question"
    own = frozenset(claims_of(f"{' '.join(candidate.chunk.headings)} {candidate.chunk.prefix} {candidate.chunk.text}"))
    if _covered(f"{first} {candidate.question}", own) < ABOUT_FROM:
        return "off_the_passage"
    return None if _is_answered(candidate, own) else "not_answered"


def _repeats(text: str) -> bool:
    """Tell whether a text says the same again and again, as small models do that find no end: three words in a row, three times."""
    # Between signs too: such a model writes "azure_ai_azure_ai_azure_ai".
    words = re.split(r"[\W_]+", text.lower())
    return max(Counter(zip(words, words[1:], words[2:], strict=False)).values(), default=0) > 2


def _badly_asked(question: str) -> Reason | None:
    if not question.endswith(("?", "\uff1f")) or len(question) > _LONGEST_QUESTION or len(sentences_of(question)) > 2:
        return "no_question"
    return "refers_to_the_passage" if _REFERS.search(question) else None


def _is_answered(candidate: Candidate, own: frozenset[str]) -> bool:
    if candidate.before is not None and not _follows(candidate.question, candidate.before, own):
        return False
    if candidate.kind == "boolean":
        return candidate.answer in {"yes", "no"} and _CLOSED.match(candidate.question) is not None
    if _says_the_same(candidate.answer, candidate.question):
        return False
    if candidate.kind == "short" and len(candidate.answer.split()) > _SHORT_WORDS:
        return False
    return _covered(candidate.answer, own) >= SUPPORTED_FROM


def _follows(question: str, before: tuple[str, str], own: frozenset[str]) -> bool:
    asked, answered = before
    if _says_the_same(answered, asked) or _says_the_same(question, asked):
        return False
    return _FOLLOWS.search(question) is not None and _covered(answered, own) >= SUPPORTED_FROM


def _says_the_same(text: str, question: str) -> bool:
    """Tell whether a text is the question once more, as small models answer."""
    words, asked = frozenset(claims_of(text)), frozenset(claims_of(question))
    return len(words & asked) >= SAME_FROM * len(words | asked)


class Known:
    """The questions that were taken, to tell whether another one asks the same: in its words, or in others that mean the same.

    Meanings are vectors, and two are the same from a cosine on. With bge-small-en-v1.5 and the pairs of questions written by hand in
    ``tests/support/question_pairs.py``, of 30 that ask the same in other words 19 have 0.93 or more, and of 40 that look alike and ask
    for something else one has ("When was the company founded?" and "Where …"). From 0.90 on it is 24 and 7, from 0.95 on 15 and none. A
    question that is refused wrongly costs another passage; one that is taken twice counts twice in every measurement.

    Args:
        embed: returns a vector for each text.
        alike: the cosine.
    """

    def __init__(self, embed: Callable[[Sequence[str]], Sequence[Sequence[float]]], alike: float) -> None:
        self._embed = embed
        self._alike = alike
        self._taken: dict[str, int] = {}
        self._rows: dict[str, int] = {}
        self._texts: list[str] = []
        self._vectors: Any = None
        self._sizes: list[int] = []
        self._rows_with: dict[str, list[int]] = {}
        self._same: dict[str, list[str]] = {}

    def learn(self, texts: Sequence[str]) -> None:
        """Embed texts and compare them with each other and with all that is known.

        Those that were taken and are not known here, as when a job goes on, are embedded, too.
        """
        import numpy as np  # server extra

        if not texts:
            return
        self._remember([text for text in dict.fromkeys((*self._taken, *texts)) if text not in self._rows])
        rows = [self._rows[text] for text in texts]
        means = self._vectors @ self._vectors[rows].T >= self._alike - _TINY
        words = dict.fromkeys(word for text in texts for word in claims_of(text))
        has = np.zeros((len(self._rows), len(words)), dtype=np.float32)
        for column, word in enumerate(words):
            has[self._rows_with[word], column] = 1
        shared, sizes = has @ has[rows].T, np.asarray(self._sizes)
        same = means | (shared >= SAME_FROM * (sizes[:, None] + sizes[rows] - shared))
        self._same = {text: [self._texts[row] for row in np.flatnonzero(same[:, column])] for column, text in enumerate(texts)}

    def same(self, text: str, also: Sequence[str] = ()) -> str | None:
        """Return a question that asks the same, of those that were taken and `also` these; None when no one does.

        `learn` it and `also` these before, together.
        """
        same = self._same[text]
        taken = [other for other in same if other in self._taken]
        if taken:
            return min(taken, key=lambda other: self._taken[other])
        return next((other for other in also if other in same), None)

    def add(self, text: str) -> None:
        """Take a question."""
        self._taken.setdefault(text, len(self._taken))

    def _remember(self, texts: Sequence[str]) -> None:
        """Give texts that are not known a row each: their vectors, and which words they have."""
        import numpy as np  # server extra

        if not texts:
            return
        vectors = np.asarray(self._embed(texts), dtype=np.float32)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), _TINY)
        self._vectors = vectors if self._vectors is None else np.concatenate([self._vectors, vectors])
        for text in texts:
            words = claims_of(text)
            for word in words:
                self._rows_with.setdefault(word, []).append(len(self._texts))
            self._rows[text] = len(self._texts)
            self._texts.append(text)
            self._sizes.append(len(words))


def _covered(text: str, own: frozenset[str]) -> float:
    words = claims_of(text)
    if not words or any(word[0].isdigit() and word not in own for word in words):
        return 0.0
    return sum(word in own for word in words) / len(words)
