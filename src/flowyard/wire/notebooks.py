"""Notebooks: Jupyter beside the workspace's flows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookOpen:
    """Open the caller's notebook server.

    Attributes:
        of: what the notebook begins with: ``flow/<name>``, ``data/<name>/<version>``, ``run/<name>``, ``trace/<id>``,
            ``endpoint/<name>`` or ``index/<name>/<version>``. One that is there already is opened as it is. None: the list of notebooks.
    """

    of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookLink:
    """An address that opens a notebook once, within two minutes, in one browser. `path`: the notebook's file, below ``notebooks/``."""

    url: str
    path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookServer:
    """The caller's notebook server. `install`: the command that installs what it needs; None: that is installed."""

    running: bool
    install: str | None = None
