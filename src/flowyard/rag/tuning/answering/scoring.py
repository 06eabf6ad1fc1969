"""How good answers are: each scored by itself, and figures over several."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

from flowyard.evaluation.citations import CitationsEvaluator, claims_in
from flowyard.evaluation.f1_score import f1, normalized
from flowyard.evaluation.latency import percentile
from flowyard.rag.measuring.report import mean_of
from flowyard.rag.tuning.trialing import Observed
from flowyard.wire.index_measurements import MeasuredMean
from flowyard.wire.index_tunings import AnswerFigures, AnswerMeasure
from flowyard.wire.runs import RunLine
from flowyard.wire.shared import Money

_citations = CitationsEvaluator()


@dataclass(frozen=True, slots=True)
class Answer(Observed):
    """An answer to one question: its score, the milliseconds and tokens of the flow, and what the score is made of.

    `text`: the answer; `said`: it claims something. Its measures are None where the answer, or the question, has no such thing.
    """

    failed: bool
    said: bool
    measures: Mapping[str, float | None]
    text: str
    prompt_tokens: int
    completion_tokens: int
    cost_micros: int | None


def scored(line: RunLine, output: str, passages: Sequence[Mapping[str, Any]], right: str | None, measure: AnswerMeasure) -> Answer:
    """Score an answer.

    Args:
        line: of the run that has it.
        output: of the flow, which is the answer.
        passages: what the flow was given, in the order of their numbers.
        right: the right answer, where it is known.
        measure: what is to be high; 0 for an answer that has none of it.
    """
    answer = line.outputs.get(output) if line.status == "completed" else None
    text = "" if answer is None else str(answer)
    found = _citations(response=text, context=list(passages)) if text.strip() else {}
    measures = {name: found.get(name) for name in ("supported_claims", "citation_recall", "citation_precision")}
    measures["f1_score"] = None if right is None or not text.strip() else f1(normalized(text), normalized(right))
    return Answer(
        score=measures.get(measure) or 0.0,
        ms=line.duration_ms,
        tokens=line.prompt_tokens + line.completion_tokens,
        failed=not text.strip(),
        said=bool(claims_in(text)),
        measures=measures,
        text=text,
        prompt_tokens=line.prompt_tokens,
        completion_tokens=line.completion_tokens,
        cost_micros=line.cost_micros,
    )


def with_judgement(answer: Answer, said: Mapping[str, float | None], measure: AnswerMeasure) -> Answer:
    """Return an answer with what a judge said of it."""
    measures = {**answer.measures, **said}
    return replace(answer, measures=measures, score=measures.get(measure) or 0.0)


def figures(answers: Sequence[Answer]) -> AnswerFigures:
    """Return the figures of at least one answer."""
    given = [one for one in answers if not one.failed]
    costs = [one.cost_micros for one in answers if one.cost_micros is not None]
    times = sorted(one.ms for one in answers)

    def mean(value: Callable[[Answer], float]) -> float:
        return round(fmean(value(one) for one in answers), 1)

    return AnswerFigures(
        questions=len(answers),
        failed=len(answers) - len(given),
        score=mean_of([one.score for one in answers]),
        unknown=sum(not one.said for one in given) / len(given) if given else 0.0,
        supported_claims=_mean(given, "supported_claims"),
        citation_recall=_mean(given, "citation_recall"),
        citation_precision=_mean(given, "citation_precision"),
        f1_score=_mean(given, "f1_score"),
        groundedness=_mean(given, "groundedness"),
        relevance=_mean(given, "relevance"),
        prompt_tokens=mean(lambda one: one.prompt_tokens),
        completion_tokens=mean(lambda one: one.completion_tokens),
        cost=Money(micros=str(round(fmean(costs)))) if len(costs) == len(answers) else None,
        latency_p50_ms=round(percentile(times, 50), 2),
        latency_p95_ms=round(percentile(times, 95), 2),
    )


def _mean(answers: Sequence[Answer], measure: str) -> MeasuredMean | None:
    values = [value for one in answers if (value := one.measures.get(measure)) is not None]
    return mean_of(values) if values else None
