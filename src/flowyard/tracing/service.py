"""Traces as the API shows them: the one place where records become wire types."""

import re
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from flowyard.foundation.clock import NANOSECONDS, now_ns, to_rfc3339
from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import InvalidInputError
from flowyard.identity.model import Caller
from flowyard.tracing.beginnings import APART, references
from flowyard.tracing.errors import TraceNotFoundError, ValueNotFoundError
from flowyard.tracing.facets import to_facets, wanted_fields
from flowyard.tracing.guarding import WITHHELD, Guards, check_seen, seen_search, withhold
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.ports import LAST, CallCounts, FacetWish, Place, TelemetryQueries, TraceFilter, TraceSummary, place_of
from flowyard.tracing.search.parse import parse_search
from flowyard.tracing.times import read_time
from flowyard.wire.facets import TraceFacets
from flowyard.wire.shared import Money, Page
from flowyard.wire.traces import LargeValue, Span, SpanEvent, Trace, TraceDetail, TraceOrder, Values

PREVIEW_LENGTH = 300
_MS = 1_000_000
_PLACE = re.compile(r"(?P<place>-?[0-9]{1,19}):(?P<trace>[0-9a-f]{32})")
_PAGE = 500
# Of whole traces so many are in memory at once, with so many spans, or one of more.
_AT_ONCE, _SPANS_AT_ONCE = 100, 2000
# A trace that began longer ago has its first span.
_MOVING_NS = 3600 * NANOSECONDS
_COUNTS_S = 5.0
# Counting takes at most this share of a core, however often it is asked for.
_COUNTS_SHARE = 0.05

#: Fields of a record that a wire span has no field for, by the attribute they are shown as.
SHOWN_AS_ATTRIBUTES = {
    "provider": "gen_ai.provider.name",
    "flow": "flowyard.flow",
    "run_id": "flowyard.run",
    "line": "flowyard.line",
    "session_id": "session.id",
    "user_id": "user.id",
}


@dataclass(frozen=True, slots=True)
class _Counted:
    since_ns: int
    counts: CallCounts
    until: float


