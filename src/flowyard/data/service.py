"""Data assets: making versions, finding them, looking into them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flowyard.data.bookmarks import Bookmark, Bookmarks, is_bookmark
from flowyard.data.errors import DataAssetExistsError, DataAssetNotFoundError, DataError
from flowyard.data.lineage.model import Made, Thing, edges_by, place
from flowyard.data.model import DataAssetRecord
from flowyard.data.pins import pinned, unpinned
from flowyard.data.ports import DataAssetStore, DataFiles
from flowyard.data.rows import open_data
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.errors import FlowyardError, InvalidInputError, Location
from flowyard.foundation.ids import new_id
from flowyard.foundation.references import Reference, parse_reference
from flowyard.identity.audit import audit_record
from flowyard.identity.model import Caller
from flowyard.wire.data import DataAsset, DataAssetCreate, DataAssetType
from flowyard.wire.runs import DataUpload

KIND = "data"
UPLOAD_PREFIX = "upload:"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,29}")


@dataclass(frozen=True, slots=True)
class _Files:
    """Where a version's files are, what tells them from others, and how much they are."""

    reference: str
    fingerprint: str
    bytes: int
    files: int
    rows: int | None = None


class DataService:
    """Makes, lists and reads data assets, within the caller's workspace."""

    def __init__(self, store: DataAssetStore, files: DataFiles, bookmarks: Bookmarks) -> None:
        self._store = store
        self._files = files
        self._bookmarks = bookmarks

    @property
    def files(self) -> DataFiles:
        """Where the files of assets are kept."""
        return self._files

    def list(self, caller: Caller, *, archived: bool = False) -> tuple[DataAsset, ...]:
        """Return the latest version of each asset, the one that was made last first."""
        records = self._store.versions(caller.workspace_id)
        counts = Counter(record.name for record in records)
        latest: dict[str, DataAssetRecord] = {}
        for record in records:
            latest.setdefault(record.name, record)
        return tuple(to_wire(record, counts[record.name]) for record in latest.values() if record.archived == archived)

    def references(self, workspace_id: str) -> set[str]:
        """Return where the files of all versions of all assets are, and the code that made them, archived ones included."""
        records = self._store.versions(workspace_id)
        return {record.reference for record in records} | {str(code) for record in records if (code := record.origin.get("code"))}

    def versions(self, caller: Caller, name: str) -> tuple[DataAsset, ...]:
        """Return all versions of an asset, the latest first.

        Raises:
            DataAssetNotFoundError: there is no such asset.
        """
        found = self._all(caller.workspace_id, name)
        return tuple(to_wire(record, len(found)) for record in found)

    def get(self, caller: Caller, name: str, version: str) -> DataAsset:
        """Return one version, or with ``latest`` the one that was made last.

        Raises:
            DataAssetNotFoundError: there is no such asset or version.
        """
        found = self._all(caller.workspace_id, name)
        return to_wire(self._pick(found, Reference(name=name, version=version)), len(found))

    def create(self, caller: Caller, written: DataAssetCreate) -> DataAsset:
        """Make a version of uploaded data, or a bookmark of what is in a datastore.

        Raises:
            DataAssetExistsError: the version is there.
            InvalidInputError: name, version or type is not valid.
            UploadNotFoundError: the workspace has no such upload.
            DatastoreNotFoundError, StoredFileNotFoundError, StoreAccessError, StoreUnavailableError: there is no such file.
        """
        if (written.upload is None) == (written.path is None):
            raise InvalidInputError("A version is made of an upload or of a path.", remedy="Give one of `upload` and `path`.")
        if written.path is not None:
            strong = written.fingerprint == "strong"
            return self._bookmark(caller, written, self._bookmarks.look(caller.workspace_id, written.path, strong=strong))
        upload = str(written.upload)
        path = self._files.path(caller.workspace_id, upload)
        kind = written.type or ("uri_folder" if path.is_dir() else "uri_file")
        if (kind == "uri_file") != path.is_file():
            raise InvalidInputError(
                f"The upload is {'one file' if path.is_file() else 'a folder'}, and the type {kind} is not.",
                remedy="Leave the type out, or upload what it says.",
                location=Location(pointer="/type"),
            )
        return self.keep(caller, written, uploaded_size(upload, path), {"kind": "upload"}, kind=kind)

    def _bookmark(self, caller: Caller, written: DataAssetCreate, found: Bookmark) -> DataAsset:
        if written.type is not None and written.type != found.kind and (written.type, found.kind) != ("mltable", "uri_folder"):
            raise InvalidInputError(
                f"At {found.uri} is a {'file' if found.kind == 'uri_file' else 'folder'}, and the type {written.type} is not.",
                remedy="Leave the type out, or name what it says.",
                location=Location(pointer="/type"),
            )
        origin = {"kind": "datastore", "path": found.uri}
        made = Made(activity="bookmark", sources=(place(found.uri),), parameters={"path": found.uri})
        files = _Files(found.uri, found.fingerprint, found.bytes, found.files)
        return self._keep(caller, written, files, origin, written.type or found.kind, made)

    def keep(
        self,
        caller: Caller,
        about: DataAssetCreate,
        upload: DataUpload,
        origin: dict[str, Any],
        *,
        kind: DataAssetType = "uri_file",
        rows: int | None = None,
        made: Made | None = None,
    ) -> DataAsset:
        """Make a version of files that are kept already, with where they came from; `made` goes into its lineage.

        Raises:
            DataAssetExistsError: the version is there.
            InvalidInputError: name or version is not valid.
        """
        fingerprint = upload.reference.removeprefix(UPLOAD_PREFIX).partition("/")[0]
        counted = rows if rows is not None else _counted(self._files.path(caller.workspace_id, upload.reference))
        files = _Files(upload.reference, fingerprint, upload.bytes, upload.files, counted)
        return self._keep(caller, about, files, origin, kind, made)

    def _keep(
        self,
        caller: Caller,
        about: DataAssetCreate,
        files: _Files,
        origin: dict[str, Any],
        kind: DataAssetType,
        made: Made | None,
    ) -> DataAsset:
        _check_names(about.name, about.version)
        record = DataAssetRecord(
            id=new_id(),
            workspace_id=caller.workspace_id,
            name=about.name,
            version=about.version or "",
            type=kind,
            reference=files.reference,
            fingerprint=files.fingerprint,
            bytes=files.bytes,
            files=files.files,
            rows=files.rows,
            description=about.description or None,
            tags=about.tags,
            origin=origin,
            created_ns=now_ns(),
            created_by=caller.actor,
        )
        record, present = self._add(caller, record, made)
        return to_wire(record, present + 1)

    def _add(self, caller: Caller, record: DataAssetRecord, made: Made | None) -> tuple[DataAssetRecord, int]:
        """Add a record, under the next number where it has no version, and return it with how many versions were there."""
        given = bool(record.version)
        while True:
            present = self._store.versions(caller.workspace_id, record.name)
            record = record if given else replace(record, version=_next_version(present))
            try:
                audit = audit_record(caller, "data.create", f"data/{record.name}/{record.version}")
                self._store.add(record, audit, edges_by(caller, Thing("data", record.name, record.version), made))
            except DataAssetExistsError:
                if given:
                    raise
                continue  # somebody else was first with this number
            return record, len(present)

    def check_names(self, caller: Caller, name: str, version: str | None) -> None:
        """Look whether a version of that name could be made: for work that makes one only at its end.

        Raises:
            InvalidInputError: name or version is not valid.
            DataAssetExistsError: the version is there.
        """
        _check_names(name, version)
        if version is not None and any(record.version == version for record in self._store.versions(caller.workspace_id, name)):
            raise DataAssetExistsError(
                f"There is a version {version!r} of {name!r} already, and versions never change.",
                remedy="Leave the version out: the next whole number is taken.",
            )

    def made_by_job(self, caller: Caller, name: str, job_id: str) -> DataAsset | None:
        """Return the version of an asset whose origin names a job, if any: a job that runs again does not make another one."""
        found = self._store.versions(caller.workspace_id, name)
        return next((to_wire(record, len(found)) for record in found if record.origin.get("job") == job_id), None)

    def set_archived(self, caller: Caller, name: str, *, archived: bool) -> None:
        """Archive an asset with all its versions, or restore it. What refers to it goes on working.

        Raises:
            DataAssetNotFoundError: there is no such asset.
        """
        audit = audit_record(caller, "data.archive" if archived else "data.restore", f"data/{name}")
        if not self._store.archive(caller.workspace_id, name, archived=archived, audit=audit):
            raise _missing(name)

    def latest(self, caller: Caller, name: str) -> DataAsset | None:
        """Return the version of an asset that was made last; None where there is no such asset."""
        found = self._store.versions(caller.workspace_id, name)
        return to_wire(found[0], len(found)) if found else None

    def record(self, workspace_id: str, reference: Reference) -> DataAssetRecord:
        """Return the version that a reference names.

        Raises:
            DataAssetNotFoundError: there is no such asset or version.
        """
        return self._pick(self._all(workspace_id, reference.name), reference)

    def path(self, workspace_id: str, reference: Reference) -> Path:
        """Return the file or folder of the version that a reference names; that of a bookmark is fetched for it.

        Raises:
            DataAssetNotFoundError: there is no such asset or version.
            DataChangedError: the files of a bookmark are others now.
            StoredFileNotFoundError, StoreAccessError, StoreUnavailableError: they cannot be had.
        """
        record = self.record(workspace_id, reference)
        if is_bookmark(record.reference):
            return self._bookmarks.path(workspace_id, record.reference, record.fingerprint)
        return self._files.path(workspace_id, record.reference)

    def pin(self, workspace_id: str, text: str, *, addresses: bool = False) -> str:
        """Return what names this very data for ever: of an asset, its version in place of a label; of an address, where `addresses` may be,
        it and the fingerprint of what is there.

        Raises:
            DataAssetNotFoundError, UploadNotFoundError, DataError: as `resolve`.
            DatastoreNotFoundError, StoredFileNotFoundError, StoreAccessError, StoreUnavailableError, StoreRefusedError: of an address.
        """
        if text.startswith(UPLOAD_PREFIX):
            return text
        if addresses and is_bookmark(text):
            address, fingerprint = unpinned(text)
            if fingerprint:
                return text
            found = self._bookmarks.look(workspace_id, address)
            return pinned(found.uri, found.fingerprint)
        reference = _reference(text)
        record = self._pick(self._all(workspace_id, reference.name), reference)
        return f"azureml:{record.name}:{record.version}"

    def resolve(self, workspace_id: str, text: str) -> Path:
        """Return the file or folder that ``upload:<digest>``, ``azureml:<name>:<version>``, ``data/<name>/<version>`` or a pinned address
        names.

        Raises:
            DataAssetNotFoundError, UploadNotFoundError: there is none.
            DataError: it names something else; files of the server's machine are not for its callers.
            DataChangedError, StoredFileNotFoundError, StoreAccessError, StoreUnavailableError: of an address, as `path`.
        """
        if text.startswith(UPLOAD_PREFIX):
            return self._files.path(workspace_id, text)
        address, fingerprint = unpinned(text)
        if fingerprint is not None:
            return self._bookmarks.path(workspace_id, address, fingerprint)
        return self.path(workspace_id, _reference(text))

    def _all(self, workspace_id: str, name: str) -> Sequence[DataAssetRecord]:
        found = self._store.versions(workspace_id, name)
        if not found:
            raise _missing(name)
        return found

    def _pick(self, found: Sequence[DataAssetRecord], reference: Reference) -> DataAssetRecord:
        version = reference.version or reference.label or "latest"
        for record in found:
            if version in {record.version, "latest"}:
                return record
        known = ", ".join(record.version for record in found[:10])
        raise DataAssetNotFoundError(f"The data asset {reference.name!r} has no version {version!r}.", remedy=f"It has: {known}.")


