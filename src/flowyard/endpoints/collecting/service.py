"""Collected data as routes ask for it: what there is, as a file, as a data asset."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flowyard.data.lineage.model import Made, Thing
from flowyard.data.service import DataService
from flowyard.endpoints.collecting import rows as rendering
from flowyard.endpoints.collecting.ports import CollectedQueries, Wanted
from flowyard.endpoints.online.ports import EndpointStore
from flowyard.foundation.clock import to_rfc3339
from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.identity.model import Caller
from flowyard.tracing.guarding import Guards
from flowyard.tracing.signals import LogRecord
from flowyard.wire.collected_data import CollectedAsset, CollectedData, CollectedForm, CollectedFormat
from flowyard.wire.data import DataAsset, DataAssetCreate

#: The most records that one file, or one version of an asset, is made of.
LIMIT = 100_000
MEDIA_TYPES: dict[CollectedFormat, str] = {"jsonl": "application/jsonl", "parquet": "application/vnd.apache.parquet"}
_FILE = "collected.jsonl"


@dataclass(slots=True)
class _Sum:
    records: int = 0
    rows: int = 0
    first_ns: int = 0
    last_ns: int = 0


class CollectedService:
    """Reads what deployments of the caller's workspace collected."""

    def __init__(self, queries: CollectedQueries, store: EndpointStore, data: DataService, guards: Guards) -> None:
        self._queries = queries
        self._guards = guards
        self._store = store
        self._data = data

    def list(self, caller: Caller, wanted: Wanted) -> tuple[CollectedData, ...]:
        """Return what each collection of each deployment holds, by their names."""
        sums: dict[tuple[str, str], _Sum] = {}
        dropped: dict[tuple[str, str], dict[str, int]] = {}
        for record in self._queries.collected(caller.workspace_id, wanted):
            key = ((record.service or "").partition("/")[2], record.logger or "")
            found = sums.setdefault(key, _Sum(first_ns=record.at_ns))
            held = int(record.attributes.get("rows") or 0)
            found.records += held > 0
            found.rows += held
            found.first_ns, found.last_ns = min(found.first_ns, record.at_ns), max(found.last_ns, record.at_ns)
            told: dict[str, int] = record.attributes.get("dropped") or {}
            for reason, count in told.items():
                of = dropped.setdefault(key, {})
                of[reason] = of.get(reason, 0) + int(count)
        return tuple(
            CollectedData(
                deployment=key[0],
                collection=key[1],
                records=found.records,
                rows=found.rows,
                first_at=to_rfc3339(found.first_ns),
                last_at=to_rfc3339(found.last_ns),
                dropped=dropped.get(key, {}),
            )
            for key, found in sorted(sums.items())
        )

    def export(self, caller: Caller, wanted: Wanted, form: CollectedForm, fmt: CollectedFormat, limit: int) -> Iterator[bytes]:
        """Return the pieces of a file of at most `limit` records, the earliest first."""
        objects = self._objects(caller, wanted, form, limit)
        return (to_json(row) + b"\n" for row in objects) if fmt == "jsonl" else _parquet(objects)

    def keep(self, caller: Caller, endpoint: str, asked: CollectedAsset, wanted: Wanted) -> DataAsset:
        """Make a version of a data asset of what was collected.

        Raises:
            InvalidInputError: nothing was, or a name is not valid.
            DataAssetExistsError: the version is there.
        """
        if not 1 <= asked.limit <= LIMIT:
            raise InvalidInputError(f"A version is made of 1 to {LIMIT} records.", location=Location(pointer="/limit"))
        count = 0
        with self._data.files.begin(caller.workspace_id) as file:
            for row in self._objects(caller, wanted, asked.form, asked.limit):
                file.write(to_json(row) + b"\n")
                count += 1
            if not count:
                raise InvalidInputError(
                    f"Nothing was collected of {', '.join(asked.collections) or 'the endpoint'} then.",
                    remedy=f"See what there is: flowyard endpoint collected-data list {endpoint}",
                )
            upload = file.keep_file(_FILE)
        origin: dict[str, Any] = {"kind": "collected", "endpoint": endpoint, "collections": list(asked.collections), "form": asked.form}
        origin |= {name: value for name in ("deployment", "since", "until") if (value := getattr(asked, name)) is not None}
        name = asked.name or self._asset_name(caller, endpoint, asked)
        about = DataAssetCreate(name=name, upload=upload.reference, version=asked.version, description=asked.description, tags=asked.tags)
        source = Thing("deployment", endpoint, asked.deployment) if asked.deployment else Thing("endpoint", endpoint)
        made = Made(activity="collected", sources=(source,), parameters={**origin, "records": count})
        return self._data.keep(caller, about, upload, origin, rows=count, made=made)

    def _objects(self, caller: Caller, wanted: Wanted, form: CollectedForm, limit: int) -> Iterator[dict[str, Any]]:
        lacked = self._guards.all_lacked(caller)
        seen = (one for one in self._queries.collected(caller.workspace_id, wanted) if one.trace_id not in lacked)
        records: Iterator[LogRecord] = islice(seen, limit)
        return rendering.events(records, caller.workspace) if form == "events" else rendering.rows(records, wanted.collections)

    def _asset_name(self, caller: Caller, endpoint: str, asked: CollectedAsset) -> str:
        first = asked.collections[0] if asked.collections else "collected"
        record = self._store.get(caller.workspace_id, endpoint)
        for deployment in record.deployments if record is not None else ():
            collector = deployment.plan.settings.data_collector
            named = collector.collections.get(first) if collector is not None and asked.deployment in {None, deployment.name} else None
            if named is not None and named.asset:
                return named.asset
        return f"{endpoint}-{first}"


def _parquet(objects: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    """Yield a Parquet file; columns are those of all rows, and what is no number, truth value or text in all of them is JSON."""
    import pyarrow
    import pyarrow.parquet

    pa: Any = pyarrow
    pq: Any = pyarrow.parquet
    found = list(objects)
    names = list(dict.fromkeys(name for row in found for name in row))
    columns = {name: _column([row.get(name) for row in found]) for name in names}
    target = io.BytesIO()
    pq.write_table(pa.table(columns), target, compression="zstd")
    yield target.getvalue()


def _column(values: list[Any]) -> list[Any]:
    present = [value for value in values if value is not None]
    for kinds in ((bool,), (int,), (int, float), (str,)):
        if all(isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool)) for value in present):
            return [float(value) if float in kinds and value is not None else value for value in values]
    return [None if value is None else to_json(value).decode() for value in values]
