"""Roll-ups: counts, sums and sketches of a segment's spans by hour and by what figures group by, so that most figures open no segment.

A sketch counts values in buckets whose bounds grow by one hundredth (DDSketch, Masson et al., VLDB 2019): what stands for the values of
a bucket is at most 0.5 % away from each of them, and the buckets of several segments add up.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow
import pyarrow.compute
from numpy.typing import NDArray
from pyarrow import ipc

from flowyard.foundation.clock import HOUR_NS
from flowyard.storage.telemetry.model import Table

_pa: Any = pyarrow
_pc: Any = pyarrow.compute
_ipc: Any = ipc

#: What rows of a roll-up are told apart by, beside the hour and whether they are requests.
DIMENSIONS = (
    "kind",
    "status",
    "model",
    "provider",
    "endpoint",
    "flow",
    "deployment",
    "service",
    "api_key",
    "error_type",
)
#: The columns of spans that a roll-up is made of; the first two tell spans apart that stand in several places.
NEEDED = (
    "trace_id",
    "span_id",
    *DIMENSIONS,
    "parent_id",
    "start_ns",
    "duration_ns",
    "prompt_tokens",
    "completion_tokens",
    "cost_micros",
    "currency",
    "first_token_ns",
)
#: A segment whose spans fall apart into more rows has no roll-up.
MOST_ROWS = 10_000
CURRENCY = "USD"
_STEP = 0.01
_BUCKETS = 8192
# What stands for a bucket is the middle of its bounds, relative to the upper one.
_MIDDLE = 2 / (1 + np.exp(_STEP))
_ROW = _pa.schema(
    [("hour", _pa.int64()), ("request", _pa.bool_())]
    + [(name, _pa.string()) for name in DIMENSIONS]
    + [(name, _pa.int64()) for name in ("spans", "prompt_tokens", "completion_tokens", "cost_micros", "priced", "unpriced")]
    + [("duration", _pa.float64()), ("longest", _pa.int64())]
)
_MARK = _pa.schema([("row", _pa.int32()), ("bucket", _pa.int16()), ("count", _pa.int32())])

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rollup:
    """Rows of `_ROW`, and the sketches of their durations and times to the first token: rows of `_MARK`, `row` being a row's place."""

    rows: Table
    durations: Table
    first_tokens: Table

    def encoded(self) -> dict[str, NDArray[np.uint8]]:
        """Return it as arrays of bytes, by name."""
        return {name: _encode(getattr(self, name)) for name in ("rows", "durations", "first_tokens")}


def decode_rollup(rows: NDArray[np.uint8], durations: NDArray[np.uint8], first_tokens: NDArray[np.uint8]) -> Rollup:
    """Return what `Rollup.encoded` made.

    Raises:
        ValueError: it is damaged.
        OSError: the same.
    """
    return Rollup(_decode(rows, _ROW), _decode(durations, _MARK), _decode(first_tokens, _MARK))


def roll_up(table: Table) -> Rollup | None:
    """Return the roll-up of spans, each of which counts; None when they are too different from one another to be worth it."""
    numbers = {name: _integers(table, name) for name in ("start_ns", "duration_ns", "prompt_tokens", "completion_tokens", "cost_micros")}
    request = _pc.or_(
        _pc.is_null(table["parent_id"]),
        _pc.and_(_pc.equal(table["kind"], "http"), _pc.is_null(table["service"])),
    )
    hours = numbers["start_ns"] // HOUR_NS
    keys = _compact(hours) * 2 + _numpy(request).astype(np.int64)
    for name in DIMENSIONS:
        codes, size = _codes(table[name])
        keys = keys * size + codes
        if keys.max(initial=0) > 1 << 40:
            keys = _compact(keys)
    _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    count = len(first)
    if count > MOST_ROWS:
        return None
    call = _numpy(_pc.is_in(table["kind"], _pa.array(["llm", "embedding"])))
    priced = call & _numpy(_pc.is_valid(table["cost_micros"]))
    counted = _numpy(_pc.or_(_pc.is_valid(table["prompt_tokens"]), _pc.is_valid(table["completion_tokens"])))
    failed = _numpy(_pc.equal(table["status"], "error")) & ~counted
    in_dollars = priced & _numpy(_pc.fill_null(_pc.equal(table["currency"], CURRENCY), False))
    longest = np.full(count, np.iinfo(np.int64).min)
    np.maximum.at(longest, place, numbers["duration_ns"])

    def total(values: Any) -> Integers:
        return np.bincount(place, weights=values, minlength=count).astype(np.int64)

    columns: list[Any] = [hours[first] * HOUR_NS, request.take(first), *(table[name].take(first) for name in DIMENSIONS)]
    columns += [np.bincount(place, minlength=count), total(numbers["prompt_tokens"] * call), total(numbers["completion_tokens"] * call)]
    columns += [total(numbers["cost_micros"] * in_dollars), total(priced), total(call & ~priced & ~failed)]
    columns += [np.bincount(place, weights=numbers["duration_ns"], minlength=count), longest]
    known = _numpy(_pc.is_valid(table["first_token_ns"]))
    return Rollup(
        _pa.table(columns, schema=_ROW),
        _marks(place, numbers["duration_ns"]),
        _marks(place[known], _integers(table, "first_token_ns")[known]),
    )


