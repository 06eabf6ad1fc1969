"""Spans of every convention become the one schema."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from flowyard.storage.telemetry.columns import rows_to_table
from flowyard.tracing.frames import FrameKind
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.otlp.decode import OtlpError, decode_otlp, parse_json
from flowyard.tracing.rows import COLUMNS, decode_row
from flowyard.tracing.signals import SIGNALS
from support.otlp import request
from support.spans import START_NS


def price_of(provider: str, model: str, prompt_tokens: int, completion_tokens: int) -> int | None:
    return prompt_tokens + 2 * completion_tokens if provider == "openai" and model.startswith("gpt") else None


def decoded(*spans: dict[str, Any], **resource: Any) -> list[SpanRecord]:
    rows = decode_otlp(FrameKind.OTLP_TRACES, request(*spans, **resource).SerializeToString(), "w1", price_of)["spans"]
    return [decode_row(dict(zip(COLUMNS, row, strict=True))) for row in rows]


def one(attributes: dict[str, Any], **span: Any) -> SpanRecord:
    (found,) = decoded({"id": 1, "attributes": attributes, **span})
    return found


def text(role: str, content: str, **more: Any) -> dict[str, Any]:
    return {"role": role, "parts": [{"type": "text", "content": content}], **more}


LLM: dict[str, dict[str, Any]] = {
    "genai, present names": {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.input.messages": json.dumps([text("user", "Hi")]),
        "gen_ai.output.messages": json.dumps([text("assistant", "Ho")]),
    },
    "genai, old names": {
        "gen_ai.operation.name": "chat",
        "gen_ai.system": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.prompt_tokens": 10,
        "gen_ai.usage.completion_tokens": 5,
        "gen_ai.prompt.0.role": "user",
        "gen_ai.prompt.0.content": "Hi",
        "gen_ai.completion.0.role": "assistant",
        "gen_ai.completion.0.content": "Ho",
    },
    "OpenLLMetry": {
        "llm.request.type": "chat",
        "gen_ai.system": "openai",
        "gen_ai.request.model": "gpt-4o",
        "llm.usage.total_tokens": 15,
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.prompt.0.role": "user",
        "gen_ai.prompt.0.content": "Hi",
        "gen_ai.completion.0.role": "assistant",
        "gen_ai.completion.0.content": "Ho",
    },
    "OpenInference": {
        "openinference.span.kind": "LLM",
        "llm.provider": "openai",
        "llm.model_name": "gpt-4o",
        "llm.token_count.prompt": 10,
        "llm.token_count.completion": 5,
        "llm.token_count.total": 15,
        "llm.input_messages.0.message.role": "user",
        "llm.input_messages.0.message.content": "Hi",
        "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.content": "Ho",
        "input.value": '{"messages": [{"role": "user", "content": "Hi"}]}',
        "input.mime_type": "application/json",
        "output.value": "Ho",
    },
}


@pytest.mark.parametrize("attributes", LLM.values(), ids=LLM)
def test_a_model_call_of_any_convention(attributes: dict[str, Any]) -> None:
    span = one(attributes)
    assert (span.kind, span.model, span.provider, span.prompt_tokens, span.completion_tokens) == ("llm", "gpt-4o", "openai", 10, 5)
    assert span.cost_micros == 20
    assert span.attributes["gen_ai.input.messages"] == [text("user", "Hi")]
    assert span.attributes["gen_ai.output.messages"] == [text("assistant", "Ho")]
    assert not [name for name in span.attributes if name.startswith(("gen_ai.prompt.", "llm.input_messages", "input.", "output."))]
    assert (span.workspace_id, span.service, span.attributes["scope.name"]) == ("w1", "app", "tests")


def test_a_price_that_is_not_known_is_not_known() -> None:
    assert one({**LLM["genai, present names"], "gen_ai.request.model": "own"}).cost_micros is None
    assert one({"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o"}).cost_micros is None


@pytest.mark.parametrize(
    ("attributes", "kind"),
    [
        ({"openinference.span.kind": "CHAIN"}, "function"),
        ({"openinference.span.kind": "RETRIEVER"}, "retrieval"),
        ({"openinference.span.kind": "TOOL"}, "tool"),
        ({"openinference.span.kind": "EMBEDDING", "embedding.model_name": "e"}, "embedding"),
        ({"gen_ai.operation.name": "execute_tool"}, "tool"),
        ({"gen_ai.operation.name": "invoke_agent"}, "function"),
        ({"traceloop.span.kind": "workflow"}, "function"),
        ({"http.request.method": "GET"}, "http"),
        ({"http.method": "GET"}, "http"),
        ({"span_type": "Flow", "framework": "promptflow"}, "flow"),
        ({"db.system": "sqlite"}, "internal"),
        ({"openinference.span.kind": "SOMETHING NEW"}, "internal"),
        ({}, "internal"),
    ],
)
def test_kinds(attributes: dict[str, Any], kind: str) -> None:
    assert one(attributes).kind == kind


def test_prompt_flow_s_own_spans() -> None:
    span = one(
        {
            "framework": "promptflow",
            "span_type": "Function",
            "inputs": '{"q": "Hi"}',
            "output": '"Ho"',
            "batch_run_id": "r1",
            "line_number": 3,
        }
    )
    assert (span.kind, span.run_id, span.line) == ("function", "r1", 3)
    assert span.attributes["flowyard.input"] == {"q": "Hi"}
    assert span.attributes["flowyard.output"] == '"Ho"'


def test_input_and_output_of_steps_and_what_was_retrieved() -> None:
    span = one(
        {
            "openinference.span.kind": "RETRIEVER",
            "input.value": "refund",
            "retrieval.documents.0.document.content": "You get it back.",
            "retrieval.documents.0.document.score": 0.5,
            "retrieval.documents.0.document.metadata": '{"page": 2}',
            "retrieval.documents.10.document.content": "b",
            "retrieval.documents.2.document.content": "a",
        }
    )
    assert span.attributes["flowyard.input"] == "refund"
    assert span.attributes["retrieval.documents"] == [
        {"content": "You get it back.", "score": 0.5, "metadata": {"page": 2}},
        {"content": "a"},
        {"content": "b"},
    ]
    assert one({"traceloop.span.kind": "task", "traceloop.entity.input": '{"a": 1}', "traceloop.entity.name": "t"}).attributes[
        "flowyard.input"
    ] == {"a": 1}


def test_tool_calls_and_images_of_openinference() -> None:
    span = one(
        {
            "openinference.span.kind": "LLM",
            "llm.input_messages.0.message.role": "user",
            "llm.input_messages.0.message.contents.0.message_content.type": "text",
            "llm.input_messages.0.message.contents.0.message_content.text": "What is it?",
            "llm.input_messages.0.message.contents.1.message_content.type": "image",
            "llm.input_messages.0.message.contents.1.message_content.image.image.url": "data:image/png;base64,AA",
            "llm.input_messages.1.message.role": "tool",
            "llm.input_messages.1.message.tool_call_id": "c1",
            "llm.input_messages.1.message.content": "12",
            "llm.output_messages.0.message.role": "assistant",
            "llm.output_messages.0.message.tool_calls.0.tool_call.id": "c2",
            "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "look",
            "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": "{}",
        }
    )
    assert span.attributes["gen_ai.input.messages"] == [
        {
            "role": "user",
            "parts": [{"type": "text", "content": "What is it?"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}],
        },
        {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c1", "response": "12"}]},
    ]
    assert span.attributes["gen_ai.output.messages"][0]["parts"] == [{"type": "tool_call", "id": "c2", "name": "look", "arguments": "{}"}]


def test_a_framework_s_span_above_the_client_s_is_not_counted_twice() -> None:
    call = LLM["genai, present names"]
    found = decoded(
        {"id": 1, "attributes": {"openinference.span.kind": "CHAIN"}},
        {"id": 2, "parent": 1, "attributes": LLM["OpenInference"]},
        {"id": 3, "parent": 2},
        {"id": 4, "parent": 3, "attributes": call},
        {"id": 5, "parent": 1, "attributes": call},
    )
    assert [span.kind for span in found] == ["function", "function", "internal", "llm", "llm"]
    assert [span.prompt_tokens for span in found] == [None, None, None, 10, 10]
    assert found[1].attributes["gen_ai.usage.input_tokens"] == 10


def test_tokens_of_what_called_no_model_stay_attributes() -> None:
    span = one({"gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": 7})
    assert (span.prompt_tokens, span.attributes["gen_ai.usage.input_tokens"]) == (None, 7)


def test_errors_sessions_users_and_first_tokens() -> None:
    span = one(
        {"session.id": "s", "user.id": "u", "gen_ai.operation.name": "chat", "kept": True, "tags": ["a", "b"]},
        error="it broke",
        events=[
            ("exception", START_NS + 5, {"exception.type": "ValueError", "exception.message": "x"}),
            ("First Token Stream Event", START_NS + 51, {}),
        ],
    )
    assert (span.status, span.status_message, span.error_type) == ("error", "it broke", "ValueError")
    assert (span.session_id, span.user_id, span.first_token_ns) == ("s", "u", 50)
    assert (span.attributes["kept"], span.attributes["tags"]) == (True, ["a", "b"])
    assert span.events[0].attributes["exception.type"] == "ValueError"
    assert one({"error.type": "429"}, error="").error_type == "429"


def test_times_that_cannot_be_are_taken_as_they_may_be() -> None:
    assert one({}, start=START_NS + 9, end=START_NS).duration_ns == 0
    assert one({}, start=START_NS, end=0).duration_ns == 0
    assert one({}, start=2**64 - 1, end=2**64 - 1).start_ns == 2**63 - 1
    assert one({}, start=0).start_ns == 0


def test_spans_without_ids_are_left_out() -> None:
    assert decoded({"id": 0}, {"id": 1, "trace": 0}) == []
    assert len(decoded({"id": 1}, {"id": 0})) == 1


def test_what_is_no_message_is_refused() -> None:
    with pytest.raises(OtlpError):
        decode_otlp(FrameKind.OTLP_TRACES, b"\xff\xff\xff", "w1", None)
    whole = request({"id": 1, "attributes": {"a": "b" * 100}}).SerializeToString()
    with pytest.raises(OtlpError):
        decode_otlp(FrameKind.OTLP_TRACES, whole[:-3], "w1", None)


def test_json_has_hexadecimal_ids_and_64_bit_numbers_as_text() -> None:
    body = {
        "resourceSpans": [
            {
                "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "js"}}]},
                "scopeSpans": [
                    {
                        "spans": [
                            {
                                "traceId": "5B8EFFF798038103D269B633813FC60C",
                                "spanId": "eee19b7ec3c1b174",
                                "parentSpanId": "",
                                "name": "I am a span",
                                "kind": 2,
                                "startTimeUnixNano": str(START_NS),
                                "endTimeUnixNano": str(START_NS + 1000),
                                "attributes": [{"key": "n", "value": {"intValue": "12"}}],
                                "status": {"code": "STATUS_CODE_ERROR"},
                                "aFieldOfTheFuture": 1,
                            }
                        ]
                    }
                ],
            }
        ]
    }
    payload = parse_json("traces", json.dumps(body).encode()).SerializeToString()
    (row,) = decode_otlp(FrameKind.OTLP_TRACES, payload, "w1", None)["spans"]
    span = decode_row(dict(zip(COLUMNS, row, strict=True)))
    assert (span.trace_id, span.span_id, span.parent_id) == ("5b8efff798038103d269b633813fc60c", "eee19b7ec3c1b174", None)
    assert (span.duration_ns, span.status, span.attributes["n"], span.service) == (1000, "error", 12, "js")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"x"', b'{"resourceSpans": 1}', b'{"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "zz"}]}]}]}', b"\xff"],
)
def test_json_that_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(OtlpError):
        parse_json("traces", body)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for kind in (FrameKind.OTLP_TRACES, FrameKind.OTLP_LOGS, FrameKind.OTLP_METRICS):
        try:
            rows = decode_otlp(kind, body, "w1", price_of)
        except OtlpError:
            continue
        assert all(isinstance(row, list) for found in rows.values() for row in found)


KNOWN = (
    "gen_ai.prompt.0", "gen_ai.prompt.0.role", "gen_ai.prompt.0.content", "gen_ai.prompt.x.role", "gen_ai.completion.0.tool_calls.0.name",
    "gen_ai.prompt." + "9" * 5000 + ".role", "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.operation.name", "gen_ai.system",
    "gen_ai.provider.name", "gen_ai.request.model", "gen_ai.usage.input_tokens", "gen_ai.usage.completion_tokens",
    "llm.input_messages.0.message", "llm.input_messages.0.message.role", "llm.input_messages.0.message.contents.0.message_content",
    "llm.output_messages.0.message.tool_calls.0.tool_call", "llm.output_messages.0.message.tool_calls.0.tool_call.function",
    "llm.token_count.prompt", "openinference.span.kind", "input.value", "output.value", "input.mime_type", "retrieval.documents.0.document",
    "retrieval.documents.0.document.score", "session.id", "user.id", "inputs", "output", "span_type", "framework", "line_run_id",
    "traceloop.span.kind", "traceloop.entity.input", "error.type", "http.response.status_code", "gen_ai.response.time_to_first_chunk", "",
)  # fmt: skip
VALUES = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text(max_size=20),
    st.lists(st.text(max_size=5), max_size=3),
    st.sampled_from(
        ["chat", "LLM", "EMBEDDING", "9" * 5000, "[" * 5000 + "]" * 5000, '{"a": {}}', '[{"role": 1, "parts": {}}]', "[null, 3]"]
    ),
)


@given(st.dictionaries(st.sampled_from(KNOWN), VALUES, max_size=8), st.dictionaries(st.text(max_size=9), VALUES, max_size=3))
def test_attributes_of_any_form_are_read_and_their_row_can_be_stored(known: dict[str, Any], others: dict[str, Any]) -> None:
    made = request({"id": 1, "attributes": known}, {"id": 2, "parent": 1, "attributes": others | LLM["genai, present names"]})
    rows = decode_otlp(FrameKind.OTLP_TRACES, made.SerializeToString(), "w1", price_of)["spans"]
    table, refused = rows_to_table("spans", rows, SIGNALS["spans"].columns, ("w1", "w1"))
    assert (table.num_rows, refused) == (2, 0)


@pytest.mark.parametrize("value", ["text", {"content": "x"}, ["a", "b"], 3, True, float("nan")], ids=str)
def test_messages_of_a_form_that_no_convention_has_are_no_error(value: Any) -> None:
    attributes = {"llm.input_messages.0.message": json.dumps(value) if isinstance(value, dict) else value}
    assert one({**LLM["genai, present names"], **attributes}).model == "gpt-4o"


def test_a_framework_s_call_and_the_client_s_count_once_though_their_scopes_differ() -> None:
    outer = {"openinference.span.kind": "LLM", "llm.model_name": "gpt-4o", "llm.token_count.prompt": 3, "llm.token_count.completion": 2}
    made = request({"id": 1, "attributes": outer})
    client = made.resource_spans[0].scope_spans.add()
    client.scope.name = "client"
    inner = request({"id": 2, "parent": 1, "attributes": LLM["genai, present names"]})
    client.spans.add().CopyFrom(inner.resource_spans[0].scope_spans[0].spans[0])
    rows = decode_otlp(FrameKind.OTLP_TRACES, made.SerializeToString(), "w1", price_of)["spans"]
    found = {row.span_id[-1]: row for row in (decode_row(dict(zip(COLUMNS, row, strict=True))) for row in rows)}
    assert (found["1"].kind, found["1"].prompt_tokens, found["1"].cost_micros) == ("function", None, None)
    assert found["1"].attributes["gen_ai.usage.input_tokens"] == 3
    assert (found["2"].kind, found["2"].prompt_tokens is None) == ("llm", False)


def test_the_same_span_id_in_another_trace_is_another_span() -> None:
    calls = decoded(
        {"id": 2, "attributes": LLM["genai, present names"]},
        {"id": 3, "parent": 2, "trace": 2, "attributes": LLM["genai, present names"]},
    )
    assert [span.kind for span in calls] == ["llm", "llm"]


@pytest.mark.parametrize("scale", [-20, -11, 0, 20])
@pytest.mark.parametrize("offset", [-(2**31), 0, 5, 2**31 - 2])
def test_exponential_histograms_of_any_scale_are_read(scale: int, offset: int) -> None:
    made: Any = ExportMetricsServiceRequest()
    metric = made.resource_metrics.add().scope_metrics.add().metrics.add()
    metric.name = "h"
    point = metric.exponential_histogram.data_points.add()
    point.scale, point.count, point.time_unix_nano = scale, 2, START_NS
    for side in (point.positive, point.negative):
        side.offset = offset
        side.bucket_counts.append(1)
    rows = decode_otlp(FrameKind.OTLP_METRICS, made.SerializeToString(), "w1", None)["metrics"]
    table, refused = rows_to_table("metrics", rows, SIGNALS["metrics"].columns, ("w1", "w1"))
    assert (table.num_rows, refused) == (1, 0)
    assert [count for _, count in json.loads(table["buckets"][0].as_py())] == [1.0, 1.0]
