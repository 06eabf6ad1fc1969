"""Lineage: what was made of what."""

from dataclasses import dataclass, field
from typing import Any, Literal

LineageKind = Literal["data", "datastore", "trace", "flow", "run", "model", "endpoint", "deployment", "evaluator", "index"]
LineageActivity = Literal[
    "bookmark", "import", "traces", "collected", "split", "transform", "run", "evaluation", "deployment", "index", "questions"
]
LineageDirection = Literal["up", "down", "both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageNode:
    """A thing in a lineage graph. `id` is ``<kind>/<name>[/<version>]``, unique in the workspace, and what a further question names.

    `depth` is how many steps it is from what was asked of: negative for what that was made of (`up`), positive for what was made of it
    (`down`), 0 for itself. `more_up` and `more_down` count its neighbours that the graph leaves out (the page was full, or deep enough).
    """

    id: str
    kind: LineageKind
    name: str
    version: str
    depth: int
    more_up: int = 0
    more_down: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageEdge:
    """`target` was made of `source` (ids of nodes) by an `activity`.

    `by` is what carried it out (``job/<id>``, ``run/<name>``; None: the call itself), `parameters` how, `code` the SHA-256 of the code that
    did it, `environment` what names the packages that it ran with, both None where there is none.
    """

    source: str
    target: str
    activity: LineageActivity
    by: str | None
    parameters: dict[str, Any] = field(default_factory=dict[str, Any])
    code: str | None = None
    environment: str | None = None
    created_at: str
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageGraph:
    """What is around `root`: nodes, the nearest first, and the edges between them. `truncated`: there is more than the page has."""

    root: str
    nodes: tuple[LineageNode, ...]
    edges: tuple[LineageEdge, ...]
    truncated: bool
