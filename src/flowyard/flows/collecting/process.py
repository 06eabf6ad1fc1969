"""Collecting within a replica's process."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flowyard.flows.collecting import keeper
from flowyard.flows.collecting.app import CollectingApp
from flowyard.flows.collecting.keeper import QUEUE_BYTES, QUEUE_RECORDS, CollectorSpec, DataKeeper, Source
from flowyard.foundation.codecs import convert
from flowyard.tracing.recorder import Scrub
from flowyard.tracing.spool import SpoolSink


@contextmanager
def collecting(message: Mapping[str, Any], scrub: Scrub | None) -> Generator[DataKeeper | None]:
    """Collect what the start message says, until the block ends; yields None where that is nothing.

    The rows have a spool of their own: that more is collected than can be written costs no span.
    """
    told = message.get("collector")
    if told is None or not message["spools"]:  # an image has nobody who reads them
        yield None
        return
    source = Source(workspace_id=message["workspace_id"], endpoint=message["endpoint"], deployment=message["deployment"])
    name = f"data-{source.endpoint}-{source.deployment}"
    sink = SpoolSink(Path(message["spools"]), name, queue_spans=QUEUE_RECORDS, queue_bytes=QUEUE_BYTES)
    kept = DataKeeper(sink, convert(told, CollectorSpec), source, scrub)
    keeper.use(kept)
    try:
        yield kept
    finally:
        keeper.use(None)
        kept.close()
        sink.close()


def in_front(app: Any, kept: DataKeeper | None, *, values: bool) -> Any:
    """Return `app` with what collects in front of it; `values`: its bodies are a flow's inputs and outputs."""
    return app if kept is None else CollectingApp(app, kept, values=values)
