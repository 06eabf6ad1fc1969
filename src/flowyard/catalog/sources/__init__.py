"""Sources of files, one module a scheme; this is their registry."""

from flowyard.catalog.errors import AddressInvalidError
from flowyard.catalog.sources.file import FileSource
from flowyard.catalog.sources.https import HttpsSource
from flowyard.catalog.sources.huggingface import HuggingFaceSource
from flowyard.catalog.sources.ports import Address, Source
from flowyard.catalog.sources.pypi import PypiSource
from flowyard.catalog.sources.upload import UploadSource

SOURCES: dict[str, Source] = {
    "file": FileSource(),
    "hf": HuggingFaceSource(),
    "http": HttpsSource(),
    "https": HttpsSource(),
    "pypi": PypiSource(),
    "upload": UploadSource(),
}


def source_of(address: Address) -> Source:
    """Return the source for an address's scheme.

    Raises:
        AddressInvalidError: no source knows the scheme.
    """
    source = SOURCES.get(address.scheme)
    if source is None:
        known = ", ".join(f"{scheme}://" for scheme in sorted(SOURCES))
        raise AddressInvalidError(f"{address}: no source knows {address.scheme}://.", remedy=f"Use one of: {known}.")
    return source
