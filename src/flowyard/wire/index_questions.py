"""Questions and answers that a model makes of the documents of an index."""

from dataclasses import dataclass, field
from typing import Literal

#: The tag of a data asset that is a question set: the index that its questions are about.
QUESTIONS_OF = "questions-of"
#: Why a set has no more questions, by how its generation ended.
WHY_NO_MORE = {"complete": "", "exhausted": "the passages gave no more", "budget": "the budget of tokens was used up"}
GeneratedKind = Literal["short", "long", "boolean", "summary", "conversation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionGeneration:
    """Make a question set of a version's documents.

    Attributes:
        model: the chat model that writes: a local one, or ``<connection>/<model>``.
        name: the data asset; ``<index>-questions`` without one.
        version: of the index, or a label.
        count: how many questions, 1 to 5,000.
        kinds: ``short`` (an answer of a few words), ``long`` (of sentences), ``boolean`` (yes or no, as many of each as can be),
            ``summary`` (of the passage), ``conversation`` (a question that follows up another).
        shares: how many parts each of `kinds` has, in their order, 1 to 1,000; without them equal ones.
        same_meaning: a question is refused whose vector by the index's embedding model has this cosine or more with that of one that was
            taken, from 0.5 to 1. 0.93 was measured with bge-small-en-v1.5; other models spread their cosines otherwise.
        seed: the same seed takes the same passages.
        max_tokens: prompt and completion tokens at most, all calls together; what there is by then is the set.
    """

    model: str
    name: str | None = None
    version: str = "latest"
    count: int = 50
    kinds: tuple[GeneratedKind, ...] = ("short", "long", "boolean", "summary", "conversation")
    shares: tuple[int, ...] = ()
    same_meaning: float = 0.93
    seed: int = 1
    max_tokens: int = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDocuments:
    """Documents that questions name, by their keys, 10,000 at most."""

    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingDocument:
    """A document that questions name and a version has no text of, as far as the caller may see.

    Attributes:
        why: why it could not be read; None when there is no such document.
        meant: the key of a document that is there and may be meant: the same name in another folder, or (of the first few) a similar one.
    """

    document: str
    why: str | None = None
    meant: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedQuestion:
    """A question that was not taken. `same_as`: of a ``duplicate``, the one of the set that means the same."""

    question: str
    kind: GeneratedKind
    document: str
    reason: str
    same_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedQuestions:
    """What a generation made.

    Attributes:
        data: the version of the data asset; None when not one question was good.
        questions: how many of each kind it has.
        rejected: how many were not taken, by reason; `refused` are the first of them that can be read.
        asked: passages that the model was asked about; `documents` they are of.
        tokens: prompt and completion tokens of all calls.
        ended: ``complete``; ``exhausted``: the passages gave no more; ``budget``: the tokens were used up.
    """

    data: str | None
    questions: dict[str, int]
    rejected: dict[str, int] = field(default_factory=dict[str, int])
    refused: tuple[RefusedQuestion, ...] = ()
    asked: int = 0
    documents: int = 0
    tokens: int = 0
    ended: Literal["complete", "exhausted", "budget"] = "complete"
