"""What a search chooses among the values of one field: those of a facet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flowyard.tracing.search.model import All, Any, Search, Term


@dataclass(frozen=True, slots=True)
class Choices:
    """Conditions that all have to hold, those by which one field is chosen apart: `chosen`, by the field; `common` are all others."""

    common: tuple[Search, ...]
    chosen: dict[str, tuple[Search, ...]]

    def values(self) -> Iterator[tuple[str, str]]:
        """Yield each field with each of its values that is chosen by name."""
        for field, searches in self.chosen.items():
            for value in _values(searches):
                yield field, value


def choices_of(searches: Sequence[Search], fields: Sequence[str]) -> Choices:
    """Return which of `searches`, all of which have to hold, choose among the values of one of `fields`."""
    common: list[Search] = []
    chosen: dict[str, tuple[Search, ...]] = {}
    for search in searches:
        field = chosen_field(search)
        if field is None or field not in fields:
            common.append(search)
        else:
            chosen[field] = (*chosen.get(field, ()), search)
    return Choices(tuple(common), chosen)


def chosen_field(search: Search) -> str | None:
    """Return the field that a search is about where all its terms are about that one and none leaves something out; otherwise None."""
    match search:
        case Term():
            return None if search.operator == "!=" else search.field
        case All() | Any():
            fields = {chosen_field(one) for one in search.of}
            return fields.pop() if len(fields) == 1 else None
        case _:
            return None


def _values(searches: Sequence[Search]) -> Iterator[str]:
    for search in searches:
        if isinstance(search, All | Any):
            yield from _values(search.of)
        elif isinstance(search, Term) and isinstance(search.value, str):
            yield search.value
