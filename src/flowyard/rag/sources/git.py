"""Files of a Git repository at one commit. Nothing of it is checked out or run; links and submodules are left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from flowyard.data.datastores.git_repository import Repository, repository
from flowyard.data.datastores.model import Bounds
from flowyard.data.datastores.paths import checked
from flowyard.foundation.errors import InvalidInputError
from flowyard.rag.sources.manifest import MOST_BYTES, MOST_DOCUMENTS
from flowyard.rag.sources.ports import Before, Gathered, Watch
from flowyard.wire.index_origins import GitOrigin

_FILES = {"100644", "100755"}


@dataclass(frozen=True, slots=True)
class _Blob:
    identity: str
    file: str
    bytes: int


class GitSource:
    """Implements `DocumentSource`. The stamp is the commit.

    Args:
        origin: the repository, the ref and the folder.
        bounds: what may be reached.

    Raises:
        DatastoreInvalidError: the address or the ref is none, or leads inside.
        StoreUnavailableError: its host is not known.
    """

    def __init__(self, origin: GitOrigin, bounds: Bounds) -> None:
        self._origin = origin
        self._path = checked(origin.path.strip("/"))
        self._repository: Repository = repository(origin.url, origin.ref, None, bounds)

    @cached_property
    def _commit(self) -> str:
        return self._repository.fetch()

    def stamp(self) -> str:
        """See `DocumentSource.stamp`."""
        return self._commit

    def parameters(self) -> dict[str, Any]:
        """See `DocumentSource.parameters`."""
        return {"url": self._origin.url, "ref": self._origin.ref, "path": self._path}

    def gather(self, folder: Path, before: Before | None, watch: Watch) -> Gathered:
        """See `DocumentSource.gather`."""
        del before  # objects that are here already are not fetched again: git sees to that
        blobs = list(self._blobs())
        if not blobs:
            where = f"below {self._path!r} " if self._path else ""
            raise InvalidInputError(f"There are no files {where}at {self._origin.ref!r}.", remedy="Check the path and the ref.")
        if len(blobs) > MOST_DOCUMENTS or sum(blob.bytes for blob in blobs) > MOST_BYTES:
            raise InvalidInputError(
                f"The repository has {len(blobs):,} files; {MOST_DOCUMENTS:,} of {MOST_BYTES:,} bytes together are read.",
                remedy="Name a folder of it: URL@REF#PATH.",
            )
        for count, blob in enumerate(blobs, 1):
            target = folder / blob.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self._repository.run("cat-file", "blob", blob.identity))
            watch(count, blob.file)
        return Gathered(stamp=self._commit)

    def _blobs(self) -> Iterator[_Blob]:
        told = self._repository.run("ls-tree", "-r", "-z", "-l", "--full-tree", self._commit, *(["--", self._path] if self._path else []))
        for line in told.decode("utf-8", "replace").split("\0")[:-1]:
            about, _, name = line.partition("\t")
            mode, _, identity, size = about.split()
            below = name.removeprefix(f"{self._path}/") if self._path else name
            # A tree that somebody made by hand may have parts that no path has; hidden ones are left out anyway.
            if mode in _FILES and not any(not part or part.startswith(".") for part in below.split("/")):
                yield _Blob(identity, below, int(size))
