"""Uploaded data: kept by the hash of its files, below one folder for each workspace, never changed again."""

import hashlib
import os
import shutil
import stat
import uuid
import zipfile
import zlib
from pathlib import Path
from typing import Self

from flowyard.flows.errors import TooLargeError, UnsafePathError
from flowyard.flows.folders import inside, safe_path
from flowyard.flows.runs.errors import UploadNotFoundError
from flowyard.flows.snapshots import mark_asked
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.runs import DataUpload

PREFIX = "upload:"
#: The largest upload as it is sent, bytes.
UPLOAD_LIMIT = 512 * 1024 * 1024
UNPACKED_LIMIT = 4 * 1024 * 1024 * 1024
FILES_LIMIT = 100_000
_PART = 1024 * 1024
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, NotADirectoryError, IsADirectoryError,
    FileExistsError,
)  # fmt: skip
_TOO_LARGE = "Split the data into several runs, or put it into fewer and smaller files."


class UploadStore:
    """Keeps uploads under one folder, ``<workspace id>/<digest>/``.

    Args:
        root: the folder.
        limit: the most bytes that an archive may unpack to.
    """

    def __init__(self, root: Path, *, limit: int = UNPACKED_LIMIT) -> None:
        self._root = root
        self._limit = limit

    def begin(self, workspace_id: str) -> "Incoming":
        """Return an upload that is still coming in."""
        folder = self._root / workspace_id
        folder.mkdir(parents=True, exist_ok=True)
        return Incoming(folder, self._limit)

    def keep_folder(self, workspace_id: str, folder: Path) -> DataUpload:
        """Keep all files below a folder of this machine, which is moved away.

        Raises:
            InvalidInputError: it has no files.
        """
        with self.begin(workspace_id) as incoming:
            return incoming.keep_folder(folder)

    def folder(self, workspace_id: str) -> Path:
        """Return the folder of a workspace's uploads, which need not be there."""
        return self._root / workspace_id

    def path(self, workspace_id: str, reference: str) -> Path:
        """Return the file or folder that ``upload:<digest>`` or ``upload:<digest>/<file>`` names.

        An upload of one file is that file.

        Raises:
            UploadNotFoundError: the workspace has no such upload.
            UnsafePathError: the file's path leaves the upload.
        """
        digest, _, file = reference.removeprefix(PREFIX).partition("/")
        folder = self._root / workspace_id / digest
        if len(digest) != 64 or not digest.isalnum() or not folder.is_dir():
            raise UploadNotFoundError(f"There is no upload {reference!r}.", remedy="Upload the data first: POST /runs/data.")
        mark_asked(folder)
        if file:
            found = inside(folder, file)
            if not found.exists():
                raise UploadNotFoundError(f"The upload has no {file!r}.", remedy="See which files were packed.")
            return found
        files = list(folder.iterdir())
        return files[0] if len(files) == 1 and files[0].is_file() else folder


class Incoming:
    """An upload on its way to the disk. Write its parts, then keep it as a file or an archive; leave the block to clean up."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._fresh = folder / f".{uuid.uuid4().hex}"
        self._fresh.mkdir()
        self._part = self._fresh / "part"
        self._file = self._part.open("wb")
        self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        shutil.rmtree(self._fresh, ignore_errors=True)

    def write(self, part: bytes) -> None:
        """Add bytes.

        Raises:
            TooLargeError: that is too much.
        """
        self._size += len(part)
        if self._size > UPLOAD_LIMIT:
            raise TooLargeError(f"The upload has more than {UPLOAD_LIMIT // 1024 // 1024} MiB.", remedy=_TOO_LARGE)
        self._file.write(part)

    def keep_file(self, name: str) -> DataUpload:
        """Keep what came as one file called `name`.

        Raises:
            InvalidInputError: there are no bytes.
            UnsafePathError: it is no file's name.
        """
        if "/" in name:
            raise UnsafePathError(f"{name!r} is no file's name.", remedy="Send the last part of the path, for instance rows.jsonl.")
        path = safe_path(name)
        self._end()
        files = self._fresh / "files"
        files.mkdir()
        self._part.rename(files / path)
        return self._keep(files)

    def keep_archive(self) -> DataUpload:
        """Unpack what came as a zip archive.

        Raises:
            InvalidInputError: it is no zip archive, or encrypted, or empty.
            UnsafePathError: it has a link, or a path that leaves the folder.
            TooLargeError: it is too large when it is unpacked.
        """
        self._end()
        files = self._fresh / "files"
        files.mkdir()
        try:
            with zipfile.ZipFile(self._part) as archive:
                self._unpack(archive, files)
        except _UNREADABLE as error:
            raise InvalidInputError(
                f"The body is no zip archive that can be read: {error}.", remedy="Send the data as a zip file, or one file with ?name=."
            ) from error
        return self._keep(files)

    def keep_folder(self, folder: Path) -> DataUpload:
        """Keep all files below a folder of this machine, which is moved away; nothing need have been written.

        Raises:
            InvalidInputError: it has no files.
        """
        files = self._fresh / "files"
        shutil.move(folder, files)
        return self._keep(files)

    def _end(self) -> None:
        self._file.close()
        if self._size == 0:
            raise InvalidInputError("The body is empty.", remedy="Send a file of data, or a zip archive of several.")

    def _unpack(self, archive: zipfile.ZipFile, target: Path) -> None:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > FILES_LIMIT:
            raise TooLargeError(f"The archive has more than {FILES_LIMIT} files.", remedy=_TOO_LARGE)
        left = self._limit
        for entry in entries:
            if stat.S_ISLNK(entry.external_attr >> 16):
                raise UnsafePathError(f"The archive has a link: {entry.filename!r}.", remedy="Replace the link by the file itself.")
            file = target / safe_path(entry.filename)
            file.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, file.open("wb") as sink:
                while part := source.read(_PART):
                    left -= len(part)
                    if left < 0:
                        raise TooLargeError(f"The archive unpacks to more than {self._limit // 1024 // 1024} MiB.", remedy=_TOO_LARGE)
                    sink.write(part)

    def _keep(self, files: Path) -> DataUpload:
        whole, count, size = hashlib.sha256(), 0, 0
        for path in sorted(path for path in files.rglob("*") if path.is_file()):
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
                os.fsync(file.fileno())
            whole.update(f"{path.relative_to(files).as_posix()}\0{content}\n".encode())
            count, size = count + 1, size + path.stat().st_size
        if count == 0:
            raise InvalidInputError("The archive has no files.", remedy="Pack the data into it.")
        digest = whole.hexdigest()
        final = self._folder / digest
        if final.is_dir():
            mark_asked(final)
        else:
            try:
                files.rename(final)
            except OSError:
                if not final.is_dir():  # else somebody else was first with the same files
                    raise
        return DataUpload(reference=f"{PREFIX}{digest}", bytes=size, files=count)