class TraceService:
    """Answers what routes, the home screen and the SDK ask about traces, within the caller's workspace.

    Args:
        queries: what is stored.
        guards: whom it is told; of other traces texts are withheld.
    """

    def __init__(self, queries: TelemetryQueries, guards: Guards) -> None:
        self._queries = queries
        self._guards = guards
        self._counted: dict[str, _Counted] = {}
        self._lock = threading.Lock()

    def page(
        self, caller: Caller, where: TraceFilter, *, limit: int = 50, cursor: str | None = None, order: TraceOrder = "started:desc"
    ) -> Page[Trace]:
        """Return traces that match, in `order`.

        Raises:
            InvalidInputError: the cursor is none of ours, or of another order.
        """
        where = self._seen(caller, where)
        if order == "started:desc":
            found = self._queries.list_traces(caller.workspace_id, where, limit=limit, before_ns=_read_cursor(cursor))
            following = str(found[-1].root.start_ns) if len(found) >= limit else None
        else:
            found = self._queries.list_ordered(caller.workspace_id, where, order, limit=limit, after=_read_place(cursor, order))
            following = ":".join((order, *map(str, place_of(found[-1], order)))) if len(found) >= limit else None
        return Page(items=tuple(to_trace(summary) for summary in self._shown(caller, found)), next_cursor=following)

    def get(self, caller: Caller, trace_id: str, *, values: Values = "whole") -> TraceDetail:
        """Return a trace with all its spans, the earliest first, with large values as a whole or only their beginnings.

        Raises:
            TraceNotFoundError: the workspace has no span of that trace.
        """
        spans = self._queries.get_trace(caller.workspace_id, trace_id.lower(), whole=values == "whole")
        if not spans:
            raise _not_found(trace_id)
        if self._guards.lacked(caller, (trace_id.lower(),)):
            spans = [withhold(span) for span in spans]
        first = spans[0].start_ns
        return TraceDetail(trace=to_trace(summarise(spans)), spans=tuple(to_span(record, first) for record in spans))

    def value(self, caller: Caller, trace_id: str, span_id: str, name: str, *, event: int | None = None) -> Any:
        """Return the whole value of an attribute of a span, or of an event of it by its place, from 0.

        Raises:
            TraceNotFoundError: the workspace has no span of that trace.
            ValueNotFoundError: the trace has no such span, it no such event, or that no such attribute.
            WithheldError: it was made of documents that the caller may not see.
        """
        check_seen(self._guards, caller, trace_id.lower())
        found = self._queries.get_span(caller.workspace_id, trace_id.lower(), span_id.lower())
        if found is None and not self._queries.get_trace(caller.workspace_id, trace_id.lower(), whole=False):
            raise _not_found(trace_id)
        events = found.events if found is not None else []
        held = None if found is None else found.attributes if event is None else events[event].attributes if event < len(events) else None
        if held is None or name not in held or name in references(held.get(APART)):
            where = "" if event is None else f"event {event} of "
            raise ValueNotFoundError(
                f"There is no whole value of {name!r} in {where}span {span_id!r} of trace {trace_id!r}.",
                remedy="See what the trace holds: flowyard trace show --json. What is lost of it: flowyard telemetry verify",
            )
        return held[name]

    def found(self, caller: Caller, *, q: str | None, since: str | None, until: str | None, limit: int) -> tuple[str, ...]:
        """Return the ids of the traces that a search finds, the newest first, at most `limit`.

        Raises:
            InvalidInputError: the search or a time cannot be read.
        """
        search = parse_search(q) if q else None
        where = self._seen(caller, TraceFilter(search=search, since_ns=read_time("since", since), until_ns=read_time("until", until)))
        return tuple(summary.root.trace_id for summary in self._each(caller.workspace_id, where, limit))

    def facets(self, caller: Caller, where: TraceFilter, *, fields: Sequence[str] = (), find: str = "", limit: int = 20) -> TraceFacets:
        """Return how many of the traces that match have which values in `fields`, or in the usual ones.

        Raises:
            InvalidInputError: there is no such field.
        """
        wanted = wanted_fields(fields)
        withheld = self._guards.all_lacked(caller) if any(name.partition(".")[0] in {"score", "attr"} for name in wanted) else ()
        wish = FacetWish(fields=wanted, limit=limit, find=find.strip(), withheld=tuple(sorted(withheld)))
        return to_facets(self._queries.facets(caller.workspace_id, self._seen(caller, where), wish), wanted)

    def whole(
        self, caller: Caller, where: TraceFilter, *, trace_ids: Sequence[str] = (), limit: int | None = None
    ) -> Iterator[list[SpanRecord]]:
        """Yield the spans of each trace that matches, the newest trace first, or of those that `trace_ids` names, in their order.

        Raises:
            TraceNotFoundError: the workspace has no span of a trace that is named; before the first one is yielded.
        """
        where = self._seen(caller, where)
        workspace_id, named = caller.workspace_id, [trace_id.lower() for trace_id in dict.fromkeys(trace_ids)]
        for start in range(0, len(named), _AT_ONCE):
            some = named[start : start + _AT_ONCE]
            there = self._queries.get_traces(workspace_id, some)
            lost = next((trace_id for trace_id in some if trace_id not in there), None)
            if lost is not None:
                raise _not_found(lost)
        sizes = ((trace_id, 1) for trace_id in named)
        if not named:
            sizes = ((summary.root.trace_id, summary.spans) for summary in self._each(workspace_id, where, limit))
        return self._spans(caller, sizes)

    def of(self, caller: Caller, trace_ids: Sequence[str]) -> dict[str, list[SpanRecord]]:
        """Return the spans of traces by id, the earliest first, without texts that are withheld from the caller; some may not be there."""
        found = self._queries.get_traces(caller.workspace_id, trace_ids)
        lacked = self._guards.lacked(caller, found)
        return {name: [withhold(span) for span in spans] if name in lacked else spans for name, spans in found.items()}

    def _seen(self, caller: Caller, where: TraceFilter) -> TraceFilter:
        """Return a filter that tells nothing of what is withheld from the caller."""
        search = seen_search(self._guards, caller, where.search, told=where.text is not None)
        return where if search is where.search else replace(where, search=search)

    def _shown(self, caller: Caller, found: list[TraceSummary]) -> list[TraceSummary]:
        lacked = self._guards.lacked(caller, [summary.root.trace_id for summary in found])
        return [_withheld(summary) if summary.root.trace_id in lacked else summary for summary in found] if lacked else found

    def _spans(self, caller: Caller, sizes: Iterable[tuple[str, int]]) -> Iterator[list[SpanRecord]]:
        waiting: list[str] = []
        rows = 0
        for trace_id, spans in sizes:
            waiting.append(trace_id)
            rows += spans
            if len(waiting) >= _AT_ONCE or rows >= _SPANS_AT_ONCE:
                yield from self._in_order(caller, waiting)
                waiting, rows = [], 0
        yield from self._in_order(caller, waiting)

    def _in_order(self, caller: Caller, trace_ids: list[str]) -> Iterator[list[SpanRecord]]:
        found = self.of(caller, trace_ids)
        return (found[trace_id] for trace_id in trace_ids if trace_id in found)

    def _each(self, workspace_id: str, where: TraceFilter, limit: int | None) -> Iterator[TraceSummary]:
        """Yield each trace that matches once, the newest first, page by page.

        A trace whose first span comes while pages are read moves to its earlier begin, and would stand on a later page again.
        """
        moving, edge = set[str](), now_ns() - _MOVING_NS
        left = limit
        before: int | None = None
        while left is None or left > 0:
            size = _AT_ONCE if left is None else min(_PAGE, left)
            page = self._queries.list_traces(workspace_id, where, limit=size, before_ns=before)
            for summary in page if left is None else page[:left]:
                if summary.root.trace_id in moving:
                    continue
                if summary.root.start_ns >= edge:
                    moving.add(summary.root.trace_id)
                yield summary
                left = None if left is None else left - 1
            if len(page) < size or (before is not None and page[-1].root.start_ns >= before):
                return
            before = page[-1].root.start_ns

    def counts(self, workspace_id: str, since_ns: int) -> CallCounts:
        """Return how many calls there were since `since_ns`; the figures are a few seconds old at most."""
        with self._lock:
            known = self._counted.get(workspace_id)
        began = time.monotonic()
        if known is not None and began < known.until and abs(known.since_ns - since_ns) < 60 * NANOSECONDS:
            return known.counts
        counts = self._queries.count_calls(workspace_id, since_ns)
        ended = time.monotonic()
        with self._lock:
            self._counted[workspace_id] = _Counted(since_ns, counts, ended + max(_COUNTS_S, (ended - began) / _COUNTS_SHARE))
        return counts


