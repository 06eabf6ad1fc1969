"""Spans of OTLP straight to columns: spans of one shape are read together, without an object for each.

The columns say what `tracing.otlp.spans` says of the same requests; a test holds the two against one another. Spans of other shapes are
read there, one by one: with events or links, of conventions that spread a list over attributes, of shapes that only a few spans have.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow
import pyarrow.compute
from numpy.typing import NDArray

from flowyard.storage.telemetry.columns import SCHEMAS, join_tables
from flowyard.storage.telemetry.model import Table
from flowyard.storage.telemetry.otlp_shapes import Shape, UnreadableShapeError, shapes_of
from flowyard.storage.telemetry.otlp_slices import bytes_at, hexadecimal_texts, ids_at, texts_at, times_at, values_at
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.otlp.mapping import MODEL_KINDS
from flowyard.tracing.otlp.spans import LARGEST_NS, STATUS, Origin, PriceOf, origin_of, price, record_of
from flowyard.tracing.otlp.wire import LENGTH, PADDING, VARINT, Bytes, Fields, Numbers, parts, scan

_pa: Any = pyarrow
_pc: Any = pyarrow.compute

#: The fields of a ``Span`` (opentelemetry/proto/trace/v1/trace.proto).
_TRACE, _SPAN, _PARENT, _NAME, _START, _END, _ATTRIBUTES, _EVENTS, _LINKS, _STATUS = 1, 2, 4, 5, 7, 8, 9, 11, 13, 15
_MOST = 17
#: A shape that fewer spans have is read faster span by span. Attributes of a longer span may have to be cut.
FEW, LONG_BYTES = 24, 512 * 1024
_ERROR = 2


@dataclass(frozen=True, slots=True)
class Read:
    """What requests hold: a table of spans, records of others, and which requests have to be read span by span, and are in neither."""

    table: Table
    records: list[SpanRecord]
    left: list[int]


@dataclass(frozen=True, slots=True)
class _Found:
    """The spans of all requests: where they are in `data`, which `view` shows as numbers; of which request, and from which origin."""

    data: bytes
    view: Bytes
    begin: Numbers
    end: Numbers
    request: Numbers
    origin: Numbers
    origins: list[Origin]


def read_together(requests: Sequence[bytes], workspace_id: str, price_of: PriceOf | None, *, few: int = FEW) -> Read:
    """Read export requests.

    Args:
        requests: each a message ``ExportTraceServiceRequest``.
        workspace_id: who sent them.
        price_of: tells what a call cost; None: costs stay unknown.
        few: how many spans of a shape are too few for it.

    Raises:
        ValueError: one is malformed, or of a form that is not read together.
    """
    found = _found(requests)
    if not len(found.begin):
        return Read(SCHEMAS["spans"].empty_table(), [], [])
    spans = _Spans(found)
    alone = np.ones(len(found.begin), np.bool_)
    tables: list[Table] = []
    rows: list[Numbers] = []
    for shape in spans.shapes():
        if len(shape.spans) < few or not shape.is_plain():
            continue
        try:
            tables.append(spans.table(shape, workspace_id, price_of))
        except UnreadableShapeError:
            continue
        rows.append(shape.spans)
        alone[shape.spans] = False
    records = {place: spans.record(place, workspace_id) for place in np.flatnonzero(alone).tolist()}
    left = spans.nested(rows, tables, records)
    stay = ~np.isin(found.request, left) & spans.valid
    kept = [table.filter(_pa.array(stay[places])) for places, table in zip(rows, tables, strict=True)]
    told = [record for place, record in records.items() if record is not None and stay[place]]
    for record in told:
        price(record, price_of)
    return Read(join_tables(kept), told, left.tolist())


def _found(requests: Sequence[bytes]) -> _Found:
    data = b"".join(requests) + bytes(PADDING)
    places: list[tuple[int, int, int, int]] = []
    origins: dict[tuple[bytes, bytes], int] = {}
    base = 0
    for request, payload in enumerate(requests):
        for number, begin, end in parts(data, base, base + len(payload)):
            if number == 1:
                _add_spans(data, (begin, end), request, origins, places)
        base += len(payload)
    begin, end, of, origin = np.array(places, np.int64).reshape(-1, 4).T.copy()
    return _Found(data, np.frombuffer(data, np.uint8), begin, end, of, origin, [_origin(*key) for key in origins])


def _add_spans(
    data: bytes, within: tuple[int, int], request: int, origins: dict[tuple[bytes, bytes], int], places: list[tuple[int, int, int, int]]
) -> None:
    """Add the spans of a ``ResourceSpans``: 1 is its resource, 2 are its ``ScopeSpans``, of which 1 is the scope and 2 are the spans."""
    inside = list(parts(data, *within))
    resource = b"".join(data[begin:end] for number, begin, end in inside if number == 1)
    for _, *scope_spans in (one for one in inside if one[0] == 2):
        held = list(parts(data, *scope_spans))
        scope = b"".join(data[begin:end] for number, begin, end in held if number == 1)
        origin = origins.setdefault((resource, scope), len(origins))
        places += ((begin, end, request, origin) for number, begin, end in held if number == 2)


@lru_cache(maxsize=256)
def _origin(resource: bytes, scope: bytes) -> Origin:
    from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
    from opentelemetry.proto.resource.v1.resource_pb2 import Resource

    kinds: tuple[Any, Any] = (Resource, InstrumentationScope)
    return origin_of(kinds[0].FromString(resource), kinds[1].FromString(scope))


class _Spans:
    """The fields of the spans of requests. `valid` are those with valid ids."""

    def __init__(self, found: _Found) -> None:
        self._found = found
        self._count = len(found.begin)
        self._fields = scan(found.view, found.begin, found.end)
        once = np.bincount(self._fields.of * _MOST + np.minimum(self._fields.number, _MOST - 1), minlength=self._count * _MOST)
        self._times = once.reshape(self._count, _MOST)
        self._last = {number: self._singular(number) for number in (_TRACE, _SPAN, _PARENT, _NAME, _START, _END, _STATUS)}
        self._traces, has_trace = ids_at(found.view, *self._last[_TRACE], 16)
        self._ids, has_id = ids_at(found.view, *self._last[_SPAN], 8)
        self._parents, self._has_parent = ids_at(found.view, *self._last[_PARENT], 8)
        self.valid: NDArray[np.bool_] = has_trace & has_id

    def _singular(self, number: int) -> tuple[Numbers, Numbers]:
        """Return where a field is; nowhere, at the beginning of its span, when the span has none."""
        begin, end = self._found.begin.copy(), self._found.begin.copy()
        wanted = self._fields.number == number
        of = self._fields.of[wanted]
        begin[of], end[of] = self._fields.begin[wanted], self._fields.end[wanted]
        return begin, end

    def shapes(self) -> list[Shape]:
        """Return the shapes of the spans that can be read together."""
        found, view, times = self._found, self._found.view, self._times
        odd = (times[:, _EVENTS] > 0) | (times[:, _LINKS] > 0) | (found.end - found.begin > LONG_BYTES)
        odd |= (times[:, list(self._last)] > 1).any(axis=1)
        pairs = self._fields.chosen(self._fields.number == _ATTRIBUTES)
        inside = scan(view, pairs.begin, pairs.end)
        named, valued = (_one_each(inside, number, pairs.begin) for number in (1, 2))
        values = values_at(found.data, view, *valued)
        encoded = bytes_at(found.data, *named).cast(_pa.string()).dictionary_encode()
        names: list[str] = encoded.dictionary.to_pylist()
        numbers: Numbers = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        counts = times[:, _ATTRIBUTES]
        begins = np.cumsum(counts) - counts
        shapes: list[Shape] = []
        for group in shapes_of(numbers, counts, begins, found.origin):
            kept, first = group[~odd[group]], int(group[0])
            of_first: list[int] = numbers[begins[first] :][: counts[first]].tolist()
            if len(kept):
                named_so = tuple(names[number] for number in of_first)
                shapes.append(Shape(named_so, found.origins[int(found.origin[first])], kept, begins[kept], values))
        return shapes

    def table(self, shape: Shape, workspace_id: str, price_of: PriceOf | None) -> Table:
        """Return the spans of a shape as a table.

        Raises:
            UnreadableShapeError: they have to be read one by one.
        """
        spans, rows = shape.spans, len(shape.spans)
        kinds = shape.kinds()
        fields, said = shape.fields(kinds)
        start, duration = self._clock(spans)
        status, message = self._status(spans)
        columns: dict[str, Any] = {
            "trace_id": hexadecimal_texts(self._traces[spans], np.ones(rows, np.bool_)),
            "span_id": hexadecimal_texts(self._ids[spans], np.ones(rows, np.bool_)),
            "parent_id": hexadecimal_texts(self._parents[spans], self._has_parent[spans]),
            "name": self._names(spans),
            "kind": kinds,
            "start_ns": start,
            "duration_ns": duration,
            "status": status,
            "status_message": message,
            "cost_micros": shape.costs(fields, kinds, price_of),
            "attributes": shape.attributes(said),
            **fields,
        }
        constant = {"workspace_id": workspace_id, "service": shape.origin.service, "currency": "USD", "events": ""}
        schema = SCHEMAS["spans"]
        arrays = [
            columns[field.name] if field.name in columns else _pa.repeat(_pa.scalar(constant.get(field.name), field.type), rows)
            for field in schema
        ]
        return _pa.Table.from_arrays(arrays, schema=schema)

    def _names(self, spans: Numbers) -> Any:
        begin, end = self._last[_NAME]
        names = texts_at(self._found.data, begin[spans], end[spans])
        return _pc.if_else(_pc.equal(names, ""), "unnamed", names)

    def _clock(self, spans: Numbers) -> tuple[Any, Any]:
        """Return start and duration; clocks that were set back meanwhile give an end before the start."""
        first, last = (times_at(self._found.view, *(ends[spans] for ends in self._last[field])) for field in (_START, _END))
        start, end = (np.minimum(times, np.uint64(LARGEST_NS)).astype(np.int64) for times in (first, last))
        return _pa.array(start), _pa.array(np.where(last > 0, np.maximum(end - start, 0), 0))

    def _status(self, spans: Numbers) -> tuple[Any, Any]:
        """Return how each span ended, and of those that failed what was said of it: 2 of a ``Status`` is its message, 3 its code."""
        begin, end = (ends[spans] for ends in self._last[_STATUS])
        inside = scan(self._found.view, begin, end)
        codes = np.zeros(len(spans), np.int64)
        told = (inside.number == 3) & (inside.kind == VARINT)
        codes[inside.of[told]] = np.minimum(inside.value[told], np.uint64(len(STATUS))).astype(np.int64)
        words = _pa.array([*STATUS.values(), "unset"]).take(_pa.array(codes))
        said = (inside.number == 2) & (inside.kind == LENGTH) & (codes[inside.of] == _ERROR)
        first, last = begin.copy(), begin.copy()
        first[inside.of[said]], last[inside.of[said]] = inside.begin[said], inside.end[said]
        return words, _pc.if_else(_pa.array(last > first), texts_at(self._found.data, first, last), None)

    def record(self, place: int, workspace_id: str) -> SpanRecord | None:
        """Return one span as a record; None when its ids are not valid."""
        from opentelemetry.proto.trace.v1.trace_pb2 import Span

        found, message = self._found, Span()
        message.ParseFromString(found.data[int(found.begin[place]) : int(found.end[place])])
        return record_of(message, found.origins[int(found.origin[place])], workspace_id)

    def nested(self, rows: Sequence[Numbers], tables: Sequence[Table], records: dict[int, SpanRecord | None]) -> Numbers:
        """Return the requests in which a call of a model has a span below it: which of two calls counts is seen by the whole request."""
        calls = np.zeros(self._count, np.bool_)
        for places, table in zip(rows, tables, strict=True):
            calls[places] = _pc.is_in(table["kind"], _pa.array(sorted(MODEL_KINDS))).to_numpy()
        for place, record in records.items():
            calls[place] = record is not None and record.kind in MODEL_KINDS
        upper, lower = self._traces.view("<u8").T
        # Different places may get one number: a request more is read span by span then.
        place = upper * np.uint64(3) + lower * np.uint64(5) + self._found.request.astype(np.uint64) * np.uint64(7)
        own, above = (place + ids.view("<u8")[:, 0] * np.uint64(11) for ids in (self._ids, self._parents))
        return np.unique(self._found.request[self._has_parent & np.isin(above, own[calls])])


def _one_each(fields: Fields, number: int, nowhere: Numbers) -> tuple[Numbers, Numbers]:
    """Return where the last field `number` of each message is; at `nowhere`, and empty, when it has none."""
    begin, end = nowhere.copy(), nowhere.copy()
    wanted = (fields.number == number) & (fields.kind == LENGTH)
    begin[fields.of[wanted]], end[fields.of[wanted]] = fields.begin[wanted], fields.end[wanted]
    return begin, end
