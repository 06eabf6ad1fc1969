"""What the gateway counts of itself: requests, model calls, tokens, cost. Belongs to one event loop."""

from collections import Counter
from collections.abc import Callable

from flowyard.endpoints.figures import bucket_of
from flowyard.monitoring import metrics
from flowyard.monitoring.instruments import OTHER, Histogram, Histograms
from flowyard.monitoring.metrics import Reading, Readings
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.ports import SpanSink
from flowyard.tracing.signals import Score

_METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})
_MICROS = 1_000_000
#: Models (by operation, workspace and way) with series of their own: each makes some 70 lines of the page.
MODELS = 200
#: Workspace, operation, provider, model, endpoint, deployment: the labels of a model's series.
_Place = tuple[str, str, str, str, str, str]


class _Calls:
    """The calls of one model by one way. A stream's first token, and tokens, are not there for every call."""

    __slots__ = ("cost_micros", "durations", "first_token", "input", "output", "unpriced")

    def __init__(self) -> None:
        self.durations: dict[str, Histogram] = {}
        self.first_token: Histogram | None = None
        self.input: Histogram | None = None
        self.output: Histogram | None = None
        self.cost_micros = 0
        self.unpriced = 0

    def count(self, record: SpanRecord) -> None:
        """Add one call."""
        error = (record.error_type or OTHER) if record.status == "error" else ""
        held = self.durations.get(error)
        if held is None:
            held = self.durations[error] = Histogram(metrics.CALL_DURATION.bounds)
        held.observe(record.duration_ns / 1e9)
        if record.first_token_ns is not None:
            if self.first_token is None:
                self.first_token = Histogram(metrics.FIRST_TOKEN.bounds)
            self.first_token.observe(record.first_token_ns / 1e9)
        if record.prompt_tokens is not None:
            self._count_tokens(record.prompt_tokens, record.completion_tokens or 0, record.cost_micros)

    def _count_tokens(self, prompt: int, completion: int, cost_micros: int | None) -> None:
        if self.input is None or self.output is None:
            self.input, self.output = Histogram(metrics.TOKENS.bounds), Histogram(metrics.TOKENS.bounds)
        self.input.observe(prompt)
        self.output.observe(completion)
        if cost_micros is None:
            self.unpriced += 1
        else:
            self.cost_micros += cost_micros


class GatewayMeters:
    """Counts requests, by the name of its `process`, and as the sink before the real one what their spans say.

    A caller can name any model and any connection's owner can let any pass, so a model gets series of its own once a call of it
    succeeded, and `limit` of them do; all else is counted under the model ``_OTHER`` of its workspace.
    `overhead` counts model calls by what the gateway itself took of them, in buckets of `figures.bucket_of`; `mirrored` copies by
    workspace, endpoint, deployment and outcome; `also` is called with every finished span.
    """

    def __init__(
        self, sink: SpanSink, process: str = "gateway", limit: int = MODELS, *, also: Callable[[SpanRecord], None] | None = None
    ) -> None:
        self.process = process
        self._sink = sink
        self._also = also
        self._limit = limit
        self._requests = Histograms(metrics.HTTP_DURATION)
        self._calls: dict[_Place, _Calls] = {}
        self._endpoints = Histograms(metrics.ENDPOINT_DURATION)
        self.active = 0
        self.overhead: Counter[int] = Counter()
        self.mirrored: Counter[tuple[str, str, str, str]] = Counter()

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request. `route` is a template; `status` 0: there was no answer."""
        known = method if method in _METHODS else OTHER
        self._requests.observe((self.process, known, route, str(status) if status else ""), seconds)

    def added(self, seconds: float) -> None:
        """Count what the gateway itself took of a model call until its answer began."""
        self.overhead[bucket_of(seconds)] += 1

    def emit(self, record: SpanRecord) -> None:
        """Count the call that a finished span tells of, and pass the span on."""
        self._sink.emit(record)
        self.count(record)

    def count(self, record: SpanRecord) -> None:
        """Count a call without passing its span on."""
        if self._also is not None:
            self._also(record)
        if record.kind in {"llm", "embedding"}:
            self._count_call(record)
        elif record.kind == "http" and record.endpoint is not None:
            error = (record.error_type or OTHER) if record.status == "error" else ""
            self._endpoints.observe((record.workspace_id, record.endpoint, record.deployment or "", error), record.duration_ns / 1e9)

    def emit_score(self, score: Score) -> None:
        """See `SpanSink.emit_score`."""
        self._sink.emit_score(score)

    def flush(self) -> None:
        """See `SpanSink.flush`."""
        self._sink.flush()

    def close(self) -> None:
        """See `SpanSink.close`."""
        self._sink.close()

    def readings(self) -> Readings:
        """Return what was counted since the start."""
        found: Readings = {
            metrics.HTTP_DURATION.name: self._requests.readings(),
            metrics.HTTP_ACTIVE.name: [Reading((self.process,), self.active)],
            metrics.ENDPOINT_DURATION.name: self._endpoints.readings(),
            metrics.MIRRORED.name: [Reading(labels, count) for labels, count in self.mirrored.items()],
            metrics.CALL_DURATION.name: [],
            metrics.FIRST_TOKEN.name: [],
            metrics.TOKENS.name: [],
            metrics.COST.name: [],
            metrics.UNPRICED.name: [],
        }
        for place, calls in self._calls.items():
            _add_calls(found, place, calls)
        return found

    def _count_call(self, record: SpanRecord) -> None:
        operation = record.attributes.get("gen_ai.operation.name", record.kind)
        place = (
            record.workspace_id,
            operation,
            record.provider or "",
            record.model or "",
            record.endpoint or "",
            record.deployment or "",
        )
        calls = self._calls.get(place)
        if calls is None:
            calls = self._add(place, succeeded=record.status != "error")
        calls.count(record)

    def _add(self, place: _Place, *, succeeded: bool) -> _Calls:
        if not succeeded or len(self._calls) >= self._limit:
            workspace_id, operation, provider, _, endpoint, deployment = place
            place = (workspace_id, operation, provider, OTHER, endpoint, deployment)
            if len(self._calls) >= 2 * self._limit and place not in self._calls:
                place = (OTHER, OTHER, OTHER, OTHER, "", "")
        return self._calls.setdefault(place, _Calls())


def _add_calls(found: Readings, place: _Place, calls: _Calls) -> None:
    found[metrics.CALL_DURATION.name] += [held.reading((*place, error)) for error, held in calls.durations.items()]
    if calls.first_token is not None:
        found[metrics.FIRST_TOKEN.name].append(calls.first_token.reading(place))
    if calls.input is not None and calls.output is not None:
        found[metrics.TOKENS.name] += [calls.input.reading((*place, "input")), calls.output.reading((*place, "output"))]
        found[metrics.COST.name].append(Reading(place, calls.cost_micros / _MICROS))
        found[metrics.UNPRICED.name].append(Reading(place, calls.unpriced))
