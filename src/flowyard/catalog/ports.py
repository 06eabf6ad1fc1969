"""What the catalog needs from others."""

from dataclasses import dataclass
from typing import Protocol

from flowyard.catalog.cards import Card
from flowyard.catalog.facts import YesNo


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Whether a model runs on this machine, and why not or why that is not known."""

    runs: YesNo
    reason: str | None = None


class Fits(Protocol):
    """Says whether this machine can run a model, from its card alone. It is asked for every card of a list, so it answers at once."""

    def __call__(self, card: Card) -> Fit:
        """Return what is known; never raises."""
        ...
