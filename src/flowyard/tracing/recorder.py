"""Makes spans. The one place where they begin, end, and are cleaned of secrets before they leave the process."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from flowyard.tracing.context import SpanContext, current, make_current, new_context
from flowyard.tracing.model import SpanEvent, SpanKind, SpanRecord, SpanStatus
from flowyard.tracing.rows import plain
from flowyard.tracing.signals import Score

if TYPE_CHECKING:
    from flowyard.tracing.ports import SpanSink

Scrub = Callable[[str], str]


class SpanFields(TypedDict, total=False):
    """The fields of a `SpanRecord` that whoever opens a span may give it, at the start or later."""

    workspace_id: str
    status: SpanStatus
    status_message: str | None
    model: str | None
    provider: str | None
    flow: str | None
    node: str | None
    endpoint: str | None
    deployment: str | None
    run_id: str | None
    line: int | None
    prompt_tokens: int | None
    completion_tokens: int | None
    cost_micros: int | None
    currency: str
    session_id: str | None
    user_id: str | None
    attributes: dict[str, Any]
    api_key: str | None
    error_type: str | None
    first_token_ns: int | None


class SpanDefaults(TypedDict, total=False):
    """What a recorder writes on every span that does not say otherwise."""

    workspace_id: str
    flow: str | None
    endpoint: str | None
    deployment: str | None
    run_id: str | None
    session_id: str | None
    user_id: str | None


class LiveSpan:
    """A span that is open. As a context manager it is the current span of its block, and an exception marks it as failed.

    Opened by `Recorder.start` it leaves the context alone, so that it can be ended in another task (a response that is streamed).
    """

    __slots__ = ("_before", "_clock", "_ended", "_recorder", "context", "record")

    def __init__(self, recorder: "Recorder", record: SpanRecord, context: SpanContext) -> None:
        self.record = record
        self.context = context
        self._recorder = recorder
        self._clock = time.perf_counter_ns()
        self._before: SpanContext | None = None
        self._ended = False

    @property
    def attributes(self) -> dict[str, Any]:
        """The attributes, to be added to until the span ends. Values are copied then, not before."""
        return self.record.attributes

    def set(self, **fields: Unpack[SpanFields]) -> None:
        """Set fields of the record."""
        record = self.record
        for name, value in fields.items():
            setattr(record, name, value)

    def event(self, name: str, **attributes: Any) -> None:
        """Add an event that happens now."""
        self.record.events.append(SpanEvent(name, time.time_ns(), attributes))

    def fail(self, message: str) -> None:
        """Mark the span as failed, with the reason."""
        self.record.status = "error"
        self.record.status_message = message

    def fail_with(self, error: BaseException) -> None:
        """Mark the span as failed by `error`, and add OpenTelemetry's ``exception`` event. A reason already given stays."""
        kind = type(error).__qualname__
        if self.record.status != "error":
            self.fail(f"{kind}: {error}" if str(error) else kind)
        self.record.events.append(SpanEvent("exception", time.time_ns(), {"exception.type": kind, "exception.message": str(error)}))

    def end(self) -> None:
        """Close the span and hand it to the sink. Only the first call counts."""
        if not self._ended:
            self._recorder.deliver(self.finish())

    def finish(self) -> SpanRecord:
        """Close the span and return its record; it goes to no sink."""
        self._ended = True
        self.record.duration_ns = time.perf_counter_ns() - self._clock
        return self.record

    def __enter__(self) -> "LiveSpan":
        self._before = make_current(self.context)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        make_current(self._before)
        if error is not None:
            self.fail_with(error)
        self.end()


class Recorder:
    """Opens spans with a set of defaults and gives them to `sink` when they end. Safe to use from many threads.

    Args:
        sink: takes the finished spans.
        scrub: is given every text of a span (attributes, event attributes, messages) and returns it without known secret values.
        defaults: fields that every span gets unless it says otherwise.
    """

    def __init__(self, sink: "SpanSink", *, scrub: Scrub | None = None, **defaults: Unpack[SpanDefaults]) -> None:
        self.sink = sink
        self._scrub = scrub
        self._defaults = defaults

    def bind(self, **defaults: Unpack[SpanDefaults]) -> "Recorder":
        """Return a recorder to the same sink with `defaults` on top of these."""
        bound = Recorder(self.sink, scrub=self._scrub)
        bound._defaults = {**self._defaults, **defaults}
        return bound

    def start(self, name: str, *, kind: SpanKind = "internal", parent: SpanContext | None = None, **fields: Unpack[SpanFields]) -> LiveSpan:
        """Open a span that is to be ended by hand. `parent` None: the current span, or else a new trace."""
        above = parent or current()
        context = new_context(above)
        merged: dict[str, Any] = {**self._defaults, **fields}
        record = SpanRecord(
            trace_id=context.trace_id,
            span_id=context.span_id,
            parent_id=(above.span_id or None) if above else None,
            name=name,
            kind=kind,
            start_ns=time.time_ns(),
            duration_ns=0,
            **merged,
        )
        return LiveSpan(self, record, context)

    def span(self, name: str, *, kind: SpanKind = "internal", parent: SpanContext | None = None, **fields: Unpack[SpanFields]) -> LiveSpan:
        """Open a span for a ``with`` block. `parent` None: the current span, or else a new trace."""
        return self.start(name, kind=kind, parent=parent, **fields)

    def emit(self, record: SpanRecord) -> None:
        """Hand over a span that was made elsewhere; empty fields take this recorder's defaults."""
        for name, value in self._defaults.items():
            if not getattr(record, name):
                setattr(record, name, value)
        self.deliver(record)

    def score(self, score: Score) -> None:
        """Hand over a score; its workspace is this recorder's, its texts are scrubbed."""
        score.workspace_id = score.workspace_id or self._defaults.get("workspace_id", "")
        if self._scrub is not None:
            score.label = self._scrub(score.label) if score.label else None
            score.comment = self._scrub(score.comment) if score.comment else None
        self.sink.emit_score(score)

    def deliver(self, record: SpanRecord) -> None:
        """Scrub a finished span and give it to the sink as it is."""
        if self._scrub is not None:
            scrub_record(record, self._scrub)
        self.sink.emit(record)


def scrub_record(record: SpanRecord, scrub: Scrub) -> None:
    """Replace every text of `record` that may hold user data by what `scrub` makes of it."""
    record.name = scrub(record.name)
    if record.status_message:
        record.status_message = scrub(record.status_message)
    record.attributes = scrub_value(record.attributes, scrub)
    if record.events:
        record.events = [SpanEvent(event.name, event.at_ns, scrub_value(event.attributes, scrub)) for event in record.events]


def scrub_value(value: Any, scrub: Scrub) -> Any:
    """Return a value whose texts, keys included, are what `scrub` makes of them; what is no plain value becomes one."""
    match value:
        case str():
            return scrub(value)
        case None | bool() | int() | float():
            return value
        case dict():
            return {scrub_value(key, scrub): scrub_value(item, scrub) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
        case list() | tuple() | set() | frozenset():
            return [scrub_value(item, scrub) for item in value]  # pyright: ignore[reportUnknownVariableType]
        case bytes():
            return scrub(value.decode("utf-8", "replace"))
        case _:
            return scrub_value(plain(value), scrub)
