"""Where models are on this machine: ``<home>/models/<name>/``, one store for all workspaces.

A model is there when its ``manifest.json`` says so: that is written last, after every file was checked, made durable and moved into
place. What is not whole is in ``.partial/`` below it, and counts for nothing.
"""

import fcntl
import hashlib
import shutil
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec

from flowyard.catalog.cards import Card, CardFile
from flowyard.catalog.disk import make_durable
from flowyard.foundation.clock import now_ns

_MANIFEST = "manifest.json"
_PARTIAL = ".partial"
_LOCKS = ".locks"
_CHUNK = 1_048_576
_POLL_S = 0.1

Presence = Literal["absent", "ready", "damaged"]


class Manifest(msgspec.Struct, kw_only=True):
    """What was put in place: SHA-256 by file, when, and which files a later check found damaged."""

    files: dict[str, str]
    pulled_ns: int
    damaged: list[str] = []


class ModelStore:
    """The files of all models. Processes on the machine may use it at once: changes happen under a lock a model."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Return a model's folder, whether it is there or not."""
        return self.folder / name

    def partial(self, name: str) -> Path:
        """Return the folder of what is on its way."""
        return self.folder / name / _PARTIAL

    def manifest(self, name: str) -> Manifest | None:
        """Return a model's manifest, or None when it was never whole."""
        try:
            return msgspec.json.decode((self.path(name) / _MANIFEST).read_bytes(), type=Manifest)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def presence(self, card: Card) -> Presence:
        """Return whether the model is there, by manifest and file sizes; contents are not read."""
        manifest = self.manifest(card.name)
        if manifest is None:
            return "absent"
        return "ready" if all(self.is_whole(card, file, manifest) for file in card.files) else "damaged"

    def is_whole(self, card: Card, file: CardFile, manifest: Manifest | None) -> bool:
        """Return whether one file is there, by manifest and size."""
        if manifest is None or file.name in manifest.damaged or manifest.files.get(file.name) != file.sha256:
            return False
        path = self.path(card.name) / file.name
        return path.is_file() and path.stat().st_size == file.bytes

    def bytes_present(self, card: Card) -> int:
        """Return how many of a model's bytes are here, counting what is on its way up to the size of the whole."""
        placed = sum(_size(self.path(card.name) / file.name, file.bytes) for file in card.files)
        partial = self.partial(card.name)
        coming = sum(path.stat().st_size for path in partial.iterdir() if path.is_file()) if partial.is_dir() else 0
        return min(card.bytes_total, placed + coming)

    def install(self, card: Card, fresh: list[CardFile]) -> None:
        """Move checked files from the partial folder into place and write the manifest, each step atomically and durably."""
        folder = self.path(card.name)
        for file in fresh:
            source = self.partial(card.name) / file.name
            make_durable(source)
            source.replace(folder / file.name)
        make_durable(folder)
        self._write_manifest(card.name, Manifest(files={file.name: file.sha256 for file in card.files}, pulled_ns=now_ns()))
        self.clear_partial(card.name)

    def mark_damaged(self, name: str, damaged: list[str]) -> None:
        """Keep in the manifest which files a check found damaged; none means all are well."""
        manifest = self.manifest(name)
        if manifest is not None and manifest.damaged != damaged:
            manifest.damaged = damaged
            self._write_manifest(name, manifest)

    def clear_partial(self, name: str, *, keep: frozenset[str] | set[str] = frozenset()) -> None:
        """Drop what is on its way, but for the files named in `keep`."""
        partial = self.partial(name)
        if not keep:
            shutil.rmtree(partial, ignore_errors=True)
            return
        for path in [path for path in partial.iterdir() if path.name not in keep]:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Delete a model's files. The manifest goes first: from then on it is not there."""
        folder = self.path(name)
        (folder / _MANIFEST).unlink(missing_ok=True)
        if folder.is_dir():
            shutil.rmtree(folder)

    def is_locked(self, name: str) -> bool:
        """Return whether somebody changes the model right now."""
        path = self._lock_path(name)
        if not path.exists():
            return False
        with path.open("rb") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    @contextmanager
    def locked(self, name: str, *, waiting: Callable[[], None]) -> Generator[None]:
        """Hold a model for changes. While another process holds it, `waiting` is called ten times a second; it may raise."""
        path = self._lock_path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as handle:
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    waiting()
                    time.sleep(_POLL_S)
            # The kernel drops the lock with the process, so a killed pull leaves none behind.
            yield

    def _lock_path(self, name: str) -> Path:
        return self.folder / _LOCKS / f"{name}.lock"

    def _write_manifest(self, name: str, manifest: Manifest) -> None:
        folder = self.path(name)
        fresh = folder / f"{_MANIFEST}.new"
        fresh.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
        make_durable(fresh)
        fresh.replace(folder / _MANIFEST)
        make_durable(folder)


def sha256_of(path: Path, *, each: Callable[[int], None]) -> str:
    """Return the SHA-256 of a file in hex. `each` is told the bytes read so far; it may raise."""
    digest = hashlib.sha256()
    done = 0
    with path.open("rb") as given:
        while chunk := given.read(_CHUNK):
            digest.update(chunk)
            done += len(chunk)
            each(done)
    return digest.hexdigest()


def _size(path: Path, largest: int) -> int:
    return min(path.stat().st_size, largest) if path.is_file() else 0
