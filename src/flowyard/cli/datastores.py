"""``flowyard datastore``: named places with files."""

import os
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flowyard.cli.output import AsJson, cell_text, emit, emit_table, note
from flowyard.cli.session import workspace
from flowyard.foundation.datastore_uris import parse_datastore_uri
from flowyard.foundation.errors import FlowyardError

if TYPE_CHECKING:
    from flowyard.wire.datastores import Datastore

app = typer.Typer(no_args_is_help=True, help="Keep places with files or tables: a folder, a bucket, a web address, a database.")

Name = Annotated[str, typer.Argument(help="The datastore's name.")]
Uri = Annotated[str, typer.Argument(help="azureml://datastores/NAME/paths/PATH, or datastores/NAME/paths/PATH.")]
_PART = 8 * 1024 * 1024


class DatastoreTestFailedError(FlowyardError):
    """A datastore was tried and does not work."""

    code = "DatastoreTestFailed"
    title = "The datastore does not work"


@app.command("create")
def create_datastore(
    *,
    file: Annotated[Path, typer.Option("--file", "-f", help="YAML in Azure ML's format; ${env:NAME} is read from the environment.")],
    name: Annotated[str | None, typer.Option(help="Its name, instead of the one in the file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a datastore from a YAML file. Its credentials are kept encrypted, and never shown.

    Example: flowyard datastore create --file papers.yaml
    """
    from flowyard.client.datastore_files import read_datastore_file

    made = workspace().datastores.create(read_datastore_file(file, os.environ, name=name))
    emit(made, as_json=as_json, text=f"The datastore {made.name!r} is there. Try it with: flowyard datastore test {made.name}")


@app.command("list")
def list_datastores(*, as_json: AsJson = False) -> None:
    """List the datastores.

    Example: flowyard datastore list
    """
    found = workspace().datastores.list()
    rows = [(item.name, item.type, _place(item), ", ".join(item.secrets), "" if item.built_in else item.created_at[:16]) for item in found]
    emit_table(found, as_json=as_json, columns=("name", "type", "place", "credentials", "made"), rows=rows, empty="There are none.")


@app.command("show")
def show_datastore(name: Name, *, as_json: AsJson = False) -> None:
    """Show a datastore, without the values of its credentials.

    Example: flowyard datastore show workspaceblobstore
    """
    found = workspace().datastores.get(name)
    lines = [f"{found.name} ({found.type})", *([found.description] if found.description else [])]
    lines += [f"  {key}: {value}" for key, value in found.configs.items()]
    emit(found, as_json=as_json, text="\n".join([*lines, *(f"  {key}: ******" for key in found.secrets)]))


@app.command("delete")
def delete_datastore(name: Name, *, as_json: AsJson = False) -> None:
    """Delete a datastore. Its files stay where they are.

    Example: flowyard datastore delete papers
    """
    workspace().datastores.delete(name)
    emit({"name": name, "deleted": True}, as_json=as_json, text=f"The datastore {name!r} is deleted; its files are where they were.")


@app.command("test")
def try_datastore(name: Name, *, as_json: AsJson = False) -> None:
    """Reach a datastore. The exit code is 1 when it cannot be reached, and what is said then names the reason.

    Example: flowyard datastore test workspaceblobstore
    """
    result = workspace().datastores.test(name)
    if not result.ok:
        raise DatastoreTestFailedError(result.detail, remedy=result.remedy)
    emit(result, as_json=as_json, text=result.detail)


@app.command("ls")
def list_files(uri: Uri, *, limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 1000, as_json: AsJson = False) -> None:
    """List the files and folders right below a folder of a datastore.

    Example: flowyard datastore ls azureml://datastores/workspaceblobstore/paths/
    """
    place = parse_datastore_uri(uri)
    found = list(islice(workspace().datastores.files(place.datastore, place.path), limit))
    rows = [
        (f"{item.path}/" if item.kind == "folder" else item.path, "" if item.bytes is None else item.bytes, (item.modified_at or "")[:16])
        for item in found
    ]
    emit_table(found, as_json=as_json, columns=("path", "bytes", "changed"), rows=rows, empty="There is nothing.")


@app.command("cat")
def print_file(uri: Uri) -> None:
    """Write a file of a datastore to standard output.

    Example: flowyard datastore cat azureml://datastores/workspaceblobstore/paths/rows.jsonl
    """
    place, datastores, start = parse_datastore_uri(uri), workspace().datastores, 0
    while data := datastores.read(place.datastore, place.path, start, start + _PART):
        sys.stdout.buffer.write(data)
        start += len(data)
        if len(data) < _PART:
            break


@app.command("upload")
def upload_file(
    source: Annotated[Path, typer.Argument(help="A file of this machine.", exists=True, dir_okay=False)],
    uri: Uri,
    *,
    as_json: AsJson = False,
) -> None:
    """Write a file into a datastore, as a whole or not at all. An address that ends with a slash is a folder.

    Example: flowyard datastore upload rows.jsonl azureml://datastores/workspaceblobstore/paths/in/
    """
    place = parse_datastore_uri(uri)
    folder = uri.endswith("/") or not place.path
    path = "/".join(part for part in (place.path, source.name) if part) if folder else place.path
    made = workspace().datastores.write(place.datastore, path, source)
    emit(made, as_json=as_json, text=f"azureml://datastores/{place.datastore}/paths/{made.path} has {made.bytes} bytes.")


@app.command("tables")
def list_tables(
    name: Name,
    table: Annotated[str | None, typer.Argument(help="A table: show its columns. SCHEMA.TABLE, or TABLE of the default schema.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the tables and views of a datastore that is a database, or the columns of one of them.

    Example: flowyard datastore tables warehouse
    """
    datastores = workspace().datastores
    if table is None:
        found = list(datastores.tables(name))
        rows = [(item.schema or "", item.name, item.kind) for item in found]
        emit_table(found, as_json=as_json, columns=("schema", "name", "kind"), rows=rows, empty="There are no tables.")
        return
    schema, dot, only = table.partition(".")
    about = datastores.columns(name, only if dot else table, schema if dot else None)
    lines = [(item.name, item.type, "" if item.nullable is None else str(item.nullable).lower()) for item in about.columns]
    emit_table(about.columns, as_json=as_json, columns=("column", "type", "nullable"), rows=lines, empty="It has no columns.")


@app.command("query")
def query_tables(
    name: Name,
    sql: Annotated[str, typer.Argument(help="A statement that gives rows, such as SELECT.")],
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many rows.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Run a statement on a datastore that is a database, in a transaction that only reads and at most 30 s, and show its first rows.

    Example: flowyard datastore query warehouse "SELECT id, title FROM papers ORDER BY id" --limit 20
    """
    found = workspace().datastores.query(name, sql, limit=limit)
    if as_json:
        emit(found, as_json=True)
        return
    rows = (map(cell_text, row) for row in found.rows)
    emit_table(found.rows, as_json=False, columns=[column.name for column in found.columns], rows=rows, empty="There are no rows.")
    if found.more:
        note(f"These are the first {len(found.rows)} rows; there are more.")


def _place(datastore: "Datastore") -> str:
    keys = ("path", "url", "bucket_name", "container_name", "filesystem", "host", "server_name")
    return next((datastore.configs[key] for key in keys if datastore.configs.get(key)), "")
