"""What ``flowyard up`` hands to gateway, server and worker: their message, and how they begin."""

import gc
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowyard.compute.child import Child
from flowyard.compute.processes.isolated import hide_process
from flowyard.foundation.codecs import convert, plain
from flowyard.foundation.settings import DEFAULT_CACHE_DAYS, DEFAULT_CACHE_MIB, DEFAULT_UIDS, Isolation, Settings
from flowyard.tracing.process_log import configure_logging

if TYPE_CHECKING:
    from flowyard.compute.processes.client import SupervisorHost


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """The installation, as its processes are told of it.

    Attributes:
        home: see `Settings`, as the other settings.
        public_url: where users find it, ``http://127.0.0.1:8800``.
        server: ``host:port`` of the server's own socket, to which the gateway passes what is not its own.
        supervisor: ``host:port`` of the control port.
        supervisor_token: opens the control port.
    """

    home: str
    public_url: str
    server: str
    supervisor: str
    supervisor_token: str = field(repr=False)
    database_url: str | None = field(default=None, repr=False)
    storage_url: str | None = None
    ray_address: str | None = None
    isolation: Isolation = "none"
    isolation_uids: tuple[int, int] = DEFAULT_UIDS
    cache_mib: int = DEFAULT_CACHE_MIB
    cache_days: int = DEFAULT_CACHE_DAYS
    gateways: int = 1
    data_roots: tuple[str, ...] = ()
    data_hosts: tuple[str, ...] = ()
    catalog: tuple[str, ...] = ()
    notebook_address: str | None = None
    notebook_url: str | None = None

    @classmethod
    def of(cls, settings: Settings, *, public_url: str, server: str, supervisor: str, supervisor_token: str) -> "Platform":
        """Return the installation that has these settings, at these addresses."""
        return cls(
            home=str(settings.home),
            public_url=public_url,
            server=server,
            supervisor=supervisor,
            supervisor_token=supervisor_token,
            database_url=settings.database_url,
            storage_url=settings.storage_url,
            ray_address=settings.ray_address,
            isolation=settings.isolation,
            isolation_uids=settings.isolation_uids,
            cache_mib=settings.cache_mib,
            cache_days=settings.cache_days,
            gateways=settings.gateways,
            data_roots=tuple(map(str, settings.data_roots)),
            data_hosts=tuple(sorted(settings.data_hosts)),
            catalog=settings.catalog,
            notebook_address=settings.notebook_address,
            notebook_url=settings.notebook_url,
        )

    @property
    def settings(self) -> Settings:
        """The settings that ``flowyard up`` was started with."""
        return Settings(
            home=Path(self.home),
            url=self.public_url,
            database_url=self.database_url,
            storage_url=self.storage_url,
            ray_address=self.ray_address,
            isolation=self.isolation,
            isolation_uids=self.isolation_uids,
            cache_mib=self.cache_mib,
            cache_days=self.cache_days,
            gateways=self.gateways,
            data_roots=tuple(map(Path, self.data_roots)),
            data_hosts=frozenset(self.data_hosts),
            catalog=self.catalog,
            notebook_address=self.notebook_address,
            notebook_url=self.notebook_url,
        )

    def host(self) -> "SupervisorHost":
        """Return the supervisor."""
        from flowyard.compute.processes.client import SupervisorHost

        return SupervisorHost(self.supervisor, self.supervisor_token)

    def message(self) -> dict[str, Any]:
        """Return it as a child's message."""
        return plain(self)


@contextmanager
def loading() -> Generator[None]:
    """Keep the garbage collector off while a program loads what it needs: all that stays, and looking at it takes a sixth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


def begin() -> tuple[Child, Platform]:
    """Take over what the supervisor hands to this process, and log to standard error.

    Import what the process needs before: the message comes only when the database is ready.
    """
    configure_logging(date_format="%Y-%m-%dT%H:%M:%S")
    hide_process()
    child = Child.start()
    return child, convert(child.message, Platform)
