"""Azure ML's files of datastores and data assets: which keys they have, and what each means here."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from flowyard.client.applying.reading import Kind, Reading, text_of, texts_of
from flowyard.client.datastore_files import read_datastore_file
from flowyard.flows.format.document import Marked
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.data import DataAssetType
from flowyard.wire.datastores import DatastoreType, DatastoreWrite
from flowyard.wire.flows import Finding

_DATA: dict[str, Kind] = {
    "$schema": "text", "name": "text", "version": "text", "type": "text", "path": "text", "description": "text", "tags": "texts",
    "properties": "texts", "auto_delete_setting": "mapping",
}  # fmt: skip
_NOTES = {
    "properties": "Properties are not kept; tags are.",
    "auto_delete_setting": "Data assets are not deleted by themselves.",
}
_ADDRESSES = ("azureml:/", "http://", "https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatastoreFile:
    """A datastore as its file wants it."""

    write: DatastoreWrite
    notes: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """A version of a data asset as its file wants it: `path` is a file or folder of this machine, or where `is_address`, an address."""

    name: str
    path: str
    is_address: bool
    version: str | None = None
    type: DataAssetType | None = None
    description: str | None = None
    tags: dict[str, str]
    notes: tuple[Finding, ...] = ()


def kind_of(document: Marked, schema: str) -> str | None:
    """Return whether a file is of a ``datastore`` or of ``data``, by its schema (in small letters) or, without one, by its keys."""
    keys = document.mapping or {}
    said = text_of(keys.get("type"))
    if schema:
        return "data" if "/data.schema" in schema else ("datastore" if _is_datastore(schema) else None)
    if said in get_args(DatastoreType):
        return "datastore"
    return "data" if said in get_args(DataAssetType) and "path" in keys else None


def _is_datastore(schema: str) -> bool:
    return any(f"/{name}.schema" in schema for name in ("azureblob", "azuredatalakegen1", "azuredatalakegen2", "azurefile", "datastore"))


def datastore_file(reading: Reading, document: Marked, path: Path) -> DatastoreFile | None:
    """Read a datastore's file; ``${env:NAME}`` is read from the environment."""
    try:
        return DatastoreFile(write=read_datastore_file(path, os.environ))
    except InvalidInputError as error:
        pointer = (error.location.pointer or "").split("/") if error.location else []
        entry = (document.mapping or {}).get(pointer[1]) if len(pointer) > 1 else None
        reading.wrong(entry.value.place if entry else document.place, "DatastoreInvalid", error.message, error.remedy)
        return None


def data_file(reading: Reading, document: Marked, folder: Path) -> DataFile | None:
    """Read a data asset's file, which is in `folder`: relative paths start there."""
    found = reading.keys(document, _DATA)
    for key, message in _NOTES.items():
        reading.note(found.get(key), message)
    name, path, kind = text_of(found.get("name")), text_of(found.get("path")), text_of(found.get("type"))
    for key, value in (("name", name), ("path", path)):
        if value is None:
            reading.wrong(document.place, "KeyMissing", f"The file has no {key}.", f"Write {key}:.")
    if kind is not None and kind not in get_args(DataAssetType):
        reading.wrong(found["type"].value.place, "WrongValue", f"type is {kind!r}.", f"Write one of {', '.join(get_args(DataAssetType))}.")
    if name is None or path is None:
        return None
    is_address = path.startswith(_ADDRESSES)
    place = path if is_address else str(folder / Path(path.removeprefix("file://")).expanduser())
    if not is_address and not Path(place).exists():
        reading.wrong(
            found["path"].value.place, "PathNotFound", f"path names {path!r}, which is not there.", "Give its path from this file's folder."
        )
        return None
    return DataFile(
        name=name,
        path=place,
        is_address=is_address,
        version=text_of(found.get("version")),
        type=cast("DataAssetType | None", kind),
        description=text_of(found.get("description")),
        tags=texts_of(found.get("tags")),
        notes=tuple(reading.notes),
    )
