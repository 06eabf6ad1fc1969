"""Making a home folder ready to be served, before any process of the platform starts."""

from dataclasses import dataclass
from pathlib import Path

from flowyard.foundation.codecs import decode
from flowyard.foundation.credentials import Credentials, credentials_path, write_credentials
from flowyard.foundation.errors import InvalidInputError
from flowyard.foundation.settings import Settings
from flowyard.storage import migrate
from flowyard.storage.engine import open_engine
from flowyard.storage.sql.endpoints import SqlEndpointStore
from flowyard.wiring.core import assemble_core

#: The flows that a new installation begins with: name and template.
DEMO_FLOWS = (("demo", "standard"), ("demo-chat", "chat"), ("demo-python", "python"))


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What ``flowyard up`` tells the user: a link that signs the owner in, once, and whether this home folder is new."""

    sign_in_url: str
    is_new: bool


def prepare(settings: Settings, url: str) -> Prepared:
    """Make a home folder ready to be served at `url`.

    Migrates, makes the master key, the first workspace and its owner, keeps the owner's key for the command line, and forgets where
    replicas of an earlier start listened. A new home folder gets the demo flows.

    Raises:
        DatabaseNewerError: a newer program migrated the database.
        MasterKeyError: the master key cannot be read.
        InvalidInputError: a setting asks for what this version does not have.
    """
    _refuse_what_is_not_there(settings)
    engine = open_engine(settings.metadata_url)
    try:
        is_new = migrate.current(engine) is None
        migrate.upgrade(engine)
        SqlEndpointStore(engine).forget_addresses()
        core = assemble_core(settings, engine)
        if settings.database_url is None:
            _close_databases(settings.home)
        path = credentials_path(settings.home)
        kept = decode(path.read_bytes(), Credentials).api_key if path.is_file() else None
        begun = core.identity.bootstrap(kept)
        write_credentials(settings.home, Credentials(url=url, api_key=begun.api_key, workspace=begun.workspace.name))
        if is_new:
            _add_demo(core.places.workspaces, begun.workspace.name)
        return Prepared(sign_in_url=core.sign_in.link(begun.owner, url).url, is_new=is_new)
    finally:
        engine.dispose()


def migrate_database(settings: Settings) -> bool:
    """Bring the metadata database to this program's schema; whether there was anything to do.

    Raises:
        DatabaseNewerError: a newer program migrated it.
        DatabaseUnavailableError: it does not answer.
    """
    engine = open_engine(settings.metadata_url)
    try:
        return migrate.upgrade(engine)
    finally:
        engine.dispose()


def _refuse_what_is_not_there(settings: Settings) -> None:
    if settings.ray_address is not None:
        raise InvalidInputError(
            f"FLOWYARD_RAY_ADDRESS is {settings.ray_address!r}, and this version runs on this machine alone.",
            remedy="Unset FLOWYARD_RAY_ADDRESS.",
        )
    if settings.storage_url is not None:
        from flowyard.storage.objects import ObjectStore

        ObjectStore(settings.storage_url).check()


def _close_databases(home: Path) -> None:
    """Keep SQLite files to their owner; what SQLite puts beside them gets the same mode."""
    for name in ("metadata.db", "jobs.db"):
        (home / name).touch(mode=0o600)
        for path in home.glob(f"{name}*"):
            path.chmod(0o600)


def _add_demo(folder: Path, workspace: str) -> None:
    from flowyard.flows.authoring import FlowStore

    flows = FlowStore(folder)
    # A database may be new while the folder is not: what is there is the user's.
    there = {flow.name for flow in flows.list(workspace)}
    for name, template in DEMO_FLOWS:
        if name not in there:
            flows.create(workspace, name, template)
