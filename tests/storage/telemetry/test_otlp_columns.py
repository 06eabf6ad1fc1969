"""Spans of OTLP read together say what they say read one by one."""

import itertools
import json
import random
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from flowyard.foundation.ids import new_id
from flowyard.storage.telemetry.columns import join_tables, rows_to_table
from flowyard.storage.telemetry.otlp_columns import read_together
from flowyard.storage.telemetry.spools import UNREADABLE, Follower
from flowyard.tracing.frames import SUFFIX, FrameKind
from flowyard.tracing.otlp.decode import decode_otlp
from flowyard.tracing.otlp.values import attributes_of
from flowyard.tracing.rows import COLUMNS, row_of
from flowyard.tracing.spool import SpoolFile
from support.otlp import keyed

MESSAGES = json.dumps([{"role": "user", "parts": [{"type": "text", "content": 'Where is "it"?\nü'}]}])
CALL = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.usage.input_tokens": 12,
    "gen_ai.usage.output_tokens": 3,
    "gen_ai.input.messages": MESSAGES,
}

_TRACES = itertools.count(1)


def price(provider: str, model: str, prompt: int, completion: int) -> int | None:
    return len(provider) + len(model) + prompt + completion if model != "free" else None


class Request:
    """A request that is being made."""

    def __init__(self, **resource: Any) -> None:
        self.message: Any = ExportTraceServiceRequest()
        self._resource: Any = self.message.resource_spans.add()
        keyed(self._resource.resource.attributes, {name.replace("_", "."): value for name, value in resource.items()})
        self._scopes: list[Any] = []
        self._spans = 0
        self._trace = next(_TRACES).to_bytes(16, "big")

    def scope(self, name: str = "", version: str = "") -> "Request":
        scope = self._resource.scope_spans.add()
        scope.scope.name, scope.scope.version = name, version
        self._scopes.append(scope)
        return self

    def span(self, attributes: dict[str, Any], **fields: Any) -> Any:
        if not self._scopes:
            self.scope()
        span: Any = self._scopes[-1].spans.add()
        self._spans += 1
        span.trace_id, span.span_id = self._trace, self._spans.to_bytes(8, "big")
        span.name, span.start_time_unix_nano, span.end_time_unix_nano = "chat", 10**18 + self._spans, 10**18 + 10**9
        for name, value in fields.items():
            setattr(span, name, value)
        keyed(span.attributes, attributes)
        return span

    def bytes(self) -> bytes:
        return self.message.SerializeToString()


def compared(requests: list[bytes], *, few: int = 1) -> tuple[int, int]:
    """Hold both ways against one another; return how many spans were read together, and how many requests were left."""
    told = read_together(requests, "w", price, few=few)
    one_by_one = [row for request in requests for row in decode_otlp(FrameKind.OTLP_TRACES, request, "w", price)["spans"]]
    again = [row for place in told.left for row in decode_otlp(FrameKind.OTLP_TRACES, requests[place], "w", price)["spans"]]
    rest, refused = rows_to_table("spans", [*(row_of(record) for record in told.records), *again], COLUMNS, ("w", "w"))
    expected, _ = rows_to_table("spans", one_by_one, COLUMNS, ("w", "w"))
    assert refused == 0
    assert rows_of(join_tables([told.table, rest])) == rows_of(expected)
    return told.table.num_rows, len(told.left)


