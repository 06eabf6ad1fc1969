"""``flowyard flow serve``: a flow over HTTP from its folder, without a workspace."""

import logging
import os
import shlex
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowyard.cli.flow_environment import EnvironmentOption, Packages, enter_environment
from flowyard.cli.output import AsJson, dump, note, report
from flowyard.cli.session import key_values
from flowyard.foundation.errors import FlowyardError

if TYPE_CHECKING:
    from flowyard.cli.flow_models import GivenModels
    from flowyard.flows.model import FlowOptions, FlowSpec

DEFAULT_PORT = 8080


def serve(
    flow: Annotated[Path, typer.Option("--flow", "--source", help="The flow's folder, or its file.", show_default=False)],
    *,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 lets other machines in.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = DEFAULT_PORT,
    connections_file: Annotated[
        list[Path] | None, typer.Option("--connections-file", help="Connections as prompt flow writes them.")
    ] = None,
    environment_variables: Annotated[
        list[str] | None, typer.Option("--environment-variables", help="NAME=VALUE; a value may be ${connection.key}.")
    ] = None,
    init: Annotated[list[str] | None, typer.Option("--init", help="Arguments of a flex flow's class, name=value.")] = None,
    variant: Annotated[str | None, typer.Option("--variant", help="Serve a variant of a node: '${node.variant_id}'.")] = None,
    connections: Annotated[
        list[str] | None, typer.Option("--connections", help="Replace keys of nodes: node.connection=NAME node.deployment_name=MODEL.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many processes share the port.")] = 1,
    environment: EnvironmentOption = Packages.AUTO,
    no_traces: Annotated[
        bool, typer.Option("--no-traces", help="Keep no spans: for where no server of this machine ever reads them.")
    ] = False,
    skip_open_browser: Annotated[bool, typer.Option("--skip-open-browser", hidden=True)] = False,
    engine: Annotated[str | None, typer.Option("--engine", hidden=True)] = None,
    as_json: AsJson = False,
) -> None:
    """Serve a flow on this machine: POST /score, GET /swagger.json, /health, /version, POST /feedback. Ctrl-C stops it.

    Example: flowyard flow serve --flow my_flow --port 8080
    """
    del skip_open_browser, engine  # prompt flow's; there is one server here, and it opens nothing
    enter_environment(flow, environment)
    from flowyard.compute.processes.spawn import bind
    from flowyard.flows.format.overrides import parse_overrides
    from flowyard.flows.model import FlowOptions
    from flowyard.flows.serving.requests import init_config

    listener = bind("127.0.0.1" if host == "localhost" else host, port)
    variables = {name: str(value) for name, value in _words(environment_variables).items()}
    options = FlowOptions(
        variant=variant,
        overrides=parse_overrides(connections or []),
        init=key_values(init or []) or init_config(),
        environment_variables=variables,
    )
    files = [file.resolve() for file in connections_file or []]
    served = _Served(flow.resolve(), files, options, traces=not no_traces, host=host, listener=listener)
    if workers == 1:
        served.run(lambda: served.announce(as_json=as_json))
        note("Stopped.")
        return
    from flowyard.flows.serving.workers import Workers

    code = Workers(served.run_reporting, workers).run(lambda: served.announce(as_json=as_json))
    note("Stopped.")
    raise typer.Exit(code)


