"""Uploads that come in pieces: kept apart until all is there, then kept as a whole; one that nobody goes on with is dropped."""

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from flowyard.data.datastores.paths import checked
from flowyard.data.errors import DataLimitError, UploadBusyError, UploadNotOpenError, UploadOffsetError
from flowyard.data.ports import DataFiles
from flowyard.foundation.clock import NANOSECONDS, to_rfc3339
from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.foundation.ids import new_id
from flowyard.wire.runs import DataUpload
from flowyard.wire.uploads import Upload, UploadCreate, UploadedFile

#: An upload has at most so many bytes and files, a part so many bytes; one that rests for so long is dropped.
MOST_BYTES, MOST_FILES, PART_BYTES = 8 * 1024**3, 10_000, 32 * 1024 * 1024
REST_S = 24 * 3600
#: So much of the disk stays free.
_SPARE = 1024**3
_ABOUT = "about.json"


class PartWriter:
    """Takes the bytes of one part, in order."""

    def __init__(self, file: BinaryIO, path: str, most: int) -> None:
        self._file = file
        self._path = path
        self._most = most
        self._left = min(most, PART_BYTES)

    def write(self, data: bytes) -> None:
        """Add bytes to the file. What was written stays when the part breaks off.

        Raises:
            DataLimitError: the file would have more than was said, or the part has too many.
        """
        if len(data) > self._left:
            what = f"A part has at most {PART_BYTES} bytes." if self._most > self._left else f"{self._path!r} has more bytes than was said."
            raise DataLimitError(what, remedy="Begin the upload with the sizes that the files have, and send smaller parts.")
        self._left -= len(data)
        self._most -= len(data)
        self._file.write(data)


