"""Lineage over HTTP."""

from collections.abc import Iterator

from flowyard.client.transport import Transport
from flowyard.wire.lineage import LineageDirection, LineageEdge, LineageGraph
from flowyard.wire.shared import Page


class Lineage:
    """What was made of what, in the workspace."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def graph(self, of: str, *, direction: LineageDirection = "both", depth: int | None = None, limit: int = 200) -> LineageGraph:
        """Return what is around something, the nearest first.

        Args:
            of: ``azureml:<name>:<version>``, or ``<kind>/<name>[/<version>]``, for instance ``run/nightly``.
            direction: ``up``: what it was made of; ``down``: what was made of it.
            depth: steps away at most; None: all.
            limit: nodes at most, 1 to 1,000.

        Raises:
            RemoteError: there is no such thing (code ``DataAssetNotFound`` or ``LineageNotFound``).
        """
        params = {"of": of, "direction": direction, "limit": limit, **({} if depth is None else {"depth": depth})}
        return self._transport.get("lineage", LineageGraph, params=params)

    def edges(self, of: str, *, direction: LineageDirection = "up") -> Iterator[LineageEdge]:
        """Yield all edges to something (``up``) or from it (``down``), however many there are.

        Raises:
            RemoteError: there is no such thing.
        """
        cursor: str | None = None
        while True:
            params = {"of": of, "direction": direction, "limit": 500, **({} if cursor is None else {"cursor": cursor})}
            page = self._transport.get("lineage/edges", Page[LineageEdge], params=params)
            yield from page.items
            cursor = page.next_cursor
            if cursor is None:
                return
