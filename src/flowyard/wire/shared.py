"""Shapes that every noun uses."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

#: What is said in the place of what is withheld.
WITHHELD_SENTENCE = "Withheld: made of documents with access tags that you do not have."


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end."""

    items: tuple[T, ...]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount in millionths of a currency's unit, as text because JSON numbers end at 2^53."""

    micros: str
    currency: str = "USD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Says only that the process answers."""

    status: str = "Healthy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The version of the program that answers."""

    version: str
