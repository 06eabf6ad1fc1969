"""Where the runs are that a command is about: at the server, or in the home folder of this machine."""

from typing import TYPE_CHECKING, Annotated

import typer

from flowyard.cli.output import note
from flowyard.foundation.settings import read_settings

if TYPE_CHECKING:
    from flowyard.client.runs import Runs
    from flowyard.flows.runs.local import LocalRuns

#: The option that every command about runs has.
Local = Annotated[bool, typer.Option("--local", help="Runs of this machine, made with --local; no server is asked.")]


def local_runs() -> "LocalRuns":
    """Return the runs of the home folder."""
    from flowyard.flows.runs.local import LocalRuns

    return LocalRuns(read_settings().home)


def server_runs() -> "Runs":
    """Return the server's runs.

    Raises:
        NoServerError: no server has run here, and none is named; the remedy tells of --local.
    """
    from flowyard.cli.session import workspace
    from flowyard.client.errors import NoServerError

    try:
        return workspace().runs
    except NoServerError as error:
        raise NoServerError(error.message, remedy=f"{error.remedy}, or run it here, without one: --local") from error


def runs_at(*, local: bool) -> "LocalRuns | Runs":
    """Return the server's runs, or those of this machine: with `local`, and where no server was ever started.

    Raises:
        NoServerError: there is neither a server nor a run of this machine.
    """
    return server_runs_unless(local=local) or local_runs()


def server_runs_unless(*, local: bool) -> "Runs | None":
    """Return the server's runs; None where `runs_at` gives those of this machine.

    Raises:
        NoServerError: there is neither a server nor a run of this machine.
    """
    if local:
        return None
    from flowyard.client.errors import NoServerError

    try:
        return server_runs()
    except NoServerError:
        if not (read_settings().home / "runs").is_dir():
            raise
        note("No server has run here: these are the runs of this machine (--local).")
        return None
