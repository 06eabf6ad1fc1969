"""Fixtures that all rooms share: databases, a home folder, services, a real server. No test reaches beyond this machine."""

import gc
import shutil
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.cli.entry import main
from support.commands import Command
from support.long_files import LONG_FILES
from support.postgres_database import execute, postgres_database
from support.postgres_keeper import database_server

_LOOPBACK = ("127.0.0.1", "::1", "localhost", "0.0.0.0", "")


# Collecting the tests makes a million objects that stay: the collector would look through all of them again and again.
gc.disable()


def pytest_collection_finish() -> None:
    """Take what was collected for good, and have garbage of the tests collected from here on."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest: begun last, one of them would run on beside an idle worker."""
    items.sort(key=lambda item: -LONG_FILES.get(item.path, 0))


@pytest.fixture(autouse=True, scope="session")
def only_loopback() -> Iterator[None]:
    """Refuse connections to other machines from the test's own process."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def check(address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith("127.") and address[0] not in _LOOPBACK:
            raise RuntimeError(f"tests must not connect to {address!r}")

    def guarded(self: socket.socket, address: Any) -> None:
        check(address)
        connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> int:
        check(address)
        return connect_ex(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    patch.setattr(socket.socket, "connect_ex", guarded_ex)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


@pytest.fixture(scope="session")
def postgres_url(run_folder: Path) -> str:
    """The address of a PostgreSQL server, shared by the run's workers; it ends by itself after them."""
    return database_server(run_folder / "postgres")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    from flowyard.storage import migrate
    from flowyard.storage.engine import open_engine

    path = tmp_path_factory.mktemp("template") / "metadata.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The name of a migrated database to copy, one a worker."""
    from flowyard.storage import migrate
    from flowyard.storage.engine import open_engine

    name = f"template_{uuid.uuid4().hex[:12]}"
    execute(postgres_url, f"CREATE DATABASE {name}")
    engine = open_engine(f"{postgres_url}/{name}")
    migrate.upgrade(engine)
    engine.dispose()
    return name


BACKENDS = [pytest.param("sqlite", id="sqlite"), pytest.param("postgresql", id="postgresql", marks=pytest.mark.integration)]


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database of the test's own; the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "database" / "metadata.db"
        path.parent.mkdir()
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    template = request.getfixturevalue("postgres_template")
    yield from postgres_database(request.getfixturevalue("postgres_url"), f"TEMPLATE {template}")


@pytest.fixture(params=BACKENDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables; once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty' / 'metadata.db'}"
        return
    yield from postgres_database(request.getfixturevalue("postgres_url"), "")


@pytest.fixture
def engine(database_url: str) -> Iterator[Any]:
    """An SQLAlchemy engine on a migrated database; once on SQLite and once on PostgreSQL."""
    from flowyard.storage.engine import open_engine

    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def home(tmp_path: Path, sqlite_template: Path) -> Path:
    """A home folder with a migrated SQLite database."""
    folder = tmp_path / "home"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "metadata.db")
    return folder


def open_home(home: Path) -> AbstractContextManager[Any]:
    """Open the services of a control plane over `home`. No supervisor runs there: what would start a process says so."""
    from flowyard.compute.processes.client import SupervisorHost
    from flowyard.foundation.settings import read_settings
    from flowyard.wiring.server import open_services

    return open_services(read_settings({}, home=home), SupervisorHost("127.0.0.1:1", "none"))


@pytest.fixture
def services(home: Path) -> Iterator[Any]:
    """The services of a control plane over `home`; ask for `owner_key` to have the workspace ``default`` and the user ``owner``."""
    with open_home(home) as opened:
        yield opened


@pytest.fixture
def events(services: Any) -> Iterator[Any]:
    """The event log that `services` write to."""
    from flowyard.storage.engine import open_engine
    from flowyard.storage.sql.events import SqlEventLog

    engine = open_engine(services.settings.metadata_url)
    yield SqlEventLog(engine)
    engine.dispose()


@pytest.fixture
def owner_key(services: Any) -> str:
    """The owner's API key of the workspace ``default``."""
    return services.identity.bootstrap().api_key


@pytest.fixture
def owner(owner_key: str) -> dict[str, str]:
    """Headers of a request by the owner."""
    return {"Authorization": f"Bearer {owner_key}"}


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A control plane that listens."""

    url: str
    services: Any


@pytest.fixture
def server(services: Any, owner_key: str) -> Iterator[RunningServer]:
    """A real control plane over `services` on a loopback port, with `owner_key` in it."""
    import uvicorn

    from flowyard.server.app import whole_server

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(100)
    config = uvicorn.Config(whole_server(services), log_level="warning", lifespan="off", timeout_graceful_shutdown=5)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield RunningServer(f"http://127.0.0.1:{listening.getsockname()[1]}", services)
    running.should_exit = True
    thread.join(timeout=15)
    listening.close()


@pytest.fixture
def ws(server: RunningServer, owner_key: str) -> Workspace:
    """The owner's workspace ``default`` on `server`, by the SDK."""
    return Workspace(url=server.url, api_key=owner_key, workspace="default")


@pytest.fixture
def command(server: RunningServer, owner_key: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command line of the owner of `server`, in this process."""
    monkeypatch.setenv("FLOWYARD_URL", server.url)
    monkeypatch.setenv("FLOWYARD_API_KEY", owner_key)

    def run(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(words))
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


@pytest.fixture(scope="session")
def application() -> Any:
    """The control plane's application, made once; `client` puts its services in."""
    from flowyard.server.app import create_app

    return create_app(None)


@pytest.fixture
def client(application: Any, services: Any, owner_key: str) -> Iterator[Any]:
    """An HTTP client straight into the application over `services`. It sends no key: add `owner`."""
    from fastapi.testclient import TestClient

    application.state.services = services
    with TestClient(application, base_url="http://flowyard.test") as opened:
        yield opened
    application.state.services = None


@dataclass(frozen=True, slots=True)
class SharedApi:
    """A control plane that many tests share: `client` sends no key, `keys` has the headers for each role in ``default``."""

    client: Any
    services: Any
    keys: dict[str, dict[str, str]]


@pytest.fixture(scope="session")
def shared_api(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[SharedApi]:
    """A control plane for tests of one request each that count nothing and rely on nothing being there."""
    from fastapi.testclient import TestClient

    from flowyard.server.app import create_app
    from flowyard.wire.identity import ApiKeyCreate

    home = tmp_path_factory.mktemp("shared")
    shutil.copy(sqlite_template, home / "metadata.db")
    with open_home(home) as opened, TestClient(create_app(opened), base_url="http://flowyard.test") as client:
        caller = opened.sign_in.by_key(opened.identity.bootstrap().api_key).enter()
        made = {
            role: opened.keys.create(caller, ApiKeyCreate(name=f"as-{role}", role=role)).secret
            for role in ("owner", "contributor", "reader", "invoker", "monitor")
        }
        yield SharedApi(client, opened, {role: {"Authorization": f"Bearer {secret}"} for role, secret in made.items()})
