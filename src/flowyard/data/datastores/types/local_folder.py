"""A folder of the server's machine, below one of those that the operator names (``FLOWYARD_DATA_ROOTS``)."""

import os
import re
import shutil
import stat
from contextlib import suppress
from pathlib import Path

from flowyard.data.datastores.errors import (
    StoreAccessError,
    StoredFileNotFoundError,
    StoreRefusedError,
    StoreUnavailableError,
    UnsafeStorePathError,
)
from flowyard.data.datastores.model import FilePage, Place
from flowyard.data.datastores.ports import Kind
from flowyard.data.datastores.roots import check_root
from flowyard.foundation.clock import to_rfc3339
from flowyard.foundation.ids import new_id
from flowyard.wire.datastores import StoredFile

#: Files that are being written.
_DRAFT = re.compile(r"\..*\.[0-9a-f-]{36}\.part", re.DOTALL)


class FolderFiles:
    """`StoreFiles` of a folder. Links are followed as long as they stay in it."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def check(self) -> str:
        """See `StoreFiles.check`."""
        if not self._root.is_dir():
            raise StoreUnavailableError(
                f"There is no folder {str(self._root)!r}.", remedy="Make it, or make the datastore with another path."
            )
        if not os.access(self._root, os.R_OK | os.X_OK):
            raise StoreAccessError(f"The folder {str(self._root)!r} may not be read.", remedy="Give Flowyard's user the right to read it.")
        return f"The folder {str(self._root)!r} is there and can be read."

    def files(self, folder: str, *, after: str | None, limit: int) -> FilePage:
        """See `StoreFiles.files`."""
        place = self._inside(folder)
        if not place.is_dir():
            return FilePage(())
        try:
            with os.scandir(place) as entries:  # of a hundred thousand, names alone are made
                names = sorted(entry.name for entry in entries if (after is None or entry.name > after) and not _is_draft(entry.name))
        except PermissionError as error:
            raise StoreAccessError(
                f"The folder {folder!r} may not be listed.", remedy="Give Flowyard's user the right to read it."
            ) from error
        prefix = f"{folder}/" if folder else ""
        items: list[StoredFile] = []
        for position, name in enumerate(names):
            if len(items) == limit:
                return FilePage(tuple(items), names[position - 1])
            if (found := self._entry(f"{prefix}{name}")) is not None:
                items.append(found)
        return FilePage(tuple(items))

    def info(self, path: str) -> StoredFile:
        """See `StoreFiles.info`."""
        found = self._entry(path)
        if found is None or found.kind != "file":
            self._inside(path)
            raise StoredFileNotFoundError(f"There is no file {path!r}.")
        return found

    def read(self, path: str, start: int, end: int) -> bytes:
        """See `StoreFiles.read`."""
        place = self._inside(path)
        try:
            descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise StoredFileNotFoundError(f"{path!r} is no file.")
                file.seek(start)
                return file.read(end - start)
        except PermissionError as error:
            raise StoreAccessError(f"The file {path!r} may not be read.", remedy="Give Flowyard's user the right to read it.") from error
        except OSError as error:
            raise StoredFileNotFoundError(f"There is no file {path!r}.") from error

    def write(self, path: str, source: Path) -> None:
        """See `StoreFiles.write`."""
        place = self._inside(path)
        draft = place.with_name(f".{place.name[:100]}.{new_id()}.part")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, draft)
            draft.replace(place)
        except PermissionError as error:
            raise StoreAccessError(
                f"The file {path!r} may not be written.", remedy="Give Flowyard's user the right to write there."
            ) from error
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            raise StoreRefusedError(f"{path!r} is a folder, or goes through a file.", remedy="Choose another path.") from error
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def _entry(self, path: str) -> StoredFile | None:
        """Return what is at `path`; None where nothing is, or what leads out of the folder or is neither file nor folder."""
        try:
            found = self._inside(path).stat()
        except (OSError, UnsafeStorePathError):
            return None
        if stat.S_ISDIR(found.st_mode):
            return StoredFile(path=path, kind="folder")
        if not stat.S_ISREG(found.st_mode):
            return None
        tag = f"{found.st_mtime_ns:x}-{found.st_size:x}-{found.st_ino:x}"
        return StoredFile(path=path, kind="file", bytes=found.st_size, modified_at=to_rfc3339(found.st_mtime_ns), etag=tag)

    def _inside(self, path: str) -> Path:
        place = (self._root / path).resolve()
        if not place.is_relative_to(self._root):
            raise UnsafeStorePathError(f"{path!r} leads out of the datastore by a link.", remedy="Put the file itself there.")
        return place


def _is_draft(name: str) -> bool:
    return name.endswith(".part") and _DRAFT.fullmatch(name) is not None


def _open(place: Place) -> FolderFiles:
    folder = Path(place.configs["path"])
    check_root(folder, place.bounds)
    return FolderFiles(folder)


KIND = Kind(type="local_folder", configs={"path": True}, credentials=(), open=_open)