def _withheld(summary: TraceSummary) -> TraceSummary:
    return replace(summary, root=withhold(summary.root), shown=None if summary.shown is None else withhold(summary.shown))


def summarise(spans: list[SpanRecord]) -> TraceSummary:
    """Return the summary of a whole trace, by the rules of `TraceSummary`."""
    known = {span.span_id for span in spans}
    root = min(spans, key=lambda span: (span.parent_id in known and span.parent_id != span.span_id, span.start_ns, span.span_id))
    calls = counted_calls(spans)
    currencies = sorted({span.currency for span in calls if span.cost_micros is not None})
    unpriced = len(currencies) > 1 or any(_is_unpriced(span) for span in calls)
    telling = [span for span in spans if span.kind not in {"http", "node", "internal"}]
    return TraceSummary(
        root=root,
        spans=len(spans),
        status=root.status,
        duration_ns=root.duration_ns,
        prompt_tokens=sum(span.prompt_tokens or 0 for span in calls),
        completion_tokens=sum(span.completion_tokens or 0 for span in calls),
        cost_micros=None if unpriced else sum(span.cost_micros or 0 for span in calls),
        currency=currencies[0] if currencies else "USD",
        models=tuple(sorted({span.model for span in calls if span.model})),
        shown=min(telling, key=lambda span: span.start_ns) if telling else None,
    )


def counted_calls(spans: list[SpanRecord]) -> list[SpanRecord]:
    """Return the model calls of a trace, each once.

    One that its application reported by OTLP and the gateway too is the gateway's: they tell the same tokens, or the same model (an
    application may name the one that answered, where the gateway names the one that was asked for).
    """
    calls = [span for span in spans if span.kind in {"llm", "embedding"}]
    ours = [span for span in calls if span.service is None]
    models, counts = {span.model for span in ours}, {(span.prompt_tokens, span.completion_tokens) for span in ours}
    return [
        span
        for span in calls
        if span.service is None or not (span.model in models or (span.prompt_tokens, span.completion_tokens) in counts)
    ]


def _is_unpriced(span: SpanRecord) -> bool:
    """Whether the call cost something that is not known; one that failed before a token was counted did not."""
    failed_early = span.status == "error" and span.prompt_tokens is None and span.completion_tokens is None
    return span.cost_micros is None and not failed_early


def to_trace(summary: TraceSummary) -> Trace:
    """Return the wire form of a trace in a list."""
    root = summary.root
    shown = summary.shown or root
    return Trace(
        trace_id=root.trace_id,
        name=root.name,
        kind=root.kind,
        status=summary.status,
        started_at=to_rfc3339(root.start_ns),
        duration_ms=summary.duration_ns / _MS,
        spans=summary.spans,
        prompt_tokens=summary.prompt_tokens,
        completion_tokens=summary.completion_tokens,
        cost=_money(summary.cost_micros, summary.currency),
        models=summary.models,
        endpoint=root.endpoint or shown.endpoint,
        input_preview=_preview(root, "input") or _preview(shown, "input"),
        output_preview=_preview(root, "output") or _preview(shown, "output"),
        complete=root.parent_id is None,
        withheld=bool(root.attributes.get(WITHHELD)),
    )


