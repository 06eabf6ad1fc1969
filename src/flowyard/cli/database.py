"""``flowyard db``: the metadata database."""

from pathlib import Path
from typing import Annotated

import typer

from flowyard.cli.output import AsJson, emit
from flowyard.foundation.settings import read_settings

app = typer.Typer(no_args_is_help=True, help="Migrate the metadata database.")

Home = Annotated[Path | None, typer.Option(help="The home folder; default FLOWYARD_HOME, or ~/.flowyard.")]


@app.callback()
def database() -> None:
    """The metadata database: an SQLite file in the home folder, or what FLOWYARD_DATABASE_URL names."""


@app.command("migrate")
def migrate(*, home: Home = None, as_json: AsJson = False) -> None:
    """Bring the database to this program's schema. `flowyard up` does it too; no other command does.

    Example: flowyard db migrate
    """
    from flowyard.server.mains.launcher import check_server_extra

    check_server_extra()
    from flowyard.wiring.preparation import migrate_database

    changed = migrate_database(read_settings(home=home))
    emit({"migrated": changed}, as_json=as_json, text="Migrated." if changed else "Up to date.")