def rows_of(table: Any) -> list[dict[str, Any]]:
    rows = table.sort_by([("trace_id", "ascending"), ("span_id", "ascending"), ("start_ns", "ascending")]).to_pylist()
    return [{**row, "attributes": list(json.loads(row["attributes"] or "{}").items())} for row in rows]


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        CALL,
        {**CALL, "gen_ai.response.model": "gpt-4o-mini", "gen_ai.response.finish_reasons": ["stop"], "gen_ai.request.temperature": 0.5},
        {**CALL, "gen_ai.request.model": "free", "gen_ai.conversation.id": "c", "session.id": "s", "user.id": "u", "x": None},
        {**CALL, "gen_ai.operation.name": "embeddings", "gen_ai.input.messages": "no JSON", "gen_ai.output.messages": "[1, 2"},
        {
            **CALL,
            "gen_ai.input.messages": '[{"a": "\\u00e4\\/"}]',
            "gen_ai.system_instructions": '{"b":"\\\\u"}',
            "gen_ai.tool.definitions": "",
        },
        {**CALL, "gen_ai.input.messages": '["\\ud800"]', "gen_ai.output.messages": "[12345678901234567890123]"},
        {**CALL, "gen_ai.request.model": "", "llm.model_name": "m", "llm.system": "p"},
        {**CALL, "gen_ai.usage.input_tokens": -1},
        {**CALL, "gen_ai.usage.input_tokens": "12", "gen_ai.usage.prompt_tokens": 4},
        {**CALL, "gen_ai.server.time_to_first_token": 0.25},
        {**CALL, "gen_ai.operation.name": 5},
        {**CALL, "service": 'quotes " and \\ and \n and \x00', "ü": "ü", 'a"b': b"\x01", "yes": True, "large": -(1 << 63)},
        {"gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": 4, "gen_ai.agent.name": "a"},
        {"http.request.method": "GET", "http.response.status_code": 200, "error.type": "500"},
        {"openinference.span.kind": "CHAIN", "input.value": "in", "output.value": "out"},
        {"openinference.span.kind": "LLM", "llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "hi"},
        {"openinference.span.kind": "NEW", "llm.model_name": "m", "batch_run_id": "r", "line_number": 3},
        {"scope.name": "mine", "resource.host": "mine"},
    ],
)
def test_a_shape(attributes: dict[str, Any]) -> None:
    request = Request(service_name="shop", host="h").scope("s", "1")
    for _ in range(3):
        request.span(attributes)
    compared([request.bytes()])
    compared([Request().bytes(), request.bytes()])


def test_calls_by_the_conventions_are_read_together() -> None:
    request = Request(service_name="shop", telemetry_sdk_name="opentelemetry")
    for number in range(3):
        request.span({**CALL, "gen_ai.usage.input_tokens": number, "gen_ai.input.messages": MESSAGES.replace("it", f"{number}")})
    assert compared([request.bytes()]) == (3, 0)


def test_times_status_and_ids() -> None:
    request = Request()
    request.span({}, end_time_unix_nano=0)
    request.span({}, end_time_unix_nano=5)
    request.span({}, start_time_unix_nano=(1 << 64) - 1, end_time_unix_nano=(1 << 64) - 1)
    request.span({}, start_time_unix_nano=0, name="")
    request.span({}, trace_id=b"")
    request.span({}, span_id=bytes(8))
    request.span({}, parent_span_id=(1).to_bytes(8, "big"))
    request.span({}, parent_span_id=b"1234567")
    for code, message in ((0, "a"), (1, "b"), (2, "c"), (2, "")):
        span = request.span({})
        span.status.code, span.status.message = code, message
    assert compared([request.bytes()]) == (10, 0)


def test_events_and_links_are_kept_and_tell_the_error() -> None:
    request = Request()
    request.span(CALL)
    failed = request.span(CALL)
    failed.status.code = 2
    event = failed.events.add()
    event.name = "exception"
    keyed(event.attributes, {"exception.type": "ValueError"})
    request.span(CALL).links.add().trace_id = b"x"
    assert compared([request.bytes()]) == (1, 0)


def test_a_request_in_which_one_call_stands_above_another_is_left_as_a_whole() -> None:
    nested, flat = Request(), Request()
    nested.span({**CALL, "framework": "f"})
    nested.span({"step": 1}, parent_span_id=(1).to_bytes(8, "big"))
    nested.span(CALL, parent_span_id=(2).to_bytes(8, "big"))
    flat.span(CALL)
    flat.span({"step": 1}, parent_span_id=(9).to_bytes(8, "big"))
    assert compared([flat.bytes(), nested.bytes()]) == (2, 1)


