"""Data assets over HTTP."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, TypedDict, Unpack
from urllib.parse import quote

from flowyard.client.transport import Transport
from flowyard.client.uploads import OnProgress, Uploads
from flowyard.foundation.datastore_uris import SCHEME
from flowyard.wire.data import DataAsset, DataAssetCreate, DataAssetType, DataFromTraces, DataFromTracesPreview
from flowyard.wire.data_jobs import DataImportCreate, DataSchedule, DataScheduleCreate, DataSplitCreate
from flowyard.wire.data_previews import DataPreview, DataStatistics
from flowyard.wire.jobs import Job
from flowyard.wire.shared import Page

_PART = 1024 * 1024
_CONTENT = 32 * 1024 * 1024


class DataOptions(TypedDict, total=False):
    """What a version may be told besides its name and files.

    With `fingerprint` ``strong`` what is not copied is read once, and its contents are what later reads compare.
    """

    version: str | None
    type: DataAssetType | None
    description: str | None
    tags: dict[str, str]
    fingerprint: Literal["weak", "strong"]


class Data:
    """Named data of the workspace, in versions that never change."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, archived: bool = False) -> Sequence[DataAsset]:
        """Return the latest version of each asset."""
        return self._transport.get("data", Page[DataAsset], params={"archived": archived}).items

    def versions(self, name: str) -> Sequence[DataAsset]:
        """Return all versions of an asset, the latest first.

        Raises:
            RemoteError: there is no such asset (code ``DataAssetNotFound``).
        """
        return self._transport.get(f"{_path(name)}/versions", Page[DataAsset]).items

    def get(self, name: str, version: str = "latest") -> DataAsset:
        """Return one version.

        Raises:
            RemoteError: there is no such asset or version (code ``DataAssetNotFound``).
        """
        return self._transport.get(_version(name, version), DataAsset)

    def create(self, name: str, path: str | Path, *, on_progress: OnProgress | None = None, **options: Unpack[DataOptions]) -> DataAsset:
        """Make a version; without a `version` among the options it is the next whole number.

        Args:
            name: the asset's name.
            path: a file or folder of this machine, which is uploaded, or ``azureml://datastores/<name>/paths/<path>``, which is not copied.
            on_progress: told the bytes that were uploaded, and of how many.
            options: see `DataOptions`.

        Raises:
            DataError: there is nothing at `path`.
            RemoteError: the version is there, it is too large, or a name is not valid.
        """
        remote = str(path) if str(path).startswith(f"{SCHEME}:/") else None
        upload = None if remote else self.upload(path, on_progress)
        about = DataAssetCreate(name=name, upload=upload, path=remote, **options)
        return self._transport.post("data", DataAsset, body=about)

    def upload(self, path: str | Path, on_progress: OnProgress | None = None) -> str:
        """Upload a file or folder of this machine, and return what names it. The same again goes on where it broke off.

        Raises:
            DataError: there is nothing at `path`.
            RemoteError: it is too large.
        """
        return Uploads(self._transport).send_data(path, on_progress)

    def create_from_traces(self, name: str, trace_ids: Sequence[str] = (), **options: Any) -> DataAsset:
        """Make a version with a row for each trace: of `trace_ids`, or of what `q`, `since` and `until` find.

        `options` are the other fields of `wire.data.DataFromTraces`.

        Raises:
            RemoteError: nothing was found, or a name is not valid.
        """
        return self._transport.post("data/from-traces", DataAsset, body=DataFromTraces(name=name, trace_ids=tuple(trace_ids), **options))

    def preview_from_traces(self, trace_ids: Sequence[str] = (), *, rows: int = 5, **options: Any) -> DataFromTracesPreview:
        """Return the first `rows` (at most 50) rows of what `create_from_traces` would make, and of how many traces; nothing is kept."""
        body = DataFromTraces(name="preview", trace_ids=tuple(trace_ids), **options)
        return self._transport.post("data/from-traces/preview", DataFromTracesPreview, body=body, params={"rows": rows})

    def split(self, source: str, ratios: Sequence[float], names: Sequence[str] | None = None, **options: Any) -> Job:
        """Divide the rows of a version among new assets; the job's result is a `DataSplitResult`.

        Args:
            source: ``azureml:<name>:<version>``.
            ratios: what each part gets; they add up to 1.
            names: the parts' assets; default ``<name>-train``, ``<name>-test`` (of three ``-train``, ``-validation``, ``-test``).
            options: the other fields of `wire.data_jobs.DataSplitCreate`: `seed`, `stratify`, `description`, `tags`.

        Raises:
            RemoteError: there is no such version, or ratios or names are not valid.
        """
        body = DataSplitCreate(source=source, ratios=tuple(ratios), names=None if names is None else tuple(names), **options)
        return self._transport.post("data/splits", Job, body=body)

    def import_rows(self, name: str, datastore: str, query: str | None = None, *, table: str | None = None, **options: Any) -> Job:
        """Make a version of what a database answers to `query`, or of a table of it; the job's result is a `DataImportResult`.

        `options` are the other fields of `wire.data_jobs.DataImportCreate`: `version`, `description`, `tags`.

        Raises:
            RemoteError: there is no such database, or the version is there.
        """
        body = DataImportCreate(name=name, datastore=datastore, query=query, table=table, **options)
        return self._transport.post("data/imports", Job, body=body)

    def schedule(self, cron: str, name: str, datastore: str, query: str | None = None, *, table: str | None = None) -> DataSchedule:
        """Import again and again, at the times of a cron expression in UTC. An answer like that of the latest version makes no other one.

        Raises:
            RemoteError: the expression is not valid, there is no such database, or the asset has a schedule.
        """
        request = DataImportCreate(name=name, datastore=datastore, query=query, table=table)
        return self._transport.post("data/schedules", DataSchedule, body=DataScheduleCreate(cron=cron, request=request))

    def schedules(self) -> Sequence[DataSchedule]:
        """Return the schedules of imports, by the names of their assets."""
        return self._transport.get("data/schedules", Page[DataSchedule]).items

    def pause_schedule(self, name: str) -> DataSchedule:
        """Pause the schedule of an asset."""
        return self._transport.post(f"data/schedules/{quote(name, safe='')}/pause", DataSchedule)

    def resume_schedule(self, name: str) -> DataSchedule:
        """Let the schedule of an asset go on, with the next time from now."""
        return self._transport.post(f"data/schedules/{quote(name, safe='')}/resume", DataSchedule)

    def delete_schedule(self, name: str) -> None:
        """Delete the schedule of an asset; the versions that it made stay."""
        self._transport.delete(f"data/schedules/{quote(name, safe='')}")

    def preview(self, name: str, version: str = "latest", *, limit: int = 100, offset: int = 0, column_offset: int = 0) -> DataPreview:
        """Return `limit` rows of a version from `offset` on with its schema, or the beginning of a text, or what files there are.

        `name` may be an address in a datastore (``azureml://datastores/<name>/paths/<path>``). Only what that needs is read.

        Raises:
            RemoteError: there is no such version or file, or it cannot be looked at.
        """
        path, params = _looked_at(name, version, "preview")
        params |= {"limit": limit, "offset": offset, "column_offset": column_offset}
        return self._transport.get(path, DataPreview, params=params)

    def statistics(self, name: str, version: str = "latest", *, sample: int = 100_000, column_offset: int = 0) -> DataStatistics:
        """Return statistics of the columns of a version, or of an address in a datastore, over the first `sample` rows; 0: over all.

        Raises:
            RemoteError: there is no such version or file, or it holds no rows.
        """
        path, params = _looked_at(name, version, "statistics")
        return self._transport.get(path, DataStatistics, params={**params, "sample": sample, "column_offset": column_offset})

    def read(self, name: str, version: str = "latest", path: str = "", *, start: int = 0, end: int = _CONTENT) -> bytes:
        """Return the bytes from `start` to before `end` of a file of a version: at most 32 MiB, fewer where it ends.

        Raises:
            RemoteError: there is no such version or file.
        """
        headers = {"Range": f"bytes={start}-{end - 1}"}
        return self._transport.request("GET", f"{_version(name, version)}/content", params={"path": path}, headers=headers).data

    def download(self, name: str, target: Path, version: str = "latest") -> None:
        """Write a version that is one file to `target`.

        Raises:
            RemoteError: there is no such version, or it is a folder.
            OSError: `target` cannot be written.
        """
        answer = self._transport.request("GET", f"{_version(name, version)}/file", stream=True)
        try:
            with target.open("wb") as file:
                file.writelines(answer.stream(_PART))
        finally:
            answer.close()

    def archive(self, name: str) -> None:
        """Leave an asset out of lists; what refers to it goes on working."""
        self._transport.request("POST", f"{_path(name)}/archive")

    def restore(self, name: str) -> None:
        """Put an archived asset back into lists."""
        self._transport.request("POST", f"{_path(name)}/restore")


def _path(name: str) -> str:
    return f"data/{quote(name, safe='')}"


def _version(name: str, version: str) -> str:
    return f"{_path(name)}/versions/{quote(version, safe='')}"


def _looked_at(name: str, version: str, what: str) -> tuple[str, dict[str, Any]]:
    """Return where to ask for what is in an asset or at an address, and with which parameters."""
    if name.startswith(f"{SCHEME}:/"):
        return f"data/{what}", {"uri": name}
    return f"{_version(name, version)}/{what}", {}
