"""What each choice does, the others being equal."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from statistics import fmean

from flowyard.evaluation.differences import paired_difference
from flowyard.rag.tuning.trialing import Observed
from flowyard.wire.index_tunings import IndexConfiguration, TuningEffect, TuningFactor
from flowyard.wire.indexes import ChunkRecipe

#: How a choice is shown, and what of a configuration depends on it: a weight is only of hybrid searches.
_FACTORS: dict[TuningFactor, tuple[Callable[[IndexConfiguration], str], Callable[[IndexConfiguration], IndexConfiguration]]] = {
    "chunks": (lambda one: shown(one.chunks), lambda one: replace(one, chunks=ChunkRecipe())),
    "embedding_model": (lambda one: one.embedding_model, lambda one: replace(one, embedding_model="")),
    "kind": (lambda one: one.kind, lambda one: replace(one, kind="text", vector_weight=0.0)),
    "vector_weight": (lambda one: f"{one.vector_weight:g}", lambda one: replace(one, vector_weight=0.0)),
    "top_k": (lambda one: str(one.top_k), lambda one: replace(one, top_k=0)),
    "rerank": (lambda one: one.rerank or "none", lambda one: replace(one, rerank="")),
}
Row = Sequence[Observed]
#: Rows of what was tried, by the value of a choice and all else.
Groups = Mapping[tuple[str, Hashable], Sequence[Row]]


def shown(recipe: ChunkRecipe) -> str:
    """Return a way of cutting in a few words."""
    return f"{recipe.strategy}, {recipe.max_tokens} + {recipe.overlap_tokens}"


def effects(configurations: Sequence[IndexConfiguration], rows: Sequence[Row]) -> tuple[TuningEffect, ...]:
    """Return the effects of all choices that differ, each compared with that of the first configuration.

    Args:
        configurations: the present one first.
        rows: of each configuration what it found, of the same questions.
    """
    found: list[TuningEffect] = []
    for factor, (value_of, rest_of) in _FACTORS.items():
        members = [place for place, one in enumerate(configurations) if factor != "vector_weight" or one.kind == "hybrid"]
        groups: dict[tuple[str, Hashable], list[Row]] = {}
        for place in members:
            groups.setdefault((value_of(configurations[place]), rest_of(configurations[place])), []).append(rows[place])
        found += effects_of(factor, groups)
    return tuple(found)


def effects_of(factor: TuningFactor, groups: Groups) -> list[TuningEffect]:
    """Return the effect of each value of a choice instead of the first one, over what was tried with both and is otherwise the same."""
    values = list(dict.fromkeys(value for value, _ in groups))
    return [_effect(factor, value, values[0], groups) for value in values[1:] if _pairs(value, values[0], groups)]


def _pairs(value: str, baseline: str, groups: Groups) -> list[tuple[Sequence[Row], Sequence[Row]]]:
    return [(rows, groups[baseline, rest]) for (one, rest), rows in groups.items() if one == value and (baseline, rest) in groups]


def _effect(factor: TuningFactor, value: str, baseline: str, groups: Groups) -> TuningEffect:
    pairs = _pairs(value, baseline, groups)
    questions = range(len(pairs[0][0][0]))

    def mean(what: Callable[[Observed], float], question: int) -> float:
        """Return the mean over pairs of what the one side has more than the other; of several rows on a side, of their mean."""
        return fmean(fmean(what(row[question]) for row in more) - fmean(what(row[question]) for row in less) for more, less in pairs)

    each = [mean(lambda seen: seen.score, question) for question in questions]
    seen = paired_difference(each)
    return TuningEffect(
        factor=factor,
        value=value,
        baseline=baseline,
        effect=fmean(each),
        low=None if seen is None else seen.low,
        high=None if seen is None else seen.high,
        matters=seen is not None and (seen.low > 0 or seen.high < 0),
        latency_ms=fmean(mean(lambda seen: seen.ms, question) for question in questions),
        context_tokens=fmean(mean(lambda seen: seen.tokens, question) for question in questions),
        pairs=len(pairs),
    )
