from typing import Any, get_args

import pytest

from flowyard.foundation.errors import InvalidInputError
from flowyard.identity.model import Caller
from flowyard.tracing.errors import TraceNotFoundError
from flowyard.tracing.model import SpanEvent, SpanRecord
from flowyard.tracing.ports import CallCounts, FacetCounts, FacetWish, Place, TraceFilter, TraceSummary, place_of
from flowyard.tracing.service import PREVIEW_LENGTH, TraceService, summarise, to_span, to_trace
from flowyard.wire.shared import Money
from flowyard.wire.traces import TraceOrder
from support.guards import Withholding

CALLER = Caller("w", "default", "ann", "user", "reader")
START = 1_795_000_000_000_000_000


def span(number: int, parent: int | None = None, **fields: Any) -> SpanRecord:
    defaults: dict[str, Any] = {"name": f"s{number}", "kind": "node", "start_ns": START + number * 1_000_000, "duration_ns": 5_000_000}
    defaults |= {"trace_id": "a" * 32, "span_id": f"{number:016x}", "parent_id": f"{parent:016x}" if parent else None}
    return SpanRecord(**{**defaults, **fields})


class Known:
    """Queries over the traces that a test gives it."""

    def __init__(self, *traces: list[SpanRecord]) -> None:
        self.traces = list(traces)
        self.counted = 0

    def list_traces(self, workspace_id: str, where: TraceFilter, *, limit: int = 50, before_ns: int | None = None) -> list[TraceSummary]:
        found = sorted((summarise(spans) for spans in self.traces), key=lambda summary: -summary.root.start_ns)
        return [summary for summary in found if before_ns is None or summary.root.start_ns < before_ns][:limit]

    def list_ordered(
        self, workspace_id: str, where: TraceFilter, order: TraceOrder, *, limit: int = 50, after: Place | None = None
    ) -> list[TraceSummary]:
        found = sorted((summarise(spans) for spans in self.traces), key=lambda summary: place_of(summary, order))
        return [summary for summary in found if after is None or place_of(summary, order) > after][:limit]

    def get_trace(self, workspace_id: str, trace_id: str, *, whole: bool = True) -> list[SpanRecord]:
        return next((spans for spans in self.traces if spans[0].trace_id == trace_id), [])

    def facets(self, workspace_id: str, where: TraceFilter, wish: FacetWish) -> FacetCounts:
        self.wished = (where, wish)
        return FacetCounts(values=[], traces=0, after_ns=5)

    def count_calls(self, workspace_id: str, since_ns: int) -> CallCounts:
        self.counted += 1
        return CallCounts(requests=self.counted, errors=0, tokens=0)


TRACE = [
    span(1, name="POST /score", kind="http", endpoint="support"),
    span(2, 1, name="support", kind="flow", attributes={"flowyard.input": {"question": "Where?"}, "flowyard.output": {"a": 1, "b": "x"}}),
    span(3, 2, name="answer", node="answer"),
    span(4, 3, name="chat m", kind="llm", model="m", prompt_tokens=10, completion_tokens=2, cost_micros=30),
    span(5, 3, name="embed", kind="embedding", model="e", prompt_tokens=4, cost_micros=0),
]


def test_a_trace_sums_its_model_calls_and_shows_what_the_flow_got_and_gave() -> None:
    trace = to_trace(summarise(TRACE))
    assert (trace.name, trace.kind, trace.endpoint, trace.spans) == ("POST /score", "http", "support", 5)
    assert (trace.prompt_tokens, trace.completion_tokens, trace.models) == (14, 2, ("e", "m"))
    assert trace.cost == Money(micros="30")
    assert trace.started_at == "2026-11-18T11:06:40.001000Z"
    assert trace.duration_ms == 5.0
    assert (trace.input_preview, trace.output_preview) == ("Where?", '{"a":1,"b":"x"}')


def test_a_price_that_is_not_known_makes_the_cost_unknown_and_no_call_makes_it_nothing() -> None:
    unknown = [*TRACE, span(6, 2, kind="llm", model="m2", prompt_tokens=1)]
    assert to_trace(summarise(unknown)).cost is None
    failed = [*TRACE, span(6, 2, kind="llm", model="m2", status="error")]
    assert to_trace(summarise(failed)).cost == Money(micros="30")
    mixed = [*TRACE, span(6, 2, kind="llm", cost_micros=1, currency="EUR")]
    assert to_trace(summarise(mixed)).cost is None
    assert to_trace(summarise(TRACE[:3])).cost == Money(micros="0")


def test_the_root_is_the_earliest_span_without_a_known_parent() -> None:
    assert summarise([span(5), span(3, 99), span(1, 5)]).root.span_id == f"{3:016x}"
    assert summarise([span(1, 2), span(2, 1)]).root.span_id == f"{1:016x}"
    assert summarise([span(1, 1)]).root.span_id == f"{1:016x}"


