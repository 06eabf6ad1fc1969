"""The program of a flow's replica: a compiled flow behind HTTP. Needs the runtime only.

Everything it knows comes in its start message; of the platform's secrets it holds none.
"""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from flowyard.compute.child import Child
from flowyard.compute.serve import serve
from flowyard.endpoints.online.protocol import VERSION
from flowyard.flows import process
from flowyard.flows.collecting.process import collecting, in_front
from flowyard.flows.flow import LoadedFlow
from flowyard.flows.model import FlowOptions
from flowyard.flows.ports import ModelResolver
from flowyard.flows.resolvers.late import LateGateway
from flowyard.flows.runtime.cache_store import CacheSpec, NodeCache
from flowyard.flows.runtime.line import Engine
from flowyard.flows.runtime.line_spool import LineKeeper, LineSpool
from flowyard.flows.runtime.secrets import scrubber
from flowyard.flows.serving.app import create_app
from flowyard.flows.serving.overrides import override_connections
from flowyard.flows.serving.requests import init_config
from flowyard.foundation.codecs import convert
from flowyard.foundation.credentials import Credentials, give_credentials
from flowyard.foundation.errors import InvalidInputError
from flowyard.tracing.process_log import configure_logging
from flowyard.tracing.recorder import Recorder, Scrub, SpanDefaults
from flowyard.tracing.spool import SpoolSink


def main() -> None:
    """Serve the flow of the start message until SIGTERM."""
    child = Child.start()
    configure_logging()
    ending = ExitStack()
    with child.reporting():
        message = child.message
        if message.get("version") != VERSION:
            raise InvalidInputError(
                f"This replica speaks protocol {VERSION}, it was started with {message.get('version')!r}.",
                remedy="Install the same version of flowyard for the server and the flow.",
            )
        folder = Path(message["folder"])
        process.enter(folder)
        spools, name = Path(message["spools"]), f"replica-{message['endpoint']}-{message['deployment']}"
        sink = SpoolSink(spools, name)
        keeper = LineKeeper(LineSpool(spools, name, message["flow"], _about(message)))
        kept = ending.enter_context(collecting(message, _scrub(message)))
        flow = load(folder, message, sink, keeper)

        def flush() -> None:
            keeper.flush()
            sink.flush()

        app = create_app(flow, token=message["token"], on_stop=flush)
    serve(in_front(app, kept, values=True), child, proxied=False)
    flow.close()
    keeper.close()
    ending.close()
    sink.close()


def _about(message: dict[str, Any]) -> SpanDefaults:
    return {
        "workspace_id": message["workspace_id"],
        "endpoint": message["endpoint"],
        "deployment": message["deployment"],
        "flow": message["flow"],
    }


def _scrub(message: dict[str, Any]) -> Scrub | None:
    return scrubber(override_connections(message["connections"]), message["api_key"], message["token"])


def load(folder: Path, message: dict[str, Any], sink: SpoolSink, keeper: LineKeeper) -> LoadedFlow:
    """Return the compiled flow. Its model calls go to the gateway, its lines to `keeper`, the spans that its code makes to `sink`.

    Raises:
        FlowNotFoundError: there is no flow.
        InvalidFlowError: its files have errors.
        ToolError, TemplateError, UnknownConnectionError: a node cannot be made.
        InitConfigError: ``PF_FLOW_INIT_CONFIG``, which the deployment's variables may set, is no JSON object.
    """
    connections = override_connections(message["connections"])
    scrub = _scrub(message)
    recorder = Recorder(sink, scrub=scrub, **_about(message))
    give_credentials(Credentials(url=message["gateway_url"], api_key=message["api_key"], workspace=""))
    # Python code may call a model too: a prompty, for instance.
    resolver: ModelResolver = LateGateway(message["gateway_url"], message["api_key"])
    if message["calls_models"]:
        from flowyard.flows.resolvers.gateway import GatewayResolver

        resolver = GatewayResolver(message["gateway_url"], message["api_key"])
    if message.get("direct"):
        from flowyard.flows.resolvers.direct import DirectResolver

        # The deployment's variables changed these: the gateway has them as they were.
        resolver = DirectResolver({name: connections[name] for name in message["direct"]}, resolver)
    cache = NodeCache.at(convert(message["cache"], CacheSpec))
    engine = Engine(resolver=resolver, recorder=recorder, scrub=scrub, cache=cache, keep_line=keeper.keep, packed=True)
    return process.load(folder, engine, connections, name=message["flow"], options=FlowOptions(init=init_config()))


if __name__ == "__main__":
    main()
