"""The report of a search: what each configuration found, the frontier, what is recommended, and what that rests on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean, stdev
from typing import Any, Generic, TypeVar

from flowyard.evaluation.differences import Difference, holm, paired_difference
from flowyard.evaluation.latency import percentile
from flowyard.rag.measuring.report import mean_of
from flowyard.rag.tuning.effects import shown
from flowyard.rag.tuning.halving import Standing, frontier
from flowyard.rag.tuning.trialing import Observed
from flowyard.wire.index_tunings import ConfirmedDifference, IndexConfiguration, TuningEffect, TuningFactor, TuningMeasure, TuningTrial

_LEVEL = 0.05
T = TypeVar("T", bound=Observed)
_NAMES: dict[TuningFactor, str] = {
    "chunks": "cutting",
    "embedding_model": "embedding model",
    "kind": "search",
    "vector_weight": "weight of vectors",
    "top_k": "number of chunks",
    "rerank": "reranking",
    "prompt": "prompt",
}


@dataclass(slots=True, kw_only=True)
class Measured(Generic[T]):
    """What something found so far: of the questions that are chosen by, and of those that are held out."""

    rungs: int = 0
    seen: list[T] = field(default_factory=list[T])
    held_out: list[T] = field(default_factory=list[T])

    def standing(self) -> Standing:
        """Return where it stands by the questions that are chosen by."""
        return Standing(
            score=fmean(each.score for each in self.seen),
            latency_ms=percentile(sorted(each.ms for each in self.seen), 50),
            context_tokens=fmean(each.tokens for each in self.seen),
        )


@dataclass(slots=True)
class Tried(Measured[Observed]):
    """A configuration, and what it found."""

    configuration: IndexConfiguration


def frontier_of(tried: Sequence[Measured[Any]]) -> list[int]:
    """Return the places of the frontier, of those that came to the last rung."""
    last = _last(tried)
    return [last[place] for place in frontier([tried[place].standing() for place in last])]


def trials(tried: Sequence[Tried]) -> tuple[TuningTrial, ...]:
    """Return what was found of each, the present configuration first."""
    best = frontier_of(tried)
    differences = confirmed(tried)
    return tuple(
        replace(_trial(f"c{place + 1}", one), frontier=place in best, difference=differences.get(place)) for place, one in enumerate(tried)
    )


def recommended(tried: Sequence[Measured[Any]]) -> int:
    """Return the place of the shortest, then fastest of those that are within one standard error of the best (see `IndexTuning`)."""
    last = _last(tried)
    best = max(last, key=lambda place: tried[place].standing().score)
    scores = [each.score for each in tried[best].seen]
    error = stdev(scores) / math.sqrt(len(scores)) if len(scores) > 1 else 0.0
    near = [place for place in last if tried[place].standing().score >= fmean(scores) - error]
    return min(near, key=lambda place: (tried[place].standing().context_tokens, tried[place].standing().latency_ms, place))


def sentences(found: Sequence[TuningTrial], best: TuningTrial, measure: TuningMeasure, *, last: bool) -> tuple[str, ...]:
    """Return what was found of configurations, in words; `last`: nothing else is tried, so that what is best of them is recommended."""
    present, told = found[0], list[str]()
    word = "is recommended" if last else "is best by what is found alone"
    if best.id == present.id:
        told.append(f"The present configuration {word}: nothing shorter or faster comes within one standard error of the best.")
    else:
        told.append(f"{best.id} {word}: {described(best.configuration)}. {confirmation(best.difference, best.score.mean, measure)}")
        tokens = best.context_tokens - present.context_tokens
        told.append(
            f"A model is given {abs(tokens):,.0f} tokens {'fewer' if tokens < 0 else 'more'} a question, and a search takes "
            f"{best.latency_p50_ms:.1f} ms where it took {present.latency_p50_ms:.1f}."
        )
    return tuple(told)


def told_effects(effects: Sequence[TuningEffect]) -> tuple[str, ...]:
    """Return in words what choices do, and of which no effect is shown."""
    told: list[str] = []
    mattering = sorted((each for each in effects if each.matters), key=lambda each: -abs(each.effect))
    if mattering:
        each = "; ".join(f"{_NAMES[one.factor]} {one.value} instead of {one.baseline}, {100 * one.effect:+.1f}" for one in mattering[:3])
        told.append(f"What mattered most, in points: {each}.")
    shown_of = {each.factor for each in mattering}
    factors: dict[TuningFactor, None] = {each.factor: None for each in effects}
    noise = [_NAMES[factor] for factor in factors if factor not in shown_of]
    if noise:
        told.append(f"No effect is shown of {', '.join(noise)}.")
    return tuple(told)


def _last(tried: Sequence[Measured[Any]]) -> list[int]:
    most = max(one.rungs for one in tried)
    return [place for place, one in enumerate(tried) if one.rungs == most]


def described(configuration: IndexConfiguration) -> str:
    """Return a configuration in a few words."""
    weight = f" (vectors {configuration.vector_weight:g})" if configuration.kind == "hybrid" else ""
    rerank = "" if configuration.rerank is None else f", reranked by {configuration.rerank}"
    cut = f"chunks of {shown(configuration.chunks)} by {configuration.embedding_model}"
    return f"{cut}, {configuration.kind} search{weight}, the best {configuration.top_k}{rerank}"


def _trial(name: str, one: Tried) -> TuningTrial:
    times = sorted(each.ms for each in [*one.seen, *one.held_out])
    return TuningTrial(
        id=name,
        configuration=one.configuration,
        rungs=one.rungs,
        questions=len(one.seen),
        score=mean_of([each.score for each in one.seen]),
        confirmed=mean_of([each.score for each in one.held_out]) if one.held_out else None,
        latency_p50_ms=round(percentile(times, 50), 2),
        latency_p95_ms=round(percentile(times, 95), 2),
        context_tokens=round(fmean(each.tokens for each in [*one.seen, *one.held_out]), 1),
    )


def confirmed(tried: Sequence[Measured[Any]]) -> dict[int, ConfirmedDifference]:
    """Return by place the differences to the first on the questions that are held out, with Holm's correction."""
    present = [each.score for each in tried[0].held_out]
    places = [place for place, one in enumerate(tried) if place and one.held_out]
    pairs = [zip(tried[place].held_out, present, strict=True) for place in places]
    seen = [paired_difference([each.score - before for each, before in one]) for one in pairs]
    p_values = holm([_p_value(one) for one in seen])
    return {place: _difference(one, p) for place, one, p in zip(places, seen, p_values, strict=True) if one is not None}


