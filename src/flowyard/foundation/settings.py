"""Settings: read once at start from the environment and the command line. Everything else lives in the database."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from flowyard.foundation.errors import InvalidInputError

Isolation = Literal["none", "uid"]
LogFormat = Literal["text", "json"]
Standby = Literal["on", "off"]

DEFAULT_PORT = 8800
#: User ids that neither people, nor services, nor the containers of a common installation have.
DEFAULT_UIDS = (61_184, 65_519)
DEFAULT_CACHE_MIB, DEFAULT_CACHE_DAYS = 1024, 30
MOST_GATEWAYS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a process of Flowyard is told from outside.

    Attributes:
        home: the folder of everything that this installation keeps (``FLOWYARD_HOME``, default ``~/.flowyard``).
        url: where the CLI and SDK find a server (``FLOWYARD_URL``); None means the one that runs in `home`.
        api_key: the key the CLI and SDK send (``FLOWYARD_API_KEY``); None means the key that `home` keeps for its owner.
        database_url: an SQLAlchemy URL (``FLOWYARD_DATABASE_URL``, default an SQLite file in `home`).
        storage_url: the object store that keeps telemetry, ``s3://bucket/prefix`` (``FLOWYARD_STORAGE_URL``, default a folder in `home`).
        ray_address: the Ray cluster to use (``FLOWYARD_RAY_ADDRESS``), or None for this machine alone.
        isolation: ``uid`` gives the flow processes of each workspace a user id of its own (``FLOWYARD_ISOLATION``).
        isolation_uids: the user ids to take them from, first and last (``FLOWYARD_ISOLATION_UIDS``).
        cache_mib: what a node cache keeps, MiB (``FLOWYARD_CACHE_MIB``).
        cache_days: results of nodes that are older are not used (``FLOWYARD_CACHE_DAYS``).
        gateways: how many gateways ``flowyard up`` starts (``FLOWYARD_GATEWAYS``).
        standby: whether a gateway and a replica are kept loaded, to start at once (``FLOWYARD_STANDBY``).
        log_format: how processes write their logs (``FLOWYARD_LOG_FORMAT``).
        data_roots: the folders of this machine below which datastores may be (``FLOWYARD_DATA_ROOTS``).
        catalog: folders and Git repositories of model cards, beside the product's (``FLOWYARD_CATALOG``).
        data_hosts: the hosts that datastores and crawls may speak to although their addresses are private (``FLOWYARD_DATA_HOSTS``).
        notebook_address: where notebooks listen, ``host:port`` (``FLOWYARD_NOTEBOOK_ADDRESS``); None: at the port after the platform's.
        notebook_url: where browsers find them, behind a proxy (``FLOWYARD_NOTEBOOK_URL``).
    """

    home: Path
    url: str | None = None
    api_key: str | None = None
    database_url: str | None = None
    storage_url: str | None = None
    ray_address: str | None = None
    isolation: Isolation = "none"
    isolation_uids: tuple[int, int] = DEFAULT_UIDS
    cache_mib: int = DEFAULT_CACHE_MIB
    cache_days: int = DEFAULT_CACHE_DAYS
    gateways: int = 1
    standby: Standby = "on"
    log_format: LogFormat = "text"
    data_roots: tuple[Path, ...] = ()
    data_hosts: frozenset[str] = frozenset()
    catalog: tuple[str, ...] = ()
    notebook_address: str | None = None
    notebook_url: str | None = None

    @property
    def metadata_url(self) -> str:
        """The SQLAlchemy URL of the metadata database."""
        return self.database_url or f"sqlite:///{self.home / 'metadata.db'}"

    @property
    def gateway_names(self) -> tuple[str, ...]:
        """What the processes of the gateways are called: ``gateway``, ``gateway/2``, …."""
        return ("gateway", *(f"gateway/{number}" for number in range(2, self.gateways + 1)))


#: Every environment variable that a user may set, with what it means. `docs/configuration.md` lists them all.
VARIABLES: dict[str, str] = {
    "FLOWYARD_HOME": "the folder of everything that this installation keeps; default ~/.flowyard",
    "FLOWYARD_URL": "where the CLI and SDK find a running server; default: the one that runs in FLOWYARD_HOME",
    "FLOWYARD_API_KEY": "the API key that the CLI and SDK send; default: the owner's key kept in FLOWYARD_HOME",
    "FLOWYARD_DATABASE_URL": "metadata database (SQLAlchemy URL); default: an SQLite file in FLOWYARD_HOME",
    "FLOWYARD_STORAGE_URL": "the object store that keeps telemetry (s3://, az:// or gs://); default: a folder in FLOWYARD_HOME",
    "FLOWYARD_RAY_ADDRESS": "the Ray cluster that runs replicas and row maps; default: this machine alone",
    "FLOWYARD_ISOLATION": "how flow processes are kept apart: 'none' (the default), or 'uid': a user id for each workspace; needs root",
    "FLOWYARD_ISOLATION_UIDS": "the user ids for FLOWYARD_ISOLATION=uid, as FIRST-LAST; default 61184-65519",
    "FLOWYARD_CACHE_MIB": "what a node cache keeps, in MiB; default 1024",
    "FLOWYARD_CACHE_DAYS": "results in a node cache that are older are not used; default 30",
    "FLOWYARD_GATEWAYS": "how many gateways flowyard up starts, 1 to 64; default 1",
    "FLOWYARD_STANDBY": "whether a gateway and a replica are kept loaded and waiting: 'on' (the default) or 'off', which saves 76 MiB",
    "FLOWYARD_DATA_ROOTS": "the folders of this machine below which datastores may be, as /one:/two; default: none",
    "FLOWYARD_TARGET_API_KEY": "the API key of the workspace that flowyard model promote copies to; default: none",
    "FLOWYARD_CATALOG": "folders and Git repositories of model cards, beside the product's, as /one,https://host/two.git; default: none",
    "FLOWYARD_DATA_HOSTS": "hosts with private addresses that datastores and crawls may speak to, as one,two; default: none",
    "FLOWYARD_NOTEBOOK_ADDRESS": "where notebooks listen, as host:port; default: the platform's host, and the port after its port",
    "FLOWYARD_NOTEBOOK_URL": "where browsers find notebooks, behind a proxy: https://notebooks.example.org; default: where they listen",
    "FLOWYARD_LOG_FORMAT": "how processes write their logs: 'text' (the default) or 'json', one object a line",
}


