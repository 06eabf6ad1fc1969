"""Lineage as it is recorded and asked for: a walk along edges, breadth first, a level of it at a time."""

from dataclasses import dataclass, field, replace

from flowyard.data.errors import DataAssetNotFoundError
from flowyard.data.lineage.errors import LineageNotFoundError
from flowyard.data.lineage.model import EdgeRecord, Made, Thing, edges_by
from flowyard.data.lineage.ports import LineageStore
from flowyard.data.ports import DataAssetStore
from flowyard.foundation.errors import InvalidInputError
from flowyard.foundation.references import parse_reference
from flowyard.identity.model import Caller
from flowyard.wire.lineage import LineageDirection, LineageEdge, LineageGraph, LineageNode
from flowyard.wire.shared import Page

#: Nodes of a graph, unless another number is asked for; and the most.
NODES, MOST_NODES = 200, 1000
#: Neighbours that one node brings into a graph: a data set of ten thousand traces must not fill the page.
FAN = 50
MOST_EDGES = 500
_ASSET = ("azureml:", "flowyard://")


@dataclass(slots=True)
class _Walk:
    """The graph as far as it was walked."""

    limit: int
    nodes: dict[str, LineageNode]
    edges: dict[str, EdgeRecord] = field(default_factory=dict[str, EdgeRecord])

    def take(self, node: str, depth: int) -> bool:
        """Put a node in, if there is room; whether it was not there before."""
        if node in self.nodes or len(self.nodes) >= self.limit:
            return False
        self.nodes[node] = _shown(node, depth)
        return True


class LineageService:
    """Records and shows lineage, within the caller's workspace.

    Args:
        store: the edges.
        assets: which data assets there are.
    """

    def __init__(self, store: LineageStore, assets: DataAssetStore) -> None:
        self._store = store
        self._assets = assets

    def record_edges(self, caller: Caller, target: Thing, made: Made) -> None:
        """Record that the caller made `target` of others. What keeps the target in a transaction of its own had better give it
        `edges_by` instead, so that neither is there without the other. The same edge again changes nothing.
        """
        self._store.add(edges_by(caller, target, made))

    def graph(
        self, caller: Caller, reference: str, *, direction: LineageDirection = "both", depth: int | None = None, limit: int = NODES
    ) -> LineageGraph:
        """Return what is around something.

        Args:
            caller: who asks.
            reference: ``azureml:<name>:<version>`` and the other names of data assets, or ``<kind>/<name>[/<version>]``; without a version
                the newest.
            direction: what it was made of, what was made of it, or both.
            depth: so many steps away at most; None: as far as it goes.
            limit: so many nodes at most.

        Raises:
            InvalidInputError: `reference` is none, or a number is out of its range.
            DataAssetNotFoundError, LineageNotFoundError: there is no such thing, or nothing is recorded of it.
        """
        if not 1 <= limit <= MOST_NODES or (depth is not None and depth < 1):
            raise InvalidInputError(f"A graph has 1 to {MOST_NODES} nodes, and a depth of 1 or more.", remedy="Ask for less.")
        root = self._root(caller.workspace_id, reference)
        walk = _Walk(limit, {root: _shown(root, 0)})
        for up in (True, False):
            if direction in {"up" if up else "down", "both"}:
                self._follow(caller.workspace_id, walk, root, up=up, depth=depth)
        edges = tuple(edge.wire() for edge in walk.edges.values())
        nodes = tuple(sorted(walk.nodes.values(), key=lambda node: abs(node.depth)))
        return LineageGraph(root=root, nodes=nodes, edges=edges, truncated=any(node.more_up or node.more_down for node in nodes))

    def edges(self, caller: Caller, reference: str, *, up: bool, limit: int = 100, cursor: str | None = None) -> Page[LineageEdge]:
        """Return the edges to (`up`) or from something, a page at a time, however many there are.

        Raises:
            InvalidInputError, DataAssetNotFoundError, LineageNotFoundError: as `graph`.
        """
        root, limit = self._root(caller.workspace_id, reference), min(max(limit, 1), MOST_EDGES)
        found = self._store.page(caller.workspace_id, root, up=up, after_id=cursor, limit=limit + 1)
        shown = found[:limit]
        return Page(items=tuple(edge.wire() for edge in shown), next_cursor=shown[-1].id if len(found) > limit else None)

    def _follow(self, workspace_id: str, walk: _Walk, root: str, *, up: bool, depth: int | None) -> None:
        level, sign, steps = [root], -1 if up else 1, 0
        while level:
            last = depth is not None and steps >= depth
            around = self._store.around(workspace_id, level, up=up, each=1 if last else FAN)
            steps += 1
            further: list[str] = []
            met = dict.fromkeys(level, 0)
            for edge in () if last else around.edges:
                near, far = (edge.target, edge.source) if up else (edge.source, edge.target)
                if walk.take(far, sign * steps):
                    further.append(far)
                if far in walk.nodes:
                    walk.edges[edge.id] = edge
                    met[near] += 1
            for node, count in around.counts.items():
                left = count - met[node]
                walk.nodes[node] = replace(walk.nodes[node], **({"more_up": left} if up else {"more_down": left}))
            level = further

    def _root(self, workspace_id: str, reference: str) -> str:
        kind, slash, _ = reference.partition("/")
        if not slash or reference.startswith(_ASSET) or kind == "data":
            return self._asset(workspace_id, reference if slash or reference.startswith(_ASSET) else f"azureml:{reference}")
        thing = Thing.parse(reference)
        found = self._store.latest(workspace_id, thing.id)
        if found is None:
            raise LineageNotFoundError(
                f"Nothing is recorded of {reference[:200]!r} in this workspace.",
                remedy="Check the name: data/<name>/<version>, run/<name>, flow/<name>, deployment/<endpoint>/<name>, model/<name>.",
            )
        return found

    def _asset(self, workspace_id: str, reference: str) -> str:
        named = parse_reference(reference, kind="data")
        wanted = named.version or named.label or "latest"
        for record in self._assets.versions(workspace_id, named.name) if named.kind == "data" else ():
            if wanted in {record.version, "latest"}:
                return Thing("data", record.name, record.version).id
        raise DataAssetNotFoundError(
            f"There is no data asset {named.name!r} with a version {wanted!r}.", remedy=f"See: flowyard data versions {named.name}"
        )


def _shown(node: str, depth: int) -> LineageNode:
    thing = Thing.parse(node)
    return LineageNode(id=node, kind=thing.kind, name=thing.name, version=thing.version, depth=depth)
