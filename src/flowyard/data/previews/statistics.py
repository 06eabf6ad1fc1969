"""Statistics of columns, in as few passes over the rows as it takes: one for all figures, one for histograms, and the frequent values."""

# ruff: noqa: S608 (names of columns, quoted, and numbers are put into the text)

import math
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, cast

import duckdb

from flowyard.data.previews.cells import shown
from flowyard.data.previews.findings import Findings
from flowyard.data.previews.protocol import STATISTICS_COLUMNS, Task
from flowyard.data.previews.tables import Table, named
from flowyard.wire.data_previews import ColumnKind, ColumnStatistics, DataLengths, DataStatistics, HistogramBin, TopValue

BINS, _TOP, _SAMPLES, _LONGEST = 20, 10, 5, 200
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
#: With no more different values than these the frequent ones are counted exactly; beyond that share of all there are none.
_COUNTED, _UNIQUE = 10_000, 0.9
_NUMBERS = re.compile(r"(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\)|BIGNUM)")
_TIMES = re.compile(r"(DATE|TIMESTAMP.*)")
_FLOATS = frozenset({"FLOAT", "DOUBLE"})
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its name, DuckDB's type, and its SQL."""

    name: str
    type: str

    @property
    def sql(self) -> str:
        return named(self.name)

    @property
    def kind(self) -> ColumnKind:
        if _NUMBERS.fullmatch(self.type):
            return "number"
        if _TIMES.fullmatch(self.type):
            return "time"
        kinds: dict[str, ColumnKind] = {"VARCHAR": "text", "BOOLEAN": "boolean"}
        return "list" if self.type.endswith("[]") else kinds.get(self.type, "other")

    @property
    def number(self) -> str:
        """The SQL of its value as a finite floating-point number; of a time, microseconds since 1970."""
        if self.kind == "time":
            return f"epoch_us({self.sql}::TIMESTAMP)::DOUBLE"
        if self.type in _FLOATS:
            return f"(CASE WHEN isfinite({self.sql}) THEN {self.sql}::DOUBLE END)"
        return f"{self.sql}::DOUBLE"


def statistics(task: Task) -> DataStatistics:
    """Return what a task asks for."""
    findings = Findings()
    table = Table(task, findings)
    database = table.database
    described = database.execute(f"DESCRIBE SELECT * FROM {table.source}").fetchall()
    columns = [_Column(str(row[0]), str(row[1])) for row in described]
    chosen = columns[task.column_offset : task.column_offset + STATISTICS_COLUMNS]
    if len(columns) > STATISTICS_COLUMNS:
        findings.add(
            "ManyColumns", "info",
            f"There are {len(columns)} columns; statistics are of {len(chosen)}, from number {task.column_offset + 1} on.",
        )  # fmt: skip
    source = table.take([column.name for column in chosen])
    made: list[ColumnStatistics] = []
    rows = 0
    for start in range(0, len(chosen), _AT_ONCE):
        some = chosen[start : start + _AT_ONCE]
        rows, figures = _figures(database, source, some)
        made += _histograms(database, source, some, figures)
    if not chosen:
        rows = _one(database, f"SELECT count(*) FROM {source}")[0]
    made = _frequent(database, source, chosen, made, findings)
    made = _sampled(database, source, chosen, made)
    table.count_rejected()
    return DataStatistics(
        rows=rows, whole=table.whole, columns=tuple(made), columns_total=len(columns), column_offset=task.column_offset,
        findings=findings.all(),
    )  # fmt: skip


