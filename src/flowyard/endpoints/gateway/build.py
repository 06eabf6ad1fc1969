"""Puts a gateway together from its ports."""

from dataclasses import dataclass, field

from flowyard.compute.ports import ProcessHost
from flowyard.endpoints.figures import FigureStore
from flowyard.endpoints.gateway.admission import Admission
from flowyard.endpoints.gateway.app import Gateway
from flowyard.endpoints.gateway.backends import Ways
from flowyard.endpoints.gateway.balance import Balancer
from flowyard.endpoints.gateway.calls import ModelCalls, PriceOf
from flowyard.endpoints.gateway.directory import Directory
from flowyard.endpoints.gateway.endpoints import Endpoints
from flowyard.endpoints.gateway.engines import Engines
from flowyard.endpoints.gateway.finder import Finder
from flowyard.endpoints.gateway.limits import Limiter
from flowyard.endpoints.gateway.loopback import LoopbackClient
from flowyard.endpoints.gateway.meters import GatewayMeters
from flowyard.endpoints.gateway.mirror import Mirror
from flowyard.endpoints.gateway.models import Models
from flowyard.endpoints.gateway.peers import PeerReports, Peers
from flowyard.endpoints.gateway.ports import DirectorySource
from flowyard.endpoints.gateway.proxy import ServerProxy
from flowyard.endpoints.gateway.reports import Reports
from flowyard.endpoints.gateway.routing import Routing
from flowyard.endpoints.gateway.scrape import Scrape
from flowyard.endpoints.gateway.tallies import Tallies
from flowyard.endpoints.gateway.teller import Teller
from flowyard.endpoints.gateway.turns import Turns
from flowyard.endpoints.gateway.upstream import Upstreams
from flowyard.endpoints.gateways import GatewayStore
from flowyard.endpoints.local_models import LocalModels
from flowyard.endpoints.memory_figures import MemoryFigures
from flowyard.endpoints.memory_gateways import MemoryGateways
from flowyard.foundation.ids import new_id
from flowyard.identity.limits import LeaseStore
from flowyard.identity.local_leases import LocalLeases
from flowyard.tracing.guarding import TraceGuards
from flowyard.tracing.ports import SpanSink
from flowyard.tracing.recorder import Recorder


def _unknown_price(provider: str, model: str, prompt_tokens: int, completion_tokens: int, cached_tokens: int) -> int | None:
    del provider, model, prompt_tokens, completion_tokens, cached_tokens
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayParts:
    """What a gateway needs of the installation.

    Attributes:
        source: where keys, sessions, connections and endpoints are read from.
        host: starts engines.
        local: the catalog.
        sink: takes the spans.
        server: ``host:port`` of the control plane.
        price_of: the price list.
        poll_s: how often the event log is asked.
        leases: counts what keys and workspaces use.
        figures: takes what is counted of deployments.
        gateways: takes how the gateway fares.
        name: what the gateway's process is called.
        peers: the gateways that share its address; None: there are none.
        guards: keep which traces read documents with access tags; None: nobody does.
    """

    source: DirectorySource
    host: ProcessHost
    local: LocalModels
    sink: SpanSink
    server: str
    price_of: PriceOf = field(default=_unknown_price)
    poll_s: float = 0.2
    leases: LeaseStore = field(default_factory=LocalLeases)
    figures: FigureStore = field(default_factory=MemoryFigures)
    gateways: GatewayStore = field(default_factory=MemoryGateways)
    name: str = "gateway"
    peers: Peers | None = None
    guards: TraceGuards | None = None


def build_gateway(parts: GatewayParts) -> Gateway:
    """Return the ASGI application. Call it in the thread of the event loop that serves it."""
    directory = Directory(parts.source, period_s=parts.poll_s)
    ways = Ways(upstreams=Upstreams(LoopbackClient()), engines=Engines(parts.host, parts.local), balancer=Balancer())
    finder = Finder(directory)
    gateway = new_id()
    tallies = Tallies(parts.figures, directory, ways.balancer, gateway)
    meters = GatewayMeters(parts.sink, parts.name, also=tallies.count)
    recorder = Recorder(meters)
    limiter = Limiter(parts.leases)
    routing = Routing()
    admission = Admission(directory, limiter)
    turns = Turns(parts.guards)
    calls = ModelCalls(recorder, parts.price_of, directory.connection, admission, routing.cache, meters.count, turns)
    server = ServerProxy(parts.server)
    mirror = Mirror(finder, ways, recorder, meters)
    scrape = Scrape(meters, directory, ways, server, limiter, routing, parts.peers)
    told = (
        *((PeerReports(parts.peers, scrape.readings),) if parts.peers else ()),
        tallies,
        Reports(parts.gateways, meters, routing, gateway),
    )
    return Gateway(
        directory,
        ways,
        Models(directory, finder, ways, parts.local, calls, routing),
        Endpoints(finder, ways, calls, recorder, mirror, tallies),
        server,
        scrape,
        Teller(told),
    )
