"""What a gateway is made of."""

from collections.abc import Generator
from contextlib import contextmanager

from flowyard.compute.ports import ProcessHost
from flowyard.endpoints.gateway.build import GatewayParts
from flowyard.endpoints.gateway.peers import Peers
from flowyard.endpoints.local_models import CatalogModels
from flowyard.foundation.settings import Settings
from flowyard.inference.prices import price_of
from flowyard.storage.sql.directory import SqlDirectory
from flowyard.storage.sql.figures import SqlFigureStore
from flowyard.storage.sql.gateways import SqlGatewayStore
from flowyard.storage.sql.limits import SqlLeaseStore
from flowyard.tracing.spool import SpoolSink
from flowyard.wiring.catalog import open_catalog
from flowyard.wiring.core import open_core


@contextmanager
def open_gateway(name: str, settings: Settings, host: ProcessHost, *, server: str, secret: str) -> Generator[GatewayParts]:
    """Yield the parts of the gateway `name`. `server` is the control plane's ``host:port``; engines' keys are made of `secret`.

    Raises:
        DatabaseNewerError: a newer program migrated the database.
        DatabaseNotMigratedError: it has no tables, or older ones.
        DatabaseUnavailableError: it does not answer.
    """
    with open_core(settings) as core:
        sink = SpoolSink(core.places.spools, "gateway")
        try:
            yield GatewayParts(
                source=SqlDirectory(core.engine, core.keys, core.sign_in, core.connections),
                host=host,
                local=CatalogModels(open_catalog(settings), secret),
                leases=SqlLeaseStore(core.engine),
                figures=SqlFigureStore(core.engine),
                gateways=SqlGatewayStore(core.engine),
                sink=sink,
                server=server,
                price_of=price_of,
                name=name,
                guards=core.guards,
                peers=Peers(core.places.gateways, name, settings.gateway_names) if settings.gateways > 1 else None,
            )
        finally:
            sink.close()
