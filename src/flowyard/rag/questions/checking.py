"""Which questions are good: understood alone, answered by their passage, and no other asks the same.

What counts as answered is what counts as supported in an answer (`rag.tool.grounding`): it needs no model, so that a weak one cannot pass
its own work.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal

from flowyard.rag.model import Chunk
from flowyard.rag.tool.grounding import SUPPORTED_FROM
from flowyard.rag.tool.injection import flags_of
from flowyard.rag.tool.words import claims_of, sentences_of
from flowyard.wire.index_questions import GeneratedKind

Reason = Literal[
    "unreadable", "no_question", "refers_to_the_passage", "not_answered", "off_the_passage", "duplicate", "speaks_to_the_model", "failed"
]
#: The share of a question's words that its passage must have, with its headings.
ABOUT_FROM = 0.5
#: Two questions are the same when so much of all their words is shared (Jaccard).
SAME_FROM = 0.75
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

    def row(self) -> dict[str, Any]:
        """Return it as a row of a question set."""
        chunk = self.chunk
        found: dict[str, Any] = {
            "question": self.question,
            "answer": self.answer,
            "context": f"{chunk.prefix}{chunk.text}",
            "kind": self.kind,
            "document": chunk.document,
            "start": chunk.stretch.start,
            "end": chunk.stretch.end,
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
    if len(claims_of(f"{first} {candidate.question}")) < _LEAST_WORDS:
        return "no_question"
    own = frozenset(claims_of(f"{' '.join(candidate.chunk.headings)} {candidate.chunk.prefix} {candidate.chunk.text}"))
    if _covered(f"{first} {candidate.question}", own) < ABOUT_FROM:
        return "off_the_passage"
    return None if _is_answered(candidate, own) else "not_answered"


def _badly_asked(question: str) -> Reason | None:
    if not question.endswith(("?", "\uff1f")) or len(question) > _LONGEST_QUESTION or len(sentences_of(question)) > 2:
        return "no_question"
    return "refers_to_the_passage" if _REFERS.search(question) else None


def _is_answered(candidate: Candidate, own: frozenset[str]) -> bool:
    if candidate.before is not None and (not _FOLLOWS.search(candidate.question) or _covered(candidate.before[1], own) < SUPPORTED_FROM):
        return False
    if candidate.kind == "boolean":
        return candidate.answer in {"yes", "no"} and _CLOSED.match(candidate.question) is not None
    if candidate.kind == "short" and len(candidate.answer.split()) > _SHORT_WORDS:
        return False
    return _covered(candidate.answer, own) >= SUPPORTED_FROM


class Known:
    """The questions that were taken, to tell whether another one asks the same."""

    def __init__(self) -> None:
        self._taken: list[frozenset[str]] = []

    def add(self, candidate: Candidate) -> bool:
        """Take a question; False when one that asks the same was taken before."""
        words = frozenset(claims_of(candidate.question if candidate.before is None else f"{candidate.before[0]} {candidate.question}"))
        if any(len(words & other) >= SAME_FROM * len(words | other) for other in self._taken):
            return False
        self._taken.append(words)
        return True


def _covered(text: str, own: frozenset[str]) -> float:
    words = claims_of(text)
    if not words or any(word[0].isdigit() and word not in own for word in words):
        return 0.0
    return sum(word in own for word in words) / len(words)
