"""Rows of telemetry as Arrow columns: the schemas of the segments, and the way from a spool's rows to them.

Only the modules that import this one need Arrow; who has it import them late keeps the server's start short.
"""

from collections.abc import Sequence
from itertools import repeat
from typing import Any, get_args

import numpy as np
import pyarrow
import pyarrow.compute
from numpy.typing import NDArray

from flowyard.storage.telemetry.model import Table
from flowyard.tracing.model import SpanKind, SpanStatus
from flowyard.tracing.signals import SIGNALS, MetricKind, ScoreSource, Signal, SignalTable

_pa: Any = pyarrow
_pc: Any = pyarrow.compute
# Arrow's own pool keeps for good the most that it ever had, and takes it in pages of 2 MiB that the kernel clears first.
_pa.set_memory_pool(_pa.system_memory_pool())

_WORKSPACE = "^[A-Za-z0-9_-]{1,36}$"
_TRACE, _SPAN = "^[0-9a-f]{32}$", "^[0-9a-f]{16}$"


def _type(table: SignalTable, column: str) -> Any:
    if column in table.integers:
        return _pa.int64()
    if column in table.floats:
        return _pa.float64()
    return _pa.bool_() if column in table.booleans else _pa.string()


SCHEMAS: dict[Signal, Any] = {
    name: _pa.schema([(column, _type(table, column)) for column in table.columns]) for name, table in SIGNALS.items()
}
_EMPTY: dict[Signal, Any] = {name: schema.empty_table() for name, schema in SCHEMAS.items()}
#: Columns with a few known values, and what stands in the place of any other.
_KNOWN: dict[Signal, tuple[tuple[str, Any, str], ...]] = {
    "spans": (("kind", _pa.array(get_args(SpanKind)), "internal"), ("status", _pa.array(get_args(SpanStatus)), "unset")),
    "logs": (),
    "metrics": (("kind", _pa.array(get_args(MetricKind)), "gauge"),),
    "scores": (("source", _pa.array(get_args(ScoreSource)), "api"),),
}
#: What a text must look like for its row to be kept.
_FORMS: dict[Signal, tuple[tuple[str, str], ...]] = {
    "spans": (("trace_id", _TRACE), ("span_id", _SPAN)),
    "logs": (),
    "metrics": (),
    "scores": (("trace_id", _TRACE),),
}


def empty_table(signal: Signal = "spans") -> Table:
    """Return a table of `signal` without rows."""
    return _EMPTY[signal]


def rows_to_table(
    signal: Signal, rows: Sequence[Sequence[Any]], columns: Sequence[str], owner: tuple[str | None, str]
) -> tuple[Table, int]:
    """Turn rows that hold `columns` into a table of `signal`, and say how many rows were not fit to store.

    Args:
        signal: whose schema the table has.
        rows: as `tracing.frames.decode_batch` returns them; any process may have written them, so nothing is taken for granted.
        columns: the names of a row's values; missing ones become null, unknown ones are left out.
        owner: the workspace that the spool belongs to and every row is counted to (None: what the row says), and the one that stands
            in for an empty workspace.
    """
    workspace_id, default_workspace = owner
    table, refused = _arrays(signal, rows, columns)
    if workspace_id is not None:
        table = _replace(table, "workspace_id", _pa.array(repeat(workspace_id, table.num_rows), _pa.string()))
    else:
        given = table["workspace_id"]
        table = _replace(table, "workspace_id", _pc.if_else(_pc.equal(_pc.fill_null(given, ""), ""), default_workspace, given))
    for column, known, otherwise in _KNOWN[signal]:
        table = _known(table, column, known, otherwise)
    fit = _fit(signal, table)
    if fit is not None:
        refused += table.num_rows - (_pc.sum(fit).as_py() or 0)
        table = table.filter(fit)
    return table, refused


