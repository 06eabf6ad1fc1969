"""Spans as Arrow columns: the schema of the segments, and the way from a spool's rows to it.

Only the modules that import this one need Arrow; who has it import them late keeps the server's start short.
"""

from collections.abc import Sequence
from itertools import repeat
from typing import Any, get_args

import pyarrow
import pyarrow.compute

from flowyard.storage.telemetry.model import Table
from flowyard.tracing.model import SpanKind, SpanStatus
from flowyard.tracing.rows import COLUMNS
from flowyard.tracing.signals import SPANS

_pa: Any = pyarrow
_pc: Any = pyarrow.compute

INTEGERS = SPANS.integers
_REQUIRED = SPANS.required

SCHEMA: Any = _pa.schema([(name, _pa.int64() if name in INTEGERS else _pa.string()) for name in COLUMNS])

_EMPTY: Any = SCHEMA.empty_table()
_KINDS: Any = _pa.array(get_args(SpanKind))
_STATUSES: Any = _pa.array(get_args(SpanStatus))
_WORKSPACE = "^[A-Za-z0-9_-]{1,36}$"


def empty_table() -> Table:
    """Return a table without rows."""
    return _EMPTY


def rows_to_table(
    rows: Sequence[Sequence[Any]], columns: Sequence[str], workspace_id: str | None, default_workspace: str
) -> tuple[Table, int]:
    """Turn rows that hold `columns` into a table of the schema, and say how many rows were not fit to store.

    Args:
        rows: as `tracing.frames.decode_batch` returns them; any process may have written them, so nothing is taken for granted.
        columns: the names of a row's values; missing ones become null, unknown ones are left out.
        workspace_id: the workspace that the spool belongs to and every row is counted to; None: what the row says.
        default_workspace: stands in for an empty workspace.
    """
    table, refused = _arrays(rows, columns)
    if workspace_id is not None:
        table = _replace(table, "workspace_id", _pa.array(repeat(workspace_id, table.num_rows), _pa.string()))
    else:
        given = table["workspace_id"]
        table = _replace(table, "workspace_id", _pc.if_else(_pc.equal(_pc.fill_null(given, ""), ""), default_workspace, given))
    table = _known(_known(table, "kind", _KINDS, "internal"), "status", _STATUSES, "unset")
    fit = _fit(table)
    if fit is not None:
        refused += table.num_rows - _pc.sum(fit).as_py()
        table = table.filter(fit)
    return table, refused


def _arrays(rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> tuple[Table, int]:
    try:
        return _convert(rows, columns), 0
    except (_pa.ArrowException, ValueError, TypeError, OverflowError):
        good: list[Table] = []
        for row in rows:
            try:
                good.append(_convert([row], columns))
            except (_pa.ArrowException, ValueError, TypeError, OverflowError):
                continue
        return _pa.concat_tables([empty_table(), *good]), len(rows) - len(good)


def _convert(rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> Table:
    if any(len(row) != len(columns) for row in rows):
        raise ValueError("rows of another length than their columns")
    values = dict(zip(columns, zip(*rows, strict=True), strict=True))
    arrays = [_pa.array(values[field.name], field.type) if field.name in values else _pa.nulls(len(rows), field.type) for field in SCHEMA]
    return _pa.Table.from_arrays(arrays, schema=SCHEMA)


def _replace(table: Table, name: str, values: Any) -> Table:
    return table.set_column(table.schema.get_field_index(name), name, values)


def _known(table: Table, name: str, known: Any, otherwise: str) -> Table:
    if _pc.all(_pc.is_in(table[name], known)).as_py():
        return table
    return _replace(table, name, _pc.if_else(_pc.is_in(table[name], known), table[name], otherwise))


def _fit(table: Table) -> Any:
    """Return which rows can be stored, or None for all."""
    fit = _pc.match_substring_regex(table["trace_id"], "^[0-9a-f]{32}$")
    fit = _pc.and_(fit, _pc.match_substring_regex(table["span_id"], "^[0-9a-f]{16}$"))
    fit = _pc.and_(fit, _pc.match_substring_regex(table["workspace_id"], _WORKSPACE))
    for name in _REQUIRED:
        fit = _pc.and_(fit, _pc.is_valid(table[name]))
    fit = _pc.fill_null(fit, False)
    return None if _pc.all(fit).as_py() else fit


def by_workspace(table: Table) -> dict[str, Table]:
    """Split a table by workspace."""
    names: list[str] = _pc.unique(table["workspace_id"]).to_pylist()
    if len(names) == 1:
        return {names[0]: table}
    return {name: table.filter(_pc.equal(table["workspace_id"], name)) for name in names}


def join_tables(tables: Sequence[Table]) -> Table:
    """Return the rows of all, without a copy; a column that one lacks is null there."""
    return _pa.concat_tables([empty_table(), *tables], promote_options="default")


def sorted_once(table: Table) -> Table:
    """Return the rows sorted by trace and start, each (trace, span) once."""
    table = table.take(_pc.sort_indices(table, sort_keys=[("trace_id", "ascending"), ("span_id", "ascending")]))
    if table.num_rows > 1:
        trace, span = table["trace_id"].combine_chunks(), table["span_id"].combine_chunks()
        again = _pc.and_(_pc.equal(trace[1:], trace[:-1]), _pc.equal(span[1:], span[:-1]))
        if _pc.any(again).as_py():
            table = table.filter(_pa.concat_arrays([_pa.array([True]), _pc.invert(again)]))
    return table.take(_pc.sort_indices(table, sort_keys=[("trace_id", "ascending"), ("start_ns", "ascending")]))


def start_range(table: Table) -> tuple[int, int]:
    """Return the least and the greatest start, in nanoseconds."""
    found = _pc.min_max(table["start_ns"]).as_py()
    return found["min"], found["max"]


def trace_ids(table: Table) -> list[str]:
    """Return each trace id once."""
    return _pc.unique(table["trace_id"]).to_pylist()


def of_trace(table: Table, trace_id: str) -> Table:
    """Return the rows of one trace."""
    return table.filter(_pc.equal(table["trace_id"], trace_id))
