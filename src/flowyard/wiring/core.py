"""What every process of the platform shares: the database, who may do what, connections, and where files are."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from flowyard.connections.redaction import Redactor
from flowyard.connections.sealing import Sealer, load_master_keys
from flowyard.connections.service import ConnectionService
from flowyard.data.datastores.model import Bounds
from flowyard.data.datastores.service import DatastoreService
from flowyard.foundation.settings import Settings
from flowyard.identity.access import AccessTagService
from flowyard.identity.audit import AuditTrail
from flowyard.identity.keys import KeyService
from flowyard.identity.limits import LimitService
from flowyard.identity.service import IdentityService
from flowyard.identity.sign_in import SignInService, SignInStores
from flowyard.inference.connection_test import ModelConnectionTester
from flowyard.storage import migrate
from flowyard.storage.engine import open_engine
from flowyard.storage.sql.access_tags import SqlAccessTagStore
from flowyard.storage.sql.audit import SqlAuditLog
from flowyard.storage.sql.connections import SqlConnectionStore
from flowyard.storage.sql.datastores import SqlDatastoreStore
from flowyard.storage.sql.guards import SqlGuardStore
from flowyard.storage.sql.keys import SqlKeyStore
from flowyard.storage.sql.limits import SqlLeaseStore, SqlLimitStore
from flowyard.storage.sql.sessions import SqlSessionStore
from flowyard.storage.sql.users import SqlUserStore
from flowyard.storage.sql.workspaces import SqlWorkspaceStore
from flowyard.tracing.guarding import TraceGuards


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are in a home folder. `docs/architecture.md` has the list."""

    home: Path

    @property
    def master_key(self) -> Path:
        """The key that encrypts secrets."""
        return self.home / "master.key"

    @property
    def models(self) -> Path:
        """The model store, shared by all workspaces."""
        return self.home / "models"

    @property
    def registered(self) -> Path:
        """The files of registered models, a folder for each workspace."""
        return self.home / "storage" / "models"

    @property
    def workspaces(self) -> Path:
        """Authoring folders of flows."""
        return self.home / "workspaces"

    @property
    def snapshots(self) -> Path:
        """Snapshots of flows, by their digest."""
        return self.home / "storage" / "snapshots"

    @property
    def runs(self) -> Path:
        """Runs, a folder each, by their id."""
        return self.home / "storage" / "runs"

    @property
    def uploads(self) -> Path:
        """Uploaded data, a folder for each workspace."""
        return self.home / "storage" / "uploads"

    @property
    def incoming(self) -> Path:
        """What came so far of uploads in pieces, a folder for each workspace."""
        return self.home / "storage" / "incoming"

    @property
    def files(self) -> Path:
        """The files of the datastore that every workspace has, a folder for each workspace."""
        return self.home / "storage" / "files"

    @property
    def indexes(self) -> Path:
        """Indexes of documents, a folder for each workspace."""
        return self.home / "storage" / "indexes"

    @property
    def manifests(self) -> Path:
        """What the files were like that data assets are bookmarks of, a folder for each workspace."""
        return self.home / "storage" / "manifests"

    @property
    def fetched(self) -> Path:
        """Files of datastores that data assets are bookmarks of, as far as they were read, a folder for each workspace."""
        return self.home / "cache" / "data"

    @property
    def previews(self) -> Path:
        """Files that are there while somebody looks into data."""
        return self.home / "cache" / "previews"

    @property
    def transforms(self) -> Path:
        """Files between the steps of transforms that run, a folder for each."""
        return self.home / "cache" / "transforms"

    @property
    def making(self) -> Path:
        """Files of data assets that jobs make, a folder for each job."""
        return self.home / "cache" / "making"

    @property
    def segments(self) -> Path:
        """Telemetry's Parquet files."""
        return self.home / "storage" / "telemetry"

    @property
    def spools(self) -> Path:
        """Spans on their way to the indexer."""
        return self.home / "spools"

    @property
    def gateways(self) -> Path:
        """What several gateways behind one address count, a file each."""
        return self.home / "gateways"

    @property
    def queue(self) -> Path:
        """The durable queue's own SQLite file."""
        return self.home / "jobs.db"


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """Identity and connections over one database."""

    engine: Engine
    places: Places
    identity: IdentityService
    sign_in: SignInService
    keys: KeyService
    access: AccessTagService
    guards: TraceGuards
    limits: LimitService
    connections: ConnectionService
    datastores: DatastoreService
    audit: AuditTrail
    redactor: Redactor


@contextmanager
def open_core(settings: Settings) -> Generator[Core]:
    """Yield the core over a migrated database, which is closed at the end.

    Raises:
        DatabaseNewerError: a newer program migrated the database.
        DatabaseNotMigratedError: it has no tables, or older ones.
        DatabaseUnavailableError: it does not answer.
    """
    engine = open_engine(settings.metadata_url)
    try:
        migrate.check(engine)
        yield assemble_core(settings, engine)
    finally:
        engine.dispose()


def assemble_core(settings: Settings, engine: Engine) -> Core:
    """Put the core together over an engine. Makes the master key when there is none."""
    places = Places(settings.home)
    users, workspaces, key_store = SqlUserStore(engine), SqlWorkspaceStore(engine), SqlKeyStore(engine)
    audit, keys, redactor = AuditTrail(SqlAuditLog(engine)), KeyService(key_store), Redactor()
    stores = SignInStores(workspaces=workspaces, users=users, keys=key_store, sessions=SqlSessionStore(engine))
    sign_in = SignInService(stores, keys)
    sealer = Sealer(load_master_keys(places.master_key))
    return Core(
        engine=engine,
        places=places,
        identity=IdentityService(workspaces, users, keys, sign_in, audit),
        sign_in=sign_in,
        keys=keys,
        access=(access := AccessTagService(SqlAccessTagStore(engine))),
        guards=TraceGuards(SqlGuardStore(engine), access),
        limits=LimitService(SqlLimitStore(engine), key_store, SqlLeaseStore(engine)),
        connections=ConnectionService(SqlConnectionStore(engine), sealer, ModelConnectionTester(), redactor),
        datastores=DatastoreService(
            SqlDatastoreStore(engine),
            sealer,
            redactor,
            Bounds(roots=settings.data_roots, hosts=settings.data_hosts, home=settings.home),
            places.files,
        ),
        audit=audit,
        redactor=redactor,
    )
