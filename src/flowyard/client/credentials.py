"""The address and key that an installation keeps for its owner on the same machine."""

from dataclasses import dataclass
from pathlib import Path

from flowyard.client.errors import NoServerError
from flowyard.foundation.codecs import decode
from flowyard.foundation.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What ``credentials.json`` in the home folder holds (mode 0600)."""

    url: str
    api_key: str
    workspace: str = "default"


def credentials_path(home: Path) -> Path:
    """Return where the owner's credentials of the installation in `home` are."""
    return home / "credentials.json"


def find_credentials(settings: Settings) -> Credentials:
    """Return where to go and with which key: the settings first, then what the home folder keeps.

    Raises:
        NoServerError: neither names a server.
    """
    path = credentials_path(settings.home)
    kept = decode(path.read_bytes(), Credentials) if path.is_file() else None
    url = settings.url or (kept.url if kept else None)
    # The key that a home folder keeps is for its own server: it is never sent to another address.
    kept_key = kept.api_key if kept and kept.url == url else None
    key = settings.api_key or kept_key
    if url is None:
        raise NoServerError(
            f"No server has run in {settings.home}.", remedy="Start one with: flowyard up (or set FLOWYARD_URL and FLOWYARD_API_KEY)"
        )
    if key is None:
        raise NoServerError(
            f"There is no API key for {url}.", remedy="Set FLOWYARD_API_KEY; make one with: flowyard key create NAME --role contributor"
        )
    return Credentials(url=url, api_key=key, workspace=kept.workspace if kept else "default")
