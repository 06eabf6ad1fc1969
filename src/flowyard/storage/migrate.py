"""Brings the metadata database to this program's schema. Only ``flowyard up`` and ``flowyard db migrate`` do; all others `check`.

Alembic takes long to import and is needed only when there is something to do, so the revision is read by hand.
"""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from flowyard.storage.engine import ping, reading
from flowyard.storage.errors import DatabaseNewerError, DatabaseNotMigratedError

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).with_name("migrations")
# Any constant works, as long as it is the same in all processes.
_ADVISORY_LOCK = 0x666C_6F77_0001


def revisions() -> tuple[str, ...]:
    """Return the revisions that this program knows, oldest first: ``versions/<revision>_<what>.py``."""
    return tuple(sorted(path.name.split("_", 1)[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")))


def head() -> str:
    """Return the revision of this program's schema."""
    return revisions()[-1]


def current(engine: Engine) -> str | None:
    """Return the database's revision, or None when it has no tables of ours.

    Raises:
        DatabaseUnavailableError: it does not answer.
    """
    ping(engine)
    try:
        with reading(engine) as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    except (OperationalError, ProgrammingError):
        return None


def check(engine: Engine) -> None:
    """Return when the database has this program's schema.

    Raises:
        DatabaseNewerError: a newer program migrated it.
        DatabaseNotMigratedError: it has no tables, or older ones.
        DatabaseUnavailableError: it does not answer.
    """
    revision = current(engine)
    _refuse_newer(revision)
    if revision != head():
        found = f"is at revision {revision}" if revision else "has no tables"
        raise DatabaseNotMigratedError(
            f"The database {found}, this program needs revision {head()}.",
            remedy="Run: flowyard db migrate (flowyard up does it too).",
        )


def upgrade(engine: Engine) -> bool:
    """Migrate to this program's schema under a lock that all processes share. Returns whether there was something to do.

    Raises:
        DatabaseNewerError: a newer program migrated it.
        DatabaseUnavailableError: it does not answer.
    """
    if current(engine) == head():
        return False
    with _locked(engine) as connection:
        revision = current(engine)
        _refuse_newer(revision)
        if revision == head():
            return False
        _run(engine, connection)
        return True


def alembic_config() -> "Config":
    """Return Alembic's configuration, which needs no file: ``script_location`` is this package's folder."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _refuse_newer(revision: str | None) -> None:
    if revision is not None and revision not in revisions():
        raise DatabaseNewerError(
            f"The database is at revision {revision}, this program knows revisions up to {head()}.",
            remedy="Install the version of Flowyard that made it or a newer one, or point FLOWYARD_HOME (FLOWYARD_DATABASE_URL) elsewhere.",
        )


@contextmanager
def _locked(engine: Engine) -> Generator[Connection | None, None, None]:
    """Hold the migration lock; on PostgreSQL the lock belongs to the connection that is yielded."""
    if engine.dialect.name == "sqlite":
        import fcntl

        path = Path(f"{engine.url.database}.migrate.lock")
        with path.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield None
        return
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ADVISORY_LOCK})
        connection.commit()
        try:
            yield connection
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _ADVISORY_LOCK})
            connection.commit()


def _run(engine: Engine, locked: Connection | None) -> None:
    from alembic import command

    config = alembic_config()
    if locked is not None:
        config.attributes["connection"] = locked
        command.upgrade(config, "head")
        locked.commit()
        return
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
