"""What there is among traces, counted: facets."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceFacetValue:
    """A value of a facet, and how many of the traces have it. `q` is the term of a search that holds for just these.

    `group`: of a model the provider that answered most of its calls, where one is known.
    """

    value: str
    traces: int
    q: str
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceFacet:
    """A field with its most frequent values, the most frequent first. `distinct` is how many there are."""

    field: str
    values: tuple[TraceFacetValue, ...]
    distinct: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceFacets:
    """Facets of the traces that a filter finds; fields that none of them has are left out.

    `traces` is how many were counted. `counted_from` None: all were; otherwise there are more than are counted, and those count that began
    after that moment.
    """

    traces: int
    facets: tuple[TraceFacet, ...]
    counted_from: str | None = None
