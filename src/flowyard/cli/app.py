"""Puts the command line together from the nouns' modules, and turns errors into messages and exit codes."""

import sys
from importlib import import_module

import typer

from flowyard.cli.entry import COMMANDS
from flowyard.cli.output import report
from flowyard.foundation.errors import FlowyardError, nearest

_HELP = "Flowyard: prompt flows, models, endpoints and traces on one machine. Each command takes --json and has an example in its --help."


def run(words: list[str]) -> None:
    """Run the command that `words` name and exit the process."""
    as_json = "--json" in words
    name = next((word for word in words if not word.startswith("-")), None)
    if name is not None and name not in COMMANDS:
        like = nearest(name, set(COMMANDS))
        sys.stderr.write(
            f"flowyard: there is no command {name!r}." + (f" Did you mean {like!r}?" if like else "") + " See: flowyard --help\n"
        )
        sys.exit(2)
    try:
        _build(name)(args=words, prog_name="flowyard", standalone_mode=True)
    except FlowyardError as error:
        report(error, as_json=as_json)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)


def _build(name: str | None) -> typer.Typer:
    app = typer.Typer(name="flowyard", help=_HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(_root)
    for command, (module, summary) in COMMANDS.items():
        if command == name:
            found = getattr(import_module(module), "app", None)
            if isinstance(found, typer.Typer) and command not in _LONE_VERBS:
                app.add_typer(found, name=command, help=summary)
            else:
                app.command(name=command)(getattr(import_module(module), command))
        else:
            app.command(name=command, help=summary)(_root)
    return app


_LONE_VERBS = {"up", "down", "status"}


def _root() -> None:
    """The bare command does nothing but show help."""
