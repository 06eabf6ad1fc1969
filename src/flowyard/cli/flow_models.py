"""What a command that runs a flow in its own process gives it: connections from files, models behind them, a place for spans."""

import os
from pathlib import Path
from typing import Any

from flowyard.cli.output import note
from flowyard.flows.errors import UnknownConnectionError
from flowyard.flows.ports import ChatTarget, ModelResolver
from flowyard.foundation.settings import Settings
from flowyard.tracing.spool import SpoolSink

Connections = dict[str, dict[str, Any]]


class GivenModels:
    """The models of the given connections, else of the running installation, which is looked for when a node needs it."""

    def __init__(self, connections: Connections, settings: Settings) -> None:
        self._connections = connections
        self._settings = settings
        self._found: ModelResolver | None = None

    def resolve(self, connection: str, model: str) -> ChatTarget:
        """Return where the calls go.

        Raises:
            UnknownConnectionError: it was not given, and no installation runs.
        """
        if self._found is None:
            self._found = self._make(connection)
        return self._found.resolve(connection, model)

    def _make(self, connection: str) -> ModelResolver:
        from flowyard.flows.resolvers.direct import DirectResolver

        if connection in self._connections:
            return DirectResolver(self._connections, beyond=_Beyond(self))
        return self.gateway(connection)

    def gateway(self, connection: str) -> ModelResolver:
        """Return the resolver of the running installation."""
        from flowyard.client.credentials import find_credentials
        from flowyard.client.errors import NoServerError
        from flowyard.flows.resolvers.gateway import GatewayResolver

        try:
            found = find_credentials(self._settings)
        except NoServerError as error:
            raise UnknownConnectionError(
                connection,
                known=tuple(self._connections),
                remedy="Give it with --connections-file FILE.yaml, or start the installation that has it with `flowyard up`. "
                f"{error.message}",
            ) from error
        return GatewayResolver(found.url, found.api_key)


class _Beyond:
    """Looks for the installation when a connection is not among the given ones."""

    def __init__(self, models: GivenModels) -> None:
        self._models = models
        self._gateway: ModelResolver | None = None

    def resolve(self, connection: str, model: str) -> ChatTarget:
        """Return where the calls go."""
        if self._gateway is None:
            self._gateway = self._models.gateway(connection)
        return self._gateway.resolve(connection, model)


def open_spool(settings: Settings, name: str) -> SpoolSink | None:
    """Return the sink for the spans of a command: a spool below the home folder, which the next server reads; None where it cannot be."""
    folder = settings.home / "spools"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        note(f"warning: no traces are kept: {folder} cannot be made ({error.strerror}).")
        return None
    return SpoolSink(folder, name)


def given_connections(files: list[Path]) -> Connections:
    """Return the connections of the files by name; ``${env:NAME}`` in them is replaced.

    Raises:
        ConnectionFileError: a file cannot be used.
    """
    if not files:
        return {}
    from flowyard.connections.files import read_connections_file

    found: Connections = {}
    for file in files:
        for read in read_connections_file(file, os.environ):
            found[read.name] = {"type": read.type, "configs": dict(read.configs), "secrets": dict(read.secrets)}
    return found
