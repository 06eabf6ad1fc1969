"""``flowyard cache``: the kept results of nodes. Works on files alone and needs no server."""

import sqlite3
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from flowyard.cli.output import AsJson, emit, emit_table
from flowyard.foundation.errors import FlowyardError
from flowyard.foundation.settings import read_settings

app = typer.Typer(no_args_is_help=True, help="Look at and forget the kept results of nodes. No server is needed.")


class CacheError(FlowyardError):
    """A cache file cannot be read or written."""

    code = "CacheUnreadable"
    title = "A node cache cannot be used"


@app.command()
def show(as_json: AsJson = False) -> None:
    """Show what is kept: results, bytes and saved tokens by flow and node.

    Example: flowyard cache show
    """
    from flowyard.flows.runtime.cache_store import NodeCache
    from flowyard.foundation.clock import to_rfc3339

    home = read_settings().home
    found: list[dict[str, Any]] = []
    for path in _files(home):
        try:
            found += [{"workspace": _workspace(home, path), **asdict(node)} for node in NodeCache(path).nodes()]
        except sqlite3.Error as error:
            raise CacheError(f"{path} cannot be read: {error}.", remedy="Forget it: flowyard cache clear") from error
    for row in found:
        row["last_used"] = to_rfc3339(row.pop("used_ns"))
    columns = ("workspace", "flow", "node", "results", "bytes", "saved tokens", "last used")
    rows = [(*(row[key] for key in ("workspace", "flow", "node", "entries", "bytes", "tokens")), row["last_used"][:19]) for row in found]
    emit_table(found, as_json=as_json, columns=columns, rows=rows, empty="Nothing is kept.")


@app.command()
def clear(
    flow: Annotated[str | None, typer.Option("--flow", help="Forget the results of the flow of this name only.")] = None,
    as_json: AsJson = False,
) -> None:
    """Forget kept results: the nodes run again. A damaged cache file is removed.

    Example: flowyard cache clear --flow my_flow
    """
    from flowyard.flows.runtime.cache_store import NodeCache

    home = read_settings().home
    cleared: list[str] = []
    for path in _files(home):
        try:
            NodeCache(path).clear(flow=flow)
        except sqlite3.Error as error:
            raise CacheError(f"{path} cannot be cleared: {error}.", remedy="Try again when no flow runs.") from error
        cleared.append(str(path))
    text = f"Forgot the results of {flow or 'all flows'}." if cleared else "Nothing is kept."
    emit({"flow": flow, "cleared": cleared}, as_json=as_json, text=text)


def _files(home: Path) -> list[Path]:
    from flowyard.flows.runtime.cache_store import CACHE_FILE, CACHE_FOLDER

    folder = home / CACHE_FOLDER
    return sorted([*folder.glob(CACHE_FILE), *folder.glob(f"*/{CACHE_FILE}")])


def _workspace(home: Path, path: Path) -> str | None:
    """Return the id of the workspace whose flow processes use the file; None for the commands of this machine."""
    from flowyard.flows.runtime.cache_store import cache_file

    return None if path == cache_file(home) else path.parent.name
