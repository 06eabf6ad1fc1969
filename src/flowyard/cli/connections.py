"""``flowyard connection``: addresses and secrets of model providers and other services."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flowyard.cli.output import AsJson, emit, emit_table
from flowyard.cli.session import workspace
from flowyard.foundation.errors import FlowyardError, InvalidInputError, nearest

if TYPE_CHECKING:
    from flowyard.wire.connections import Connection, ConnectionWrite

app = typer.Typer(no_args_is_help=True, help="Keep addresses and secrets of model providers.")

Name = Annotated[str, typer.Argument(help="The connection's name.")]
File = Annotated[Path | None, typer.Option("--file", "-f", help="YAML in prompt flow's format; ${env:NAME} is read from the environment.")]
Settings = Annotated[list[str] | None, typer.Option("--set", help="key=value, or key=@FILE; custom ones have configs.key and secrets.key.")]


class ConnectionTestFailedError(FlowyardError):
    """A connection was tried and does not work."""

    code = "ConnectionTestFailed"
    title = "The connection does not work"


@app.command("create")
def create_connection(
    *,
    file: File = None,
    name: Annotated[str | None, typer.Option(help="Its name; with --file, instead of the one in there.")] = None,
    kind: Annotated[
        str | None, typer.Option("--type", help="Its type, when there is no file: open_ai, azure_open_ai, serverless, …")
    ] = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Make a connection from a YAML file, or from --name, --type and --set.

    Example: flowyard connection create --name vllm --type serverless --set api_base=http://gpu:8000/v1 --set 'api_key=${env:VLLM_KEY}'
    """
    from flowyard.connections.files import with_values

    asked = with_values(_asked(file, name, kind), settings or [], os.environ)
    made = workspace().connections.create(asked)
    emit(made, as_json=as_json, text=f"The connection {made.name!r} is there. Try it with: flowyard connection test {made.name}")


@app.command("update")
def update_connection(name: Name, *, file: File = None, settings: Settings = None, as_json: AsJson = False) -> None:
    """Change a connection; what is not given stays. When its address changes, give its secrets again.

    Example: flowyard connection update vllm --set 'api_key=${env:VLLM_KEY}'
    """
    from flowyard.connections.files import read_connection_file, with_values

    if file is None and not settings:
        raise InvalidInputError("There is nothing to change.", remedy="Give --file or --set key=value.")
    connections = workspace().connections
    asked = read_connection_file(file, os.environ, name=name) if file else _as_it_is(connections.get(name))
    changed = connections.replace(with_values(asked, settings or [], os.environ))
    emit(changed, as_json=as_json, text=f"The connection {changed.name!r} is changed.")


@app.command("list")
def list_connections(*, as_json: AsJson = False) -> None:
    """List the connections.

    Example: flowyard connection list
    """
    found = workspace().connections.list()
    rows = [
        (item.name, item.type, _address(item), ", ".join(item.secrets), "" if item.built_in else item.updated_at[:16]) for item in found
    ]
    emit_table(found, as_json=as_json, columns=("name", "type", "address", "secrets", "changed"), rows=rows, empty="There are none.")


@app.command("show")
def show_connection(name: Name, *, as_json: AsJson = False) -> None:
    """Show a connection, without the values of its secrets.

    Example: flowyard connection show vllm
    """
    found = workspace().connections.get(name)
    lines = [f"{found.name} ({found.type})", *(f"  {key}: {value}" for key, value in found.configs.items())]
    emit(found, as_json=as_json, text="\n".join([*lines, *(f"  {key}: ******" for key in found.secrets)]))


@app.command("delete")
def delete_connection(name: Name, *, as_json: AsJson = False) -> None:
    """Delete a connection.

    Example: flowyard connection delete vllm
    """
    workspace().connections.delete(name)
    emit({"name": name, "deleted": True}, as_json=as_json, text=f"The connection {name!r} is deleted.")


@app.command("test")
def try_connection(name: Name, *, as_json: AsJson = False) -> None:
    """Make one real call through a connection. The exit code is 1 when it does not work.

    Example: flowyard connection test vllm
    """
    result = workspace().connections.test(name)
    if not result.ok:
        raise ConnectionTestFailedError(result.detail, remedy=f"Correct it with: flowyard connection update {name} --set key=value")
    models = f"\n  models: {', '.join(result.models)}" if result.models else ""
    took = f" ({result.latency_ms:.0f} ms)" if result.latency_ms is not None else ""
    emit(result, as_json=as_json, text=f"{result.detail}{took}{models}")


def _asked(file: Path | None, name: str | None, kind: str | None) -> "ConnectionWrite":
    from flowyard.connections.files import read_connection_file
    from flowyard.connections.kinds import TYPES, type_named
    from flowyard.wire.connections import ConnectionWrite

    if file is not None:
        return read_connection_file(file, os.environ, name=name)
    if name is None or kind is None:
        raise InvalidInputError("A connection needs a file, or a name and a type.", remedy="Give --file FILE.yaml, or --name and --type.")
    known = type_named(kind)
    if known is None:
        like = nearest(kind, list(TYPES))
        remedy = f"Did you mean {like!r}?" if like else f"The types are: {', '.join(TYPES)}."
        raise InvalidInputError(f"There is no type {kind!r} of connection.", remedy=remedy)
    return ConnectionWrite(name=name, type=known)


def _as_it_is(connection: "Connection") -> "ConnectionWrite":
    from flowyard.wire.connections import ConnectionWrite

    kept = dict.fromkeys(connection.secrets, "<no-change>")
    return ConnectionWrite(name=connection.name, type=connection.type, configs=connection.configs, secrets=kept)


def _address(connection: "Connection") -> str:
    keys = ("api_base", "azure_endpoint", "base_url", "endpoint")
    return next((connection.configs[key] for key in keys if connection.configs.get(key)), "")