def to_span(record: SpanRecord, trace_start_ns: int) -> Span:
    """Return the wire form of a span; `trace_start_ns` is when the earliest span of its trace began."""
    attributes = dict(record.attributes)
    large = _large(attributes, None)
    events: list[SpanEvent] = []
    for place, event in enumerate(record.events):
        of_event = dict(event.attributes)
        large += _large(of_event, place)
        events.append(SpanEvent(name=event.name, at=to_rfc3339(event.at_ns), attributes=of_event))
    for field, name in SHOWN_AS_ATTRIBUTES.items():
        value = getattr(record, field)
        if value is not None:
            attributes.setdefault(name, value)
    return Span(
        trace_id=record.trace_id,
        span_id=record.span_id,
        parent_id=record.parent_id,
        name=record.name,
        kind=record.kind,
        status=record.status,
        status_message=record.status_message,
        started_at=to_rfc3339(record.start_ns),
        start_offset_ms=(record.start_ns - trace_start_ns) / _MS,
        duration_ms=record.duration_ns / _MS,
        model=record.model,
        endpoint=record.endpoint,
        deployment=record.deployment,
        node=record.node,
        prompt_tokens=record.prompt_tokens,
        completion_tokens=record.completion_tokens,
        cost=_money(record.cost_micros, record.currency),
        attributes=attributes,
        events=tuple(events),
        large=tuple(large),
    )


def _large(attributes: dict[str, Any], event: int | None) -> list[LargeValue]:
    """Take out of attributes what says which of them are beginnings, and return it."""
    known = references(attributes.get(APART))
    if known:
        del attributes[APART]
    return [LargeValue(name=name, bytes=one.bytes, event=event) for name, one in known.items() if name in attributes]


def _not_found(trace_id: str) -> TraceNotFoundError:
    return TraceNotFoundError(
        f"There is no trace {trace_id!r} in this workspace.",
        remedy="A trace shows within a second of its first span's end. List them with: flowyard trace list",
    )


def _money(micros: int | None, currency: str) -> Money | None:
    return None if micros is None else Money(micros=str(micros), currency=currency)


def _read_cursor(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 19:
        raise InvalidInputError(f"{cursor!r} is no cursor of this list.", remedy="Use the next_cursor of an earlier page, or none.")
    return int(cursor)


def _read_place(cursor: str | None, order: TraceOrder) -> Place | None:
    """Read ``<order>:<place>:<trace id>``."""
    if cursor is None:
        return None
    found = _PLACE.fullmatch(cursor.removeprefix(f"{order}:"))
    if found is None or not cursor.startswith(order) or abs(int(found["place"])) > LAST:
        raise InvalidInputError(
            f"{cursor!r} is no cursor of this list in the order {order}.", remedy="Use the next_cursor of an earlier page, or none."
        )
    return int(found["place"]), found["trace"]


def _preview(record: SpanRecord, side: str) -> str | None:
    """Return the beginning of what went in or came out: a flow's values without the conversation so far, or a model call's last message."""
    value: Any = record.attributes.get(f"flowyard.{side}")
    if value is None:
        messages: Any = record.attributes.get(f"gen_ai.{side}.messages")
        value = _message_text(messages[-1]) if messages and isinstance(messages, list) else messages or None
    if isinstance(value, dict):
        whole = cast("dict[str, Any]", value)
        asked = {name: one for name, one in whole.items() if name != "chat_history" or len(whole) == 1}
        value = next(iter(asked.values())) if len(asked) == 1 else asked
    if value is None:
        return None
    text = value if isinstance(value, str) else to_json(value).decode("utf-8", "replace")
    return text if len(text) <= PREVIEW_LENGTH else text[: PREVIEW_LENGTH - 1] + "…"


def _message_text(message: Any) -> Any:
    """Return a message's text: OpenAI's `content` (text or parts), or the `parts` of the GenAI conventions; else the message itself."""
    if not isinstance(message, dict):
        return message
    found: dict[str, Any] = {**message}
    content: Any = found.get("content") or found.get("parts")
    if isinstance(content, list):
        parts: list[Any] = [*content]
        fields: list[dict[str, Any]] = [part for part in parts if isinstance(part, dict)]
        texts = [part.get("text") or part.get("content") for part in fields]
        content = "\n".join(text for text in texts if isinstance(text, str))
    return content or found
