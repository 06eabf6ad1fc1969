"""``upload://digest/path``: a file that somebody sent to the server once. It is not fetched again from anywhere."""

from pathlib import Path

from flowyard.catalog.errors import SourceFailedError
from flowyard.catalog.sources.ports import Address, Transfer


class UploadSource:
    """Says where the file came from."""

    def fetch(self, address: Address, target: Path, transfer: Transfer) -> None:
        """See `Source.fetch`: there is no place to fetch it from."""
        del target, transfer
        raise SourceFailedError(
            f"{address} was uploaded, and is here no more.", remedy="Import the model again: flowyard model import FILE"
        )
