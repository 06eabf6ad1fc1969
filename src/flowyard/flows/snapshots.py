"""Snapshots: a flow's files in a folder that is named by their hash, and is never changed again."""

import io
import os
import shutil
import stat
import uuid
import zipfile
from contextlib import suppress
from pathlib import Path

from flowyard.flows.errors import TooLargeError, UnsafePathError
from flowyard.flows.folders import FILES_LIMIT, FOLDER_LIMIT, IGNORED, check_size, files_digest, read_files, safe_path
from flowyard.foundation.errors import InvalidInputError, NotFoundError
from flowyard.wire.endpoints import Snapshot

#: The largest upload, bytes, compressed.
UPLOAD_LIMIT = 64 * 1024 * 1024


class SnapshotStore:
    """Keeps snapshots under one folder, ``<digest>/``. Two writers of the same files do no harm to one another.

    Args:
        root: the folder.
        limit: the largest archive, bytes, unpacked.
    """

    def __init__(self, root: Path, *, limit: int = FOLDER_LIMIT) -> None:
        self._root = root
        self._limit = limit

    @property
    def root(self) -> Path:
        """The folder of all snapshots. What a prune looks at: a snapshot's own time tells when it was last asked for."""
        return self._root

    def take(self, folder: Path, root: Path | None = None) -> Snapshot:
        """Copy the flow in `folder`, with what it includes from below `root` (None: from anywhere) in its place.

        Raises:
            TooLargeError: it is too large.
        """
        return self._keep(read_files(folder, root))

    def receive(self, data: bytes) -> Snapshot:
        """Keep the files of a zip archive. A single folder around everything is taken off.

        Raises:
            InvalidInputError: it is no zip archive, or encrypted.
            UnsafePathError: it has a link, or a path that leaves the folder.
            TooLargeError: it is too large, packed or unpacked.
        """
        return self._keep(unpack(data, self._limit))

    def folder(self, digest: str) -> Path:
        """Return the folder of a snapshot.

        Raises:
            NotFoundError: there is none of that digest.
        """
        found = self._root / digest
        if len(digest) != 64 or not digest.isalnum() or not found.is_dir():
            raise NotFoundError(f"There is no snapshot {digest!r}.", remedy="Upload the flow's folder: POST /snapshots.")
        mark_asked(found)
        return found

    def keep(self, files: dict[str, bytes]) -> Snapshot:
        """Keep files by their paths (InvalidInputError: there are none)."""
        return self._keep(files)

    def _keep(self, files: dict[str, bytes]) -> Snapshot:
        if not files:
            raise InvalidInputError("The flow has no files.", remedy="Send a flow's folder.")
        digest = files_digest(files)
        found = Snapshot(digest=digest, files=len(files), bytes=sum(map(len, files.values())))
        final = self._root / digest
        if final.is_dir():
            mark_asked(final)
            return found
        self._root.mkdir(parents=True, exist_ok=True)
        fresh = self._root / f".{digest}-{uuid.uuid4().hex}"
        try:
            for path, content in files.items():
                file = fresh / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
            fresh.rename(final)
        except OSError:
            if not final.is_dir():  # else somebody else was first with the same files
                raise
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        return found


def mark_asked(folder: Path) -> None:
    """Note in the folder's time that somebody asked for it now: a prune leaves it alone for a while."""
    with suppress(OSError):  # not ours to change: then its owner keeps it
        os.utime(folder)


def unpack(data: bytes, limit: int = FOLDER_LIMIT) -> dict[str, bytes]:
    """Return the files of a zip archive by their path. A single folder around everything is taken off.

    Raises:
        InvalidInputError: it is no zip archive, or encrypted.
        UnsafePathError: it has a link, or a path that leaves the folder.
        TooLargeError: it is too large, packed or unpacked.
    """
    if len(data) > UPLOAD_LIMIT:
        raise TooLargeError(f"The archive has more than {UPLOAD_LIMIT // 1024 // 1024} MiB.", remedy="Leave data out of the flow's folder.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _unpack(archive, limit)
    except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError) as error:
        raise InvalidInputError(
            f"The body is no zip archive that can be read: {error}.", remedy="Send the flow's folder as a zip file."
        ) from error


def pack(folder: Path, root: Path | None = None) -> bytes:
    """Return the flow in `folder` as a zip archive, with what it includes from below `root` (None: from anywhere) in its place.

    Raises:
        TooLargeError: it is too large.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in read_files(folder, root).items():
            archive.writestr(path, content)
    return target.getvalue()


def _unpack(archive: zipfile.ZipFile, limit: int) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > FILES_LIMIT:
        check_size(len(entries), 0)
    files: dict[str, bytes] = {}
    left = limit
    for entry in entries:
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise UnsafePathError(f"The archive has a link: {entry.filename!r}.", remedy="Replace the link by the file itself.")
        if IGNORED.intersection(entry.filename.split("/")) or entry.filename.endswith(".pyc"):
            continue
        path = safe_path(entry.filename).as_posix()
        with archive.open(entry) as member:
            content = member.read(left + 1)
        left -= len(content)
        if left < 0:
            check_size(len(files), FOLDER_LIMIT + 1)
        files[path] = content
    return _without_wrapper(files)


def _without_wrapper(files: dict[str, bytes]) -> dict[str, bytes]:
    """Take off a folder that is around everything, as archives made of a folder have it."""
    heads = {path.partition("/")[0] for path in files}
    if len(heads) != 1 or any("/" not in path for path in files):
        return files
    prefix = f"{heads.pop()}/"
    return {path.removeprefix(prefix): content for path, content in files.items()}
