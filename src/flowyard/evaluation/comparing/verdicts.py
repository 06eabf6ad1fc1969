"""What the differences between models show, in numbers and in plain words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flowyard.evaluation.comparing.scoring import Scores
from flowyard.evaluation.differences import Difference, holm, paired_difference
from flowyard.evaluation.model import EvaluatorInfo, Measure
from flowyard.flows.runs.intervals import LEVEL, rows_needed
from flowyard.flows.runs.verdicts import USUAL_SHARE, shortfall
from flowyard.wire.model_comparisons import ComparedModel, ComparedPair


def pairs(
    infos: Sequence[EvaluatorInfo], scores: Mapping[str, Mapping[str, Scores]], models: Sequence[str], least: float | None
) -> tuple[ComparedPair, ...]:
    """Compare every model with the first in each evaluator's first measure.

    Args:
        infos: the evaluators.
        scores: by model and evaluator.
        models: the first is what the others are compared with.
        least: the difference that matters; None: `USUAL_SHARE` of a measure's range.
    """
    baseline, *others = models
    found: list[tuple[ComparedPair, Measure]] = []
    for info in infos:
        measure = info.measures[0]
        base = scores[baseline].get(info.name, {})
        for model in others:
            mine = scores[model].get(info.name, {})
            shared = [line for line in base if line in mine and measure.key in base[line] and measure.key in mine[line]]
            seen = paired_difference([mine[line][measure.key] - base[line][measure.key] for line in shared])
            found.append((_pair(baseline, model, measure, seen, len(shared), _least(measure, least)), measure))
    corrected = holm([pair.p_value for pair, _ in found])
    return tuple(_decided(replace(pair, adjusted_p=p), measure) for (pair, measure), p in zip(found, corrected, strict=True))


def in_words(made: Sequence[ComparedPair], results: Sequence[ComparedModel]) -> str:
    """Return the whole in plain words: the differences one by one, and who answers fastest."""
    timed = [(result.latency_p50_ms, result.model) for result in results if result.latency_p50_ms is not None]
    sentences = [pair.sentence for pair in made]
    if len(timed) > 1:
        fastest, slowest = min(timed), max(timed)
        sentences.append(f"{fastest[1]} answers fastest (median {fastest[0]:,.0f} ms; the slowest, {slowest[1]}, {slowest[0]:,.0f} ms).")
    return " ".join(sentences)


def _least(measure: Measure, asked: float | None) -> float:
    if asked is not None:
        return asked
    return 0.0 if measure.high is None else USUAL_SHARE * (measure.high - measure.low)


def _pair(baseline: str, model: str, measure: Measure, seen: Difference | None, rows: int, least: float) -> ComparedPair:
    return ComparedPair(
        measure=measure.key,
        baseline=baseline,
        model=model,
        rows=rows,
        difference=None if seen is None else seen.mean,
        low=None if seen is None else seen.low,
        high=None if seen is None else seen.high,
        p_value=None if seen is None else seen.p_value,
        adjusted_p=None,
        verdict="not_comparable",
        least_difference=least,
        rows_needed=None if seen is None else rows_needed(seen.deviation, least),
        sentence="",
    )


def _decided(pair: ComparedPair, measure: Measure) -> ComparedPair:
    if pair.difference is None or pair.low is None or pair.high is None:
        sentence = f"{pair.model} and {pair.baseline} cannot be compared in {pair.measure}: {pair.rows} rows have a score of both."
        return replace(pair, sentence=sentence, rows_needed=None)
    beyond = pair.low > 0 or pair.high < 0
    # Without a spread there is no test: all rows differ by the same.
    shown = beyond and (pair.adjusted_p is None or pair.adjusted_p <= 1 - LEVEL)
    rows = f"{pair.rows:,} rows"
    interval = f"95 % interval {_amount(pair.low, measure)} to {_amount(pair.high, measure)}, {rows}"
    if shown:
        better = (pair.difference > 0) == measure.higher_is_better
        word = "better" if better else "worse"
        size = _with_unit(abs(pair.difference), measure)
        sentence = f"{pair.model} is {word} than {pair.baseline} by {size} in {pair.measure} ({interval})."
        return replace(pair, verdict=word, rows_needed=None, sentence=sentence)
    sentence = f"No difference between {pair.model} and {pair.baseline} is shown in {pair.measure} ({interval})"
    sentence += shortfall(pair.rows_needed, pair.rows, _with_unit(pair.least_difference, measure))
    return replace(pair, verdict="no_difference_shown", sentence=f"{sentence}.")


def _is_share(measure: Measure) -> bool:
    return measure.low == 0 and measure.high == 1


def _amount(value: float, measure: Measure) -> str:
    return f"{100 * value:.1f}" if _is_share(measure) else f"{value:,.2f}"


def _with_unit(value: float, measure: Measure) -> str:
    unit = "points" if _is_share(measure) else measure.unit or ""
    return f"{_amount(value, measure)} {unit}".rstrip()
