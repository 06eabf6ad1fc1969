"""A git repository at a branch, a tag or a commit. It is only read, and nothing in it is run."""

import threading
from datetime import UTC, datetime
from pathlib import Path

from flowyard.data.datastores.errors import StoredFileNotFoundError, StoreRefusedError
from flowyard.data.datastores.git_repository import Repository, repository
from flowyard.data.datastores.model import FilePage, Place
from flowyard.data.datastores.ports import Kind
from flowyard.foundation.clock import to_rfc3339
from flowyard.foundation.ids import new_id
from flowyard.wire.datastores import StoredFile

_FILES = {"100644", "100755"}
#: Larger files are taken out of the pack once, and read from there.
_LARGE = 1024 * 1024


class GitFiles:
    """`StoreFiles` of a repository, as the ref is when it is first read, without links and submodules; LFS files are pointers."""

    def __init__(self, found: Repository) -> None:
        self._repository = found
        self._lock = threading.Lock()
        self._commit: tuple[str, str] | None = None

    def check(self) -> str:
        """See `StoreFiles.check`."""
        commit, changed = self._at()
        return f"{self._repository.ref!r} is the commit {commit[:12]} of {changed[:10]}."

    def files(self, folder: str, *, after: str | None, limit: int) -> FilePage:
        """See `StoreFiles.files`."""
        found = sorted(self._tree(f"{folder}/" if folder else ""), key=lambda item: item.path)
        rest = [item for item in found if after is None or item.path > after]
        return FilePage(tuple(rest[:limit]), rest[limit - 1].path if len(rest) > limit else None)

    def info(self, path: str) -> StoredFile:
        """See `StoreFiles.info`."""
        found = next((item for item in self._tree(path) if item.path == path and item.kind == "file"), None)
        if found is None:
            raise StoredFileNotFoundError(f"The repository has no file {path!r} at {self._repository.ref!r}.")
        return found

    def read(self, path: str, start: int, end: int) -> bytes:
        """See `StoreFiles.read`."""
        found = self.info(path)
        if (found.bytes or 0) <= _LARGE:
            return self._repository.run("cat-file", "blob", str(found.etag))[start:end]
        with self._taken_out(str(found.etag)).open("rb") as file:
            file.seek(start)
            return file.read(max(0, end - start))

    def write(self, path: str, source: Path) -> None:
        """See `StoreFiles.write`."""
        del path, source
        raise StoreRefusedError("A git repository is only read.", remedy="Write to a datastore of another type.")

    def _at(self) -> tuple[str, str]:
        with self._lock:
            if self._commit is None:
                commit = self._repository.fetch()
                seconds = int(self._repository.run("show", "--no-patch", "--format=%ct", commit))
                self._commit = commit, datetime.fromtimestamp(seconds, UTC).isoformat()
            return self._commit

    def _tree(self, path: str) -> list[StoredFile]:
        commit, changed = self._at()
        when = to_rfc3339(int(datetime.fromisoformat(changed).timestamp()) * 1_000_000_000)
        told = self._repository.run("ls-tree", "-z", "-l", "--full-tree", commit, *(["--", path] if path else []))
        found: list[StoredFile] = []
        for line in told.decode("utf-8", "replace").split("\0")[:-1]:
            about, _, name = line.partition("\t")
            mode, kind, identity, size = about.split()
            if kind == "tree":
                found.append(StoredFile(path=name, kind="folder"))
            elif mode in _FILES:
                found.append(StoredFile(path=name, kind="file", bytes=int(size), modified_at=when, etag=identity))
        return found

    def _taken_out(self, identity: str) -> Path:
        kept = self._repository.folder / "files" / identity
        if not kept.exists():
            kept.parent.mkdir(exist_ok=True)
            draft = kept.with_name(f".{identity}.{new_id()}")
            try:
                draft.write_bytes(self._repository.run("cat-file", "blob", identity))
                draft.replace(kept)
            finally:
                draft.unlink(missing_ok=True)
        return kept


def _open(place: Place) -> GitFiles:
    return GitFiles(repository(place.configs["url"], place.configs.get("ref") or "HEAD", place.secrets.get("token"), place.bounds))


KIND = Kind(type="git", configs={"url": True, "ref": False}, credentials=(("token",),), open=_open)
