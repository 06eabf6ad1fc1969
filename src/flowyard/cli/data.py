"""``flowyard data``: named data in versions."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from flowyard.cli.data_jobs import import_data, split_data
from flowyard.cli.data_names import read_asset
from flowyard.cli.data_previews import preview_data, show_statistics
from flowyard.cli.data_schedules import app as schedules
from flowyard.cli.lineage import show_lineage
from flowyard.cli.output import AsJson, cell_text, counted, emit, emit_table
from flowyard.cli.session import workspace
from flowyard.cli.transforms import rerun, transform
from flowyard.foundation.errors import InvalidInputError

if TYPE_CHECKING:
    from flowyard.wire.data import DataAsset

app = typer.Typer(no_args_is_help=True, help="Keep data under names, in versions that never change.")
app.command("split")(split_data)
app.command("import")(import_data)
app.add_typer(schedules, name="schedule")
app.command("preview")(preview_data)
app.command("statistics")(show_statistics)

Asset = Annotated[str, typer.Argument(help="NAME, NAME:VERSION or azureml:NAME:VERSION; without a version the latest.")]
Named = Annotated[str, typer.Argument(help="The asset's name.")]
Version = Annotated[str | None, typer.Option(help="Its version; without it the next whole number.")]
Description = Annotated[str | None, typer.Option(help="What it is.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="key=value; may be given several times.")]

Fingerprint = Annotated[
    Literal["weak", "strong"],
    typer.Option(help="Of what is not copied: weak is over paths, sizes and etags; strong over contents, which are read for it."),
]

_COLUMNS = ("name", "version", "type", "rows", "bytes", "made", "from")


@app.command("list")
def list_data(
    *, archived: Annotated[bool, typer.Option("--archived", help="Those that are archived.")] = False, as_json: AsJson = False
) -> None:
    """List the data assets, the latest version of each.

    Example: flowyard data list
    """
    found = list(workspace().data.list(archived=archived))
    emit_table(
        found,
        as_json=as_json,
        columns=_COLUMNS,
        rows=map(_row, found),
        empty="No data assets. Make one with: flowyard data create NAME FILE",
    )


@app.command("show")
def show_data(
    asset: Asset, *, rows: Annotated[int, typer.Option(min=0, max=1000, help="So many rows of it.")] = 5, as_json: AsJson = False
) -> None:
    """Show a version: what it is, what it was made from, and its first rows, each value in a line; with --json whole.

    Example: flowyard data show questions:2 --rows 20
    """
    name, version = read_asset(asset)
    found = workspace().data.get(name, version)
    shown = workspace().data.preview(name, found.version, limit=rows) if rows else None
    if as_json:
        emit({"asset": found, "preview": shown}, as_json=True)
        return
    emit(found, as_json=False, text=_described(found))
    if shown is not None:
        lines = ([cell_text(row.values.get(column)) for column in shown.columns] for row in shown.rows)
        emit_table(list(shown.rows), as_json=False, columns=shown.columns, rows=lines, empty="It has no rows.")


@app.command("versions")
def list_versions(name: Named, *, as_json: AsJson = False) -> None:
    """List the versions of an asset, the latest first.

    Example: flowyard data versions questions
    """
    found = list(workspace().data.versions(name))
    emit_table(found, as_json=as_json, columns=_COLUMNS, rows=map(_row, found), empty="No versions.")


@app.command("create")
def create_data(
    name: Named,
    path: Annotated[
        str, typer.Argument(help="A file or folder of this machine, or azureml://datastores/NAME/paths/PATH, which is not copied.")
    ],
    *,
    fingerprint: Fingerprint = "weak",
    version: Version = None,
    description: Description = None,
    tags: Tags = None,
    as_json: AsJson = False,
) -> None:
    """Make a version of a file or folder, or of what is in a datastore.

    Example: flowyard data create questions questions.jsonl --description "what customers ask"
    """
    from flowyard.cli.progress import UploadProgress

    about: dict[str, Any] = {"version": version, "description": description, "tags": _tags(tags), "fingerprint": fingerprint}
    with UploadProgress(quiet=as_json) as shown:
        made = workspace().data.create(name, path, **about, on_progress=shown.show)
    emit(made, as_json=as_json, text=_made(made))


@app.command("from-traces")
def create_from_traces(
    name: Named,
    *,
    trace: Annotated[list[str] | None, typer.Option("--trace", help="A trace's id; may be given several times.")] = None,
    q: Annotated[str | None, typer.Option("--q", help="A search, as `flowyard trace list --q` takes it.")] = None,
    since: Annotated[str | None, typer.Option(help="Began then or later.")] = None,
    until: Annotated[str | None, typer.Option(help="Began before.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many traces at most, the newest first.")] = 1000,
    chat: Annotated[bool, typer.Option("--chat", help="Rows of messages, as fine-tuning takes them.")] = False,
    version: Version = None,
    description: Description = None,
    tags: Tags = None,
    as_json: AsJson = False,
) -> None:
    """Make a version with a row for each trace: inputs, output, scores.

    Example: flowyard data from-traces bad-answers --q 'score.feedback<1 endpoint:support' --since 7d
    """
    made = workspace().data.create_from_traces(
        name, trace or (), q=q, since=since, until=until, limit=limit, form="chat" if chat else "columns", version=version,
        description=description, tags=_tags(tags),
    )  # fmt: skip
    emit(made, as_json=as_json, text=_made(made))


@app.command("download")
def download_data(asset: Asset, target: Annotated[Path, typer.Argument(help="Where to write it.")], *, as_json: AsJson = False) -> None:
    """Write a version that is one file to this machine.

    Example: flowyard data download questions:2 questions.jsonl
    """
    name, version = read_asset(asset)
    workspace().data.download(name, target, version)
    emit({"path": str(target)}, as_json=as_json, text=f"Written to {target}.")


@app.command("archive")
def archive_data(name: Named, *, as_json: AsJson = False) -> None:
    """Leave an asset out of lists; runs that refer to it go on working.

    Example: flowyard data archive questions
    """
    workspace().data.archive(name)
    emit({"archived": name}, as_json=as_json, text=f"{name!r} is archived. Undo it with: flowyard data restore {name}")


@app.command("restore")
def restore_data(name: Named, *, as_json: AsJson = False) -> None:
    """Put an archived asset back into lists.

    Example: flowyard data restore questions
    """
    workspace().data.restore(name)
    emit({"restored": name}, as_json=as_json, text=f"{name!r} is in the lists again.")


app.command("lineage")(show_lineage)
app.command("transform")(transform)
app.command("rerun")(rerun)


def _row(asset: "DataAsset") -> tuple[object, ...]:
    return asset.name, asset.version, asset.type, asset.rows, asset.bytes, asset.created_at[:19].replace("T", " "), _origin(asset)


def _origin(asset: "DataAsset") -> str:
    kind = asset.origin.get("kind")
    if kind == "datastore":
        return str(asset.origin.get("path"))
    if kind == "questions" and "ended" in asset.origin:
        return f"questions, {asset.origin['ended']}"
    return f"{len(asset.origin.get('traces', ()))} traces" if kind == "traces" else str(kind or "")


def _described(asset: "DataAsset") -> str:
    rows = "" if asset.rows is None else f", {counted(asset.rows, 'row')}"
    lines = [
        f"{asset.reference}  {asset.type}{rows}, {asset.bytes} bytes",
        f"made {asset.created_at} by {asset.created_by} from {_origin(asset)}",
    ]
    return "\n".join([*lines, *([asset.description] if asset.description else [])])


def _made(asset: "DataAsset") -> str:
    rows = "" if asset.rows is None else f" with {counted(asset.rows, 'row')}"
    return f"{asset.reference} is there{rows}. Use it: flowyard run create --flow FLOW --data {asset.reference}"


def _tags(given: list[str] | None) -> dict[str, str]:
    tags: dict[str, str] = {}
    for text in given or ():
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise InvalidInputError(f"{text!r} is no tag.", remedy="Write --tag key=value.")
        tags[key] = value
    return tags
