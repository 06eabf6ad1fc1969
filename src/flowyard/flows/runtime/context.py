"""Which node runs here: carried by a context variable, so that prints, metrics and model calls find their record."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import msgspec

from flowyard.flows.runtime.record import NodeRecord, has_opaque, json_value

if TYPE_CHECKING:
    from flowyard.flows.ports import ModelResolver
    from flowyard.tracing.recorder import Recorder

Scrub = Callable[[str], str]


class ActiveNode(msgspec.Struct, gc=False):
    """The node that runs here.

    Attributes:
        record: its record, to be added to.
        metrics: the line's metrics; aggregation nodes log into it.
        resolver: finds models; None when the process was given none.
        recorder: takes spans that the node makes itself; None when nothing is traced.
        stream: the node's output may be a stream: the caller streams and nothing else needs the whole.
        recorded: somebody will look at the record, so inputs and outputs are kept.
        scrub: removes known secret values from what is printed; None when there are none.
        warnings: the line's warnings, to be added to.
        tell: tells whoever watches that its record changed; None when nobody does.
        printed: characters that it has printed so far.
        personal: its result depends on who asks, so it is not kept for others.
    """

    record: NodeRecord
    metrics: dict[str, Any]
    resolver: "ModelResolver | None"
    recorder: "Recorder | None"
    stream: bool
    recorded: bool
    scrub: Scrub | None = None
    warnings: list[str] = []
    tell: Callable[[NodeRecord], None] | None = None
    printed: int = 0
    personal: bool = False


_active: ContextVar[ActiveNode | None] = ContextVar("flowyard_node", default=None)
set_active = _active.set
active_node = _active.get


def log_metric(key: str, value: Any, variant_id: str | None = None) -> None:
    """Log a metric of the run under `key`: what aggregation nodes are for. The last value counts; outside a flow none does.

    A metric is a number; texts and other values that JSON has a form for are kept too, what has none is left out with a warning.
    `variant_id` is taken for the sake of old flows; a run has one variant.
    """
    del variant_id
    node = _active.get()
    if node is None:
        return
    kept = json_value(value)
    if has_opaque(kept):
        node.warnings.append(f"The metric {key!r} has no form in JSON and was left out: {value!r:.200}.")
    else:
        node.metrics[key] = float(kept) if isinstance(kept, int) and not isinstance(kept, bool) else kept
