"""Where the segments' files are: a folder, or an object store of which the folder is a cache."""

import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from flowyard.foundation.ids import new_id
from flowyard.storage.telemetry.model import DIGEST_SUFFIX, INDEX_SUFFIX, PAYLOADS_SUFFIX, SUFFIX, Segment

if TYPE_CHECKING:
    from flowyard.storage.objects import ObjectStore

#: How much of an object store's segments stays here between questions, and for how long a file is sure to stay after its last use.
CACHE_BYTES = 20 * 1024**3
REST_S = 600.0
_AT_ONCE = 8
_SUFFIXES = (SUFFIX, INDEX_SUFFIX, DIGEST_SUFFIX, PAYLOADS_SUFFIX)


class SegmentFiles:
    """The files of an installation's segments. Safe to use from many threads.

    Args:
        folder: where they are, or are kept while they are used.
        objects: where they are in truth; None: in `folder`.
        cache_bytes: how much of them `evict` leaves in `folder`.
        rest_s: how long it leaves a file alone after its last use, in seconds.
    """

    def __init__(
        self, folder: Path, objects: "ObjectStore | None" = None, *, cache_bytes: int = CACHE_BYTES, rest_s: float = REST_S
    ) -> None:
        self.folder = folder.resolve()
        self._objects = objects
        self._cache_bytes = cache_bytes
        self._rest_s = rest_s
        self._lock = Lock()
        self._used: dict[str, float] = {}
        # Objects that no manifest named, and when that was seen first.
        self._unnamed: dict[str, float] = {}

    def prepare(self) -> None:
        """Make the folder.

        Raises:
            OSError: the disk refuses.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def file(self, segment: Segment) -> Path:
        """Return where a segment's rows are; they have been brought here if they are anywhere.

        Raises:
            ObjectStoreError: the object store does not answer.
        """
        self.fetch([segment])
        return self.folder / segment.path

    def index(self, segment: Segment) -> Path:
        """Return where the index of a segment's traces is, as `file` does for its rows."""
        self.fetch_indexes([segment])
        return self.folder / _beside(segment, INDEX_SUFFIX)

    def digest(self, segment: Segment) -> Path:
        """Return where the digest of a segment is, as `file` does for its rows."""
        name = _beside(segment, DIGEST_SUFFIX)
        if self._objects is not None and not (self.folder / name).exists():
            self._get([name])
        return self.folder / name

    def payloads(self, segment: Segment, *, again: bool = False) -> Path:
        """Return where the large values of a segment's rows are, as `file` does for the rows; `again`: what is here of them is damaged."""
        name = payloads_of(segment)
        if self._objects is not None:
            with self._lock:
                self._used[name] = time.monotonic()
            if again or not (self.folder / name).exists():
                self._get([name])
        return self.folder / name

    def fetch_indexes(self, segments: Iterable[Segment]) -> None:
        """Bring the indexes of several segments here, as `fetch` does their rows."""
        if self._objects is not None:
            self._get([name for segment in segments if not (self.folder / (name := _beside(segment, INDEX_SUFFIX))).exists()])

    def fetch(self, segments: Iterable[Segment]) -> None:
        """Bring the rows of several segments here; those that are nowhere are passed over.

        Raises:
            ObjectStoreError: the object store does not answer.
        """
        if self._objects is None:
            return
        names = [segment.path for segment in segments]
        now = time.monotonic()
        with self._lock:
            self._used.update(dict.fromkeys(names, now))
        self._get([name for name in names if not (self.folder / name).exists()])

    def renew(self, segment: Segment) -> bool:
        """Bring a segment's rows here once more, because what is here is damaged; false: they are nowhere else."""
        if self._objects is None:
            return False
        try:
            self._objects.get(segment.path, self.folder / segment.path)
        except FileNotFoundError:
            return False
        return True

    def publish(self, segment: Segment, suffixes: tuple[str, ...] = _SUFFIXES) -> None:
        """Make durable what was written to the folder: `write_segment` did so on the disk, this does in the object store.

        `suffixes` are those of the files that were written.

        Raises:
            ObjectStoreError: it does not take them.
        """
        if self._objects is None:
            return
        for name in _names(segment):
            if name.endswith(suffixes) and (self.folder / name).exists():
                self._objects.put(name, self.folder / name)

    def delete(self, segment: Segment) -> None:
        """Remove a segment's files; it is no error that they are gone, nor that an object is left over, which `clear` finds later."""
        from flowyard.storage.objects import ObjectStoreError

        for name in _names(segment):
            (self.folder / name).unlink(missing_ok=True)
            if self._objects is not None:
                with suppress(ObjectStoreError):
                    self._objects.delete(name)

    def touch(self, segment: Segment) -> None:
        """Let the grace of files that no manifest names begin now."""
        for name in _names(segment):
            self._unnamed.pop(name, None)
            with suppress(FileNotFoundError):
                os.utime(self.folder / name)

    def local(self, places: Iterable[str], before: float) -> Iterator[Path]:
        """Yield the files here below `places` that were last written before `before` (Unix time, seconds)."""
        for place in places:
            for path in (self.folder / place).rglob("*"):
                with suppress(FileNotFoundError):
                    if path.is_file() and path.name.endswith((*_SUFFIXES, ".part")) and path.stat().st_mtime < before:
                        yield path

    def clear(self, named: Callable[[], set[str]], before: float) -> None:
        """Delete what belongs to none of the segments whose ids `named` tells, and was last written before `before` (Unix time, seconds).

        It is asked after the files were listed: one that the manifest gets meanwhile is younger than the grace.

        An object's grace begins when it is first seen unnamed: `before` is held against that.

        Raises:
            ObjectStoreError: it does not answer.
        """
        files = list(self.local([""], before))
        listed = [] if self._objects is None else [found.name for found in self._objects.list("")]
        ids = named()
        for path in files:
            if segment_of(path.name) not in ids:
                path.unlink(missing_ok=True)
        if self._objects is None:
            return
        unnamed = [name for name in listed if name.endswith(_SUFFIXES) and segment_of(name.rpartition("/")[2]) not in ids]
        now = time.time()
        self._unnamed = {name: self._unnamed.get(name, now) for name in unnamed}
        for name, since in list(self._unnamed.items()):
            if since < before:
                self._objects.delete(name)
                del self._unnamed[name]

    def evict(self) -> None:
        """Let the least used rows and large values go until the rest fits into the cache; an installation without an object store has none.

        What is not in the store stays: segments of before it was set stand in the folder alone.

        Raises:
            ObjectStoreError: it does not answer.
        """
        if self._objects is None:
            return
        now = time.monotonic()
        found = [(path, path.stat()) for path in self.local([""], time.time() + 1) if path.name.endswith((SUFFIX, PAYLOADS_SUFFIX))]
        size = sum(status.st_size for _, status in found)
        if size <= self._cache_bytes:
            return
        stored = {one.name for one in self._objects.list("")}
        found = [(path, status) for path, status in found if self._name(path) in stored]
        with self._lock:
            # What was not used since the start goes first, by its age.
            found.sort(key=lambda one: (self._used.get(self._name(one[0]), 0.0), one[1].st_mtime))
            for path, status in found:
                if size <= self._cache_bytes:
                    return
                if now - self._used.get(self._name(path), -self._rest_s) >= self._rest_s:
                    path.unlink(missing_ok=True)
                    self._used.pop(self._name(path), None)
                    size -= status.st_size

    @contextmanager
    def original(self, name: str) -> Generator[Path]:
        """Yield a file as it is in truth: of an object store, not what is kept of it here.

        Raises:
            FileNotFoundError: it is gone.
            ObjectStoreError: the object store does not answer.
        """
        if self._objects is None:
            path = self.folder / name
            path.stat()
            yield path
            return
        copy = self.folder / f".verify-{new_id()}.part"
        try:
            self._objects.get(name, copy)
            yield copy
        finally:
            copy.unlink(missing_ok=True)

    def old(self, places: Iterable[str], before: float) -> list[str]:
        """Return the names of the files below `places`, in truth, whose grace has been over since before `before`."""
        if self._objects is None:
            return [self._name(path) for path in self.local(places, before)]
        listed = (found.name for place in places for found in self._objects.list(place))
        return [name for name in listed if self._unnamed.get(name, before) < before]

    def _get(self, names: list[str]) -> None:
        if self._objects is None or not names:
            return
        if len(names) == 1:
            self._get_one(names[0])
            return
        with ThreadPoolExecutor(min(_AT_ONCE, len(names)), thread_name_prefix="segments") as pool:
            list(pool.map(self._get_one, names))

    def _get_one(self, name: str) -> None:
        if self._objects is not None:
            with suppress(FileNotFoundError):
                self._objects.get(name, self.folder / name)

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()


def segment_of(name: str) -> str:
    """Return the id of the segment that a file of this name belongs to."""
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def payloads_of(segment: Segment) -> str:
    """Return the name of the file with the large values of a segment's rows."""
    return _beside(segment, PAYLOADS_SUFFIX)


def _names(segment: Segment) -> tuple[str, ...]:
    return payloads_of(segment), segment.path, _beside(segment, INDEX_SUFFIX), _beside(segment, DIGEST_SUFFIX)


def _beside(segment: Segment, suffix: str) -> str:
    return f"{segment.path.rpartition('/')[0]}/{segment.id}{suffix}"
