"""Facets: which values the traces of a filter have in their fields, and how many traces have each."""

import re
from collections.abc import Sequence

from flowyard.foundation.clock import to_rfc3339
from flowyard.foundation.errors import InvalidInputError, Location, nearest
from flowyard.tracing.ports import FacetCount, FacetCounts
from flowyard.tracing.search.model import ATTRIBUTE, FIELDS, SCORE
from flowyard.wire.facets import TraceFacet, TraceFacets, TraceFacetValue

#: Facets that are counted unless others are asked for.
USUAL = (
    "status", "root.name", "root.kind", "endpoint", "deployment", "flow", "model", "provider", "service", "user", "session", "key", "error",
    "score",
)  # fmt: skip
#: Fields that can be counted: those with words.
COUNTED = (*(name for name, known in FIELDS.items() if known.kind == "word"), "score")
_MOST = 20
_PLAIN = re.compile(r"[\w./:@-]+")


def wanted_fields(names: Sequence[str]) -> tuple[str, ...]:
    """Return the fields that are to be counted; without names the usual ones.

    Raises:
        InvalidInputError: there is no such field, or it has no words.
    """
    if len(names) > _MOST:
        raise InvalidInputError(f"There are {len(names)} facets.", remedy=f"Ask for at most {_MOST} at once.")
    for name in names:
        if name in COUNTED or any(name.startswith(start) and len(name) > len(start) for start in (ATTRIBUTE, SCORE)):
            continue
        like = nearest(name, set(COUNTED))
        raise InvalidInputError(
            f"There is no facet {name!r}.",
            remedy=f"Did you mean {like}?" if like else f"There are: {', '.join(COUNTED)}, {SCORE}NAME, {ATTRIBUTE}NAME.",
            location=Location(pointer="/query/facet"),
        )
    return tuple(dict.fromkeys(names)) or USUAL


def to_facets(counts: FacetCounts, fields: Sequence[str]) -> TraceFacets:
    """Return the facets in the order of `fields`; scores stand where ``score`` does, each as a facet of its own."""
    found: dict[str, list[FacetCount]] = {}
    for counted in counts.values:
        found.setdefault(counted.field, []).append(counted)
    for values in found.values():
        if all(counted.upto is not None for counted in values):
            values.sort(key=lambda counted: float(counted.value))  # ranges stand in their order
    scores = sorted(name for name in found if name.startswith(SCORE) and name not in fields)
    order = [name for field in fields for name in (scores if field == "score" else (field,)) if name in found]
    return TraceFacets(
        traces=counts.traces,
        facets=tuple(TraceFacet(field=name, values=tuple(map(_value, found[name])), distinct=found[name][0].distinct) for name in order),
        counted_from=None if counts.after_ns is None else to_rfc3339(counts.after_ns),
    )


def _value(counted: FacetCount) -> TraceFacetValue:
    field, value, upto = counted.field, counted.value, counted.upto
    if upto is not None:
        return TraceFacetValue(value=f"{value} to {upto}", traces=counted.traces, q=f"{field}>={value} {field}<{upto}")
    return TraceFacetValue(value=value, traces=counted.traces, q=f"{field}:{_written(value)}", group=counted.group)


def _written(value: str) -> str:
    """Return a value as a search has it."""
    if _PLAIN.fullmatch(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