def _one(database: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    found = database.execute(query).fetchone()
    return cast("tuple[Any, ...]", found or ())


def _parts(column: _Column, *, std: bool) -> dict[str, str]:
    """Return the figures of a column, name to SQL."""
    parts = {"count": f"count({column.sql})"}
    if column.kind != "other":
        parts["distinct"] = f"approx_count_distinct({column.sql})"
    if column.kind == "number":
        parts |= {
            "min": f"min({column.sql})",
            "max": f"max({column.sql})",
            "low": f"min({column.number})",
            "high": f"max({column.number})",
            "mean": f"avg({column.number})",
            "quantiles": f"approx_quantile({column.number}, {list(_QUANTILES)})",
        }
        if std:
            parts["std"] = f"stddev_samp({column.number})"
    elif column.kind == "time":
        infinite = f"(CASE WHEN isfinite({column.sql}::TIMESTAMP) THEN {column.sql}::TIMESTAMP END)"
        parts |= {"min": f"min({infinite})::VARCHAR", "max": f"max({infinite})::VARCHAR"}
        parts |= {"low": f"epoch_us(min({infinite}))", "high": f"epoch_us(max({infinite}))"}
    elif column.kind in {"text", "list"}:
        size = f"length({column.sql})" if column.kind == "text" else f"len({column.sql})"
        parts |= {"shortest": f"min({size})", "length": f"avg({size})", "longest": f"max({size})"}
    return parts


def _figures(database: duckdb.DuckDBPyConnection, source: str, columns: Sequence[_Column]) -> tuple[int, list[dict[str, Any]]]:
    """Return the number of rows, and the figures of each column, in one pass."""
    for std in (True, False):
        parts = [_parts(column, std=std) for column in columns]
        listed = ", ".join(["count(*)", *(sql for found in parts for sql in found.values())])
        try:
            values = iter(_one(database, f"SELECT {listed} FROM {source}"))
        except duckdb.OutOfRangeException:
            if not std:
                raise
            continue  # numbers too large to square
        rows = int(next(values))
        return rows, [{"rows": rows, **{name: next(values) for name in found}} for found in parts]
    return 0, []


def _histograms(
    database: duckdb.DuckDBPyConnection, source: str, columns: Sequence[_Column], figures: list[dict[str, Any]]
) -> list[ColumnStatistics]:
    """Return the columns with their histograms, in one more pass."""
    spans = [(_float(found.get("low")), _float(found.get("high"))) for found in figures]
    asked = [at for at, (low, high) in enumerate(spans) if low is not None and high is not None and low < high]
    counted: dict[int, dict[int, int]] = {}
    if asked:
        bins: list[str] = []
        for at in asked:
            low, high = cast("tuple[float, float]", spans[at])
            width = high / BINS - low / BINS
            number = columns[at].number
            inside = (
                f"CASE WHEN isfinite({number}) THEN"
                if columns[at].kind == "number"
                else f"CASE WHEN {number} BETWEEN {low} AND {high} THEN"
            )
            bins.append(f"histogram({inside} least(floor(({number} - {low!r}) / {width!r}), {BINS - 1})::TINYINT END)")
        found = _one(database, f"SELECT {', '.join(bins)} FROM {source}")
        cells = cast("tuple[dict[int, int] | None, ...]", found)
        counted = {at: cell or {} for at, cell in zip(asked, cells, strict=True)}
    return [_column(column, found, spans[at], counted.get(at, {})) for at, (column, found) in enumerate(zip(columns, figures, strict=True))]


def _float(value: Any) -> float | None:
    return None if value is None or not math.isfinite(float(value)) else float(value)


def _column(column: _Column, found: dict[str, Any], span: tuple[float | None, float | None], bins: dict[int, int]) -> ColumnStatistics:
    count = int(found["count"])
    lengths = None
    if found.get("longest") is not None:
        lengths = DataLengths(min=int(found["shortest"]), mean=float(found["length"]), max=int(found["longest"]))
    quantiles = found.get("quantiles")
    return ColumnStatistics(
        name=column.name,
        type=_arrow(column.type),
        kind=column.kind,
        count=count,
        missing=int(found["rows"]) - count,
        distinct=None if found.get("distinct") is None else min(int(found["distinct"]), count),
        min=shown(found.get("min")),
        max=shown(found.get("max")),
        mean=_float(found.get("mean")),
        std=_float(found.get("std")),
        quantiles={str(at): float(value) for at, value in zip(_QUANTILES, quantiles, strict=True)} if quantiles else None,
        histogram=_bins(column, span, bins, count),
        lengths=lengths,
    )


def _bins(column: _Column, span: tuple[float | None, float | None], counted: dict[int, int], count: int) -> tuple[HistogramBin, ...]:
    low, high = span
    if low is None or high is None or column.kind not in {"number", "time"}:
        return ()
    place = _time if column.kind == "time" else float
    if low == high:
        return (HistogramBin(low=place(low), high=place(high), count=count),)
    edges = [low + (high / BINS - low / BINS) * at for at in range(BINS)] + [high]
    return tuple(HistogramBin(low=place(edges[at]), high=place(edges[at + 1]), count=counted.get(at, 0)) for at in range(BINS))


def _time(microseconds: float) -> str:
    from datetime import UTC, datetime, timedelta

    with suppress(OverflowError):
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)).isoformat().replace("+00:00", "Z")
    return str(microseconds)


