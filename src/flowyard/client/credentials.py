"""Where the SDK goes, and with which key."""

from flowyard.client.errors import NoServerError
from flowyard.foundation.codecs import decode
from flowyard.foundation.credentials import Credentials, credentials_path
from flowyard.foundation.settings import Settings


def find_credentials(settings: Settings) -> Credentials:
    """Return where to go and with which key: the settings first, then what the home folder keeps.

    The workspace is empty where only the server can tell it.

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
    # A key belongs to one workspace: only of the kept key is it known here which.
    workspace = kept.workspace if kept and key == kept.api_key else ""
    return Credentials(url=url, api_key=key, workspace=workspace)
