"""A span as a row: how it stands in a spool and in a Parquet segment.

A row is the fields of `SpanRecord` in order, with ``attributes`` and ``events`` as JSON text. Writing the JSON when the span ends makes
the copy that later changes of a flow's data cannot touch, and spares the indexer decoding it at all.
"""

import logging
from typing import Any, TypeVar

import msgspec

from flowyard.tracing.model import SpanEvent, SpanRecord
from flowyard.tracing.signals import LogRecord, MetricPoint, Score

logger = logging.getLogger(__name__)

#: The columns of a row, in order. New ones are appended to `SpanRecord`; a spool file says which ones it has.
COLUMNS: tuple[str, ...] = SpanRecord.__struct_fields__

#: Attributes of one span may take this many bytes of JSON; longer texts in them are cut.
ATTRIBUTES_LIMIT = 4 * 1024 * 1024
_TEXT_LIMIT = 128 * 1024
_REPR_LIMIT = 2000
_DEPTH_LIMIT = 50
_INT_LIMIT = 1 << 63

_ATTRIBUTES = COLUMNS.index("attributes")
_EVENTS = COLUMNS.index("events")
_UNFIT = (TypeError, ValueError, OverflowError, RecursionError, msgspec.MsgspecError)


def _shown(value: Any) -> str:
    """What stands for an object that JSON has no form for."""
    try:
        return repr(value)[:_REPR_LIMIT]
    except Exception as error:  # noqa: BLE001 (it is the user's code, and its failure must not cost them the span)
        logger.debug("The repr of a %s in a span failed: %s", type(value).__qualname__, error)
        return f"<{type(value).__qualname__}>"


_row_encoder = msgspec.msgpack.Encoder()
_json_encoder = msgspec.json.Encoder(enc_hook=_shown)


def encode_row(record: SpanRecord | LogRecord | MetricPoint | Score) -> bytes:
    """Return `record` as one msgpack array. Never fails for what attributes hold: what has no JSON form becomes text."""
    row = row_of(record) if isinstance(record, SpanRecord) else signal_row(record)
    try:
        return _row_encoder.encode(row)
    except _UNFIT:
        return _row_encoder.encode([value if isinstance(value, bytes) else plain(value) for value in row])


def row_of(record: SpanRecord) -> list[Any]:
    """Return `record` as a row: the values of `COLUMNS`."""
    row = list(msgspec.structs.astuple(record))
    attributes, events = record.attributes, record.events
    row[_ATTRIBUTES] = encode_attributes(attributes) if attributes else b""
    row[_EVENTS] = _encode_events(events) if events else b""
    return row


def signal_row(record: LogRecord | MetricPoint | Score) -> list[Any]:
    """Return a record of another signal as a row: the values of its table's columns."""
    row = list(msgspec.structs.astuple(record))
    place = record.__struct_fields__.index("attributes")
    row[place] = encode_attributes(record.attributes) if record.attributes else b""
    if isinstance(record, MetricPoint):
        place = record.__struct_fields__.index("buckets")
        row[place] = _json_encoder.encode(record.buckets) if record.buckets else b""
    return row


def encode_attributes(attributes: dict[str, Any]) -> bytes:
    """Return `attributes` as JSON of at most `ATTRIBUTES_LIMIT` bytes."""
    try:
        data = _json_encoder.encode(attributes)
    except _UNFIT:
        data = _json_encoder.encode(plain(attributes))
    if len(data) > ATTRIBUTES_LIMIT:
        data = _json_encoder.encode(plain(attributes, text_limit=_TEXT_LIMIT))
    if len(data) > ATTRIBUTES_LIMIT:
        data = _json_encoder.encode({"flowyard.dropped": f"{len(data)} bytes of attributes"})
    return data


def _encode_events(events: list[SpanEvent]) -> bytes:
    try:
        data = _json_encoder.encode(events)
    except _UNFIT:
        data = _json_encoder.encode([SpanEvent(_text(event.name), event.at_ns, plain(event.attributes)) for event in events])
    return data if len(data) <= ATTRIBUTES_LIMIT else b"[]"


_decode_events = msgspec.json.Decoder(list[SpanEvent]).decode
_decode_attributes = msgspec.json.Decoder(dict[str, Any]).decode


def decode_row(row: dict[str, Any]) -> SpanRecord:
    """Turn a row (column name to value, as a segment or a spool gives it) back into a record.

    Raises:
        msgspec.ValidationError: the row is none of ours.
    """
    fields = {name: value for name, value in row.items() if value is not None and name not in {"attributes", "events"}}
    record = msgspec.convert(fields, SpanRecord)
    if row.get("attributes"):
        record.attributes = _decode_attributes(row["attributes"])
    if row.get("events"):
        record.events = _decode_events(row["events"])
    return record


Recorded = TypeVar("Recorded", LogRecord, MetricPoint, Score)


def decode_signal_row(row: dict[str, Any], kind: type[Recorded]) -> Recorded:
    """Turn a row of logs, metrics or scores back into a record.

    Raises:
        msgspec.ValidationError: the row is none of ours.
    """
    fields = {name: value for name, value in row.items() if value is not None and name not in {"attributes", "buckets"}}
    fields |= {name: msgspec.json.decode(row[name]) for name in ("attributes", "buckets") if row.get(name)}
    return msgspec.convert(fields, kind)


def plain(value: Any, *, text_limit: int | None = None, depth: int = 0) -> Any:
    """Return `value` as dicts with text keys, lists, texts of valid Unicode, numbers of 64 bits, booleans and None.

    Anything else becomes its `repr`; texts are cut at `text_limit` characters.
    """
    match value:
        case None | bool() | float():
            return value
        case int():
            return int(value) if -_INT_LIMIT <= value < _INT_LIMIT else str(value)[:_REPR_LIMIT]
        case str():
            return _text(value, text_limit)
        case dict() | list() | tuple() | set() | frozenset() if depth <= _DEPTH_LIMIT:
            return _container(value, text_limit, depth + 1)  # pyright: ignore[reportUnknownArgumentType]
        case _:
            return _object(value, text_limit, depth)


def _container(value: Any, text_limit: int | None, depth: int) -> Any:
    if isinstance(value, dict):
        items: list[tuple[Any, Any]] = list(value.items())  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
        return {_text(key if isinstance(key, str) else str(key)): plain(item, text_limit=text_limit, depth=depth) for key, item in items}
    return [plain(item, text_limit=text_limit, depth=depth) for item in list(value)]


def _object(value: Any, text_limit: int | None, depth: int) -> Any:
    if depth > _DEPTH_LIMIT:
        return f"<{type(value).__qualname__} nested deeper than {_DEPTH_LIMIT}>"
    try:
        simple = msgspec.to_builtins(value, enc_hook=_shown, str_keys=True)
    except _UNFIT:
        return _text(_shown(value))
    return plain(simple, text_limit=text_limit, depth=depth + 1)


def _text(value: str, limit: int | None = None) -> str:
    if limit is not None and len(value) > limit:
        value = f"{value[:limit]}… ({len(value)} characters)"
    # A lone surrogate has no UTF-8 form.
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
