"""The end of a line: its outputs, streams read to their end and told piece by piece."""

from typing import Any

from flowyard.flows.runtime.context import ActiveNode, set_active
from flowyard.flows.runtime.drivers import on_thread
from flowyard.flows.runtime.line import Line
from flowyard.flows.runtime.streams import Stream
from flowyard.tracing.context import SpanContext, make_current

_END = object()


def collect(line: Line) -> dict[str, Any]:
    """Return the outputs of a line that ran without a loop.

    Raises:
        NodeFailedError: a reference does not lead to a value, or a generator failed.
    """
    values = line.output_values()
    told = _begin(line, values)
    for name, value in values.items():
        if isinstance(value, Stream):
            _enter(line, value)
            pieces = iter(value)
            while (piece := _pull(line, value, pieces)) is not _END:
                _tell(line, name, piece, told)
            values[name] = _close(line, value)
    _close_rest(line)
    return values


async def collect_async(line: Line) -> dict[str, Any]:
    """Return the outputs of a line that runs on this loop.

    Raises:
        NodeFailedError: a reference does not lead to a value, or a generator failed.
    """
    values = line.output_values()
    told = _begin(line, values)
    for name, value in values.items():
        if not isinstance(value, Stream):
            continue
        _enter(line, value)
        if value.is_async:
            try:
                async for piece in value.read():
                    _tell(line, name, piece, told)
            except (Exception, SystemExit) as error:
                raise line.fail(line.step(value.step), error) from error
        else:
            pieces = iter(value)
            while (piece := await on_thread(lambda stream=value, pieces=pieces: _pull(line, stream, pieces))) is not _END:
                _tell(line, name, piece, told)
        values[name] = _close(line, value)
    _close_rest(line)
    return values


def _begin(line: Line, values: dict[str, Any]) -> bool:
    """Tell the outputs that do not stream, when some do and the caller wants pieces."""
    streams = any(isinstance(value, Stream) for value in values.values())
    if line.observer is None or not line.streaming or not streams:
        return False
    line.observer.fields({name: value for name, value in values.items() if not isinstance(value, Stream)})
    return True


def _enter(line: Line, stream: Stream) -> None:
    """The generator's code runs now: what it prints and calls belongs to its node."""
    engine, record = line.engine, line.records[stream.step]
    set_active(ActiveNode(record, line.record.metrics, engine.resolver, engine.recorder, True, line.recorded))
    make_current(SpanContext(line.record.trace_id, record.span_id))


def _pull(line: Line, stream: Stream, pieces: Any) -> Any:
    try:
        return next(pieces, _END)
    except (Exception, SystemExit) as error:
        raise line.fail(line.step(stream.step), error) from error


def _tell(line: Line, name: str, piece: Any, told: bool) -> None:
    if told and line.observer is not None:
        line.observer.chunk(name, str(piece))


def _close(line: Line, stream: Stream) -> Any:
    record = line.records[stream.step]
    whole = stream.whole()
    if record.status == "running":
        line.complete(record, whole)
    return whole


def _close_rest(line: Line) -> None:
    """Generators that feed only nodes, or nothing, end as they are."""
    for value in line.outputs:
        if isinstance(value, Stream):
            _close(line, value)