def test_a_shape_of_few_spans_is_read_one_by_one() -> None:
    request = Request()
    for number in range(5):
        request.span(CALL if number else {"rare": 1})
    assert compared([request.bytes()], few=2) == (4, 0)


def test_any_mixture() -> None:
    made = random.Random(11)
    values: list[Any] = ["", "text", '[{"a": 1}]', '{"b"', "\n", 0, 7, -3, 0.5, True, ["x"], b"y", None]
    names = [*CALL, "gen_ai.response.model", "session.id", "error.type", "line_number", "llm.request.type", "span_type", "x", "y"]
    requests: list[bytes] = []
    for _ in range(60):
        request = Request(service_name=made.choice(["", "a", "b"]), x=1)
        for _ in range(made.randrange(6)):
            if made.random() < 0.3:
                request.scope(made.choice(["", "s"]))
            chosen = made.sample(names, made.randrange(5)) if made.random() < 0.5 else [*CALL]
            attributes = {name: made.choice(values) if made.random() < 0.3 else CALL.get(name, "v") for name in chosen}
            request.span(attributes, parent_span_id=made.choice((0, 0, 0, 9, made.randrange(6))).to_bytes(8, "big"))
        requests.append(request.bytes())
    together, _ = compared(requests)
    assert together > 20
    for place in range(0, len(requests), 5):
        compared(requests[place : place + 5])


def test_what_is_cut_off_or_no_message_is_refused() -> None:
    whole = Request(service_name="shop")
    for _ in range(3):
        whole.span(CALL)
    data = whole.bytes()
    for place in range(1, len(data)):
        try:
            read_together([data[:place]], "w", price, few=1)
        except ValueError:
            continue
        decode_otlp(FrameKind.OTLP_TRACES, data[:place], "w", price)  # what is read has to be a message


def test_of_a_name_that_comes_twice_the_last_value_stays() -> None:
    request = Request()
    for _ in range(2):
        span = request.span({"a": 1})
        keyed(span.attributes, {"a": 2})
    compared([request.bytes()])
    assert attributes_of(request.message.resource_spans[0].scope_spans[0].spans[0].attributes) == {"a": 2}


def test_of_a_spool_every_request_is_read_and_what_cannot_be_read_is_kept_aside(tmp_path: Path) -> None:
    request = Request(service_name="shop")
    for number in range(60):
        request.span({**CALL, "long": "x" * 1000} if number else {"rare": 1})
    nested = Request()
    nested.span({**CALL, "framework": "f"})
    nested.span(CALL, parent_span_id=(1).to_bytes(8, "big"))
    (tmp_path / "w").mkdir()
    spool = SpoolFile(tmp_path / "w" / f"otlp-{new_id()}{SUFFIX}")
    for payload in (request.bytes(), b"\x0a\xff", nested.bytes()):
        spool.append_frame(FrameKind.OTLP_TRACES, payload)
    spool.finish()
    taken: list[Any] = []
    follower = Follower(tmp_path, spool.path, 0, price)
    follower.read("w", taken.extend)
    rows = [row for _, table in taken for row in table.to_pylist()]
    assert len(rows) == 62
    assert sorted(row["kind"] for row in rows if row["attributes"].count("framework") or row["attributes"].count("rare")) == [
        "function",
        "internal",
    ]
    assert [path.read_bytes() for path in (tmp_path / "w").glob(f"*{UNREADABLE}")] == [b"\x0a\xff"]


def test_requests_that_can_be_read_are_read_in_columns(tmp_path: Path) -> None:
    request = Request(service_name="shop")
    for _ in range(60):
        request.span({**CALL, "long": "x" * 1000})
    (tmp_path / "w").mkdir()
    spool = SpoolFile(tmp_path / "w" / f"otlp-{new_id()}{SUFFIX}")
    spool.append_frame(FrameKind.OTLP_TRACES, request.bytes())
    spool.finish()
    taken: list[Any] = []
    Follower(tmp_path, spool.path, 0, price).read("w", taken.extend)
    assert [table.num_rows for _, table in taken] == [60, 0]
