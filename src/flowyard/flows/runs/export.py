"""A run's rows as a file: JSON lines, CSV, or Parquet where pyarrow is installed."""

import csv
import io
from pathlib import Path
from typing import IO, Any, Literal, get_args

from flowyard.flows.runs.store import RunStore
from flowyard.flows.runs.withheld import Opens
from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import InvalidInputError, MissingExtraError
from flowyard.wire.runs import RunLine
from flowyard.wire.shared import WITHHELD_SENTENCE

ExportFormat = Literal["jsonl", "csv", "parquet"]
FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)
MEDIA_TYPES: dict[ExportFormat, str] = {
    "jsonl": "application/jsonl",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
_FACTS = ("line", "variant", "status", "duration_ms", "started_at", "trace_id", "prompt_tokens", "completion_tokens", "cost_micros")
_BATCH = 5000


def export(folder: Path, form: ExportFormat, target: IO[bytes], opens: Opens = RunStore) -> None:
    """Write the run in `folder` to `target`, in the order of its rows.

    JSON lines have ``line``, ``variant``, ``status``, ``inputs``, ``outputs``, ``error`` and what the row cost; the others have a column
    ``inputs.<name>`` or ``outputs.<name>`` for each, values that are no text or number as JSON.

    Raises:
        MissingExtraError: Parquet was asked for, and pyarrow is not installed.
    """
    with opens(folder) as store:
        match form:
            case "jsonl":
                _jsonl(store, target)
            case "csv":
                _csv(store, target)
            case "parquet":
                _parquet(store, target)


def format_named(name: str) -> ExportFormat:
    """Return the format of a name.

    Raises:
        InvalidInputError: it is none.
    """
    for form in FORMATS:
        if name == form:
            return form
    raise InvalidInputError(f"There is no format {name!r}.", remedy=f"Use one of: {', '.join(FORMATS)}.")


def _jsonl(store: RunStore, target: IO[bytes]) -> None:
    for row in store.each():
        target.write(to_json(row) + b"\n")


def _csv(store: RunStore, target: IO[bytes]) -> None:
    columns = _columns(store)
    text = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in store.each():
        flat = flat_row(row)
        writer.writerow([flat.get(column) for column in columns])
    text.detach()


def _parquet(store: RunStore, target: IO[bytes]) -> None:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise MissingExtraError("Parquet", "server") from error
    arrow: Any = pa
    parquet: Any = pq
    columns = _columns(store)
    rows = [flat_row(row) for row in store.each()]
    kinds = {column: _arrow_type(arrow, [row.get(column) for row in rows]) for column in columns}
    schema = arrow.schema([(column, kinds[column]) for column in columns])
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        for start in range(0, len(rows), _BATCH):
            part = rows[start : start + _BATCH]
            arrays = [
                arrow.array([_text(row.get(column), as_text=kinds[column] == arrow.string()) for row in part], kinds[column])
                for column in columns
            ]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))


def _columns(store: RunStore) -> list[str]:
    inputs, outputs = dict[str, None](), dict[str, None]()
    for row in store.each():
        inputs.update(dict.fromkeys(row.inputs))
        outputs.update(dict.fromkeys(row.outputs))
    return [*_FACTS, *(f"inputs.{name}" for name in inputs), *(f"outputs.{name}" for name in outputs), "error"]


def flat_row(row: RunLine) -> dict[str, Any]:
    """Return a row as one level of names: its facts, ``inputs.<name>`` and ``outputs.<name>`` (lists and objects as JSON), its error.

    In the place of the error of one that is withheld it says that.
    """
    found: dict[str, Any] = {name: getattr(row, name) for name in _FACTS}
    for part, values in (("inputs", row.inputs), ("outputs", row.outputs)):
        found |= {f"{part}.{name}": to_json(value).decode() if isinstance(value, dict | list) else value for name, value in values.items()}
    return {**found, "error": WITHHELD_SENTENCE if row.withheld else str((row.error or {}).get("detail") or "") or None}


def _arrow_type(arrow: Any, values: list[Any]) -> Any:
    kinds: set[type[Any]] = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return arrow.bool_()
    if kinds == {int} and all(-(2**63) <= value < 2**63 for value in values if value is not None):
        return arrow.int64()
    if kinds and kinds <= {int, float}:
        return arrow.float64()
    return arrow.string()


def _text(value: Any, *, as_text: bool) -> Any:
    return value if value is None or not as_text or isinstance(value, str) else to_json(value).decode()
