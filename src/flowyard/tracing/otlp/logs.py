"""Log records of OTLP as ours."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

from flowyard.foundation.codecs import to_json
from flowyard.tracing.otlp.values import any_value, attributes_of, hex_id
from flowyard.tracing.signals import LogRecord

_INFO = 9
_LARGEST_NS = (1 << 63) - 1


def logs_of(request: Any, workspace_id: str) -> Iterator[LogRecord]:
    """Yield the records of an ``ExportLogsServiceRequest``. A record that is sent twice has the same id both times."""
    for resource_logs in request.resource_logs:
        resource = attributes_of(resource_logs.resource.attributes)
        service = resource.pop("service.name", None)
        about = {f"resource.{name}": value for name, value in resource.items() if not name.startswith("telemetry.sdk.")}
        for scope_logs in resource_logs.scope_logs:
            for log in scope_logs.log_records:
                body = any_value(log.body)
                yield LogRecord(
                    log_id=blake2b(
                        log.SerializeToString(deterministic=True) + str(service).encode() + scope_logs.scope.name.encode(), digest_size=16
                    ).hexdigest(),
                    at_ns=min(log.time_unix_nano or log.observed_time_unix_nano, _LARGEST_NS),
                    workspace_id=workspace_id,
                    severity=log.severity_number or _INFO,
                    body=body if isinstance(body, str) else to_json(body).decode() if body is not None else "",
                    event=getattr(log, "event_name", "") or None,
                    trace_id=hex_id(log.trace_id, 16),
                    span_id=hex_id(log.span_id, 8),
                    service=str(service) if service else None,
                    logger=scope_logs.scope.name or None,
                    attributes=attributes_of(log.attributes) | about,
                )