class Uploads:
    """Uploads of all workspaces. All methods block.

    Args:
        root: where what came so far is, a folder for each workspace.
        files: keeps what is whole.
        most: the most bytes of an upload.
    """

    def __init__(self, root: Path, files: DataFiles, *, most: int = MOST_BYTES) -> None:
        self._root = root
        self._files = files
        self._most = most

    def begin(self, workspace_id: str, asked: UploadCreate) -> Upload:
        """Begin an upload, or go on with the one of the same key and files.

        Raises:
            InvalidInputError: there are no files, or a path is not valid or there twice.
            DataLimitError: it is too large for an upload, or for the disk.
        """
        self._check(asked)
        self._drop_old()
        known = to_json(asked)
        folder = self._root / workspace_id / (hashlib.sha256(known).hexdigest()[:32] if asked.key else new_id())
        if not folder.is_dir():
            self._check_room(sum(file.bytes for file in asked.files))
            draft = folder.with_name(f".{new_id()}")
            draft.mkdir(parents=True)
            (draft / _ABOUT).write_bytes(known)
            try:
                draft.rename(folder)
            except OSError:
                shutil.rmtree(draft, ignore_errors=True)
                if not folder.is_dir():  # else somebody else was first
                    raise
        os.utime(folder)
        return self._shown(folder, asked)

    def get(self, workspace_id: str, upload_id: str) -> Upload:
        """Return how far an upload is.

        Raises:
            UploadNotOpenError: there is none, or no longer.
        """
        folder, asked = self._open(workspace_id, upload_id)
        return self._shown(folder, asked)

    @contextmanager
    def part(self, workspace_id: str, upload_id: str, path: str, offset: int) -> Generator[PartWriter]:
        """Yield what takes the bytes of a file from `offset` on.

        Raises:
            UploadNotOpenError: there is no such upload.
            InvalidInputError: it has no such file.
            UploadOffsetError: the file goes on at another place; `extra` has it as ``received``.
            UploadBusyError: somebody else is sending it.
        """
        folder, asked = self._open(workspace_id, upload_id)
        number = next((at for at, file in enumerate(asked.files) if file.path == path), None)
        if number is None:
            raise InvalidInputError(f"The upload has no file {path[:200]!r}.", location=Location(pointer="/path"))
        with (folder / str(number)).open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise UploadBusyError(f"Somebody else is sending {path!r}.", remedy="Wait for them, or send another file.") from error
            received = file.seek(0, os.SEEK_END)
            if received != offset:
                raise UploadOffsetError(
                    f"{path!r} goes on at byte {received}, not at {offset}.", remedy="Send it from there.", extra={"received": received}
                )
            os.utime(folder)
            yield PartWriter(file, path, asked.files[number].bytes - received)

    def complete(self, workspace_id: str, upload_id: str) -> DataUpload:
        """Keep an upload of which all is there, and return what names it. The same files give the same name.

        Raises:
            UploadNotOpenError: there is no such upload.
            UploadOffsetError: something is missing.
        """
        folder, asked = self._open(workspace_id, upload_id)
        missing = [file for file in self._shown(folder, asked).files if file.received != file.bytes]
        if missing:
            one = missing[0]
            raise UploadOffsetError(
                f"{len(missing)} files are not whole, such as {one.path!r}: {one.received} of {one.bytes} bytes.",
                remedy="Send the rest first.",
            )
        tree = folder.with_name(f".{new_id()}")
        try:
            for number, file in enumerate(asked.files):
                target = tree / file.path
                target.parent.mkdir(parents=True, exist_ok=True)
                part = folder / str(number)
                part.touch()
                target.hardlink_to(part)
            kept = self._files.keep_folder(workspace_id, tree)
        finally:
            shutil.rmtree(tree, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
        return kept

    def abort(self, workspace_id: str, upload_id: str) -> None:
        """Drop an upload with all that came.

        Raises:
            UploadNotOpenError: there is none.
        """
        folder, _ = self._open(workspace_id, upload_id)
        shutil.rmtree(folder, ignore_errors=True)

    def _check(self, asked: UploadCreate) -> None:
        paths = [checked(file.path) for file in asked.files]
        folders = {"/".join(path.split("/")[:depth]) for path in paths for depth in range(1, path.count("/") + 1)}
        if not paths or len(set(paths)) != len(paths) or not all(paths) or folders & set(paths):
            raise InvalidInputError("The files of an upload have different paths, and there is one at least.", remedy="Correct the paths.")
        longest = max(len(part.encode()) for path in paths for part in path.split("/"))
        if longest > 255 or any(file.path != path or file.bytes < 0 for file, path in zip(asked.files, paths, strict=True)):
            raise InvalidInputError("A path or a size is not valid.", remedy="Write relative paths without slashes at their ends.")
        total = sum(file.bytes for file in asked.files)
        if total > self._most or len(paths) > MOST_FILES:
            raise DataLimitError(
                f"It has {len(paths)} files and {total} bytes; an upload has at most {MOST_FILES} files and {self._most} bytes.",
                remedy="Put it into a datastore and make a data asset of the address, which copies nothing; or upload it in parts.",
            )

    def _check_room(self, size: int) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self._root).free
        if size + _SPARE > free:
            raise DataLimitError(
                f"It has {size} bytes, and the server's disk has {max(0, free - _SPARE)} to give.",
                remedy="Make room (flowyard run prune), or put it into a datastore.",
            )

    def _open(self, workspace_id: str, upload_id: str) -> tuple[Path, UploadCreate]:
        safe = upload_id if upload_id.replace("-", "").isalnum() else "none"
        folder = self._root / workspace_id / safe
        try:
            return folder, decode((folder / _ABOUT).read_bytes(), UploadCreate)
        except FileNotFoundError as error:
            raise UploadNotOpenError(
                f"There is no open upload {upload_id[:100]!r}.", remedy="It is done, or rested for a day: begin it again."
            ) from error

    def _shown(self, folder: Path, asked: UploadCreate) -> Upload:
        files = tuple(
            UploadedFile(path=file.path, bytes=file.bytes, received=_size(folder / str(number))) for number, file in enumerate(asked.files)
        )
        return Upload(
            id=folder.name,
            files=files,
            bytes=sum(file.bytes for file in files),
            received=sum(file.received for file in files),
            part_bytes=PART_BYTES,
            expires_at=to_rfc3339(int((folder.stat().st_mtime + REST_S) * NANOSECONDS)),
        )

    def _drop_old(self) -> None:
        limit = time.time() - REST_S
        for folder in _folders(self._root):
            # Another request may end an upload, or give it its name, at this very moment.
            with suppress(FileNotFoundError):
                if folder.stat().st_mtime < limit:
                    shutil.rmtree(folder, ignore_errors=True)


def _folders(root: Path) -> Iterable[Path]:
    return root.glob("*/*") if root.is_dir() else ()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