class _Served:
    """A flow on a socket, in whichever process runs it."""

    def __init__(
        self, flow: Path, connection_files: list[Path], options: "FlowOptions", *, traces: bool, host: str, listener: socket.socket
    ) -> None:
        self._flow = flow
        self._connection_files = connection_files
        self._options = options
        self._traces = traces
        self._host = host
        self._listener = listener
        self._out = sys.stdout  # what the flow prints is captured later

    def run(self, on_ready: Callable[[], None]) -> None:
        """Load the flow and serve it until this process is told to stop."""
        from flowyard.cli.flow_models import GivenModels, given_connections, open_spool
        from flowyard.flows import process
        from flowyard.flows.rules import load_valid
        from flowyard.flows.runtime.line import Engine
        from flowyard.flows.runtime.secrets import scrubber
        from flowyard.flows.serving.app import create_app
        from flowyard.flows.serving.overrides import override_connections, serving_variables
        from flowyard.flows.serving.standalone import LocalOnly, is_loopback, serve_app
        from flowyard.foundation.settings import read_settings
        from flowyard.tracing.process_log import configure_logging
        from flowyard.tracing.recorder import Recorder

        configure_logging()
        logging.getLogger("uvicorn").setLevel(logging.WARNING)
        settings = read_settings()
        flow = load_valid(self._flow, self._options)
        variables = serving_variables(flow, self._options.environment_variables)
        connections = override_connections(given_connections(self._connection_files), variables)
        models = GivenModels(connections, settings)
        check_models(flow, models, connections)
        sink = open_spool(settings, "flow-serve") if self._traces else None
        recorder = Recorder(sink, scrub=scrubber(connections)) if sink else None
        process.enter(self._flow if self._flow.is_dir() else self._flow.parent, passthrough=sys.stderr)
        engine = Engine(resolver=models, recorder=recorder, scrub=scrubber(connections))
        loaded = process.load(self._flow, engine, connections, options=self._options)
        app = create_app(loaded, on_stop=sink.flush if sink else None)
        try:
            serve_app(LocalOnly(app) if is_loopback(self._host) else app, self._listener, on_ready)
        finally:
            loaded.close()
            if sink is not None:
                sink.close()

    def run_reporting(self, on_ready: Callable[[], None]) -> None:
        """Do the same in a process of its own, which tells itself what went wrong."""
        try:
            self.run(on_ready)
        except FlowyardError as error:
            report(error, as_json=False)
            raise SystemExit(error.exit_code) from error

    def announce(self, *, as_json: bool) -> None:
        """Print where the flow answers."""
        port = self._listener.getsockname()[1]
        host = self._host if ":" not in self._host else f"[{self._host}]"
        url = f"http://{'127.0.0.1' if self._host == '0.0.0.0' else host}:{port}"  # noqa: S104
        if as_json:
            self._out.write(dump({"url": url, "score": f"{url}/score", "swagger": f"{url}/swagger.json", "pid": os.getpid()}) + "\n")
        else:
            note(f"{self._flow.name} answers at {url}")
            self._out.write(f"curl -X POST {url}/score -H 'Content-Type: application/json' -d {shlex.quote(example(self._flow))}\n")
            note("Ctrl-C stops it.")
        self._out.flush()


def check_models(spec: "FlowSpec", models: "GivenModels", connections: Mapping[str, object]) -> None:
    """Return when the connection of each LLM node was given, or an installation runs that may have it.

    Raises:
        UnknownConnectionError: there is nobody to ask for a connection.
    """
    for node in spec.nodes:
        if node.connection and node.connection not in connections:
            models.gateway(node.connection)


def example(flow: Path) -> str:
    """Return a body for the flow as JSON: its sample, its defaults, else something of each input's type."""
    from flowyard.flows.rules import load_valid
    from flowyard.flows.serving.swagger import read_sample
    from flowyard.foundation.codecs import to_json

    spec = load_valid(flow)
    values: dict[str, Any] = {"int": 1, "double": 1.0, "bool": True, "list": [], "object": {}}
    made = {name: found.default if found.has_default else values.get(found.type, "...") for name, found in spec.inputs.items()}
    return to_json(read_sample(spec.folder) or made).decode()


def _words(pairs: list[str] | None) -> dict[str, str]:
    """Read ``NAME=VALUE`` words; values stay text."""
    from flowyard.foundation.errors import InvalidInputError

    found: dict[str, str] = {}
    for pair in pairs or []:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise InvalidInputError(
                f"{pair!r} is not of the form NAME=VALUE.", remedy="Write for instance: --environment-variables MODE=fast"
            )
        found[name] = value.strip('"')
    return found
