"""The report of a comparison, from answers and scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from flowyard.evaluation.comparing.answers import Answer
from flowyard.evaluation.comparing.questions import Question
from flowyard.evaluation.comparing.scoring import Scores
from flowyard.evaluation.comparing.verdicts import in_words, pairs
from flowyard.evaluation.latency import percentile
from flowyard.evaluation.model import EvaluatorInfo
from flowyard.evaluation.statistics import mean_interval
from flowyard.wire.model_comparisons import ComparedMeasure, ComparedModel, ComparedRow, ModelComparison
from flowyard.wire.shared import Money

#: Characters of a question or answer that are kept with a row.
_KEPT = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """All that was asked, answered and scored: answers by model, scores by model and evaluator."""

    questions: Sequence[Question]
    answers: Mapping[str, Sequence[Answer]]
    scores: Mapping[str, Mapping[str, Scores]]
    infos: Sequence[EvaluatorInfo]
    warnings: Sequence[str] = ()


def report_of(begun: ModelComparison, found: Collected, costs: Mapping[str, int | None], least: float | None) -> ModelComparison:
    """Return the comparison with its results, the pairs and the verdict. `costs` are by model, in millionths of a US dollar."""
    results = tuple(_model(model, found, costs[model]) for model in begun.models)
    made = pairs(found.infos, found.scores, begun.models, least)
    failed = [
        f"{result.model} did not answer {result.failed:,} of {begun.rows:,} rows, which are in no score of its: {result.first_error}"
        for result in results
        if result.failed
    ]
    return replace(begun, results=results, pairs=made, verdict=in_words(made, results), warnings=(*failed, *found.warnings))


def rows_of(found: Collected, models: Sequence[str]) -> tuple[ComparedRow, ...]:
    """Return every row with all answers and scores."""
    answered = {model: {answer.line: answer for answer in found.answers[model]} for model in models}
    return tuple(_row(question, answered, found, models) for question in found.questions)


def _row(question: Question, answered: Mapping[str, Mapping[int, Answer]], found: Collected, models: Sequence[str]) -> ComparedRow:
    given = {model: answered[model].get(question.line) for model in models}
    return ComparedRow(
        line=question.line,
        question=question.text[:_KEPT],
        ground_truth=None if question.ground_truth is None else question.ground_truth[:_KEPT],
        answers={model: None if answer is None or answer.text is None else answer.text[:_KEPT] for model, answer in given.items()},
        scores={
            model: {key: value for by_line in found.scores[model].values() for key, value in by_line.get(question.line, {}).items()}
            for model in models
        },
        errors={model: answer.error for model, answer in given.items() if answer is not None and answer.error is not None},
    )


def _model(model: str, found: Collected, cost: int | None) -> ComparedModel:
    answers = found.answers[model]
    good = [answer for answer in answers if answer.error is None]
    times = sorted(answer.duration_ms for answer in good)
    completion, spent = sum(answer.completion_tokens for answer in good), sum(times) / 1000
    return ComparedModel(
        model=model,
        completed=len(good),
        failed=len(answers) - len(good),
        scores={
            measure.key: _measure([values[measure.key] for values in scores.values() if measure.key in values])
            for info in found.infos
            for measure in info.measures
            for scores in [found.scores[model].get(info.name, {})]
        },
        latency_p50_ms=round(percentile(times, 50), 1) if times else None,
        latency_p95_ms=round(percentile(times, 95), 1) if times else None,
        tokens_per_s=round(completion / spent, 1) if spent else None,
        prompt_tokens=sum(answer.prompt_tokens for answer in good),
        completion_tokens=completion,
        cost=None if cost is None else Money(micros=str(cost)),
        first_error=next((answer.error for answer in answers if answer.error is not None), None),
    )


def _measure(values: Sequence[float]) -> ComparedMeasure:
    interval = mean_interval(values)
    return ComparedMeasure(
        mean=fmean(values) if values else None,
        low=None if interval is None else interval[0],
        high=None if interval is None else interval[1],
        rows=len(values),
    )
