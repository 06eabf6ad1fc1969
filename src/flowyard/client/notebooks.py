"""Notebooks, from Python."""

from flowyard.client.transport import Transport
from flowyard.wire.notebooks import NotebookLink, NotebookOpen, NotebookServer


class Notebooks:
    """The caller's notebook server: Jupyter with the workspace's flows and the SDK at hand."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def open(self, of: str | None = None) -> NotebookLink:
        """Return an address that opens a notebook once, within two minutes, in one browser.

        Args:
            of: what it is about: ``flow/<name>``, ``data/<name>/<version>``, ``run/<name>``, ``trace/<id>``, ``endpoint/<name>`` or
                ``index/<name>/<version>``. None: the list of notebooks.

        Raises:
            RemoteError: there is no such thing, or Jupyter is not installed (code ``MissingExtra``; its remedy is the command).
        """
        return self._transport.post("notebooks", NotebookLink, body=NotebookOpen(of=of))

    def server(self) -> NotebookServer:
        """Return whether the server runs, and whether what it needs is installed."""
        return self._transport.get("notebooks/server", NotebookServer)

    def stop(self) -> None:
        """Stop the server, with what runs in it. The notebooks stay."""
        self._transport.delete("notebooks/server")
