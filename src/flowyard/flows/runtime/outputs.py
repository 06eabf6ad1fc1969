"""The end of a line: its outputs, streams read to their end and told piece by piece."""

from typing import Any

from flowyard.flows.runtime.context import ActiveNode, set_active
from flowyard.flows.runtime.line import Line
from flowyard.flows.runtime.streams import Parts, Stream, whole
from flowyard.tracing.context import SpanContext, make_current

END = object()


def collect(line: Line) -> dict[str, Any]:
    """Return the outputs of a line that ran without a loop.

    Raises:
        NodeFailedError: a reference does not lead to a value, or a generator failed.
    """
    values = line.output_values()
    if not line.streamed:
        return values
    told = begin(line, values)
    for name, value in values.items():
        if isinstance(value, Stream):
            enter(line, value)
            pieces = iter(value)
            while (piece := pull(line, value, pieces)) is not END:
                tell(line, name, piece, told)
            values[name] = close(line, value)
    for value in unread(line):
        enter(line, value)
        pieces = iter(value)
        while pull(line, value, pieces) is not END:
            pass
    close_rest(line)
    return values


def begin(line: Line, values: dict[str, Any]) -> bool:
    """Tell the outputs that do not stream, when some do and the caller wants pieces."""
    if line.observer is None or not line.streaming or not any(isinstance(value, Stream) for value in values.values()):
        return False
    line.observer.fields({name: line.engine.kept(value) for name, value in values.items() if not isinstance(value, Stream)})
    return True


def enter(line: Line, stream: Stream) -> None:
    """The generator's code runs now: what it prints and calls belongs to its node."""
    engine, record = line.engine, line.records[stream.step]
    line_record = line.record
    set_active(
        ActiveNode(record, line_record.metrics, engine.resolver, engine.recorder, True, line.recorded, engine.scrub, line_record.warnings)
    )
    make_current(SpanContext(line.record.trace_id, record.span_id))


def pull(line: Line, stream: Stream, pieces: Any) -> Any:
    """Return the next piece, or `END`.

    Raises:
        NodeFailedError: the generator failed.
    """
    try:
        return next(pieces, END)
    except (Exception, SystemExit) as error:
        raise line.fail(line.step(stream.step), error) from error


def tell(line: Line, name: str, piece: Any, told: bool) -> None:
    """Tell a piece, where the other fields were told."""
    if told and line.observer is not None:
        text = str(piece)
        line.observer.chunk(name, line.engine.scrub(text) if line.engine.scrub else text)


def close(line: Line, stream: Stream) -> Any:
    """Close the record of the stream's node, and return all that came."""
    record, result = line.records[stream.step], line.outputs[stream.step]
    stream.closed = True
    if record.status == "running" and (not isinstance(result, Parts) or result.closed()):
        line.complete(record, whole(result))
    return stream.whole()


def unread(line: Line) -> list[Stream]:
    """Return the generators that no output has read, and whose whole an aggregation takes."""
    found = [line.outputs[index] for index in line.plan.reduce_needs]
    return [value for value in found if isinstance(value, Stream) and not value.closed]


def close_rest(line: Line) -> None:
    """Generators that feed only nodes, or nothing, end as they are."""
    for value in line.outputs:
        if isinstance(value, Stream):
            close(line, value)