def _arrays(signal: Signal, rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> tuple[Table, int]:
    try:
        return _convert(signal, rows, columns), 0
    except (_pa.ArrowException, ValueError, TypeError, OverflowError):
        good: list[Table] = []
        for row in rows:
            try:
                good.append(_convert(signal, [row], columns))
            except (_pa.ArrowException, ValueError, TypeError, OverflowError):
                continue
        return _pa.concat_tables([empty_table(signal), *good]), len(rows) - len(good)


def _convert(signal: Signal, rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> Table:
    if any(len(row) != len(columns) for row in rows):
        raise ValueError("rows of another length than their columns")
    schema = SCHEMAS[signal]
    values = dict(zip(columns, zip(*rows, strict=True), strict=True)) if rows else {}
    arrays = [_pa.array(values[field.name], field.type) if field.name in values else _pa.nulls(len(rows), field.type) for field in schema]
    return _pa.Table.from_arrays(arrays, schema=schema)


def _replace(table: Table, name: str, values: Any) -> Table:
    return table.set_column(table.schema.get_field_index(name), name, values)


def _known(table: Table, name: str, known: Any, otherwise: str) -> Table:
    if _pc.all(_pc.is_in(table[name], known)).as_py():
        return table
    return _replace(table, name, _pc.if_else(_pc.is_in(table[name], known), table[name], otherwise))


def _fit(signal: Signal, table: Table) -> Any:
    """Return which rows can be stored, or None for all."""
    fit = _pc.match_substring_regex(table["workspace_id"], _WORKSPACE)
    for name, form in _FORMS[signal]:
        fit = _pc.and_(fit, _pc.match_substring_regex(table[name], form))
    for name in SIGNALS[signal].required:
        fit = _pc.and_(fit, _pc.is_valid(table[name]))
    fit = _pc.fill_null(fit, False)
    return None if _pc.all(fit).as_py() else fit


def by_workspace(table: Table) -> dict[str, Table]:
    """Split a table by workspace."""
    names: list[str] = _pc.unique(table["workspace_id"]).to_pylist()
    if len(names) == 1:
        return {names[0]: table}
    return {name: table.filter(_pc.equal(table["workspace_id"], name)) for name in names}


def join_tables(tables: Sequence[Table], signal: Signal = "spans") -> Table:
    """Return the rows of all, without a copy; a column that one lacks is null there."""
    return _pa.concat_tables([empty_table(signal), *tables], promote_options="default")


def sorted_once(table: Table, signal: Signal = "spans") -> Table:
    """Return the rows in the order of their segment, each once: by time, the spans of a trace together, where its first one is.

    So what is asked for of a period, and of one trace, stands close together. Of a span that is there twice the earlier one stays.
    """
    # The few columns that say where a row goes and whether it is there twice first; prompts and answers are copied once, at the end.
    return table.take(_pa.array(_spans_in_order(table))) if signal == "spans" else table.take(_in_order(table, signal))


def _in_order(table: Table, signal: Signal) -> Any:
    of = SIGNALS[signal]
    small = table.select(list(dict.fromkeys([*of.key, of.time])))
    places = _pc.sort_indices(small, sort_keys=[(name, "ascending") for name in of.key])
    keys = [small[name].take(places).combine_chunks() for name in of.key]
    if table.num_rows > 1:
        again = _pc.equal(keys[0][1:], keys[0][:-1])
        for key in keys[1:]:
            again = _pc.and_(again, _pc.equal(key[1:], key[:-1]))
        if _pc.any(again).as_py():
            places = places.filter(_pa.concat_arrays([_pa.array([True]), _pc.invert(again)]))
    return places.take(_pc.sort_indices(small.take(places), sort_keys=[(of.time, "ascending")]))


def _spans_in_order(table: Table) -> NDArray[np.int64]:
    ids, starts = table["trace_id"].combine_chunks(), table["start_ns"].to_numpy()
    upper, lower = (hexadecimal(_pc.utf8_slice_codeunits(ids, start, start + 16)) for start in (0, 16))
    spans = hexadecimal(table["span_id"].combine_chunks())
    places = np.lexsort((starts, spans, lower, upper))
    trace_begins = _changes(upper[places]) | _changes(lower[places])
    kept = trace_begins | _changes(spans[places])
    places, trace_begins = places[kept], trace_begins[kept]
    starts = starts[places]
    begins = np.flatnonzero(trace_begins)
    first = np.minimum.reduceat(starts, begins) if len(begins) else starts
    place = np.argsort(np.argsort(first, kind="stable"))
    return places[np.lexsort((starts, place[np.cumsum(trace_begins) - 1]))]


def _changes(values: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return where a value differs from the one before; the first one does."""
    found = np.ones(len(values), np.bool_)
    found[1:] = values[1:] != values[:-1]
    return found


def hexadecimal(texts: Any) -> NDArray[np.uint64]:
    """Return the numbers that texts of 16 hexadecimal digits stand for."""
    texts = _pa.concat_arrays([texts])  # a slice shares its parent's bytes
    data = texts.buffers()[2]
    return np.frombuffer(bytes.fromhex("" if data is None else data.to_pybytes()[: 16 * len(texts)].decode()), ">u8").astype(np.uint64)


def time_range(table: Table, signal: Signal = "spans") -> tuple[int, int]:
    """Return the least and the greatest time, in nanoseconds."""
    found = _pc.min_max(table[SIGNALS[signal].time]).as_py()
    return found["min"], found["max"]


def trace_ids(table: Table) -> list[str]:
    """Return each trace id once."""
    return _pc.drop_null(_pc.unique(table["trace_id"])).to_pylist()


def of_trace(table: Table, trace_id: str) -> Table:
    """Return the rows of one trace."""
    return table.filter(_pc.equal(table["trace_id"], trace_id))
