"""The history of authoring folders: what a flow's files were, and who changed them.

A version is a list of files by the SHA-256 of their contents; each content is kept once. Versions lie beside the flows, in
``<root>/<workspace>/history/<flow>/``: ``versions/<id>.json``, whose ids are in the order of time, and ``objects/<sha256>``.
"""

import os
import shutil
import threading
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from flowyard.flows.authoring import FILE_LIMIT, etag
from flowyard.flows.folders import inside
from flowyard.flows.watching import Listing
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.errors import NotFoundError, nearest
from flowyard.foundation.ids import new_id
from flowyard.wire.flow_history import FileChangeKind, FlowDiff, FlowFileChange, FlowFileDiff, FlowVersion
from flowyard.wire.flows import FlowFile

#: Edits of one author within this time are one version, but for what a flow began with.
TOGETHER_NS = 5 * 60 * 10**9
#: How many versions without a name a flow keeps; older ones go.
MOST_VERSIONS = 200
_SLACK = 20
_MOST_LISTINGS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRecord:
    """A version as it is kept; `files`: etag and bytes by path."""

    id: str
    created_ns: int
    changed_ns: int
    author: str | None
    name: str | None
    restored: str | None
    files: dict[str, tuple[str, int]]


class FlowHistory:
    """The versions of flows. Blocks. Several server processes may share the folders.

    Args:
        root: the folder of all workspaces.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._listings: dict[Path, Listing] = {}

    def take(self, folder: Path, author: str | None, *, restored: str | None = None) -> VersionRecord:
        """Return the version of what is in a flow's folder now; a new one when the last is not that.

        Args:
            folder: the flow's authoring folder.
            author: who made what is new in it; None: it was made on disk.
            restored: the version that was brought back.
        """
        with self._lock:
            files = self._kept(folder)
            last = self._last(folder)
            if last is not None and last.files == files:
                return last
            now = now_ns()
            goes_on = last is not None and last.author == author and last.name is None and restored is None and last.restored is None
            # What a flow began with stays a version: what was made of a template or imported can be compared and brought back.
            base = self.before(folder, last.id) if last is not None and goes_on else None
            if last is not None and base is not None and now - last.created_ns < TOGETHER_NS:
                return self._go_on(folder, replace(last, files=files, changed_ns=now), base)
            made = VersionRecord(id=new_id(), created_ns=now, changed_ns=now, author=author, name=None, restored=restored, files=files)
            self._save(folder, made)
            self._prune(folder)
            return made

    def take_if_there(self, folder: Path) -> None:
        """Keep what was changed on disk in a flow's folder, if that is still there."""
        if folder.is_dir():
            self.take(folder, None)

    def versions(self, folder: Path) -> tuple[FlowVersion, ...]:
        """Return the versions of the flow in `folder`, the newest first."""
        records = [self._read(path) for path in self._paths(folder)]
        before = [{}, *(record.files for record in records)]
        return tuple(reversed([_shown(record, old) for record, old in zip(records, before, strict=False)]))

    def get(self, folder: Path, version: str) -> VersionRecord:
        """Return one version.

        Raises:
            NotFoundError: there is none of this id.
        """
        path = self._home(folder) / "versions" / f"{version}.json"
        if not version.replace("-", "").isalnum() or not path.is_file():
            near = nearest(version, [found.stem for found in self._paths(folder)])
            raise NotFoundError(
                f"The flow {folder.name!r} has no version {version!r}.",
                remedy=f"Did you mean {near!r}?" if near else "See them under History, or by: flowyard flow history",
            )
        return self._read(path)

    def shown(self, folder: Path, version: str) -> FlowVersion:
        """Return one version with what it changed (NotFoundError: there is none of this id)."""
        record, base = self.get(folder, version), self.before(folder, version)
        return _shown(record, base.files if base is not None else {})

    def before(self, folder: Path, version: str) -> VersionRecord | None:
        """Return the version before this one, if there is one."""
        older = [path for path in self._paths(folder) if path.stem < version]
        return self._read(older[-1]) if older else None

    def name(self, folder: Path, version: str, name: str | None) -> FlowVersion:
        """Name a version, so that it is kept for good (NotFoundError: there is none of this id)."""
        with self._lock:
            self._save(folder, replace(self.get(folder, version), name=name))
        return self.shown(folder, version)

    def diff(self, folder: Path, version: VersionRecord, base: VersionRecord | None) -> FlowDiff:
        """Return what differs from `base` to `version`."""
        old = base.files if base is not None else {}
        changes = _changes(old, version.files)
        files = tuple(
            FlowFileDiff(
                path=change.path,
                change=change.change,
                before=self._text(folder, old.get(change.path)),
                after=self._text(folder, version.files.get(change.path)),
            )
            for change in changes
        )
        return FlowDiff(base=base.id if base is not None else None, version=version.id, files=files)

    def contents(self, folder: Path, version: VersionRecord) -> dict[str, bytes | None]:
        """Return the contents of a version's files by path; None for one that was too large to be kept."""
        return {path: self._content(folder, kept[0]) for path, kept in version.files.items()}

    def rename(self, folder: Path, to: Path) -> None:
        """Keep the versions of a flow's folder that got another name."""
        home = self._home(folder)
        if home.is_dir():
            shutil.rmtree(self._home(to), ignore_errors=True)
            home.rename(self._home(to))

    def forget(self, folder: Path) -> None:
        """Delete the versions of a flow that is deleted."""
        shutil.rmtree(self._home(folder), ignore_errors=True)

    def _home(self, folder: Path) -> Path:
        return self._root / folder.parent.parent.name / "history" / folder.name

    def _paths(self, folder: Path) -> list[Path]:
        return sorted((self._home(folder) / "versions").glob("*.json"))

    def _last(self, folder: Path) -> VersionRecord | None:
        paths = self._paths(folder)
        return self._read(paths[-1]) if paths else None

    def _read(self, path: Path) -> VersionRecord:
        return decode(path.read_bytes(), VersionRecord)

    def _save(self, folder: Path, record: VersionRecord) -> VersionRecord:
        _put(self._home(folder) / "versions" / f"{record.id}.json", to_json(record))
        return record

    def _go_on(self, folder: Path, record: VersionRecord, base: VersionRecord) -> VersionRecord:
        """Save a version that goes on from `base`; one that took all back that it had changed is none."""
        if base.files != record.files:
            return self._save(folder, record)
        (self._home(folder) / "versions" / f"{record.id}.json").unlink(missing_ok=True)
        return base

    def _kept(self, folder: Path) -> dict[str, tuple[str, int]]:
        """Keep the contents of the files that are there now, and return what they are."""
        if len(self._listings) > _MOST_LISTINGS:
            self._listings.clear()
        listing = self._listings.setdefault(folder, Listing(folder))
        objects = self._home(folder) / "objects"
        # Their names at once: a flow may have a thousand files, and another process may have deleted some.
        known = {kept.name for kept in objects.iterdir()} if objects.is_dir() else set[str]()
        return {file.path: self._keep(folder, file, known) for file in listing.read()}

    def _keep(self, folder: Path, file: FlowFile, known: set[str]) -> tuple[str, int]:
        if file.bytes > FILE_LIMIT or file.etag in known:
            return file.etag, file.bytes
        try:
            content = inside(folder, file.path).read_bytes()
        except OSError:  # it went meanwhile; the next look sees that
            return file.etag, file.bytes
        _put(self._object(folder, etag(content)), content)
        return etag(content), len(content)

    def _object(self, folder: Path, tag: str) -> Path:
        return self._home(folder) / "objects" / tag

    def _content(self, folder: Path, tag: str) -> bytes | None:
        try:
            return self._object(folder, tag).read_bytes()
        except FileNotFoundError:
            return None

    def _text(self, folder: Path, kept: tuple[str, int] | None) -> str | None:
        content = self._content(folder, kept[0]) if kept is not None else None
        try:
            return content.decode("utf-8") if content is not None else None
        except UnicodeDecodeError:
            return None

    def _prune(self, folder: Path) -> None:
        """Delete the oldest versions without a name, and the contents that no version has any more."""
        paths = self._paths(folder)
        if len(paths) <= MOST_VERSIONS + _SLACK:
            return
        records = [self._read(path) for path in paths]
        unnamed = [record.id for record in records if record.name is None]
        gone = set(unnamed[:-MOST_VERSIONS])
        if len(gone) < _SLACK:
            return
        used = {kept[0] for record in records if record.id not in gone for kept in record.files.values()}
        for version in gone:
            (self._home(folder) / "versions" / f"{version}.json").unlink(missing_ok=True)
        for content in (self._home(folder) / "objects").iterdir():
            if content.name not in used:
                content.unlink(missing_ok=True)


def _put(file: Path, content: bytes) -> None:
    """Write a file in one step."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{uuid.uuid4().hex}.tmp~")
    try:
        with fresh.open("wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def _changes(old: dict[str, tuple[str, int]], new: dict[str, tuple[str, int]]) -> Iterable[FlowFileChange]:
    for path in sorted(old.keys() | new.keys()):
        if old.get(path) != new.get(path):
            kind: FileChangeKind = "added" if path not in old else "removed" if path not in new else "changed"
            yield FlowFileChange(path=path, change=kind)


def _shown(record: VersionRecord, old: dict[str, tuple[str, int]]) -> FlowVersion:
    return FlowVersion(
        id=record.id,
        created_at=to_rfc3339(record.created_ns),
        changed_at=to_rfc3339(record.changed_ns),
        author=record.author,
        name=record.name,
        restored_from=record.restored,
        files=tuple(FlowFile(path=path, bytes=kept[1], etag=kept[0]) for path, kept in sorted(record.files.items())),
        changes=tuple(_changes(old, record.files)),
    )
