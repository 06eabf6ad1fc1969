"""Writes docs/commands.md from the command line's own help."""

import re
import sys
from importlib import import_module
from pathlib import Path

import click
import typer

from flowyard.cli.entry import COMMANDS

TARGET = Path(__file__).resolve().parent.parent / "docs/commands.md"
HEAD = """# Commands

`flowyard <noun> <verb>`. Every command takes `--help` and `--json`. Results go to standard output, progress and errors to standard error
(with `--json` errors are problem details). Exit codes: 0 done, 1 it was tried and failed, 2 bad usage or invalid input.
A value `@FILE`, of an input, an argument of `--init` or a connection's setting, is the text of that file, without a last line break;
`@@…` is a text that begins with @.

Written by `python scripts/commands.py`.
"""


def text() -> str:
    """Return the page."""
    parts = [HEAD]
    for noun, (module, summary) in COMMANDS.items():
        parts.append(f"\n## {noun}\n\n{summary}.\n\n| Command | What it does | Example |\n|---|---|---|\n")
        parts.extend(row(name, command) for name, command in commands(noun, module))
    return "".join(parts)


def commands(noun: str, module: str) -> list[tuple[str, click.Command]]:
    """Return a noun's commands with their full names."""
    found = getattr(import_module(module), "app", None)
    if not isinstance(found, typer.Typer):
        app = typer.Typer()
        app.command()(getattr(import_module(module), noun))
        return [(noun, typer.main.get_command(app))]
    group = typer.main.get_command(found)
    inner = getattr(group, "commands", None)
    return within(noun, inner) if inner else [(noun, group)]


def within(prefix: str, inner: dict[str, click.Command]) -> list[tuple[str, click.Command]]:
    """Return the commands of a group and of the groups in it."""
    found: list[tuple[str, click.Command]] = []
    for verb, command in inner.items():
        deeper = getattr(command, "commands", None)
        if deeper:
            found.extend(within(f"{prefix} {verb}", deeper))
        elif not command.hidden:
            found.append((f"{prefix} {verb}", command))
    return found


def row(name: str, command: click.Command) -> str:
    """Return one line of a table."""
    words = re.sub(r"\s+", " ", (command.help or "").replace("\b", " ")).strip()
    what, _, example = words.partition("Example: ")
    return f"| `flowyard {name}` | {what.strip()} | {f'`{example.strip()}`' if example else ''} |\n".replace("\\|", "|")


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{TARGET}\n")
