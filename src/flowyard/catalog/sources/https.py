"""``https://host/path``: a file on a web server."""

from pathlib import Path

from flowyard.catalog.sources.download import download
from flowyard.catalog.sources.ports import Address, Transfer


class HttpsSource:
    """Downloads with the system's certificates and the environment's proxy. Plain ``http`` works too: the hash guards the bytes."""

    def fetch(self, address: Address, target: Path, transfer: Transfer) -> None:
        """See `Source.fetch`."""
        transfer.detail(f"from {address.rest.partition('/')[0]}")
        download(str(address), target, transfer)
