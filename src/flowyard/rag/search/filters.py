"""What a search is narrowed to. No text of a query language: every condition is typed, and the store puts it into its own."""

import math
from dataclasses import dataclass

from flowyard.rag.errors import FilterError
from flowyard.rag.model import BlockKind, MetadataValue


@dataclass(frozen=True, slots=True)
class OneOf:
    """The metadata `key` is one of `values`. A number equals a number of another type (1 and 1.0); true is no number."""

    key: str
    values: tuple[MetadataValue, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise FilterError(
                f"The condition on {self.key!r} names no value.", remedy="Give one value or more, or leave the condition out."
            )
        for value in self.values:
            _check_number(self.key, value)


@dataclass(frozen=True, slots=True)
class Between:
    """The metadata `key` lies between two numbers, or two texts in the order of their characters (dates as 2026-11-27), both included.

    A chunk without the key, or whose value is of another type, is not found.
    """

    key: str
    at_least: float | str | None = None
    at_most: float | str | None = None

    def __post_init__(self) -> None:
        bounds = [bound for bound in (self.at_least, self.at_most) if bound is not None]
        if not bounds or len({isinstance(bound, str) for bound in bounds}) > 1 or any(isinstance(bound, bool) for bound in bounds):
            raise FilterError(
                f"The bounds of {self.key!r} are {self.at_least!r} and {self.at_most!r}.",
                remedy="Give at_least, at_most or both: two numbers, or two texts.",
            )
        for bound in bounds:
            _check_number(self.key, bound)


Condition = OneOf | Between


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Conditions that all have to hold; one that is left empty holds for every chunk.

    Attributes:
        under: what the document's key begins with, ``"handbook/"`` for instance.
        documents: keys of documents, of which the chunk's is one.
        kinds: kinds of chunk, of which its own is one.
        tags: access tags, of which the chunk has one or more. This narrows; what a caller may see is told by `Access` alone.
        first_page: the least page, counted from 1. A chunk without a page is not found.
        last_page: the last page, itself included.
        metadata: conditions on the metadata of the chunk.
    """

    under: str = ""
    documents: tuple[str, ...] = ()
    kinds: tuple[BlockKind, ...] = ()
    tags: tuple[str, ...] = ()
    first_page: int | None = None
    last_page: int | None = None
    metadata: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        if "" in self.tags:
            raise FilterError("A tag of the filter is empty.", remedy="Name the tag, or leave it out.")
        if self.first_page is not None and self.last_page is not None and self.first_page > self.last_page:
            raise FilterError(
                f"The pages {self.first_page} to {self.last_page} are none.", remedy="Give first_page no larger than last_page."
            )


def _check_number(key: str, value: MetadataValue) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise FilterError(f"The condition on {key!r} compares with {value!r}.", remedy="Give a finite number.")
