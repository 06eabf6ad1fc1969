"""Data assets that are bookmarks: files of a datastore, known by their address and a fingerprint, and not copied.

The fingerprint is a weak one (the SHA-256 over the paths, sizes and etags of the files) or a strong one (that over names and contents).
It is checked whenever they are read, so a version whose files changed says which instead of giving other data; contents that were read
once as a whole are known from then on. What is read comes here first, as a whole, and is kept for a while.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from flowyard.data.datastores.errors import StoredFileNotFoundError
from flowyard.data.datastores.ports import StoreFiles
from flowyard.data.datastores.service import DatastoreService
from flowyard.data.datastores.urls import is_address
from flowyard.data.errors import DataChangedError, DataError
from flowyard.data.manifests import Difference, Manifest, Manifests, differences, marked, problems
from flowyard.data.views import View, ViewedFile
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
    """Whether a reference is the address of files in a datastore, or a web address."""
    return is_address(reference)


class Bookmarks:
    """Looks at and fetches what is in datastores. All methods block.

    Args:
        datastores: the datastores.
        cache: where fetched files are kept, a folder for each workspace.
        manifests: where it is kept what the files of bookmarks were like.
    """

    def __init__(self, datastores: DatastoreService, cache: Path, manifests: Path) -> None:
        self._datastores = datastores
        self._cache = cache
        self._manifests = Manifests(manifests)

    def look(self, workspace_id: str, uri: str, *, strong: bool = False) -> Bookmark:
        """Return what is at an address now, and remember it; `strong` reads all of it for its fingerprint.

        Raises:
            InvalidInputError: it is none.
            DatastoreNotFoundError, StoredFileNotFoundError, StoreAccessError, StoreUnavailableError, StoreRefusedError.
            DataError: there is too much of it.
        """
        found = self._look(workspace_id, uri)
        manifest, bookmark = found.manifest, found.bookmark
        if strong:
            manifest = manifest.with_digests({file.path: content_digest(found.store, file.path) for file in manifest.files})
            names = {file.path: _relative(file.path, found.root) for file in manifest.files}
            bookmark = replace(bookmark, fingerprint=manifest.strong(names))
        self._manifests.write(workspace_id, bookmark.uri, bookmark.fingerprint, manifest)
        return bookmark

    def view(self, workspace_id: str, uri: str, fingerprint: str | None = None) -> View:
        """Return the files at an address where they are; of a folder at most 10,000.

        Raises:
            DataChangedError: they are not those of `fingerprint`.
            InvalidInputError: it is no address.
            DatastoreNotFoundError, StoredFileNotFoundError, StoreAccessError, StoreUnavailableError, StoreRefusedError.
        """
        place = self._datastores.locate(workspace_id, uri)
        store, root = place.store, place.path
        if fingerprint is not None:
            found, _ = self._checked(workspace_id, uri, fingerprint)
            files, kind, whole = found.files, found.bookmark.kind, True
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
        found, manifest = self._checked(workspace_id, uri, fingerprint)
        folder = self._cache / workspace_id / fingerprint.partition(":")[2]
        if not folder.is_dir():
            self._drop_old()
            digests = self._fetch(found, manifest, folder)
            if any(file.sha256 is None for file in manifest.files):
                self._manifests.write(workspace_id, found.bookmark.uri, fingerprint, manifest.with_digests(digests))
        os.utime(folder)
        return folder / Path(found.root).name if found.bookmark.kind == "uri_file" else folder

    def _look(self, workspace_id: str, uri: str) -> "_Found":
        place = self._datastores.locate(workspace_id, uri)
        if len(place.uri) > _LONGEST:
            raise DataError(f"The address has more than {_LONGEST} characters.", remedy="Name a folder above it.")
        files, kind = _files(place.store, place.path)
        manifest = marked(files)
        size = sum(file.bytes or 0 for file in files)
        if size > MOST_BYTES:
            raise DataError(f"At {uri} there are {size} bytes; at most {MOST_BYTES} are read.", remedy="Name a part of it.")
        bookmark = Bookmark(uri=place.uri, kind=kind, fingerprint=manifest.weak(), bytes=size, files=len(files))
        return _Found(bookmark, files, manifest, place.store, place.path)

    def _checked(self, workspace_id: str, uri: str, fingerprint: str) -> "tuple[_Found, Manifest]":
        """Return what is at an address with what it was, which is the same.

        Of files with another etag whose content was known, the content is compared.
        """
        found = self._look(workspace_id, uri)
        kept = self._manifests.read(workspace_id, found.bookmark.uri, fingerprint)
        if kept is None:
            if found.bookmark.fingerprint != fingerprint:
                raise _changed(uri, ())
            return found, found.manifest
        odd = differences(kept, found.manifest)
        if not odd:
            return found, kept
        digests: dict[str, str] = {}
        changed: list[Difference] = []
        for one in odd:
            if one.expected is None or one.found is None or one.expected.sha256 is None or one.expected.bytes != one.found.bytes:
                changed.append(one)
                continue
            digests[one.path] = content_digest(found.store, one.path)
            if digests[one.path] != one.expected.sha256:
                changed.append(Difference(one.expected, replace(one.found, sha256=digests[one.path])))
        if changed:
            raise _changed(uri, changed)
        known = {file.path: file.sha256 for file in kept.files if file.sha256 is not None}
        again = found.manifest.with_digests(known)
        self._manifests.write(workspace_id, found.bookmark.uri, fingerprint, again)
        return found, again

    def _fetch(self, found: "_Found", manifest: Manifest, folder: Path) -> dict[str, str]:
        """Bring files here, as a whole or not at all, and return the digests of their contents, which are those of `manifest`."""
        draft = folder.with_name(f".{folder.name}.{new_id()}")
        digests: dict[str, str] = {}
        try:
            for file, mark in zip(found.files, manifest.files, strict=True):
                target = draft / _relative(file.path, found.root)
                target.parent.mkdir(parents=True, exist_ok=True)
                known = hashlib.sha256()
                with target.open("wb") as out:
                    for part in _parts(found.store, file.path):
                        out.write(part)
                        known.update(part)
                    size = out.tell()
                digests[file.path] = known.hexdigest()
                now = replace(mark, bytes=size, sha256=known.hexdigest())
                if (mark.bytes is not None and size != mark.bytes) or (mark.sha256 is not None and now.sha256 != mark.sha256):
                    raise _changed(found.bookmark.uri, [Difference(mark, now)])
            draft.rename(folder)
        except OSError:
            if not folder.is_dir():  # somebody else was first
                raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return digests

    def _drop_old(self) -> None:
        limit = time.time() - KEPT_S
        for folder in self._cache.glob("*/*"):
            if folder.stat().st_mtime < limit:
                shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Found:
    """What is at an address now."""

    bookmark: Bookmark
    files: list[StoredFile]
    manifest: Manifest
    store: StoreFiles
    root: str


def _changed(uri: str, changed: Sequence[Difference]) -> DataChangedError:
    which = f" {len(changed)} differ, such as {changed[0].path!r}." if changed else ""
    return DataChangedError(
        f"The files at {uri} are not those that this version was made of.{which}",
        remedy="Put them back, or make a new version of what is there now: flowyard data create NAME ADDRESS.",
        findings=problems(changed),
    )


def content_digest(store: StoreFiles, path: str) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal digits."""
    known = hashlib.sha256()
    for part in _parts(store, path):
        known.update(part)
    return known.hexdigest()


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
