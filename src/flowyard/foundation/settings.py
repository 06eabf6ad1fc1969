"""Settings: read once at start from the environment and the command line. Everything else lives in the database."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flowyard.foundation.errors import InvalidInputError

DEFAULT_PORT = 8800


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a process of Flowyard is told from outside.

    Attributes:
        home: the folder of everything that this installation keeps (``FLOWYARD_HOME``, default ``~/.flowyard``).
        url: where the CLI and SDK find a server (``FLOWYARD_URL``); None means the one that runs in `home`.
        api_key: the key the CLI and SDK send (``FLOWYARD_API_KEY``); None means the key that `home` keeps for its owner.
        database_url: an SQLAlchemy URL (``FLOWYARD_DATABASE_URL``, default an SQLite file in `home`).
        storage_url: an fsspec URL for artifacts and telemetry (``FLOWYARD_STORAGE_URL``, default a folder in `home`).
        ray_address: the Ray cluster to use (``FLOWYARD_RAY_ADDRESS``), or None for this machine alone.
    """

    home: Path
    url: str | None = None
    api_key: str | None = None
    database_url: str | None = None
    storage_url: str | None = None
    ray_address: str | None = None

    @property
    def metadata_url(self) -> str:
        """The SQLAlchemy URL of the metadata database."""
        return self.database_url or f"sqlite:///{self.home / 'metadata.db'}"

    @property
    def artifacts_url(self) -> str:
        """The fsspec URL below which artifacts and telemetry are kept."""
        return self.storage_url or (self.home / "storage").as_uri()


#: Every environment variable that a user may set, with what it means. `docs/configuration.md` lists them all.
VARIABLES: dict[str, str] = {
    "FLOWYARD_HOME": "the folder of everything that this installation keeps; default ~/.flowyard",
    "FLOWYARD_URL": "where the CLI and SDK find a running server; default: the one that runs in FLOWYARD_HOME",
    "FLOWYARD_API_KEY": "the API key that the CLI and SDK send; default: the owner's key kept in FLOWYARD_HOME",
    "FLOWYARD_DATABASE_URL": "metadata database (SQLAlchemy URL); default: an SQLite file in FLOWYARD_HOME",
    "FLOWYARD_STORAGE_URL": "artifacts and telemetry (fsspec URL); default: a folder in FLOWYARD_HOME",
    "FLOWYARD_RAY_ADDRESS": "the Ray cluster that runs replicas and row maps; default: this machine alone",
    "FLOWYARD_ISOLATION": "how flow processes are kept apart; only 'none' (the default) is known yet, anything else is refused at start",
}


def read_settings(environment: Mapping[str, str] | None = None, *, home: Path | None = None) -> Settings:
    """Read the settings from `environment` (default: this process's); `home` wins over ``FLOWYARD_HOME``.

    Raises:
        InvalidInputError: a variable has a value that is not understood.
    """
    env = os.environ if environment is None else environment
    isolation = env.get("FLOWYARD_ISOLATION", "none")
    if isolation != "none":
        raise InvalidInputError(
            f"FLOWYARD_ISOLATION is {isolation!r}, and this version knows only 'none': flow processes run as Flowyard's user.",
            remedy="Unset it, and give the role contributor to people you trust.",
        )
    folder = home or Path(env.get("FLOWYARD_HOME") or "~/.flowyard")
    return Settings(
        home=folder.expanduser().resolve(),
        url=env.get("FLOWYARD_URL") or None,
        api_key=env.get("FLOWYARD_API_KEY") or None,
        database_url=env.get("FLOWYARD_DATABASE_URL") or None,
        storage_url=env.get("FLOWYARD_STORAGE_URL") or None,
        ray_address=env.get("FLOWYARD_RAY_ADDRESS") or None,
    )
