"""What happens in a line as events of the wire: for live test runs."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flowyard.flows.runtime.record import LineRecord, NodeRecord
from flowyard.foundation.codecs import plain

if TYPE_CHECKING:
    from flowyard.wire.flows import FlowTestEvent

EventHandler = Callable[["FlowTestEvent"], None]


class Events:
    """An observer that turns what it is told into `FlowTestEvent`. `put` is called from whichever thread runs the node."""

    def __init__(self, put: EventHandler) -> None:
        from flowyard.wire.flows import FlowTestEvent

        self._event = FlowTestEvent
        self._put = put
        self._trace_id = ""

    def begin(self, record: LineRecord) -> None:
        """Tell that the line began."""
        self._trace_id = record.trace_id
        self._put(self._event(kind="started", trace_id=record.trace_id))

    def node(self, record: NodeRecord) -> None:
        """Tell how a node is."""
        self._put(self._event(kind="node", trace_id=self._trace_id, node=record.result()))

    def fields(self, outputs: dict[str, Any]) -> None:
        """Nothing: the last event has all outputs."""

    def chunk(self, output: str, text: str) -> None:
        """Tell a piece of an output."""
        self._put(self._event(kind="chunk", trace_id=self._trace_id, output=output, text=text))


def ended(record: LineRecord) -> "FlowTestEvent":
    """Return the event with which a line's stream ends."""
    from flowyard.wire.flows import FlowTestEvent

    return FlowTestEvent(
        kind="ended",
        trace_id=record.trace_id,
        status="failed" if record.error else "completed",
        outputs=record.outputs if record.error is None else None,
        error=plain(record.error) if record.error else None,
        duration_ms=record.duration_ns / 1e6,
        metrics=record.metrics or None,
        warnings=tuple(record.warnings),
    )
