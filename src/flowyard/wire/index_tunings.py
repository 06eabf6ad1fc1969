"""A search over configurations of an index: what is tried, and what it found."""

from dataclasses import dataclass
from typing import Literal

from flowyard.wire.index_measurements import MeasuredMean
from flowyard.wire.indexes import ChunkRecipe, IndexSearchKind
from flowyard.wire.shared import Money

TuningMeasure = Literal["ndcg", "hit_rate", "mrr", "recall"]
TuningFactor = Literal["chunks", "embedding_model", "kind", "vector_weight", "top_k", "rerank", "prompt"]
AnswerMeasure = Literal["supported_claims", "citation_recall", "f1_score", "groundedness", "relevance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningSpace:
    """What is tried: every combination of these. The configuration that the index has now is always one of them.

    Attributes:
        chunks: ways of cutting. Empty: the present one, one with chunks of half as many tokens, one of up to twice as many, and windows of
            one length.
        embedding_models: as ``/v1/embeddings`` knows them. Empty: the index's.
        kinds: of search.
        vector_weights: the share of vectors in a hybrid search, 0 to 1; 0.5 is plain reciprocal rank fusion.
        top_k: how many chunks a model is given: 1, 3, 5 or 10.
        rerank: reranking models as ``/v1/rerank`` knows them; None is none.
    """

    chunks: tuple[ChunkRecipe, ...] = ()
    embedding_models: tuple[str, ...] = ()
    kinds: tuple[IndexSearchKind, ...] = ("hybrid", "vector", "text")
    vector_weights: tuple[float, ...] = (0.3, 0.5, 0.7)
    top_k: tuple[int, ...] = (3, 5, 10)
    rerank: tuple[str | None, ...] = (None,)


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningAnswersCreate:
    """Have a flow answer by the best configurations, with variants of its prompt: the flow has one node that looks something up.

    That node is given what each configuration found; everything else of the flow runs as it is, as a run of the workspace.

    Attributes:
        flow: a flow of the workspace.
        variants: of one of its nodes, ``${node.variant_id}`` or ``all:node``; empty: the flow as it is.
        measure: what is to be high: the share of an answer's claims that the passages support (``supported_claims``) or that the ones
            that it cites do (``citation_recall``), 0 for an answer without a claim, such as "I don't know"; or the words that it has in
            common with the right answer (``f1_score``), which each question then needs; or what a judge says of it (``groundedness``,
            ``relevance``: 1 to 5 as 0 to 1).
        output: of the flow, which is the answer; empty: the chat output, ``answer``, or the only one.
        max_finalists: configurations that are answered by, the present one among them, 1 to 10.
        max_answers: of all configurations, variants and questions together, 10 to 100,000. Each costs a run of the flow.
        judge: a model that scores groundedness and relevance of each answer that claims something, as ``/v1`` knows it; empty: none.
        max_judge_tokens: of all its calls, two for an answer; 1,000 or more. What it has not judged by then is not.
    """

    flow: str
    variants: tuple[str, ...] = ()
    measure: AnswerMeasure = "supported_claims"
    output: str = ""
    max_finalists: int = 3
    max_answers: int = 200
    judge: str = ""
    max_judge_tokens: int = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexTuningCreate:
    """Search for a better configuration.

    Attributes:
        questions: a question set, as a measurement takes it.
        version: of the index, or a label: whose documents are cut anew.
        measure: what is to be high, of the `top_k` chunks that a configuration gives.
        max_configurations: of a space that has more, so many are drawn, 2 to 500.
        max_indexes: how many ways of cutting and embedding are built for the search besides the present one, 0 to 20.
        max_questions: from the beginning of the data at most, 1 to 5,000.
        max_minutes: of work. What was not begun by then is left out, and the report says so.
        seed: of all draws.
        answers: what answers are tried with; None: only what is found is measured.
    """

    questions: str
    version: str = "latest"
    space: TuningSpace = TuningSpace()
    measure: TuningMeasure = "ndcg"
    max_configurations: int = 120
    max_indexes: int = 6
    max_questions: int = 500
    max_minutes: float = 60.0
    seed: int = 1
    answers: TuningAnswersCreate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexConfiguration:
    """How documents are cut, embedded, searched, and how much of what is found a model is given."""

    chunks: ChunkRecipe
    embedding_model: str
    kind: IndexSearchKind = "hybrid"
    vector_weight: float = 0.5
    top_k: int = 5
    rerank: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningRung:
    """A step of successive halving: so many configurations on so many questions (those of earlier rungs among them), so many went on."""

    questions: int
    configurations: int
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedDifference:
    """A configuration less the present one, question by question, on questions that nothing was chosen by.

    Attributes:
        p_value: of Student's paired t-test, corrected by Holm for the number of configurations that were confirmed.
        verdict: by that at 5 %.
    """

    difference: float
    low: float | None
    high: float | None
    p_value: float | None
    verdict: Literal["better", "worse", "no_difference_shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningTrial:
    """What was found of one configuration.

    Attributes:
        id: ``c1`` is the present configuration.
        rungs: how many rungs it took part in.
        questions: that the score is of.
        score: of the measure, by which configurations were chosen.
        confirmed: of other questions, by which nothing was chosen: of the frontier only, where there are enough questions.
        difference: of `confirmed` to that of the present configuration.
        latency_p50_ms, latency_p95_ms: of a search with reranking, without the embedding of the question.
        context_tokens: tokens of the chunks that a model is given, a mean: what an answer costs.
        frontier: nothing else that came as far is as good and as fast and as short, and better in one of these.
    """

    id: str
    configuration: IndexConfiguration
    rungs: int
    questions: int
    score: MeasuredMean
    latency_p50_ms: float
    latency_p95_ms: float
    context_tokens: float
    confirmed: MeasuredMean | None = None
    difference: ConfirmedDifference | None = None
    frontier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningEffect:
    """What one choice does, the others being equal: the mean over all pairs of configurations that differ in nothing else.

    Attributes:
        baseline: the value that `value` is compared with: the present one, where it was tried.
        effect: on the measure, of `value` less `baseline`, with its 95 % interval over questions.
        matters: the interval is beyond 0; otherwise it may be noise.
        latency_ms, context_tokens: the differences of the means.
        pairs: of configurations.
    """

    factor: TuningFactor
    value: str
    baseline: str
    effect: float
    low: float | None
    high: float | None
    matters: bool
    latency_ms: float
    context_tokens: float
    pairs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFigures:
    """What a flow answered to some questions. Means are over the questions; None where no answer has the measure.

    Attributes:
        questions: how many were asked, `failed` of them without an answer: these count 0.
        score: of the measure that was to be high.
        unknown: the share of answers that claim nothing, such as "I don't know".
        supported_claims, citation_recall, citation_precision: of answers that claim something (see the evaluator ``citations``).
        f1_score: words in common with the right answer.
        groundedness, relevance: what the judge said, 1 to 5 as 0 to 1, of answers that it judged.
        prompt_tokens, completion_tokens: of all models that the flow called, a mean.
        cost: of a question, a mean; None: of some model no price is known.
        latency_p50_ms, latency_p95_ms: of the whole flow but its lookup.
    """

    questions: int
    failed: int
    score: MeasuredMean
    unknown: float
    supported_claims: MeasuredMean | None
    citation_recall: MeasuredMean | None
    citation_precision: MeasuredMean | None
    f1_score: MeasuredMean | None
    groundedness: MeasuredMean | None = None
    relevance: MeasuredMean | None = None
    prompt_tokens: float
    completion_tokens: float
    cost: Money | None
    latency_p50_ms: float
    latency_p95_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningAnswer:
    """A configuration and a variant of the flow, and how good its answers are.

    Attributes:
        trial: the configuration.
        variant: ``${node.variant_id}``; empty: the flow as it is.
        found: of the questions that were chosen by.
        confirmed: of questions that nothing was chosen by.
        difference: of `confirmed` to that of the present configuration with the first variant.
        recommended: the one that is: of those within one standard error of the best that with the fewest tokens, then the fastest.
    """

    trial: str
    variant: str
    found: AnswerFigures
    confirmed: AnswerFigures | None = None
    difference: ConfirmedDifference | None = None
    recommended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningJudge:
    """The model that judged answers, and what that took.

    Attributes:
        calls: two for each answer.
        cost: None: no price of the model is known.
        left_out: questions that do not count, because of some answer to them there is no score of the measure.
        problem: why the first score that cannot be read cannot.
    """

    model: str
    calls: int
    prompt_tokens: int
    completion_tokens: int
    cost: Money | None = None
    left_out: int = 0
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningAnswers:
    """Answers by the best configurations.

    Attributes:
        flow: what answered, `lookup` its node that was given what was found.
        runs: the runs with every question, answer and trace: of the questions that were chosen by, then of the others.
        tried: configurations and variants, the present one with the first variant first.
        stopped: why there are fewer than were asked for; None: there are not.
        judge: who judged; None: nobody.
    """

    flow: str
    lookup: str
    measure: AnswerMeasure
    variants: tuple[str, ...]
    runs: tuple[str, ...] = ()
    tried: tuple[TuningAnswer, ...] = ()
    stopped: str | None = None
    judge: TuningJudge | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningIndex:
    """A way of cutting and embedding that was tried. `reused`: it is the version's own, nothing was built."""

    chunks: ChunkRecipe
    embedding_model: str
    reused: bool
    count: int
    tokens: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexTuning:
    """A search over configurations. Its id is that of its job; while that runs it has no `trials`.

    Attributes:
        questions: how many there were to choose by, and `held_out` to confirm by.
        space: how many configurations the space has; `configurations` of them were tried.
        stopped: why the search ended before its last rung; None when it did not.
        recommended: the id of the trial that is: the shortest, then fastest of those within one standard error of the best (Breiman,
            Friedman, Olshen and Stone 1984, Classification and Regression Trees, 3.4.3); where answers were tried, that of the
            recommended one of these.
        answers: by the best configurations; None: none were asked for.
        sentences: what was found, in words.
    """

    id: str
    status: Literal["running", "completed"]
    index: str
    version: str
    data: str
    measure: TuningMeasure
    started_at: str
    ended_at: str | None = None
    questions: int = 0
    held_out: int = 0
    space: int = 0
    configurations: int = 0
    indexes: tuple[TuningIndex, ...] = ()
    rungs: tuple[TuningRung, ...] = ()
    trials: tuple[TuningTrial, ...] = ()
    effects: tuple[TuningEffect, ...] = ()
    recommended: str | None = None
    answers: TuningAnswers | None = None
    stopped: str | None = None
    sentences: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningAdoptionCreate:
    """Make a flow of what a search found: where answers were tried, of the flow that gave them, else of the template about documents.

    Attributes:
        flow: the flow's name.
        trial: the trial whose configuration is its default; None: the recommended one.
        variant: the variant that is its default, ``${node.variant_id}``; None: of the answers of that trial the best one.
    """

    flow: str
    trial: str | None = None
    variant: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningAdoption:
    """A flow that answers by a configuration, with the others of the frontier that ask the same index as variants.

    `job` builds the version of the index that is cut so; None: there is one. Until it ends, the flow asks the version before; with another
    embedding model it is a new index, `index`, and the flow finds nothing until then. `variants` are of its node that looks something up;
    `variant` is the default of the other one that has some, ``${node.variant_id}``.
    """

    flow: str
    trial: str
    index: str
    variants: int
    variant: str = ""
    job: str | None = None
