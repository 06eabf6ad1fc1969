"""Keeps collected rows as telemetry of the workspace, beside the requests: bounded, and what did not fit is counted and told."""

import logging
import threading
import time
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from flowyard.foundation.codecs import to_json
from flowyard.foundation.ids import new_id, new_trace_id
from flowyard.tracing.context import SpanContext, current
from flowyard.tracing.recorder import Scrub, scrub_value
from flowyard.tracing.signals import LogRecord

log = logging.getLogger(__name__)

#: The event of log records that hold collected rows; their logger is the collection's name, their service ``<endpoint>/<deployment>``.
COLLECTED = "flowyard.collected"
#: One record may have so many bytes of JSON; what is larger is dropped.
LARGEST = 1024 * 1024
#: So many records, and bytes of them, may wait to be written.
QUEUE_RECORDS, QUEUE_BYTES = 1500, 16 * 1024 * 1024


class LogSink(Protocol):
    """Takes log records without waiting; `dropped` counts those that found its queue full."""

    dropped: int

    def emit_log(self, record: LogRecord) -> None:
        """Take one record."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectorSpec:
    """What is collected: of which collections which share (0 to 1) of the requests; and which headers go with ``request``."""

    rates: dict[str, float] = field(default_factory=dict[str, float])
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Whose data it is."""

    workspace_id: str
    endpoint: str
    deployment: str


class DataKeeper:
    """Keeps the rows of the enabled collections. Safe to use from many threads; it never waits and never raises for what it is given."""

    def __init__(self, sink: LogSink, spec: CollectorSpec, source: Source, scrub: Scrub | None = None) -> None:
        self.spec = spec
        self._sink = sink
        self._source = source
        self._scrub = scrub
        self._lock = threading.Lock()
        self._dropped: dict[str, Counter[str]] = {name: Counter() for name in spec.rates}

    def wants(self, name: str, correlation_id: str) -> bool:
        """Whether rows of a request are kept: the same requests for every collection of the same rate."""
        rate = self.spec.rates.get(name, 0.0)
        return rate >= 1 or zlib.crc32(correlation_id.encode()) < rate * 2**32

    def keep(self, name: str, rows: list[Any], correlation_id: str, **about: Any) -> str | None:
        """Keep the rows of one request; return why they are not kept, or None.

        Args:
            name: an enabled collection.
            rows: objects, or any JSON values.
            correlation_id: joins what belongs to one request.
            about: more that stands beside the rows.
        """
        try:
            text = to_json(rows)
        except (TypeError, ValueError, UnicodeEncodeError, RecursionError):
            return self.drop(name, "unfit")
        if len(text) > LARGEST:
            return self.drop(name, "too_large")
        if self._scrub is not None:
            rows, about = scrub_value(rows, self._scrub), scrub_value(about, self._scrub)
        attributes = {"correlation_id": correlation_id, "rows": len(rows), "data": rows, **about}
        return self._emit(name, attributes, current())

    def drop(self, name: str, reason: str) -> str:
        """Count what could not be kept; the next record of the collection tells it. Returns `reason`."""
        with self._lock:
            self._dropped.setdefault(name, Counter())[reason] += 1
        return reason

    def close(self) -> None:
        """Tell what was dropped and is not told yet."""
        for name in [name for name, reasons in self._dropped.items() if reasons]:
            self._emit(name, {"correlation_id": new_trace_id(), "rows": 0, "data": []}, None)

    def _emit(self, name: str, attributes: Mapping[str, Any], context: SpanContext | None) -> str | None:
        with self._lock:
            dropped = dict(self._dropped.setdefault(name, Counter()))
            before = self._sink.dropped
            self._sink.emit_log(
                LogRecord(
                    log_id=new_id(),
                    at_ns=time.time_ns(),
                    workspace_id=self._source.workspace_id,
                    body=f"{attributes['rows']} rows of {name}",
                    event=COLLECTED,
                    trace_id=context.trace_id if context else None,
                    span_id=context.span_id if context else None,
                    service=f"{self._source.endpoint}/{self._source.deployment}",
                    logger=name,
                    attributes={**attributes, **({"dropped": dropped} if dropped else {})},
                )
            )
            if self._sink.dropped > before:
                self._dropped[name]["queue_full"] += 1
                return "queue_full"
            self._dropped[name].clear()
        return None


_here: list[DataKeeper] = []


def use(keeper: DataKeeper | None) -> None:
    """Let `Collector` of this process give its rows to `keeper`; None: to nobody."""
    _here[:] = [] if keeper is None else [keeper]


def here() -> DataKeeper | None:
    """Return what keeps the rows of this process; None where nothing is collected."""
    return _here[0] if _here else None


def correlation_of(context: SpanContext | None) -> str:
    """Return the id that joins what is collected of one request: its trace, or a new one outside of requests."""
    return context.trace_id if context is not None else new_trace_id()