def _frequent(
    database: duckdb.DuckDBPyConnection, source: str, columns: Sequence[_Column], made: list[ColumnStatistics], findings: Findings
) -> list[ColumnStatistics]:
    """Return the columns with their frequent values, where there are such."""
    found: list[ColumnStatistics] = []
    for column, figures in zip(columns, made, strict=True):
        if column.kind not in {"text", "boolean", "number"} or not figures.count or (column.kind == "number" and column.type in _FLOATS):
            found.append(figures)
            continue
        try:
            found.append(replace(figures, top=_top(database, source, column, figures)))
        except duckdb.OutOfMemoryException:
            findings.add("NoFrequentValues", "info", f"The frequent values of {column.name!r} take too much memory.", key=column.name)
            found.append(figures)
    return found


def _top(database: duckdb.DuckDBPyConnection, source: str, column: _Column, figures: ColumnStatistics) -> tuple[TopValue, ...]:
    distinct = figures.distinct or 0
    if distinct > _COUNTED and distinct > _UNIQUE * figures.count:
        return ()
    where = f"{column.sql} IS NOT NULL"
    if distinct > _COUNTED:
        if column.kind == "number":
            return ()
        listed: list[Any] = _one(database, f"SELECT approx_top_k({column.sql}, {_TOP}) FROM {source}")[0] or []
        where = f"{column.sql} IN ({', '.join(_literal(value) for value in listed)})" if listed else "false"
    rows = database.execute(
        f"SELECT {column.sql}, count(*) AS n FROM {source} WHERE {where} GROUP BY 1 ORDER BY n DESC, 1 LIMIT {_TOP}"
    ).fetchall()
    return tuple(TopValue(value=shown(value, _LONGEST), count=int(count)) for value, count in rows)


def _literal(value: Any) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _sampled(
    database: duckdb.DuckDBPyConnection, source: str, columns: Sequence[_Column], made: list[ColumnStatistics]
) -> list[ColumnStatistics]:
    """Return the columns with some values of the first rows."""
    if not columns:
        return made
    plain = {"number", "text", "boolean"}
    listed = ", ".join(column.sql if column.kind in plain else f"{column.sql}::VARCHAR" for column in columns)
    rows = database.execute(f"SELECT {listed} FROM {source} LIMIT 200").fetchall()
    found: list[ColumnStatistics] = []
    for at, figures in enumerate(made):
        values = list(dict.fromkeys(_text(row[at]) for row in rows if row[at] is not None))[:_SAMPLES]
        found.append(replace(figures, samples=tuple(values)))
    return found


def _text(value: Any) -> Any:
    kept = shown(value, _LONGEST)
    return kept if isinstance(kept, str | int | float | bool) else shown(str(kept), _LONGEST)


_ARROW = {
    "VARCHAR": "string", "BOOLEAN": "bool", "TINYINT": "int8", "SMALLINT": "int16", "INTEGER": "int32", "BIGINT": "int64",
    "UTINYINT": "uint8", "USMALLINT": "uint16", "UINTEGER": "uint32", "UBIGINT": "uint64", "FLOAT": "float", "DOUBLE": "double",
    "DATE": "date32", "TIMESTAMP": "timestamp[us]", "BLOB": "binary",
}  # fmt: skip


def _arrow(kind: str) -> str:
    """Return a type of DuckDB in Arrow's words."""
    if kind.endswith("[]"):
        return f"list<{_arrow(kind[:-2])}>"
    return _ARROW.get(kind, kind.lower().split("(", 1)[0] if kind.startswith(("STRUCT", "MAP")) else kind.lower())
