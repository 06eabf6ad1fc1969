"""``flowyard notebook``: Jupyter beside the flows."""

import sys
from typing import Annotated

import typer

from flowyard.cli.output import AsJson, emit, note
from flowyard.cli.platform import has_display
from flowyard.cli.session import workspace


def notebook(
    of: Annotated[
        str | None,
        typer.Argument(help="What it is about: flow/NAME, data/NAME/VERSION, run/NAME, trace/ID, endpoint/NAME or index/NAME/VERSION."),
    ] = None,
    *,
    stop: Annotated[bool, typer.Option("--stop", help="Stop your notebook server, with what runs in it. The notebooks stay.")] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser, print the link.")] = False,
    as_json: AsJson = False,
) -> None:
    """Open Jupyter with the workspace's flows and the SDK at hand; about something, with the cells that load it.

    Example: flowyard notebook flow/support
    """
    notebooks = workspace().notebooks
    if stop:
        notebooks.stop()
        emit(notebooks.server(), as_json=as_json, text="Stopped.")
        return
    link = notebooks.open(of)
    if not as_json:
        note("Open this link, once and within two minutes:")
    emit(link, as_json=as_json, text=link.url)
    if not no_browser and not as_json and sys.stdout.isatty() and has_display():
        import webbrowser

        webbrowser.open(link.url)
