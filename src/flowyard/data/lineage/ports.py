"""What lineage needs of the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from flowyard.data.lineage.model import EdgeRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The edges next to some nodes, and how many each node has in all (those with none are left out)."""

    edges: tuple[EdgeRecord, ...]
    counts: dict[str, int]


class LineageStore(Protocol):
    """Keeps edges; they never change. A workspace sees its own only."""

    def add(self, edges: Sequence[EdgeRecord]) -> None:
        """Keep edges, in one transaction. One that is there already (by its id) stays as it is."""
        ...

    def around(self, workspace_id: str, nodes: Sequence[str], *, up: bool, each: int) -> Around:
        """Return of each node the `each` newest edges to it (`up`) or from it."""
        ...

    def page(self, workspace_id: str, node: str, *, up: bool, after_id: str | None, limit: int) -> Sequence[EdgeRecord]:
        """Return edges to (`up`) or from a node, by their ids, those after `after_id`."""
        ...

    def latest(self, workspace_id: str, prefix: str) -> str | None:
        """Return the node of the newest edge among those that are called `prefix`, or that and a slash and more."""
        ...
