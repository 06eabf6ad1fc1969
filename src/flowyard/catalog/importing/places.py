"""Which sources a workspace may import from: hubs, what it uploaded, and folders that the operator allows."""

from pathlib import Path
from typing import Protocol

from flowyard.catalog.errors import AddressInvalidError, SourceFailedError
from flowyard.catalog.importing.service import hub_address


class Uploads(Protocol):
    """What a workspace uploaded."""

    def path(self, workspace_id: str, reference: str) -> Path:
        """Return the file or folder that ``upload:<digest>`` names.

        Raises:
            UploadNotFoundError: the workspace has no such upload.
        """
        ...


class ImportPlaces:
    """Says where a source is. `roots` are the folders of this machine that may be read (``FLOWYARD_DATA_ROOTS``)."""

    def __init__(self, uploads: Uploads, roots: tuple[Path, ...]) -> None:
        self._uploads = uploads
        self._roots = tuple(root.resolve() for root in roots)

    def path(self, workspace_id: str, source: str) -> Path | None:
        """Return the file or folder that a source names, or None when it is a repository of a hub.

        Raises:
            AddressInvalidError: it has none of the forms, or lies outside the allowed folders.
            UploadNotFoundError, SourceFailedError: there is no such upload or file.
        """
        if source.startswith("upload:"):
            return self._uploads.path(workspace_id, source)
        if source.startswith("hf:"):
            hub_address(source)
            return None
        if not source.startswith("file:/"):
            raise AddressInvalidError(
                f"{source[:200]!r} is no source of models.",
                remedy="Write hf:organization/name[@revision], file:///folder below FLOWYARD_DATA_ROOTS, or upload:<digest>.",
            )
        path = Path("/" + source.removeprefix("file:").lstrip("/")).resolve()
        if not any(path.is_relative_to(root) for root in self._roots):
            raise AddressInvalidError(
                f"{source[:200]!r} is in no folder that models may be imported from.",
                remedy="The operator names such folders in FLOWYARD_DATA_ROOTS; or upload the file.",
            )
        if not path.exists():
            raise SourceFailedError(f"There is no {source!r}.", remedy="Check the path: it is one of the server's machine.")
        return path
