"""What the files of a bookmark were like when it was made, so that a read can say which of them is another one now."""

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.errors import Problem
from flowyard.foundation.ids import new_id
from flowyard.wire.datastores import StoredFile

#: So many files that differ are named.
_NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMark:
    """A file: its path in the datastore, bytes and etag, and the SHA-256 of its content, where that was read once."""

    path: str
    bytes: int | None
    etag: str | None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of a bookmark, in order."""

    files: tuple[FileMark, ...]

    def weak(self) -> str:
        """Return the fingerprint over paths, sizes and etags: ``weak:<digest>``."""
        known = hashlib.sha256()
        for file in self.files:
            known.update(f"{file.path}\n{file.bytes}\n{file.etag}\n".encode())
        return f"weak:{known.hexdigest()}"

    def strong(self, names: dict[str, str]) -> str:
        """Return the fingerprint over names and contents, which that of an upload of the same files equals: ``strong:<digest>``.

        Args:
            names: the name of each path in the asset.
        """
        whole = hashlib.sha256()
        for name, digest in sorted((names[file.path], file.sha256) for file in self.files):
            whole.update(f"{name}\0{digest}\n".encode())
        return f"strong:{whole.hexdigest()}"

    def with_digests(self, digests: dict[str, str]) -> "Manifest":
        """Return it with the digests of some contents, by path."""
        return Manifest(tuple(replace(file, sha256=digests.get(file.path, file.sha256)) for file in self.files))


def marked(files: Iterable[StoredFile]) -> Manifest:
    """Return what files of a datastore are like now."""
    return Manifest(tuple(FileMark(path=file.path, bytes=file.bytes, etag=file.etag) for file in files))


@dataclass(frozen=True, slots=True)
class Difference:
    """A file that is not as it was: gone (`found` is None), new (`expected` is None), or another one."""

    expected: FileMark | None
    found: FileMark | None

    @property
    def path(self) -> str:
        """The file's path."""
        return (self.expected or self.found or FileMark(path="", bytes=None, etag=None)).path

    def problem(self) -> Problem:
        """Return which file it is, what was expected and what is there."""
        if self.expected is None:
            told = "is new"
        elif self.found is None:
            told = "is gone"
        else:
            told = f"expected {_told(self.expected, self.found)}, found {_told(self.found, self.expected)}"
        return Problem(code="FileChanged", title="The file changed", status=409, detail=f"{self.path!r}: {told}.")


def _told(mark: FileMark, other: FileMark) -> str:
    if mark.bytes != other.bytes:
        return f"{mark.bytes} bytes"
    if mark.sha256 is not None and other.sha256 is not None:
        return f"content sha256:{mark.sha256}"
    return f"etag {mark.etag}"


def differences(expected: Manifest, found: Manifest) -> list[Difference]:
    """Return where two manifests differ in paths, sizes or etags."""
    before, now = ({file.path: file for file in manifest.files} for manifest in (expected, found))
    changed = [Difference(before.get(path), now.get(path)) for path in dict.fromkeys([*before, *now]) if not _same(before, now, path)]
    return sorted(changed, key=lambda one: one.path)


def _same(before: dict[str, FileMark], now: dict[str, FileMark], path: str) -> bool:
    one, other = before.get(path), now.get(path)
    return one is not None and other is not None and (one.bytes, one.etag) == (other.bytes, other.etag)


def problems(changed: Sequence[Difference]) -> tuple[Problem, ...]:
    """Return what is said of differences: at most 20 files."""
    return tuple(difference.problem() for difference in changed[:_NAMED])


class Manifests:
    """Keeps manifests below a folder, a file for each bookmark.

    Args:
        root: the folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, workspace_id: str, uri: str, fingerprint: str) -> Manifest | None:
        """Return the manifest of a bookmark; None where none was kept."""
        try:
            return decode(self._path(workspace_id, uri, fingerprint).read_bytes(), Manifest)
        except FileNotFoundError:
            return None

    def write(self, workspace_id: str, uri: str, fingerprint: str, manifest: Manifest) -> None:
        """Keep the manifest of a bookmark, as a whole and durably."""
        path = self._path(workspace_id, uri, fingerprint)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{new_id()}")
        try:
            with draft.open("wb") as file:
                file.write(to_json(manifest))
                file.flush()
                os.fsync(file.fileno())
            draft.rename(path)
        finally:
            draft.unlink(missing_ok=True)

    def _path(self, workspace_id: str, uri: str, fingerprint: str) -> Path:
        name = hashlib.sha256("\n".join((uri, fingerprint)).encode()).hexdigest()
        return self._root / workspace_id / f"{name}.json"
