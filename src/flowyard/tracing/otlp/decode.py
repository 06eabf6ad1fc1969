"""OTLP requests: from the bytes of the wire to a checked message, and from there to rows."""

import base64
import binascii
from importlib import import_module
from typing import Any, cast

import msgspec

from flowyard.foundation.errors import InvalidInputError, MissingExtraError
from flowyard.tracing.frames import FrameKind
from flowyard.tracing.otlp.logs import logs_of
from flowyard.tracing.otlp.metrics import metrics_of
from flowyard.tracing.otlp.spans import PriceOf, spans_of
from flowyard.tracing.otlp.values import hex_id
from flowyard.tracing.rows import row_of, signal_row
from flowyard.tracing.signals import Signal

#: The last part of the path, the frame it becomes, and the messages of request and answer.
SERVICES: dict[str, tuple[FrameKind, str, str, str]] = {
    "traces": (
        FrameKind.OTLP_TRACES,
        "opentelemetry.proto.collector.trace.v1.trace_service_pb2",
        "ExportTraceServiceRequest",
        "ExportTraceServiceResponse",
    ),
    "logs": (
        FrameKind.OTLP_LOGS,
        "opentelemetry.proto.collector.logs.v1.logs_service_pb2",
        "ExportLogsServiceRequest",
        "ExportLogsServiceResponse",
    ),
    "metrics": (
        FrameKind.OTLP_METRICS,
        "opentelemetry.proto.collector.metrics.v1.metrics_service_pb2",
        "ExportMetricsServiceRequest",
        "ExportMetricsServiceResponse",
    ),
}
_NAMES = {kind: name for name, (kind, _, _, _) in SERVICES.items()}
_IDS = frozenset({"traceId", "spanId", "parentSpanId", "trace_id", "span_id", "parent_span_id"})
_DEPTH = 60


class OtlpError(InvalidInputError):
    """A request of OTLP cannot be read."""

    code = "InvalidOtlp"
    title = "The OTLP request cannot be read"
    status = 400


def message_type(name: str, *, answer: bool = False) -> Any:
    """Return the protobuf class of the request (or the answer) of ``traces``, ``logs`` or ``metrics``.

    Raises:
        MissingExtraError: opentelemetry-proto is not installed.
    """
    _, module, request, response = SERVICES[name]
    try:
        return getattr(import_module(module), response if answer else request)
    except ImportError as error:
        raise MissingExtraError("The OTLP collector", "server") from error


def parse(name: str, body: bytes) -> Any:
    """Read a protobuf request.

    Raises:
        OtlpError: the bytes are no such message.
    """
    request = message_type(name)()
    try:
        request.ParseFromString(body)
    except Exception as error:
        if type(error).__name__ != "DecodeError":
            raise
        raise OtlpError(
            f"The body is no protobuf message of {name}: {error}.", remedy="Send OTLP/HTTP with Content-Type application/x-protobuf."
        ) from error
    return request


def parse_json(name: str, body: bytes) -> Any:
    """Read a request of OTLP/JSON: ids in hexadecimal, lowerCamelCase, 64-bit integers as text.

    Raises:
        OtlpError: the text is no JSON, or no such message.
    """
    from google.protobuf import json_format

    try:
        fields = msgspec.json.decode(body, type=dict[str, Any])
        return json_format.ParseDict(_with_ids(fields, 0), message_type(name)(), ignore_unknown_fields=True, max_recursion_depth=_DEPTH)
    except (
        msgspec.MsgspecError,
        UnicodeDecodeError,
        RecursionError,
        json_format.ParseError,
        ValueError,
        TypeError,
        AttributeError,
    ) as error:
        raise OtlpError(
            f"The body is no OTLP/JSON of {name}: {str(error)[:300]}.", remedy="See the OTLP specification, JSON encoding."
        ) from error


def _with_ids(value: Any, depth: int) -> Any:
    """Return the fields with ids in base64, as protobuf's own JSON has them."""
    if depth > _DEPTH:
        raise ValueError(f"nested deeper than {_DEPTH}")
    if isinstance(value, list):
        return [_with_ids(item, depth + 1) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {
            name: _base64(item) if name in _IDS and isinstance(item, str) else _with_ids(item, depth + 1)
            for name, item in cast("dict[str, Any]", value).items()
        }
    return value


def _base64(text: str) -> str:
    try:
        return base64.b64encode(bytes.fromhex(text)).decode()
    except (ValueError, binascii.Error) as error:
        raise ValueError(f"the id {text[:80]!r} is not hexadecimal") from error


def count_unfit(name: str, request: Any) -> int:
    """Return how many spans of a request have no valid ids; of other signals nothing is refused."""
    if name != "traces":
        return 0
    spans = (span for one in request.resource_spans for scope in one.scope_spans for span in scope.spans)
    return sum(hex_id(span.trace_id, 16) is None or hex_id(span.span_id, 8) is None for span in spans)


def decode_otlp(kind: FrameKind, payload: bytes, workspace_id: str, price_of: PriceOf | None) -> dict[Signal, list[list[Any]]]:
    """Return the rows of a request by signal, in the order of `tracing.signals.SIGNALS`' columns, JSON columns as JSON.

    Args:
        kind: which request `payload` is.
        payload: protobuf.
        workspace_id: who sent it.
        price_of: tells what a call cost; None: costs stay unknown.

    Raises:
        OtlpError: the payload is no such message.
    """
    request = parse(_NAMES[kind], payload)
    match kind:
        case FrameKind.OTLP_TRACES:
            return {"spans": [row_of(span) for span in spans_of(request, workspace_id, price_of)]}
        case FrameKind.OTLP_LOGS:
            return {"logs": [signal_row(log) for log in logs_of(request, workspace_id)]}
        case _:
            return {"metrics": [signal_row(point) for point in metrics_of(request, workspace_id)]}
