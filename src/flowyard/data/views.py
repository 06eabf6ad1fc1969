"""Files as they can be looked at where they are: on this machine, or in a datastore piece by piece."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flowyard.data.errors import DataError
from flowyard.wire.data_previews import DataEntry, DataFileKind, DataFolder

_ENTRIES = 1000


@dataclass(frozen=True, slots=True)
class ViewedFile:
    """A file: its name relative to what is looked at, its size in bytes, where it is on this machine, or what reads it (start, end)."""

    name: str
    size: int
    path: Path | None = None
    reader: Callable[[int, int], bytes] | None = None

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from `start` to before `end`, fewer where the file ends.

        Raises:
            DataError: the file is gone.
            StoredFileNotFoundError, StoreAccessError, StoreUnavailableError.
        """
        if self.path is None:
            return self.reader(start, end) if self.reader else b""
        try:
            with self.path.open("rb") as file:
                file.seek(start)
                return file.read(end - start)
        except OSError as error:
            raise DataError(f"{self.name!r} cannot be read: {error.strerror}.", remedy="Has it been deleted?") from error


@dataclass(frozen=True, slots=True)
class View:
    """A file or a folder with all its files. `whole` is False where there are more files than are listed."""

    folder: bool
    files: tuple[ViewedFile, ...]
    whole: bool = True

    @property
    def bytes(self) -> int:
        """The bytes of all files."""
        return sum(file.size for file in self.files)

    def file(self, name: str) -> ViewedFile | None:
        """Return the file of a name; of a view of one file, that file for an empty name."""
        return next((file for file in self.files if file.name == name or (not self.folder and not name)), None)


def local_view(path: Path) -> View:
    """Return what is at a path of this machine."""
    if path.is_file():
        return View(False, (ViewedFile(path.name, path.stat().st_size, path),))
    found = sorted(file for file in path.rglob("*") if file.is_file())
    return View(True, tuple(ViewedFile(file.relative_to(path).as_posix(), file.stat().st_size, file) for file in found))


def described(view: View) -> DataFolder:
    """Return what is in a folder."""
    kinds: dict[str, list[int]] = defaultdict(list)
    below: dict[str, list[int]] = defaultdict(list)
    entries: list[DataEntry] = []
    for file in view.files:
        kinds[PurePosixPath(file.name).suffix.lower()].append(file.size)
        first, slash, _ = file.name.partition("/")
        if slash:
            below[first].append(file.size)
        else:
            entries.append(DataEntry(path=first, kind="file", bytes=file.size))
    folders = [DataEntry(path=name, kind="folder", bytes=sum(sizes), files=len(sizes)) for name, sizes in below.items()]
    listed = sorted(folders, key=lambda one: one.path) + sorted(entries, key=lambda one: one.path)
    return DataFolder(
        entries=tuple(listed[:_ENTRIES]),
        kinds=tuple(DataFileKind(extension=name, files=len(sizes), bytes=sum(sizes)) for name, sizes in _largest(kinds)),
        files=len(view.files),
        bytes=view.bytes,
        whole=view.whole and len(listed) <= _ENTRIES,
    )


def _largest(kinds: dict[str, list[int]]) -> Iterable[tuple[str, Sequence[int]]]:
    return sorted(kinds.items(), key=lambda item: (-len(item[1]), item[0]))
