"""Data assets that are bookmarks: files of a datastore, known by their address and a fingerprint, and not copied.

The fingerprint is a weak one: the SHA-256 over the paths, sizes and etags of the files. It is checked whenever they are read, so a version
whose files changed says so instead of giving other data. What is read comes here first, as a whole, and is kept for a while.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from flowyard.data.datastores.errors import StoredFileNotFoundError
from flowyard.data.datastores.paths import checked
from flowyard.data.datastores.ports import StoreFiles
from flowyard.data.datastores.service import DatastoreService
from flowyard.data.errors import DataChangedError, DataError
from flowyard.data.views import View, ViewedFile
from flowyard.foundation.datastore_uris import SCHEME, parse_datastore_uri
from flowyard.foundation.ids import new_id
from flowyard.wire.datastores import StoredFile

#: Folders with more files, and data with more bytes, are not read through a bookmark.
MOST_FILES, MOST_BYTES = 10_000, 8 * 1024**3
_LONGEST = 500
#: What nobody read for so long is fetched anew.
KEPT_S = 7 * 24 * 3600
_PART = 8 * 1024 * 1024
_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """What an address leads to: one file or a folder, with the fingerprint of its files, and their number and bytes."""

    uri: str
    kind: Literal["uri_file", "uri_folder"]
    fingerprint: str
    bytes: int
    files: int


def is_bookmark(reference: str) -> bool:
    """Whether a reference is the address of files in a datastore."""
    return reference.startswith(f"{SCHEME}:/")


class Bookmarks:
    """Looks at and fetches what is in datastores. All methods block.

    Args:
        datastores: the datastores.
        cache: where fetched files are kept, a folder for each workspace.
    """

    def __init__(self, datastores: DatastoreService, cache: Path) -> None:
        self._datastores = datastores
        self._cache = cache

    def look(self, workspace_id: str, uri: str) -> Bookmark:
        """Return what is at an address now.

        Raises:
            InvalidInputError: it is none.
            DatastoreNotFoundError, StoredFileNotFoundError, StoreAccessError, StoreUnavailableError, StoreRefusedError.
            DataError: there is too much of it.
        """
        return self._look(workspace_id, uri)[0]

    def view(self, workspace_id: str, uri: str, fingerprint: str | None = None) -> View:
        """Return the files at an address where they are; of a folder at most 10,000.

        Raises:
            DataChangedError: they are not those of `fingerprint`.
            InvalidInputError: it is no address.
            DatastoreNotFoundError, StoredFileNotFoundError, StoreAccessError, StoreUnavailableError, StoreRefusedError.
        """
        place = parse_datastore_uri(uri)
        store, root = self._datastores.open(workspace_id, place.datastore), checked(place.path)
        if fingerprint is not None:
            found, files = self._look(workspace_id, uri)
            _check_same(found, fingerprint)
            kind, whole = found.kind, True
        else:
            files, kind, whole = _some(store, root)
        return View(kind == "uri_folder", tuple(_viewed(store, file, _relative(file.path, root)) for file in files), whole)

    def path(self, workspace_id: str, uri: str, fingerprint: str) -> Path:
        """Return the file or folder on this machine that has what `fingerprint` says of an address.

        Raises:
            DataChangedError: the files are others now.
            DataError: there is too much of it.
            DatastoreNotFoundError, StoredFileNotFoundError, StoreAccessError, StoreUnavailableError.
        """
        found, files = self._look(workspace_id, uri)
        _check_same(found, fingerprint)
        place = parse_datastore_uri(uri)
        folder = self._cache / workspace_id / fingerprint.partition(":")[2]
        if not folder.is_dir():
            self._drop_old()
            self._fetch(self._datastores.open(workspace_id, place.datastore), files, place.path, folder)
        os.utime(folder)
        return folder / Path(place.path).name if found.kind == "uri_file" else folder

    def _look(self, workspace_id: str, uri: str) -> tuple[Bookmark, list[StoredFile]]:
        place = parse_datastore_uri(uri)
        if len(str(place)) > _LONGEST:
            raise DataError(f"The address has more than {_LONGEST} characters.", remedy="Name a folder above it.")
        store, path = self._datastores.open(workspace_id, place.datastore), checked(place.path)
        files, kind = _files(store, path)
        known = hashlib.sha256()
        for file in files:
            known.update(f"{file.path}\n{file.bytes}\n{file.etag}\n".encode())
        size = sum(file.bytes or 0 for file in files)
        if size > MOST_BYTES:
            raise DataError(f"At {uri} there are {size} bytes; at most {MOST_BYTES} are read.", remedy="Name a part of it.")
        found = Bookmark(uri=str(place), kind=kind, fingerprint=f"weak:{known.hexdigest()}", bytes=size, files=len(files))
        return found, files

    def _fetch(self, store: StoreFiles, files: list[StoredFile], root: str, folder: Path) -> None:
        """Bring files here, as a whole or not at all."""
        draft = folder.with_name(f".{folder.name}.{new_id()}")
        try:
            for file in files:
                target = draft / _relative(file.path, root)
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as out:
                    for part in _parts(store, file.path):
                        out.write(part)
                if file.bytes is not None and target.stat().st_size != file.bytes:
                    raise DataChangedError(f"{file.path!r} changed while it was read.", remedy="Try again.")
            draft.rename(folder)
        except OSError:
            if not folder.is_dir():  # somebody else was first
                raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _drop_old(self) -> None:
        limit = time.time() - KEPT_S
        for folder in self._cache.glob("*/*"):
            if folder.stat().st_mtime < limit:
                shutil.rmtree(folder, ignore_errors=True)


def _check_same(found: Bookmark, fingerprint: str) -> None:
    if found.fingerprint != fingerprint:
        raise DataChangedError(
            f"The files at {found.uri} are not those that this version was made of.",
            remedy="Put them back, or make a new version of what is there now: flowyard data create NAME ADDRESS.",
        )


def _files(store: StoreFiles, path: str) -> tuple[list[StoredFile], Literal["uri_file", "uri_folder"]]:
    try:
        return ([store.info(path)], "uri_file") if path else (list(_below(store, path)), "uri_folder")
    except StoredFileNotFoundError:
        files = list(_below(store, path))
        if not files:
            raise
        return files, "uri_folder"


def _some(store: StoreFiles, path: str) -> tuple[list[StoredFile], Literal["uri_file", "uri_folder"], bool]:
    """Return what is at a path, of a folder the first files; and whether that is all."""
    try:
        if path:
            return [store.info(path)], "uri_file", True
    except StoredFileNotFoundError:
        if next(_below(store, path), None) is None:
            raise
    files: list[StoredFile] = []
    try:
        for file in _below(store, path):
            files.append(file)  # noqa: PERF402 (what came before the end of the list is kept)
    except DataError:
        return files, "uri_folder", False
    return files, "uri_folder", True


def _relative(path: str, root: str) -> str:
    return Path(path).name if path == root else path.removeprefix(f"{root}/")


def _viewed(store: StoreFiles, file: StoredFile, name: str) -> ViewedFile:
    return ViewedFile(name, file.bytes or 0, reader=lambda start, end: store.read(file.path, start, end))


def _below(store: StoreFiles, folder: str) -> Iterator[StoredFile]:
    """Yield all files below a folder, in order."""
    waiting, count = [folder], 0
    while waiting:
        place, after = waiting.pop(), None
        while True:
            page = store.files(place, after=after, limit=_PAGE)
            for item in page.items:
                if item.kind == "folder":
                    waiting.append(item.path)
                    continue
                count += 1
                if count > MOST_FILES:
                    raise DataError(f"The folder {folder!r} has more than {MOST_FILES} files.", remedy="Name a part of it.")
                yield item
            if page.after is None:
                break
            after = page.after


def _parts(store: StoreFiles, path: str) -> Iterator[bytes]:
    start = 0
    while data := store.read(path, start, start + _PART):
        yield data
        start += len(data)
        if len(data) < _PART:
            return
