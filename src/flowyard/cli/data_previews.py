"""``flowyard data preview`` and ``statistics``: what is in data, before all of it is read."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowyard.cli.data_names import read_asset
from flowyard.cli.output import AsJson, cell_text, counted, emit, emit_table, note
from flowyard.cli.session import workspace
from flowyard.foundation.datastore_uris import SCHEME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flowyard.wire.data_previews import ColumnStatistics, DataFinding, DataFolder, DataPreview

What = Annotated[str, typer.Argument(help="NAME, NAME:VERSION, azureml:NAME:VERSION, or azureml://datastores/NAME/paths/PATH.")]
ColumnOffset = Annotated[int, typer.Option(min=0, help="Pass over so many columns.")]
_BARS = " ▁▂▃▄▅▆▇█"


def preview_data(
    what: What,
    *,
    rows: Annotated[int, typer.Option(min=1, max=1000, help="So many rows.")] = 20,
    offset: Annotated[int, typer.Option(min=0, help="Pass over so many rows.")] = 0,
    column_offset: ColumnOffset = 0,
    as_json: AsJson = False,
) -> None:
    """Show the first rows with the schema, the beginning of a text, or what files there are. Only what that needs is read.

    Example: flowyard data preview azureml://datastores/papers/paths/2026/a.parquet --rows 5
    """
    name, version = _named(what)
    found = workspace().data.preview(name, version, limit=rows, offset=offset, column_offset=column_offset)
    if as_json:
        emit(found, as_json=True)
        return
    emit(found, as_json=False, text=_described(found))
    if found.text is not None:
        emit(found, as_json=False, text=found.text.rstrip("\n"))
    if found.rows:
        lines = (
            [cell_text(row.values.get(column)) for column in found.columns] if row.error is None else [row.error] for row in found.rows
        )
        emit_table(list(found.rows), as_json=False, columns=found.columns or ("row",), rows=lines, empty="")
    _say(found.findings)


def show_statistics(
    what: What,
    *,
    sample: Annotated[int, typer.Option(min=0, max=10_000_000, help="Over the first rows, so many; 0: over all.")] = 100_000,
    column_offset: ColumnOffset = 0,
    as_json: AsJson = False,
) -> None:
    """Show statistics of the columns: counts, missing, distinct, quantiles, histograms, frequent values.

    Example: flowyard data statistics questions:2 --sample 0
    """
    name, version = _named(what)
    found = workspace().data.statistics(name, version, sample=sample, column_offset=column_offset)
    columns = ("column", "type", "count", "missing", "distinct", "min", "mean", "median", "max", "histogram", "often")
    rows = (_statistics_row(column) for column in found.columns)
    emit_table([found] if as_json else list(found.columns), as_json=as_json, columns=columns, rows=rows, empty="It has no columns.")
    if not as_json:
        note(f"Over {counted(found.rows, 'row')}, {'which are all' if found.whole else 'the first ones'}; --json has all figures.")
        _say(found.findings)


def _named(what: str) -> tuple[str, str]:
    return (what, "latest") if what.startswith(f"{SCHEME}:/") else read_asset(what)


def _described(found: "DataPreview") -> str:
    rows = "" if found.rows_total is None else f", {counted(found.rows_total, 'row')}"
    lines = [f"{found.format or found.kind}, {found.bytes} bytes{rows}"]
    if found.schema:
        lines.append("columns: " + ", ".join(f"{column.name} ({column.type})" for column in found.schema[:50]))
    lines += [f"{image.path}  {image.bytes} bytes" for image in found.images[:50]]
    return "\n".join([*lines, *(_folder(found.folder) if found.folder is not None else ())])


def _folder(folder: "DataFolder") -> "Iterable[str]":
    kinds = ", ".join(f"{kind.files} x {kind.extension or 'no ending'}" for kind in folder.kinds)
    yield f"folder: {counted(folder.files, 'file')} ({kinds})"
    for entry in folder.entries[:50]:
        yield (
            f"  {entry.path}/  {counted(entry.files, 'file')}, {counted(entry.bytes, 'byte')}"
            if entry.kind == "folder"
            else f"  {entry.path}  {entry.bytes} bytes"
        )


def _statistics_row(column: "ColumnStatistics") -> tuple[Any, ...]:
    middle = (column.quantiles or {}).get("0.5")
    least, most = column.min, column.max
    if column.lengths is not None:
        least, most = f"{column.lengths.min} long", f"{column.lengths.max} long"
    often = ", ".join(f"{str(top.value)[:20]}: {top.count}" for top in column.top[:3])
    bars = _bars([bin_.count for bin_ in column.histogram])
    shown = (_short(least), _short(column.mean), _short(middle), _short(most))
    return (column.name, column.type, column.count, column.missing, column.distinct, *shown, bars, often)


def _short(value: Any) -> Any:
    return f"{value:.6g}" if isinstance(value, float) else value


def _bars(counts: list[int]) -> str:
    most = max(counts, default=0)
    return "".join(_BARS[0 if not count else max(1, round(8 * count / most))] for count in counts)


def _say(findings: "tuple[DataFinding, ...]") -> None:
    for finding in findings:
        place = f"{finding.file}:{finding.line}: " if finding.file and finding.line else f"{finding.file}: " if finding.file else ""
        more = f" (and {finding.count - 1} more)" if finding.count > 1 else ""
        note(f"{finding.severity}: {place}{finding.message}{more}" + (f" {finding.remedy}" if finding.remedy else ""))
