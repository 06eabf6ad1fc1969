"""Brings datastores and data assets to what their files say."""

from typing import TYPE_CHECKING

from flowyard.client.applying.data_files import DataFile, DatastoreFile
from flowyard.client.applying.errors import ApplyFailedError
from flowyard.client.applying.model import Applied, shown
from flowyard.foundation.datastore_uris import parse_datastore_uri
from flowyard.foundation.errors import RemoteError
from flowyard.wire.data import DataAsset, DataAssetCreate

if TYPE_CHECKING:
    from flowyard.client.workspace import Workspace


def apply_datastore(ws: "Workspace", wanted: DatastoreFile, *, dry_run: bool) -> Applied:
    """Make or replace a datastore. Secrets are compared at the server, where nobody reads them; a dry run leaves them out."""
    write = wanted.write
    present = next((item for item in ws.datastores.list() if item.name == write.name), None)
    if present is None:
        if not dry_run:
            ws.datastores.create(write)
        return Applied(kind="datastore", name=write.name, action="created", notes=wanted.notes)
    pairs = {
        "type": (present.type, write.type),
        "description": (present.description, write.description),
        "tags": (present.tags, write.tags),
        "credentials": (present.secrets, tuple(sorted(write.secrets))),
    }
    pairs |= {key: (present.configs.get(key), write.configs.get(key)) for key in sorted({*present.configs, *write.configs})}
    changes = tuple(f"{key}: {shown(old)} \u2192 {shown(new)}" for key, (old, new) in pairs.items() if old != new)
    if not dry_run:
        made = ws.datastores.replace(write)
        if made.updated_at != present.updated_at and not changes:
            changes = ("credentials: other values",)
    return Applied(kind="datastore", name=write.name, action="updated" if changes else "unchanged", changes=changes, notes=wanted.notes)


def apply_data(ws: "Workspace", wanted: DataFile, *, dry_run: bool) -> Applied:
    """Make a version of a data asset, unless it is there: the version of the file, or without one, the latest with the same data.

    Raises:
        ApplyFailedError: the version is there with other data; versions never change.
    """
    present = _present(ws, wanted)
    upload = None if wanted.is_address or dry_run else ws.data.upload(wanted.path)
    same = present is not None and (dry_run or _is_same(ws, present, wanted, upload))
    if present is not None and same:
        return Applied(kind="data", name=f"{wanted.name}:{present.version}", action="unchanged", notes=wanted.notes)
    if present is not None and wanted.version is not None:
        raise ApplyFailedError(
            f"The version {wanted.version!r} of the data asset {wanted.name!r} is there with other data, and versions never change.",
            remedy="Write another version in the file, or leave it out.",
        )
    name = wanted.name if wanted.version is None else f"{wanted.name}:{wanted.version}"
    if dry_run:
        return Applied(kind="data", name=name, action="created", notes=wanted.notes)
    body = DataAssetCreate(
        name=wanted.name,
        upload=upload,
        path=wanted.path if wanted.is_address else None,
        version=wanted.version,
        type=wanted.type,
        description=wanted.description,
        tags=wanted.tags,
    )
    made = ws.transport.post("data", DataAsset, body=body)
    return Applied(kind="data", name=f"{made.name}:{made.version}", action="created", notes=wanted.notes)


def _present(ws: "Workspace", wanted: DataFile) -> DataAsset | None:
    try:
        return ws.data.get(wanted.name, wanted.version or "latest")
    except RemoteError as error:
        if error.remote.status != 404:
            raise
        return None


def _is_same(ws: "Workspace", present: DataAsset, wanted: DataFile, upload: str | None) -> bool:
    if upload is not None:
        return upload.removeprefix("upload:").partition("/")[0] == present.fingerprint
    address = wanted.path if wanted.path.startswith("http") else str(parse_datastore_uri(wanted.path))
    if present.origin.get("path") != address:
        return False
    try:
        ws.data.preview(present.name, present.version, limit=1)
    except RemoteError as error:  # what cannot be looked into may be the same
        return error.remote.code != "DataChanged"
    return True
