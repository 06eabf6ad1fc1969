"""``hf://org/repo@revision/path``: a file of a repository on the Hugging Face hub, or a mirror of it.

``HF_ENDPOINT`` names a mirror and ``HF_TOKEN`` a token for what is not public, as in Hugging Face's own tools.
"""

import os
import re
from pathlib import Path
from urllib.parse import quote

from flowyard.catalog.errors import AddressInvalidError
from flowyard.catalog.sources.download import HttpAccess, download
from flowyard.catalog.sources.ports import Address, Transfer

_REST = re.compile(r"(?P<repo>[\w.-]+/[\w.-]+?)(?:@(?P<revision>[\w.-]+))?/(?P<path>.+)")
_HUB = "https://huggingface.co"


class HuggingFaceSource:
    """Downloads one file of a repository."""

    def fetch(self, address: Address, target: Path, transfer: Transfer) -> None:
        """See `Source.fetch`."""
        found = _REST.fullmatch(address.rest)
        if not found:
            raise AddressInvalidError(f"{address} is no file on the hub.", remedy="Write hf://org/repo@revision/path.")
        hub = hub_url()
        url = f"{hub}/{found['repo']}/resolve/{found['revision'] or 'main'}/{quote(found['path'])}"
        token = transfer.token or os.environ.get("HF_TOKEN")
        transfer.detail(f"{found['repo']} from {hub.partition('://')[2]}")
        download(url, target, transfer, HttpAccess(headers={"authorization": f"Bearer {token}"} if token else {}))


def hub_url() -> str:
    """Return the address of the hub: that of ``HF_ENDPOINT``, or Hugging Face's own."""
    return (os.environ.get("HF_ENDPOINT") or _HUB).rstrip("/")
