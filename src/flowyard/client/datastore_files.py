"""Reads datastores from YAML, in Azure ML's format (``azureBlob.schema.json`` and the like)::

name: papers
type: azure_blob            # or azure_data_lake_gen2, aws_s3, http, local_folder
account_name: mystorage
container_name: papers
credentials:
  account_key: ${env:STORAGE_KEY}
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast, get_args

import yaml

from flowyard.foundation.errors import InvalidInputError, Location, nearest
from flowyard.wire.datastores import DatastoreType, DatastoreWrite

_ENVIRONMENT = re.compile(r"\$\{env:([^}]*)\}")
_TOP = frozenset({"$schema", "name", "type", "description", "tags", "credentials"})


def read_datastore_file(path: Path, environment: Mapping[str, str], *, name: str | None = None) -> DatastoreWrite:
    """Read a datastore; ``${env:NAME}`` in values is replaced from `environment`, `name` replaces the file's own.

    Which keys a type has, the server knows: all but those that every datastore has are sent as they are.

    Raises:
        InvalidInputError: the file cannot be read, is no mapping, or has a value that is no text; the location names the key.
    """
    said = _mapping(path)

    def text(key: str, value: Any) -> str:
        if isinstance(value, bool | int | float):
            return str(value).lower() if isinstance(value, bool) else str(value)
        if not isinstance(value, str):
            raise _wrong(path, key, f"{key!r} is {type(value).__name__}, expected a text.", "Write one value.")
        for found in _ENVIRONMENT.findall(value):
            if found not in environment:
                raise _wrong(path, key, f"The environment has no variable {found!r}.", "Set it, or write the value.")
        return _ENVIRONMENT.sub(lambda found: environment[found[1]], value)

    def texts(key: str, value: Any) -> dict[str, str]:
        if not isinstance(value, dict | None):
            raise _wrong(path, key, f"{key!r} is {type(value).__name__}, expected a mapping.", "Write it as key: value lines.")
        return {str(inner): text(f"{key}/{inner}", item) for inner, item in cast("dict[Any, Any]", value or {}).items() if item is not None}

    kinds = get_args(DatastoreType)
    kind = next((known for known in kinds if known == said.get("type")), None)
    if kind is None:
        near = nearest(str(said.get("type")), list(kinds))
        remedy = f"Did you mean {near!r}?" if near else f"The types are: {', '.join(kinds)}."
        raise _wrong(path, "type", f"There is no type {said.get('type')!r} of datastore.", remedy)
    chosen = name or text("name", said.get("name") or "")
    if not chosen:
        raise _wrong(path, "name", "The datastore has no name.", "Add 'name:', or give --name.")
    return DatastoreWrite(
        name=chosen,
        type=kind,
        description=text("description", said["description"]) if said.get("description") is not None else None,
        tags=texts("tags", said.get("tags")),
        configs={key: text(key, value) for key, value in said.items() if key not in _TOP and value is not None},
        secrets=texts("credentials", said.get("credentials")),
    )


def _mapping(path: Path) -> dict[str, Any]:
    try:
        found: Any = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"The file {str(path)!r} cannot be read: {error}.", remedy="Check the path.") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        place = Location(file=str(path), line=line)
        raise InvalidInputError(f"The file is no YAML: {error.problem}.", remedy="Correct it there.", location=place) from error
    if not isinstance(found, dict):
        raise InvalidInputError(
            "The file has to be a mapping with 'name' and 'type'.", remedy="See docs/data.md.", location=Location(file=str(path), line=1)
        )
    return {str(key): value for key, value in cast("dict[Any, Any]", found).items()}


def _wrong(path: Path, key: str, message: str, remedy: str) -> InvalidInputError:
    return InvalidInputError(message, remedy=remedy, location=Location(file=str(path), pointer=f"/{key}"))
