"""The report of a measurement, and what lies between two."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean

from flowyard.evaluation.differences import paired_difference
from flowyard.evaluation.latency import percentile
from flowyard.evaluation.statistics import mean_interval
from flowyard.flows.runs.intervals import rows_needed
from flowyard.flows.runs.verdicts import USUAL_SHARE, shortfall
from flowyard.rag.measuring.metrics import Ranking, names, scores
from flowyard.wire.index_measurements import IndexMeasurement, MeasuredDifference, MeasuredMean, MeasuredQuestion, MeasuredSearch
from flowyard.wire.indexes import IndexSearchKind

#: The difference of two means that is taken to matter.
LEAST = USUAL_SHARE
#: What two measurements are compared by.
COMPARED = ("ndcg@10", "mrr", "hit_rate@5", "recall@10")
_BY_CHUNKS = (
    " One of them was measured when chunks that answer were counted, not characters, so both are compared by chunks, which favours long"
    " ones: measure it again."
)


def searches_of(
    questions: Sequence[MeasuredQuestion], kinds: Sequence[IndexSearchKind], times: Mapping[str, Sequence[float]]
) -> tuple[MeasuredSearch, ...]:
    """Return what each kind of search found; `times` are of its searches, in milliseconds."""
    return tuple(_search(questions, kind, sorted(times[kind])) for kind in kinds)


def compared(
    before: IndexMeasurement, after: IndexMeasurement, rows: tuple[Sequence[MeasuredQuestion], Sequence[MeasuredQuestion]]
) -> tuple[MeasuredDifference, ...]:
    """Return the differences between two measurements in what both have measured, by questions that both have asked."""
    earlier, later = ({row.line: row for row in part} for part in rows)
    lines = [line for line in earlier if line in later]
    kinds: list[IndexSearchKind] = [search.kind for search in before.searches if any(search.kind == other.kind for other in after.searches)]
    labels = (_label(before), _label(after))
    found: list[MeasuredDifference] = []
    for kind in kinds:
        pairs = [(_ranking(earlier[line], kind), _ranking(later[line], kind)) for line in lines]
        told = _BY_CHUNKS if any(_mixed(*pair) for pair in pairs) else ""
        each = [_pair(*pair) for pair in pairs]
        differences = [_difference(measure, kind, [(one[measure], other[measure]) for one, other in each], labels) for measure in COMPARED]
        found += [replace(one, sentence=one.sentence + told) for one in differences]
    return tuple(found)


def _label(measured: IndexMeasurement) -> str:
    return f"{measured.index}:{measured.version}" + (f" reranked by {measured.rerank}" if measured.rerank else "")


def _ranking(row: MeasuredQuestion, kind: str) -> Ranking:
    hits = row.found.get(kind, ())
    return Ranking(relevant=[hit.relevant for hit in hits], there=row.there, gains=[hit.gain or 0.0 for hit in hits], best=row.best)


def _mixed(before: Ranking, after: Ranking) -> bool:
    return bool(before.there and after.there) and bool(before.best) != bool(after.best)


def _pair(before: Ranking, after: Ranking) -> tuple[dict[str, float], dict[str, float]]:
    """Return the scores of both; where one was kept without what each chunk adds, both by what is relevant."""
    if _mixed(before, after):
        return scores(before.alike), scores(after.alike)
    return scores(before), scores(after)


def _search(questions: Sequence[MeasuredQuestion], kind: IndexSearchKind, times: list[float]) -> MeasuredSearch:
    each = [scores(_ranking(row, kind)) for row in questions]
    return MeasuredSearch(
        kind=kind,
        scores={name: mean_of([one[name] for one in each]) for name in names()},
        latency_p50_ms=round(percentile(times, 50), 2),
        latency_p95_ms=round(percentile(times, 95), 2),
    )


def mean_of(values: Sequence[float]) -> MeasuredMean:
    """Return a mean over questions with its interval."""
    interval = mean_interval(values)
    return MeasuredMean(mean=fmean(values), low=interval[0] if interval else None, high=interval[1] if interval else None)


def _difference(measure: str, kind: IndexSearchKind, pairs: Sequence[tuple[float, float]], labels: tuple[str, str]) -> MeasuredDifference:
    differences = [after - before for before, after in pairs]
    seen = paired_difference(differences)
    before, after = fmean(pair[0] for pair in pairs), fmean(pair[1] for pair in pairs)
    shown = seen is not None and (seen.low > 0 or seen.high < 0)
    needed = None if shown or seen is None or not any(differences) else rows_needed(seen.deviation, LEAST)
    verdict = ("better" if after > before else "worse") if shown else "no_difference_shown"
    interval = "" if seen is None else f", 95 % interval {100 * seen.low:+.1f} to {100 * seen.high:+.1f}"
    told = f"{measure} of {kind} search ({len(pairs):,} questions{interval})"
    if shown:
        sentence = f"{labels[1]} is {verdict} than {labels[0]} by {100 * abs(after - before):.1f} points in {told}."
    elif not any(differences):
        sentence = f"{labels[0]} and {labels[1]} do equally well on each question in {measure} of {kind} search ({len(pairs):,} questions)."
    else:
        sentence = f"No difference between {labels[0]} and {labels[1]} is shown in {told}"
        sentence += shortfall(needed, len(pairs), f"{100 * LEAST:.1f} points", noun="questions") + "."
    return MeasuredDifference(
        measure=measure,
        kind=kind,
        before=before,
        after=after,
        difference=after - before,
        low=None if seen is None else seen.low,
        high=None if seen is None else seen.high,
        questions=len(pairs),
        verdict=verdict,
        least=LEAST,
        questions_needed=needed,
        sentence=sentence,
    )
