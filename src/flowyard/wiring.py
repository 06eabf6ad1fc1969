"""The composition root: settings become concrete services here, and nowhere else. Only this module imports ``storage``."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from flowyard.catalog.jobs import MODEL_PULL, ModelPullJob
from flowyard.catalog.service import Catalog
from flowyard.catalog.workspace import WorkspaceModels
from flowyard.compute.jobs.ports import Reconciler
from flowyard.compute.jobs.service import JobService
from flowyard.compute.ports import JobKind, ProcessHost
from flowyard.compute.worker import Worker
from flowyard.connections.redaction import Redactor
from flowyard.connections.sealing import Sealer, load_master_keys
from flowyard.connections.service import ConnectionService
from flowyard.foundation.codecs import decode
from flowyard.foundation.credentials import Credentials, credentials_path, write_credentials
from flowyard.foundation.settings import Settings
from flowyard.identity.audit import AuditTrail
from flowyard.identity.idempotency import Idempotency
from flowyard.identity.keys import KeyService
from flowyard.identity.ports import EventLog
from flowyard.identity.service import IdentityService
from flowyard.identity.sign_in import SignInService, SignInStores
from flowyard.inference.connection_test import ModelConnectionTester
from flowyard.storage import migrate
from flowyard.storage.engine import open_engine
from flowyard.storage.sql.audit import SqlAuditLog
from flowyard.storage.sql.connections import SqlConnectionStore
from flowyard.storage.sql.events import SqlEventLog
from flowyard.storage.sql.idempotency import SqlIdempotencyStore
from flowyard.storage.sql.jobs import SqlJobStore
from flowyard.storage.sql.keys import SqlKeyStore
from flowyard.storage.sql.sessions import SqlSessionStore
from flowyard.storage.sql.users import SqlUserStore
from flowyard.storage.sql.workers import SqlWorkerStore
from flowyard.storage.sql.workspaces import SqlWorkspaceStore

#: Every kind of job with its stages, as they are shown before it begins.
JOB_STAGES: dict[str, tuple[str, ...]] = {MODEL_PULL: ModelPullJob.stages}


@dataclass(frozen=True, kw_only=True)
class Services:
    """The services of a process of the platform, one field a noun."""

    settings: Settings
    identity: IdentityService
    sign_in: SignInService
    keys: KeyService
    connections: ConnectionService
    catalog: WorkspaceModels
    audit: AuditTrail
    events: EventLog
    idempotency: Idempotency
    jobs: JobService
    redactor: Redactor


@contextmanager
def open_services(settings: Settings) -> Generator[Services, None, None]:
    """Yield the services of the control plane; the database must be migrated. Everything is closed at the end.

    Raises:
        DatabaseNewerError: a newer program migrated the database.
        DatabaseNotMigratedError: it has no tables, or older ones.
        DatabaseUnavailableError: it does not answer.
    """
    engine = open_engine(settings.metadata_url)
    try:
        migrate.check(engine)
        yield assemble(settings, engine)
    finally:
        engine.dispose()


def assemble(settings: Settings, engine: Engine) -> Services:
    """Put the services together over an engine."""
    users, workspaces, key_store = SqlUserStore(engine), SqlWorkspaceStore(engine), SqlKeyStore(engine)
    audit = AuditTrail(SqlAuditLog(engine))
    keys = KeyService(key_store)
    stores = SignInStores(workspaces=workspaces, users=users, keys=key_store, sessions=SqlSessionStore(engine))
    sign_in = SignInService(stores, keys)
    redactor = Redactor()
    sealer = Sealer(load_master_keys(settings.home / "master.key"))
    jobs = JobService(SqlJobStore(engine), JOB_STAGES)
    return Services(
        settings=settings,
        identity=IdentityService(workspaces, users, keys, sign_in, audit),
        sign_in=sign_in,
        keys=keys,
        connections=ConnectionService(SqlConnectionStore(engine), sealer, ModelConnectionTester(), redactor),
        catalog=WorkspaceModels(Catalog(settings.home / "models"), jobs, audit),
        audit=audit,
        events=SqlEventLog(engine),
        idempotency=Idempotency(SqlIdempotencyStore(engine)),
        jobs=jobs,
        redactor=redactor,
    )


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What ``flowyard up`` tells the user: a link that signs the owner in, once, and whether this home folder is new."""

    sign_in_url: str
    is_new: bool


def prepare(settings: Settings, url: str) -> Prepared:
    """Make a home folder ready to be served at `url`: migrate, make the master key, the first workspace and owner, keep the owner's key.

    Raises:
        DatabaseNewerError: a newer program migrated the database.
        MasterKeyError: the master key cannot be read.
    """
    engine = open_engine(settings.metadata_url)
    try:
        is_new = migrate.current(engine) is None
        migrate.upgrade(engine)
        services = assemble(settings, engine)
        path = credentials_path(settings.home)
        kept = decode(path.read_bytes(), Credentials).api_key if path.is_file() else None
        begun = services.identity.bootstrap(kept)
        write_credentials(settings.home, Credentials(url=url, api_key=begun.api_key, workspace=begun.workspace.name))
        return Prepared(sign_in_url=services.sign_in.link(begun.owner, url).url, is_new=is_new)
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


def open_worker(settings: Settings, host: ProcessHost) -> Worker:
    """Return the worker of this process; `host` is the supervisor. The database must be migrated.

    Raises:
        DatabaseNewerError: a newer program migrated the database.
        DatabaseNotMigratedError: it has no tables, or older ones.
        DatabaseUnavailableError: it does not answer.
    """
    engine = open_engine(settings.metadata_url)
    migrate.check(engine)
    return Worker(
        SqlJobStore(engine),
        SqlWorkerStore(engine),
        queue_url=settings.database_url or f"sqlite:///{settings.home / 'jobs.db'}",
        kinds=_job_kinds(settings, host),
        reconcilers=_reconcilers(settings, host),
    )


def _job_kinds(settings: Settings, host: ProcessHost) -> dict[str, JobKind]:
    del host
    return {MODEL_PULL: ModelPullJob(Catalog(settings.home / "models"))}


def _reconcilers(settings: Settings, host: ProcessHost) -> tuple[Reconciler, ...]:
    del settings, host
    return ()
