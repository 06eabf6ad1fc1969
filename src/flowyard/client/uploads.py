"""Uploads of files and folders of this machine, in pieces: what broke off goes on."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO
from urllib.parse import quote

from flowyard.client.errors import NoServerError
from flowyard.client.transport import Transport
from flowyard.foundation.codecs import decode
from flowyard.foundation.errors import RemoteError
from flowyard.wire.runs import DataUpload
from flowyard.wire.uploads import Upload, UploadCreate, UploadFileCreate

_PART = 8 * 1024 * 1024
#: More files than this, of at most so many bytes together, go as one archive.
_MANY, _ARCHIVE = 20, 256 * 1024 * 1024
#: How often a part is tried again, and how long is waited before.
_TRIES, _WAIT_S = 5, 1.0

#: Told how many bytes are there, of how many.
OnProgress = Callable[[int, int], None]


class Uploads:
    """Sends files of this machine to the workspace."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def send_data(self, data: str | Path, on_progress: OnProgress | None = None) -> str:
        """Upload a file or folder of this machine, and return what names it. Images that a file's rows name come along.

        Many small files are sent as one archive, since a request for each would take longer than they do; all else in pieces.

        Raises:
            DataError: there is nothing there, or it is an address.
            RemoteError: it is too large.
        """
        from flowyard.flows.runs.local import data_path
        from flowyard.flows.runs.packing import archive_of, files_of

        files, file = files_of(data_path(str(data)))
        size = sum(path.stat().st_size for _, path in files)
        if len(files) > _MANY and size <= _ARCHIVE:
            with archive_of(files) as archive:
                kept = self._archive(archive)
            (on_progress or _nobody)(size, size)
        else:
            kept = self.send(files, on_progress)
        return f"{kept.reference}/{file}" if file else kept.reference

    def _archive(self, archive: IO[bytes]) -> DataUpload:
        headers = {"Content-Type": "application/zip", "Content-Length": str(archive.seek(0, 2))}
        archive.seek(0)
        return decode(self._transport.request("POST", "runs/data", body=archive, headers=headers).data, DataUpload)

    def send(self, files: list[tuple[str, Path]], on_progress: OnProgress | None = None) -> DataUpload:
        """Upload files under names and return what names them together.

        The same unchanged files again go on where an earlier call broke off.

        Raises:
            RemoteError: it is too large, or a name is not valid.
            NoServerError: the server does not answer, several times in a row.
            OSError: a file cannot be read.
        """
        sizes = tuple(UploadFileCreate(path=name, bytes=path.stat().st_size) for name, path in files)
        upload = self._transport.post("uploads", Upload, body=UploadCreate(files=sizes, key=_key(files)))
        told = on_progress or _nobody
        told(upload.received, upload.bytes)
        for at, (name, path) in enumerate(files):
            with path.open("rb") as file:
                while upload.files[at].received < upload.files[at].bytes:
                    file.seek(upload.files[at].received)
                    upload = self._part(upload, name, file.read(_PART), upload.files[at].received)
                    told(upload.received, upload.bytes)
        return self._transport.post(f"{_path(upload)}/complete", DataUpload)

    def _part(self, upload: Upload, name: str, data: bytes, offset: int) -> Upload:
        for left in range(_TRIES - 1, -1, -1):
            try:
                params, headers = {"path": name, "offset": offset}, {"Content-Type": "application/octet-stream"}
                answer = self._transport.request("PUT", f"{_path(upload)}/content", body=data, params=params, headers=headers)
                return decode(answer.data, Upload)
            except RemoteError as error:
                if error.remote.code == "UploadOffset":  # it came, and only the answer did not
                    return self._transport.get(_path(upload), Upload)
                if error.remote.code != "UploadBusy" or not left:
                    raise
            except NoServerError:
                if not left:
                    raise
            time.sleep(_WAIT_S)
        return upload


def _path(upload: Upload) -> str:
    return f"uploads/{quote(upload.id, safe='')}"


def _key(files: list[tuple[str, Path]]) -> str:
    known = hashlib.sha256()
    for name, path in files:
        known.update(f"{name}\0{path.resolve()}\0{path.stat().st_mtime_ns}\n".encode())
    return known.hexdigest()


def _nobody(done: int, total: int) -> None:
    del done, total
