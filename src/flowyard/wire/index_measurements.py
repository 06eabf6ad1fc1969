"""What an index finds of a set of questions: measured, and compared."""

from dataclasses import dataclass, field
from typing import Literal

from flowyard.wire.indexes import IndexSearchKind


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexMeasurementCreate:
    """Measure a version of an index.

    Attributes:
        questions: a data asset of questions, ``azureml:<name>:<version>`` or with a label: rows with ``question`` and one of ``document``
            (with ``start`` and ``end`` where they are known), ``documents``, ``context``.
        version: of the index, or a label.
        kinds: of search.
        max_questions: from the beginning of the data at most, 1 to 10,000.
        rerank: the reranking model that orders the best 30 of each search anew: a local one, or ``<connection>/<model>``. None: none does.
    """

    questions: str
    version: str = "latest"
    kinds: tuple[IndexSearchKind, ...] = ("hybrid", "vector", "text")
    max_questions: int = 1000
    rerank: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredMean:
    """A mean over questions with its 95 % interval, which fewer than two questions have not."""

    mean: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredSearch:
    """What one kind of search found.

    Attributes:
        kind: of search.
        scores: by measure: ``ndcg@10``, ``mrr`` (of the first ten), and ``hit_rate``, ``precision``, ``recall``, ``ndcg`` at 1, 3, 5, 10.
        latency_p50_ms, latency_p95_ms: of a search, without the embedding of its question; with reranking, where that was asked for.
    """

    kind: IndexSearchKind
    scores: dict[str, MeasuredMean]
    latency_p50_ms: float
    latency_p95_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexMeasurement:
    """What a version of an index finds. Its id is that of its job; while that runs it has no `searches`.

    Attributes:
        data: the version of the question set that is meant.
        questions: how many were asked.
        unanswerable: of these, how many the version has no chunk for: their documents are not in it, or could not be read.
        left_out: rows of the data that are no questions; `warnings` has the first, and the first documents that the version does not have.
        rerank: the reranking model that ordered what each search found; None: none did.
        rule: the version of what is counted of questions with a span. 1: the chunks that answer; 2: the characters that do, each once.
    """

    id: str
    status: Literal["running", "completed"]
    index: str
    version: str
    data: str
    started_at: str
    ended_at: str | None = None
    questions: int = 0
    unanswerable: int = 0
    left_out: int = 0
    searches: tuple[MeasuredSearch, ...] = ()
    rerank: str | None = None
    rule: int = 1
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredHit:
    """A chunk that was found for a question, and whether it answers it; `gain`: the share of the question's span that it adds."""

    chunk: str
    document: str
    relevant: bool
    gain: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredQuestion:
    """What was found for one question.

    Attributes:
        there: how many chunks of the version answer it; of a question without a span, how many documents.
        best: the shares of a question's span that the version's chunks add in the best order, the first ten; empty without a span.
        found: the best ten chunks of each kind of search; of a question without a span the best chunk of each of their documents.
    """

    line: int
    question: str
    documents: tuple[str, ...]
    there: int
    best: tuple[float, ...] = ()
    found: dict[str, tuple[MeasuredHit, ...]] = field(default_factory=dict[str, tuple[MeasuredHit, ...]])


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredDifference:
    """Two measurements on the same questions: the mean difference question by question (`after` less `before`) with its 95 % interval.

    Attributes:
        verdict: ``better`` or ``worse`` where the interval is beyond 0.
        questions_needed: how many would show a difference of `least` with a power of 80 %; None where one was shown.
        sentence: the same in words.
    """

    measure: str
    kind: IndexSearchKind
    before: float
    after: float
    difference: float
    low: float | None
    high: float | None
    questions: int
    verdict: Literal["better", "worse", "no_difference_shown"]
    least: float
    questions_needed: int | None
    sentence: str
