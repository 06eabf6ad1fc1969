"""Requests of OTLP as instrumentations send them."""

from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from support.spans import START_NS


def keyed(target: Any, values: dict[str, Any]) -> None:
    """Add attributes: texts, bytes, whole numbers, numbers, truths and lists of texts; anything else is an attribute without a value."""
    for name, value in values.items():
        pair = target.add()
        pair.key = name
        match value:
            case bool():
                pair.value.bool_value = value
            case int():
                pair.value.int_value = value
            case float():
                pair.value.double_value = value
            case list():
                for item in value:
                    pair.value.array_value.values.add().string_value = item
            case str():
                pair.value.string_value = value
            case bytes():
                pair.value.bytes_value = value
            case _:
                pass


def request(*spans: dict[str, Any], service: str = "app", **resource: Any) -> Any:
    """Return an export request of one resource and scope. A span has `id`, and what else of: trace, parent, name, attributes, error."""
    made: Any = ExportTraceServiceRequest()
    resource_spans = made.resource_spans.add()
    keyed(resource_spans.resource.attributes, {"service.name": service, **resource})
    scope = resource_spans.scope_spans.add()
    scope.scope.name = "tests"
    for each in spans:
        span = scope.spans.add()
        span.trace_id = each.get("trace", 1).to_bytes(16, "big")
        span.span_id = each["id"].to_bytes(8, "big")
        if each.get("parent"):
            span.parent_span_id = each["parent"].to_bytes(8, "big")
        span.name = each.get("name", f"s{each['id']}")
        span.start_time_unix_nano = each.get("start", START_NS + each["id"])
        span.end_time_unix_nano = each.get("end", START_NS + 1_000_000)
        keyed(span.attributes, each.get("attributes", {}))
        if each.get("error"):
            span.status.code = 2
            span.status.message = each["error"]
        for name, at, attributes in each.get("events", ()):
            event = span.events.add()
            event.name, event.time_unix_nano = name, at
            keyed(event.attributes, attributes)
    return made
