"""One run of a flow from files, as ``flowyard flow test`` does it: a flow process of its own, without a server."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from flowyard.cli.output import note
from flowyard.flows import process
from flowyard.flows.errors import LineFailedError, UnknownConnectionError
from flowyard.flows.format.read import flow_file
from flowyard.flows.ports import ChatTarget, ModelResolver
from flowyard.flows.runtime import capture
from flowyard.flows.runtime.line import Engine
from flowyard.flows.runtime.record import LineRecord, NodeRecord
from flowyard.flows.runtime.secrets import scrubber
from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import InvalidInputError
from flowyard.foundation.settings import Settings, read_settings
from flowyard.tracing.recorder import Recorder
from flowyard.tracing.spool import SpoolSink

Connections = dict[str, dict[str, Any]]


def run_test(
    flow: Path, *, inputs: list[str], inputs_file: Path | None, connection_files: list[Path], detail: Path | None, progress: bool
) -> dict[str, Any]:
    """Run `flow` once and return its outputs. The process becomes the flow's: its working folder, its standard streams.

    Raises:
        FlowNotFoundError, InvalidFlowError, InvalidInputError: nothing was run.
        LineFailedError: a node failed.
    """
    folder = flow_file(flow).parent.resolve()
    given = {**(_inputs_file(inputs_file) if inputs_file else {}), **_words(inputs)}
    detail = detail.resolve() if detail else None
    connections = _connections(connection_files)
    settings = read_settings()
    sink = _spool(settings)
    recorder = Recorder(sink, scrub=scrubber(connections)) if sink else None
    engine = Engine(resolver=_Models(connections, settings), recorder=recorder, scrub=scrubber(connections))
    target = flow_file(flow).resolve()
    stderr = sys.stderr
    process.enter(folder, passthrough=stderr)
    try:
        loaded = process.load(target, engine, connections)
        record = loaded.run(given, observer=_Progress(stderr) if progress else None)
    finally:
        capture.remove()
        if sink:
            sink.close()
    if detail:
        detail.write_bytes(to_json(_detail(record)))
    for warning in record.warnings:
        note(f"warning: {warning}")
    if record.error is not None:
        raise LineFailedError(record.error)
    if record.metrics:
        note(f"metrics: {record.metrics}")
    return record.outputs


class _Progress:
    """Tells of each node that ended, on the stream that is not captured into the node's record."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def begin(self, record: LineRecord) -> None:
        """Nothing: the first node tells enough."""

    def node(self, record: NodeRecord) -> None:
        """Write a line."""
        if record.status not in {"running", "pending"}:
            tokens = f", {record.prompt_tokens} + {record.completion_tokens} tokens" if record.completion_tokens is not None else ""
            self._stream.write(f"{record.node}: {record.status} ({record.duration_ns / 1e6:.1f} ms{tokens})\n")

    def fields(self, outputs: dict[str, Any]) -> None:
        """Nothing: outputs are printed at the end."""

    def chunk(self, output: str, text: str) -> None:
        """Nothing: outputs are printed at the end."""


class _Models:
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
            return DirectResolver(self._connections, beyond=_Late(self))
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


class _Late:
    """Looks for the installation when a connection is not among the given ones."""

    def __init__(self, models: _Models) -> None:
        self._models = models
        self._gateway: ModelResolver | None = None

    def resolve(self, connection: str, model: str) -> ChatTarget:
        """Return where the calls go."""
        if self._gateway is None:
            self._gateway = self._models.gateway(connection)
        return self._gateway.resolve(connection, model)


def _spool(settings: Settings) -> SpoolSink | None:
    folder = settings.home / "spools"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        note(f"warning: no traces are kept: {folder} cannot be made ({error.strerror}).")
        return None
    return SpoolSink(folder, "flow-test")


def _words(pairs: list[str]) -> dict[str, Any]:
    """Read ``name=value`` words. Values stay text: each input's type says what becomes of them."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator or not name:
            raise InvalidInputError(f"{pair!r} is not of the form name=value.", remedy="Write for instance: --inputs question=Hello")
        found[name] = value
    return found


def _inputs_file(path: Path) -> dict[str, Any]:
    from flowyard.foundation.codecs import from_json

    if not path.is_file():
        raise InvalidInputError(f"There is no file {str(path)!r}.", remedy="Name a JSON file with one object of inputs.")
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".jsonl":
        text = next((line for line in text.splitlines() if line.strip()), "{}")
    found = from_json(text)
    if not isinstance(found, Mapping):
        raise InvalidInputError(f"{path} must hold one JSON object, got {type(found).__name__}.", remedy='Write {"name": value, ...}.')
    return dict(found)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def _connections(files: list[Path]) -> Connections:
    if not files:
        return {}
    from flowyard.connections.files import read_connection_file

    found: Connections = {}
    for file in files:
        read = read_connection_file(file, os.environ)
        found[read.name] = {"type": read.type, "configs": dict(read.configs), "secrets": dict(read.secrets)}
    return found


def _detail(record: LineRecord) -> dict[str, Any]:
    return {
        "flow": record.flow,
        "trace_id": record.trace_id,
        "status": record.status,
        "duration_ms": record.duration_ns / 1e6,
        "inputs": record.inputs,
        "outputs": record.outputs,
        "error": record.error,
        "metrics": record.metrics,
        "warnings": record.warnings,
        "nodes": [node.result() for node in record.nodes],
    }