def _reference(text: str) -> Reference:
    try:
        reference = parse_reference(text, kind=KIND)
    except InvalidInputError:
        reference = None
    if reference is None or reference.kind != KIND:
        raise DataError(
            f"The data {text[:200]!r} is neither an upload nor a data asset.",
            remedy="Write azureml:<name>:<version>, or upload a file: `flowyard run create --data FILE` does that. "
            "Of files in a datastore make a data asset: flowyard data create NAME azureml://datastores/<name>/paths/<path>.",
        )
    return reference


def uploaded_size(reference: str, path: Path) -> DataUpload:
    """Return what is known of an upload that is at `path`."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return DataUpload(reference=reference, bytes=sum(file.stat().st_size for file in files), files=len(files))


def to_wire(record: DataAssetRecord, versions: int) -> DataAsset:
    """Return a version as the API shows it."""
    return DataAsset(
        name=record.name,
        version=record.version,
        type=record.type,
        reference=f"azureml:{record.name}:{record.version}",
        fingerprint=record.fingerprint,
        bytes=record.bytes,
        files=record.files,
        rows=record.rows,
        description=record.description,
        tags=record.tags,
        origin=record.origin,
        archived=record.archived,
        created_at=to_rfc3339(record.created_ns),
        created_by=record.created_by,
        versions=versions,
    )


def _next_version(present: Iterable[DataAssetRecord]) -> str:
    return str(max((int(record.version) for record in present if record.version.isdecimal()), default=0) + 1)


def _counted(path: Path) -> int | None:
    """Return how many rows there are, where the files hold rows and that is cheap to know."""
    try:
        return open_data(path).count()
    except FlowyardError:
        return None


def _check_names(name: str, version: str | None) -> None:
    _check("name", name, _NAME, "Use letters, digits and ._-, at most 100, beginning with a letter or digit.")
    if version is not None:
        _check("version", version, _VERSION, "Use letters, digits and ._-, at most 30, for instance 3, or leave it out.")


def _check(field: str, text: str, form: re.Pattern[str], remedy: str) -> None:
    if not form.fullmatch(text):
        raise InvalidInputError(f"{text[:120]!r} is no {field} of a data asset.", remedy=remedy, location=Location(pointer=f"/{field}"))


def _missing(name: str) -> DataAssetNotFoundError:
    return DataAssetNotFoundError(f"There is no data asset {name!r}.", remedy="List them with: flowyard data list")
