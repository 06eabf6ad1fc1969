"""The span schema, version 1. Fields are added, never changed."""

from typing import Any, Literal

import msgspec

SCHEMA_VERSION = 1

SpanKind = Literal["flow", "node", "llm", "embedding", "retrieval", "tool", "http", "function", "internal"]
SpanStatus = Literal["unset", "ok", "error"]


class SpanEvent(msgspec.Struct, frozen=True):
    """Something that happened within a span, at `at_ns` (UTC)."""

    name: str
    at_ns: int
    attributes: dict[str, Any] = {}


class SpanRecord(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One finished span.

    What is asked often has a field; the rest is in `attributes` under OpenTelemetry's GenAI names
    (``gen_ai.request.model``, ``gen_ai.input.messages``, ``gen_ai.output.messages``, …). Tokens and cost stand only on
    spans of kind ``llm`` and ``embedding``, written by the process that called the provider, so sums over a trace count
    each call once. `cost_micros` None: price not known. `service` is OpenTelemetry's ``service.name``, `api_key` the name of the key
    that the caller showed, `error_type` an exception's or a status' name, `first_token_ns` the time from the start to the first token
    of a streamed answer.
    """

    trace_id: str
    span_id: str
    name: str
    kind: SpanKind
    start_ns: int
    duration_ns: int
    workspace_id: str = ""
    parent_id: str | None = None
    status: SpanStatus = "ok"
    status_message: str | None = None
    model: str | None = None
    provider: str | None = None
    flow: str | None = None
    node: str | None = None
    endpoint: str | None = None
    deployment: str | None = None
    run_id: str | None = None
    line: int | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost_micros: int | None = None
    currency: str = "USD"
    session_id: str | None = None
    user_id: str | None = None
    attributes: dict[str, Any] = {}
    events: list[SpanEvent] = []
    service: str | None = None
    api_key: str | None = None
    error_type: str | None = None
    first_token_ns: int | None = None
