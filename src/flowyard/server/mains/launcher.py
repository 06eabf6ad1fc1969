"""``flowyard up``: the supervisor, and under it gateways, server and worker, from the first check to the last drain."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.util import find_spec

from flowyard.compute.jobs.trouble import WORKER
from flowyard.compute.model import ProcessSpec
from flowyard.compute.processes.home import HomeLock, RunningSupervisor, start_time
from flowyard.compute.processes.isolated import hide_process
from flowyard.compute.processes.spawn import Terms, bind
from flowyard.compute.processes.supervisor import Supervisor
from flowyard.compute.processes.users import open_flow_users
from flowyard.endpoints.online.protocol import REPLICA_ENVIRONMENT, REPLICA_MODULE
from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.errors import FlowyardError, MissingExtraError, Problem, RemoteError
from flowyard.foundation.ids import new_secret
from flowyard.foundation.settings import Settings
from flowyard.foundation.version import __version__
from flowyard.server.mains.platform import Platform

GATEWAY, SERVER = "gateway", "server"
_PACKAGES = ("alembic", "cryptography", "dbos", "duckdb", "fastapi", "pyarrow", "sqlalchemy")
_ANYWHERE: dict[str, str] = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # where to find a server that listens everywhere


class PreparationError(RemoteError):
    """The home folder or its database cannot be used; the problem says why."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A platform that answers. `sign_in_url` signs the owner in, once."""

    url: str
    sign_in_url: str
    is_new: bool
    pid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    sign_in_url: str
    is_new: bool


def check_server_extra() -> None:
    """Return when the packages of the platform are installed.

    Raises:
        MissingExtraError: one is not; the remedy is the command that installs them.
    """
    if any(find_spec(package) is None for package in _PACKAGES):
        raise MissingExtraError("The platform", "server")