def read_settings(environment: Mapping[str, str] | None = None, *, home: Path | None = None) -> Settings:
    """Read the settings from `environment` (default: this process's); `home` wins over ``FLOWYARD_HOME``.

    Raises:
        InvalidInputError: a variable has a value that is not understood.
    """
    env = os.environ if environment is None else environment
    folder = home or Path(env.get("FLOWYARD_HOME") or "~/.flowyard")
    return Settings(
        home=folder.expanduser().resolve(),
        url=env.get("FLOWYARD_URL") or None,
        api_key=env.get("FLOWYARD_API_KEY") or None,
        database_url=env.get("FLOWYARD_DATABASE_URL") or None,
        storage_url=env.get("FLOWYARD_STORAGE_URL") or None,
        ray_address=env.get("FLOWYARD_RAY_ADDRESS") or None,
        isolation=_isolation(env.get("FLOWYARD_ISOLATION") or "none"),
        isolation_uids=_uids(env.get("FLOWYARD_ISOLATION_UIDS")),
        cache_mib=_count(env, "FLOWYARD_CACHE_MIB", DEFAULT_CACHE_MIB),
        cache_days=_count(env, "FLOWYARD_CACHE_DAYS", DEFAULT_CACHE_DAYS),
        gateways=_count(env, "FLOWYARD_GATEWAYS", 1, most=MOST_GATEWAYS),
        standby=_standby(env.get("FLOWYARD_STANDBY") or "on"),
        log_format=_log_format(env.get("FLOWYARD_LOG_FORMAT") or "text"),
        data_roots=_roots(env.get("FLOWYARD_DATA_ROOTS") or ""),
        catalog=tuple(place.strip() for place in (env.get("FLOWYARD_CATALOG") or "").split(",") if place.strip()),
        data_hosts=frozenset(host.strip().lower() for host in (env.get("FLOWYARD_DATA_HOSTS") or "").split(",") if host.strip()),
        notebook_address=_address(env.get("FLOWYARD_NOTEBOOK_ADDRESS")),
        notebook_url=_web_address(env.get("FLOWYARD_NOTEBOOK_URL")),
    )


def _address(text: str | None) -> str | None:
    if not text:
        return None
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise InvalidInputError(f"FLOWYARD_NOTEBOOK_ADDRESS is {text!r}, and must be host:port.", remedy="Write for instance 0.0.0.0:8801.")
    return text


def _web_address(text: str | None) -> str | None:
    if not text:
        return None
    found = urlsplit(text)
    if found.scheme not in {"http", "https"} or not found.netloc or found.path.strip("/") or found.query or found.fragment:
        raise InvalidInputError(
            f"FLOWYARD_NOTEBOOK_URL is {text!r}, and must be an address without a path.", remedy="Write https://notebooks.example.org."
        )
    return text.rstrip("/")


def _roots(text: str) -> tuple[Path, ...]:
    folders = tuple(Path(part).expanduser() for part in text.split(os.pathsep) if part)
    for folder in folders:
        if not folder.is_absolute():
            raise InvalidInputError(
                f"FLOWYARD_DATA_ROOTS has {str(folder)!r}, which is no absolute path.", remedy=f"Write it as /one{os.pathsep}/two."
            )
    return folders


def _isolation(text: str) -> Isolation:
    for known in get_args(Isolation):
        if text == known:
            return known
    raise InvalidInputError(
        f"FLOWYARD_ISOLATION is {text!r}, and this version knows 'none' and 'uid'.",
        remedy="Unset it and give the role contributor to people you trust, or use uid, which needs root.",
    )


def _log_format(text: str) -> LogFormat:
    for known in get_args(LogFormat):
        if text == known:
            return known
    raise InvalidInputError(f"FLOWYARD_LOG_FORMAT is {text!r}, and must be 'text' or 'json'.", remedy="Unset it for text.")


def _standby(text: str) -> Standby:
    for known in get_args(Standby):
        if text == known:
            return known
    raise InvalidInputError(f"FLOWYARD_STANDBY is {text!r}, and must be 'on' or 'off'.", remedy="Unset it for on.")


def _uids(text: str | None) -> tuple[int, int]:
    if not text:
        return DEFAULT_UIDS
    first, _, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and 1000 <= int(first) <= int(last) < 2**32 - 1):
        raise InvalidInputError(
            f"FLOWYARD_ISOLATION_UIDS is {text!r}, and must be two user ids from 1000 up, the first not above the last.",
            remedy="Write for instance: 61184-65519",
        )
    return int(first), int(last)


def _count(env: Mapping[str, str], name: str, default: int, *, most: int = 10**6) -> int:
    text = env.get(name)
    if not text:
        return default
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise InvalidInputError(f"{name} is {text!r}, and must be a whole number from 1 to {most}.", remedy=f"Unset it for {default}.")
    return int(text)