def joined(rollups: list[Rollup]) -> Rollup:
    """Return the rows and sketches of all, the places of the sketches' rows moved accordingly."""
    offsets = np.cumsum([0, *(rollup.rows.num_rows for rollup in rollups)])

    def moved(name: str) -> Table:
        tables = [getattr(rollup, name) for rollup in rollups]
        rows = [_pc.add(table["row"], _pa.scalar(int(offset), _pa.int32())) for table, offset in zip(tables, offsets, strict=False)]
        return _pa.concat_tables(
            [_MARK.empty_table(), *(table.set_column(0, _MARK.field(0), row) for table, row in zip(tables, rows, strict=True))]
        )

    rows = _pa.concat_tables([_ROW.empty_table(), *(rollup.rows for rollup in rollups)])
    return Rollup(rows, moved("durations"), moved("first_tokens"))


def quantiles(marks: Table, groups: Integers, count: int, share: float) -> list[float | None]:
    """Return, for each of `count` groups, the continuous quantile of the values in its sketches; None where it has none.

    Args:
        marks: sketches of rows.
        groups: the group of each row, -1 for none.
        count: how many groups there are.
        share: which quantile, 0 to 1.
    """
    group = groups[marks["row"].to_numpy()]
    wanted = group >= 0
    keys = group[wanted] * _BUCKETS + marks["bucket"].to_numpy()[wanted]
    order = np.argsort(keys, kind="stable")
    keys, counts = keys[order], marks["count"].to_numpy()[wanted][order].astype(np.int64)
    sizes = np.bincount(keys // _BUCKETS, weights=counts, minlength=count).astype(np.int64)
    before = np.cumsum(sizes) - sizes
    ends = np.cumsum(counts)
    at = share * np.maximum(sizes - 1, 0)
    lower = np.floor(at)
    full = sizes > 0
    # The value at a rank is that of the first bucket that ends after it.
    low, high = (
        _value(keys[np.searchsorted(ends, before[full] + rank[full].astype(np.int64), side="right")] % _BUCKETS)
        for rank in (lower, np.ceil(at))
    )
    found = np.full(count, np.nan)
    found[full] = low + (high - low) * (at - lower)[full]
    return [None if np.isnan(value) else float(value) for value in found]


def _marks(place: Integers, values: Integers) -> Table:
    positive = np.maximum(values, 1)
    bucket = np.where(values > 0, np.ceil(np.log(positive) / _STEP).astype(np.int64) + 1, 0)
    keys, counts = np.unique(place * _BUCKETS + bucket, return_counts=True)
    return _pa.table([(keys // _BUCKETS).astype(np.int32), (keys % _BUCKETS).astype(np.int16), counts.astype(np.int32)], schema=_MARK)


def _value(bucket: Integers) -> Floats:
    return np.where(bucket > 0, np.exp((bucket - 1) * _STEP) * _MIDDLE, 0.0)


def _compact(values: Integers) -> Integers:
    return np.unique(values, return_inverse=True)[1]


def _codes(column: Any) -> tuple[Integers, int]:
    """Return a number for each value, 0 for null, and how many numbers there are."""
    encoded = column.combine_chunks().dictionary_encode() if not _pa.types.is_dictionary(column.type) else column.combine_chunks()
    return _pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64) + 1, len(encoded.dictionary) + 1


def _integers(table: Table, name: str) -> Integers:
    return _pc.fill_null(table[name], 0).to_numpy()


def _numpy(column: Any) -> NDArray[np.bool_]:
    return _pc.fill_null(column, False).to_numpy(zero_copy_only=False)


def _encode(table: Table) -> NDArray[np.uint8]:
    sink = _pa.BufferOutputStream()
    with _ipc.new_stream(sink, table.schema, options=_ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    return np.frombuffer(sink.getvalue(), np.uint8)


def _decode(data: NDArray[np.uint8], schema: Any) -> Table:
    with _ipc.open_stream(_pa.py_buffer(data)) as reader:
        table = reader.read_all()
    if table.schema != schema:
        raise ValueError("a roll-up of another version")
    return table
