"""Data assets: named data in versions that never change."""

from dataclasses import dataclass, field
from typing import Any, Literal

DataAssetType = Literal["uri_file", "uri_folder", "mltable"]
TraceRowForm = Literal["columns", "chat"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAsset:
    """One version of a data asset.

    `reference` is how runs name it (``azureml:<name>:<version>``), `fingerprint` the SHA-256 over its files' names and contents; of a
    bookmark ``weak:`` and that over their names, sizes and etags, or ``strong:`` and that over names and contents. `rows` is None where
    they were not counted, `origin` what it was made from (kind ``upload``, ``datastore``, ``traces``, ``collected``, ``transform``,
    ``split`` or ``import`` and its details).
    """

    name: str
    version: str
    type: DataAssetType
    reference: str
    fingerprint: str
    bytes: int
    files: int
    rows: int | None
    description: str | None
    tags: dict[str, str]
    origin: dict[str, Any]
    archived: bool
    created_at: str
    created_by: str
    versions: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAssetCreate:
    """Make a version from data that was uploaded (`upload`, of ``POST /runs/data``), or of what is in a datastore (`path`,
    ``azureml://datastores/<name>/paths/<path>``), which is not copied. Without `version` it is the next whole number.
    With `fingerprint` ``strong`` all of what is at `path` is read once, and its contents are what is compared later.
    """

    name: str
    upload: str | None = None
    path: str | None = None
    fingerprint: Literal["weak", "strong"] = "weak"
    version: str | None = None
    type: DataAssetType | None = None
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFromTraces:
    """Make a version with a row for each trace that is chosen: by `trace_ids`, or by `q`, `since` and `until` as the list of traces does.

    `form` ``columns``: the inputs as columns, ``output`` (or one ``output.<name>`` for each of several), scores and ids. ``chat``: one
    ``messages`` list a row, as fine-tuning takes it.
    """

    name: str
    trace_ids: tuple[str, ...] = ()
    q: str | None = None
    since: str | None = None
    until: str | None = None
    limit: int = 1000
    form: TraceRowForm = "columns"
    version: str | None = None
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFromTracesPreview:
    """The first rows of a version before it is made of traces. So many `traces` are found, or with `more` more than these."""

    rows: tuple[dict[str, Any], ...]
    traces: int
    more: bool