def _p_value(one: Difference | None) -> float | None:
    """Return a t-test's p value; of differences that are all one number, which have none, 1 where that is 0 and else 0."""
    if one is None or one.p_value is not None:
        return None if one is None else one.p_value
    return 1.0 if one.mean == 0 else 0.0


def _difference(one: Difference, p_value: float | None) -> ConfirmedDifference:
    shown_ = p_value is not None and p_value < _LEVEL
    verdict = ("better" if one.mean > 0 else "worse") if shown_ else "no_difference_shown"
    return ConfirmedDifference(difference=one.mean, low=one.low, high=one.high, p_value=p_value, verdict=verdict)


def confirmation(one: ConfirmedDifference | None, chosen_by: float, measure: str) -> str:
    """Return in words what questions say that nothing was chosen by; `chosen_by` is the mean of the others, 0 to 1."""
    if one is None:
        score = f"{measure} of {100 * chosen_by:.1f} points"
        return f"Its {score} is that of the questions it was chosen by, so it is too high by an unknown amount."
    interval = "" if one.low is None or one.high is None else f", 95 % interval {100 * one.low:+.1f} to {100 * one.high:+.1f}"
    told = "On questions that nothing was chosen by"
    if one.verdict != "no_difference_shown":
        return f"{told} it is {one.verdict} by {100 * abs(one.difference):.1f} points of {measure}{interval}."
    return f"{told} no difference to the present one is shown ({100 * one.difference:+.1f} points{interval})."
