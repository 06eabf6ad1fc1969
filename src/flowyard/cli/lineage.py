"""``flowyard data lineage``: what something was made of, and what was made of it."""

from typing import TYPE_CHECKING, Annotated

import typer

from flowyard.cli.output import AsJson, emit
from flowyard.cli.session import workspace
from flowyard.foundation.errors import InvalidInputError

if TYPE_CHECKING:
    from flowyard.wire.lineage import LineageDirection, LineageEdge, LineageGraph, LineageNode

_ID = 12


def show_lineage(
    asset: Annotated[
        str,
        typer.Argument(
            help="NAME:VERSION of a data asset (or NAME: the latest), or run/NAME, flow/NAME, deployment/ENDPOINT/NAME, model/NAME."
        ),
    ],
    *,
    up: Annotated[bool, typer.Option("--up", help="Only what it was made of.")] = False,
    down: Annotated[bool, typer.Option("--down", help="Only what was made of it.")] = False,
    depth: Annotated[int | None, typer.Option(min=1, max=1000, help="Steps away at most; without it as far as it goes.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Things at most.")] = 200,
    as_json: AsJson = False,
) -> None:
    """Show what something was made of, and what was made of it.

    Example: flowyard data lineage questions:2 --up
    """
    if up and down:
        raise InvalidInputError("--up and --down exclude each other.", remedy="Leave both out to see both.")
    direction: LineageDirection = "up" if up else "down" if down else "both"
    found = workspace().lineage.graph(_reference(asset), direction=direction, depth=depth, limit=limit)
    emit(found, as_json=as_json, text=_text(found, direction))


def _reference(asset: str) -> str:
    return asset if "/" in asset or asset.startswith("azureml:") else f"azureml:{asset}"


def _text(graph: "LineageGraph", direction: "LineageDirection") -> str:
    nodes = {node.id: node for node in graph.nodes}
    lines = [_name(nodes[graph.root])]
    for way in ("up", "down"):
        if direction in {way, "both"}:
            beside = _beside(graph, up=way == "up")
            lines.append("made of:" if way == "up" else "used by:")
            lines += _tree(nodes, beside, graph.root, up=way == "up", seen=set()) or ["  nothing that is recorded"]
    if graph.truncated:
        lines.append("There is more: ask of a thing that is shown, or give a greater --limit.")
    return "\n".join(lines)


def _beside(graph: "LineageGraph", *, up: bool) -> "dict[str, list[LineageEdge]]":
    found: dict[str, list[LineageEdge]] = {}
    for edge in graph.edges:
        found.setdefault(edge.target if up else edge.source, []).append(edge)
    return found


def _tree(nodes: "dict[str, LineageNode]", beside: "dict[str, list[LineageEdge]]", root: str, *, up: bool, seen: set[str]) -> list[str]:
    """Return the lines below `root`; what stands there already is named, and not unfolded again."""
    lines: list[str] = []
    left = [(edge, 1) for edge in reversed(beside.get(root, []))]
    while left:
        edge, depth = left.pop()
        far = edge.source if up else edge.target
        again = far in seen
        by = f" by {edge.by}" if edge.by else ""
        lines.append(
            f"{'  ' * depth}{_name(nodes[far])}  ({edge.activity}{by}, {edge.created_at[:19].replace('T', ' ')}){' …' if again else ''}"
        )
        if again:
            continue
        seen.add(far)
        left += [(further, depth + 1) for further in reversed(beside.get(far, []))]
        more = nodes[far].more_up if up else nodes[far].more_down
        lines += [f"{'  ' * (depth + 1)}and {more} more"] if more else []
    own = nodes[root].more_up if up else nodes[root].more_down
    return [*lines, *([f"  and {own} more"] if own else [])]


def _name(node: "LineageNode") -> str:
    version = node.version[:_ID] if node.kind == "flow" else node.version
    return "/".join(part for part in (node.kind, node.name, version) if part)
