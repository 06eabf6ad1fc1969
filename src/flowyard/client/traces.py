"""Traces over HTTP."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Literal, TypedDict, Unpack

from flowyard.client.errors import NoServerError
from flowyard.client.following import Following, Mark
from flowyard.client.transport import Target, Transport
from flowyard.wire.facets import TraceFacets
from flowyard.wire.shared import Page
from flowyard.wire.traces import SpanKind, SpanStatus, Trace, TraceDetail, TraceOrder, Values

_PAGE = 100


class TraceQuery(TypedDict, total=False):
    """Which traces; all that is given has to hold, and where it is several values of one, any of them."""

    status: SpanStatus | Sequence[SpanStatus] | None  #: of the root span
    kind: SpanKind | Sequence[SpanKind] | None  #: of the root span
    model: str | Sequence[str] | None  #: of any span
    endpoint: str | Sequence[str] | None  #: of any span
    flow: str | Sequence[str] | None  #: of any span
    text: str | None  #: in a name, a prompt or an answer of any span; case does not matter
    q: str | None  #: a search, for instance ``status:error duration>2s``; docs/telemetry.md has its fields
    since: str | None  #: RFC 3339, or ``2h``, ``7d`` ago; began then or later
    until: str | None  #: RFC 3339, or ``2h``, ``7d`` ago; began before


class Traces:
    """What ran in the workspace, with prompts, tokens and times."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, limit: int | None = None, order: TraceOrder = "started:desc", **where: Unpack[TraceQuery]) -> Iterator[Trace]:
        """Yield traces, the newest first, fetching pages as they are needed; at most `limit`, or all. `where` is a `TraceQuery`.

        In another `order` each page looks at all traces of the period: give ``since``.
        """
        left = limit
        cursor: str | None = None
        while left is None or left > 0:
            size = _PAGE if left is None else min(left, _PAGE)
            page: Page[Trace] = self._transport.get(
                "traces", Page[Trace], params={**where, "order": order, "limit": size, "cursor": cursor}
            )
            items = page.items if left is None else page.items[:left]
            yield from items
            left = None if left is None else left - len(items)
            cursor = page.next_cursor
            if cursor is None:
                return

    def follow(
        self, *, poll_s: float = 1.0, waiting: Callable[[NoServerError], None] | None = None, **where: Unpack[TraceQuery]
    ) -> Iterator[Trace]:
        """Yield traces as they come, each once and when it is complete, without end.

        With ``since`` those that began then or later come first; ``until`` is not used. A trace that shows more than an hour after it
        began is missed.

        Args:
            poll_s: how long to wait between two looks, at least, seconds.
            waiting: is told when the server does not answer; it is asked again then.
            where: which traces, a `TraceQuery`.
        """
        following = Following(
            lambda back: self._since(f"{back}s", where), _mark, poll_s=poll_s, now=self._transport.clock(), waiting=waiting
        )
        since = where.get("since")
        return following.items(first=self._since(since, where) if since else None)

    def _since(self, since: str, where: TraceQuery) -> Iterator[Trace]:
        asked: TraceQuery = {**where, "since": since, "until": None}
        return self.list(**asked)

    def facets(self, *, facet: Sequence[str] = (), find: str = "", limit: int = 20, **where: Unpack[TraceQuery]) -> TraceFacets:
        """Count the traces by the values of their fields; `where` is a `TraceQuery`. Of very many only the newest are counted.

        What `where` chooses of a field does not narrow that field: its counts say what another of its values would find.

        Args:
            facet: fields of searches, ``score`` (all), ``score.<name>`` or ``attr.<name>``; without, the usual ones.
            find: only values that contain it, whatever its case.
            limit: how many values of each, 1 to 200; the most frequent come first.
            where: which traces.

        Raises:
            RemoteError: there is no such field, or the search cannot be read.
        """
        return self._transport.get("traces/facets", TraceFacets, params={**where, "facet": list(facet), "find": find, "limit": limit})

    def get(self, trace_id: str, *, values: Values = "whole") -> TraceDetail:
        """Return a trace with all its spans, the earliest first; of values of more than 32 KiB the whole, or the beginnings.

        Raises:
            RemoteError: there is no such trace (code ``TraceNotFound``).
        """
        return self._transport.get(f"traces/{trace_id}", TraceDetail, params={"values": values})

    def value(self, target: Target, trace_id: str, span_id: str, name: str, *, event: int | None = None) -> None:
        """Write the whole of one attribute of a span to `target`: a text as it is, any other value as JSON.

        Args:
            target: an open file.
            trace_id: the trace.
            span_id: the span.
            name: the attribute.
            event: of the span's event at this place, from 0.

        Raises:
            RemoteError: there is no such trace (code ``TraceNotFound``) or value (``ValueNotFound``).
            NoServerError: the answer broke off.
        """
        self._transport.download(f"traces/{trace_id}/spans/{span_id}/value", target, params={"name": name, "event": event})

    def export(
        self,
        target: Target,
        trace_ids: Sequence[str] = (),
        *,
        form: Literal["jsonl", "parquet"] = "jsonl",
        limit: int | None = None,
        **where: Unpack[TraceQuery],
    ) -> None:
        """Write whole traces to `target`, the newest first: a `TraceDetail` as JSON a line, or Parquet with a row a span.

        Args:
            target: an open file.
            trace_ids: these, in this order, at most 500; the conditions count only where there are none.
            form: what is written.
            limit: how many traces at most; None: all.
            where: which traces, a `TraceQuery`.

        Raises:
            RemoteError: a trace that is named is not there (code ``TraceNotFound``), or a condition cannot be read.
            NoServerError: the answer broke off.
        """
        params = {**where, "trace_id": list(trace_ids), "format": form, "limit": limit}
        self._transport.download("traces/export", target, params=params)


def _mark(trace: Trace) -> Mark:
    began = datetime.fromisoformat(trace.started_at).timestamp()
    ended = began + trace.duration_ms / 1000
    return Mark(id=trace.trace_id, began=began, ended=ended, whole=trace.complete, state=(trace.spans, ended))