class Launcher:
    """Runs the platform in this process until SIGINT or SIGTERM.

    Args:
        settings: home folder and databases.
        host: the address to listen on.
        port: the port; 0 takes a free one.
        on_ready: called once the gateway and the server answer.
        on_stopping: called when the end begins of a platform that was ready.
    """

    def __init__(
        self, settings: Settings, *, host: str, port: int, on_ready: Callable[[Started], None], on_stopping: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._host = host
        self._port = port
        self._on_ready = on_ready
        self._on_stopping = on_stopping
        self._asked = asyncio.Event()
        self._answers = False
        self._supervisor = Supervisor(settings.home / "logs")

    def run(self) -> None:
        """Start, supervise, stop.

        Raises:
            MissingExtraError: the platform's packages are not installed.
            HomeInUseError: another supervisor runs on the home folder.
            HomeNotWritableError: the folder cannot be written.
            IsolationUnavailableError: flow processes cannot be kept apart as the settings ask.
            PortInUseError: something else listens there.
            PreparationError: the database cannot be used.
            ProcessFailedError: the gateway or the server could not start.
        """
        check_server_extra()
        lock = HomeLock(self._settings.home)
        try:
            hide_process()
            self._supervisor.users = open_flow_users(self._settings)
            public = bind(self._host, self._port)
            asyncio.run(self._supervise(lock, public))
        finally:
            lock.release()

    async def _supervise(self, lock: HomeLock, public: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        for signum in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(signum, self._on_signal)
        start = asyncio.create_task(self._start(lock, public))
        asked = asyncio.create_task(self._asked.wait())
        try:
            await asyncio.wait({start, asked}, return_when=asyncio.FIRST_COMPLETED)
            if start.done():
                start.result()
                await asked
        finally:
            start.cancel()
            with suppress(asyncio.CancelledError, FlowyardError):
                await start
            await self._stop()

    async def _start(self, lock: HomeLock, public: socket.socket) -> None:
        control, server, names = bind(), bind(), self._settings.gateway_names
        url = _url(public)
        platform = self._platform(url, control, server)
        # All at once: what a process loads does not need the database, and its message comes when that is ready.
        gate = asyncio.Event()
        begun = [
            asyncio.create_task(self._supervisor.ensure(self._spec(SERVER, platform, niceness=5), terms=Terms(listener=server, gate=gate))),
            *(
                asyncio.create_task(self._supervisor.ensure(self._gateway(name, platform), terms=Terms(listener=listener, gate=gate)))
                for name, listener in zip(names, [public, *(public.dup() for _ in names[1:])], strict=True)
            ),
        ]
        try:
            prepared, _ = await asyncio.gather(_prepare(platform), self._open_control(platform, control))
            lock.announce(_running(url, platform))
            gate.set()
            await asyncio.gather(*begun)
        finally:
            for task in begun:
                task.cancel()
            await asyncio.gather(*begun, return_exceptions=True)
        self._answers = True
        self._on_ready(Started(url=url, sign_in_url=prepared.sign_in_url, is_new=prepared.is_new, pid=os.getpid()))
        await self._supervisor.ensure(self._spec(WORKER, platform, niceness=5), wait_s=0, terms=Terms(persistent=True))
        if self._settings.standby == "on":
            self._stand_by(platform)

    def _stand_by(self, platform: Platform) -> None:
        """Have a gateway loaded for the next death, and a replica for the next deploy; what runs as another user is started so."""
        self._supervisor.keep_standby(replace(self._spec(GATEWAY, platform), name=f"standby/{GATEWAY}", message={}))
        if self._settings.isolation == "none":
            self._supervisor.keep_standby(ProcessSpec(name="standby/replica", module=REPLICA_MODULE, environment=dict(REPLICA_ENVIRONMENT)))

    def _platform(self, url: str, control: socket.socket, server: socket.socket) -> Platform:
        settings = self._settings
        return Platform.of(
            settings, public_url=url, server=_address(server), supervisor=_address(control), supervisor_token=new_secret("fyc")
        )

    def _gateway(self, name: str, platform: Platform) -> ProcessSpec:
        """Return the spec of one gateway. All accept from one socket: what connects while one is away goes to the others at once."""
        return replace(self._spec(GATEWAY, platform), name=name, arguments=(name,))

    def _spec(self, name: str, platform: Platform, *, niceness: int = 0) -> ProcessSpec:
        # These three are ours and trusted: they see the whole environment, proxies and cloud credentials included.
        environment = dict(os.environ) | {"FLOWYARD_HOME": platform.home}
        return ProcessSpec(
            name=name,
            module=f"flowyard.server.mains.{name}_main",
            environment=environment,
            message=platform.message(),
            working_directory=platform.home,
            socket=name != WORKER,
            niceness=niceness,
            stop_timeout_s=12.0,
        )

    async def _open_control(self, platform: Platform, listener: socket.socket) -> None:
        from flowyard.compute.processes.control import open_control_port

        await open_control_port(self._supervisor, platform.supervisor_token, listener)

    async def _stop(self) -> None:
        """Stop in the order of the calls: who takes requests first, what serves them last."""
        if self._answers:
            self._on_stopping()
        await asyncio.gather(*(self._supervisor.stop(name) for name in self._settings.gateway_names))
        for name in (WORKER, SERVER):
            await self._supervisor.stop(name)
        await self._supervisor.close()

    def _on_signal(self) -> None:
        if self._asked.is_set():
            self._supervisor.kill()
        self._asked.set()


async def _prepare(platform: Platform) -> _Prepared:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "flowyard.server.mains.prepare_main",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    output, _ = await process.communicate(to_json(platform))
    if process.returncode == 0:
        return decode(output, _Prepared)
    if process.returncode == 2:
        raise PreparationError(decode(output, Problem))
    raise FlowyardError(f"Preparing {platform.home} ended with exit code {process.returncode}; see what it wrote above.")


def _running(url: str, platform: Platform) -> RunningSupervisor:
    pid = os.getpid()
    return RunningSupervisor(
        pid=pid,
        start_time=start_time(pid) or 0,
        url=url,
        version=__version__,
        control=platform.supervisor,
        token=platform.supervisor_token,
    )


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"{host}:{port}"


def _url(listener: socket.socket) -> str:
    address: tuple[str, int] = listener.getsockname()[:2]
    host = _ANYWHERE.get(address[0], address[0])
    return f"http://[{host}]:{address[1]}" if ":" in host else f"http://{host}:{address[1]}"