def test_the_preview_of_a_chat_flow_is_what_was_asked_last() -> None:
    asked = {"chat_history": [{"inputs": {"question": "Who?"}, "outputs": {"answer": "We."}}], "question": "Where?"}
    assert to_trace(summarise([span(1, kind="flow", attributes={"flowyard.input": asked})])).input_preview == "Where?"
    assert to_trace(summarise([span(1, kind="flow", attributes={"flowyard.input": {"chat_history": []}})])).input_preview == "[]"


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}], "Hi"),
        ([{"role": "user", "content": [{"type": "text", "text": "What"}, {"type": "image_url"}]}], "What"),
        ([{"role": "user", "parts": [{"type": "text", "content": "Hey"}]}], "Hey"),
        ([{"role": "assistant", "tool_calls": [1]}], '{"role":"assistant","tool_calls":[1]}'),
        (["plain"], "plain"),
        ("text", "text"),
        ([], None),
        ([{"role": "user", "content": "x" * 1000}], "x" * (PREVIEW_LENGTH - 1) + "…"),
    ],
)
def test_the_preview_of_a_model_call_is_its_last_message(messages: Any, expected: str | None) -> None:
    found = to_trace(summarise([span(1, kind="llm", attributes={"gen_ai.input.messages": messages})]))
    assert found.input_preview == expected
    assert found.output_preview is None


def test_a_span_says_when_it_began_within_its_trace() -> None:
    record = span(3, 2, flow="f", provider="openai", run_id="r", line=0, attributes={"x": 1}, events=[SpanEvent("first", START, {"y": 2})])
    found = to_span(record, START)
    assert found.start_offset_ms == 3.0
    assert found.attributes == {"x": 1, "flowyard.flow": "f", "gen_ai.provider.name": "openai", "flowyard.run": "r", "flowyard.line": 0}
    assert found.events[0].at == "2026-11-18T11:06:40.000000Z"
    assert found.cost is None
    assert record.attributes == {"x": 1}


def test_get_returns_the_spans_and_says_when_there_are_none() -> None:
    service = TraceService(Known(TRACE), Withholding())
    detail = service.get(CALLER, "A" * 32)
    assert [one.start_offset_ms for one in detail.spans] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert detail.trace.spans == 5
    with pytest.raises(TraceNotFoundError) as caught:
        service.get(CALLER, "b" * 32)
    assert caught.value.remedy is not None


def test_pages_follow_each_other_to_the_end() -> None:
    traces = [[span(number, kind="flow", name=str(number))] for number in range(1, 8)]
    service = TraceService(Known(*traces), Withholding())
    names: list[str] = []
    cursor = None
    for _ in range(10):
        page = service.page(CALLER, TraceFilter(), limit=3, cursor=cursor)
        names += [trace.name for trace in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert names == ["7", "6", "5", "4", "3", "2", "1"]


@pytest.mark.parametrize("order", get_args(TraceOrder))
def test_pages_of_any_order_are_the_whole_list(order: TraceOrder) -> None:
    costs, lengths = (None, 5, 3, None, 3, 0, 9), (4, 4, 1, 9, 2, 2, 4)
    traces = [
        [span(number, kind="llm", trace_id=f"{number:032x}", duration_ns=length, cost_micros=cost, prompt_tokens=length)]
        for number, (cost, length) in enumerate(zip(costs, lengths, strict=True), 1)
    ]
    service = TraceService(Known(*traces), Withholding())
    whole = service.page(CALLER, TraceFilter(), order=order)
    found: list[str] = []
    cursor = None
    for _ in range(10):
        page = service.page(CALLER, TraceFilter(), limit=2, cursor=cursor, order=order)
        found += [trace.trace_id for trace in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == [trace.trace_id for trace in whole.items]
    assert len(found) == 7
    if order.startswith("cost"):
        assert [trace.cost for trace in whole.items[-2:]] == [None, None], "what is not known comes last, either way"


@pytest.mark.parametrize("cursor", ["5", f"cost:desc:5:{'a' * 32}", "cost:asc:5", f"cost:asc:{'9' * 19}:{'a' * 32}", f"5:{'a' * 32}"])
def test_a_cursor_of_another_order_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInputError, match="order"):
        TraceService(Known(), Withholding()).page(CALLER, TraceFilter(), cursor=cursor, order="cost:asc")


@pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "٣", "9" * 30, ""])
def test_a_cursor_of_somebody_else_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInputError, match="cursor"):
        TraceService(Known(), Withholding()).page(CALLER, TraceFilter(), cursor=cursor)


def test_counts_are_not_made_anew_for_each_who_asks() -> None:
    queries = Known()
    service = TraceService(queries, Withholding())
    assert service.counts("w", START).requests == 1
    assert service.counts("w", START + 10**9).requests == 1
    assert service.counts("w", START + 10**12).requests == 2
    assert service.counts("v", START).requests == 3


def test_facets_are_of_the_usual_fields_and_tell_nothing_that_is_withheld() -> None:
    queries = Known()
    service = TraceService(queries, Withholding("t1"))
    found = service.facets(CALLER, TraceFilter(), find=" x ")
    assert (found.traces, found.facets, found.counted_from) == (0, (), "1970-01-01T00:00:00.000000Z")
    wish = queries.wished[1]
    assert (wish.find, wish.limit, wish.fields[0], wish.withheld) == ("x", 20, "status", ("t1",))
    service.facets(CALLER, TraceFilter(), fields=("model", "model"))
    assert (queries.wished[1].fields, queries.wished[1].withheld) == (("model",), ())


@pytest.mark.parametrize("field", ["modle", "duration", "score.", "attr.", "text"])
def test_a_facet_that_there_is_not_is_named(field: str) -> None:
    with pytest.raises(InvalidInputError, match=field):
        TraceService(Known(), Withholding()).facets(CALLER, TraceFilter(), fields=(field,))
