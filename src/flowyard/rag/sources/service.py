"""Documents on their way into an index: from a data asset as it is, or gathered into a version of one."""

import time
from pathlib import Path

from flowyard.compute.ports import JobContext, StageReport
from flowyard.data.datastores.service import DatastoreService
from flowyard.data.lineage.model import Made, Thing, place
from flowyard.data.service import UPLOAD_PREFIX, DataService
from flowyard.data.working import acting, scratch_folder
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.foundation.references import parse_reference
from flowyard.rag.sources.git import GitSource
from flowyard.rag.sources.manifest import Manifest
from flowyard.rag.sources.ports import Before, DocumentSource, Watch
from flowyard.rag.sources.sql import SqlSource
from flowyard.rag.sources.web import WebSource
from flowyard.wire.data import DataAsset, DataAssetCreate
from flowyard.wire.index_origins import DocumentOrigin

_SHOWN_S = 0.2


class DocumentSources:
    """Where builds have their documents from. All methods block.

    Args:
        data: the data assets.
        datastores: the databases, and what may be reached.
        scratch: where documents are gathered, a folder for each job, removed at its end.
    """

    def __init__(self, data: DataService, datastores: DatastoreService, scratch: Path) -> None:
        self._data = data
        self._datastores = datastores
        self._scratch = scratch

    def pin(self, workspace_id: str, text: str) -> str:
        """Return the very version that a reference names now: as `DataService.pin`."""
        return self._data.pin(workspace_id, text)

    def resolve(self, workspace_id: str, text: str) -> Path:
        """Return the file or folder that a reference names: as `DataService.resolve`."""
        return self._data.resolve(workspace_id, text)

    def open(self, workspace_id: str, origin: DocumentOrigin) -> DocumentSource:
        """Return a source. Nothing of it is read for that.

        Raises:
            InvalidInputError: it is none of the three or several, or it cannot be as it is asked for.
            DatastoreInvalidError: it leads to where we may not go.
            StoreUnavailableError: its host is not known.
            DatastoreNotFoundError, StoreRefusedError: the datastore is not there, or no database.
        """
        match origin:
            case DocumentOrigin(web=web, git=None, sql=None) if web is not None:
                return WebSource(web, self._datastores.bounds)
            case DocumentOrigin(web=None, git=git, sql=None) if git is not None:
                return GitSource(git, self._datastores.bounds)
            case DocumentOrigin(web=None, git=None, sql=sql) if sql is not None and sql.text:
                return SqlSource(sql, self._datastores.tables(workspace_id, sql.datastore))
            case _:
                raise InvalidInputError(
                    "An origin is one of web, git and sql; of sql, `text` names a column or more.",
                    remedy="Give exactly one.",
                    location=Location(pointer="/origin"),
                )

    def gather(self, context: JobContext, name: str, origin: DocumentOrigin, by: str, report: StageReport) -> str:
        """Bring all documents of an index here, and return the version of the data asset ``<name>-documents`` that has them.

        No other version is made when the source, or what came, is what the latest version has.

        Raises:
            FlowyardError: the source does not answer or refuses, or there is nothing.
        """
        caller, asset = acting(context, by), f"{name}-documents"
        made = self._data.made_by_job(caller, asset, context.job_id)
        if made is not None:
            return made.reference
        source = self.open(context.workspace_id, origin)
        latest = self._data.latest(caller, asset)
        before = self._before(context.workspace_id, latest, _kind(origin), source)
        stamp = source.stamp()
        if latest is not None and before is not None and stamp is not None and before.stamp == stamp:
            return latest.reference
        with scratch_folder(self._scratch, context) as folder:
            files = folder / "files"
            files.mkdir()
            gathered = source.gather(files, before, _watching(context, report))
            gathered.manifest.write(files)
            upload = self._data.files.keep_folder(context.workspace_id, files)
        if latest is not None and latest.fingerprint == upload.reference.removeprefix(UPLOAD_PREFIX):
            return latest.reference
        parameters = source.parameters()
        known = {"kind": _kind(origin), **parameters, "stamp": gathered.stamp, "job": context.job_id}
        lineage = Made(activity="import", sources=(_place(origin),), by=f"job/{context.job_id}", parameters=parameters)
        about = DataAssetCreate(name=asset, upload=upload.reference, description=f"Documents of the index {name}")
        kept = {key: value for key, value in known.items() if value is not None}
        return self._data.keep(caller, about, upload, kept, kind="uri_folder", made=lineage).reference

    def _before(self, workspace_id: str, latest: DataAsset | None, kind: str, source: DocumentSource) -> Before | None:
        """Return the latest version's files, when they were gathered from the very same place."""
        if latest is None or latest.origin.get("kind") != kind:
            return None
        if any(latest.origin.get(key) != value for key, value in source.parameters().items()):
            return None
        folder = self._data.path(workspace_id, parse_reference(latest.reference, kind="data"))
        stamp = latest.origin.get("stamp")
        return Before(folder=folder, manifest=Manifest.read(folder), stamp=str(stamp) if stamp is not None else None)


def _kind(origin: DocumentOrigin) -> str:
    return "web" if origin.web is not None else "git" if origin.git is not None else "sql"


def _place(origin: DocumentOrigin) -> Thing:
    if origin.sql is not None:
        return Thing("datastore", origin.sql.datastore)
    url = origin.web.url if origin.web is not None else origin.git.url if origin.git is not None else ""
    return place(url) if url.startswith("http") else Thing("datastore", url)


def describe(origin: DocumentOrigin) -> str:
    """Return in a few words where documents are gathered from."""
    if origin.web is not None:
        return origin.web.url
    if origin.git is not None:
        return f"{origin.git.url} at {origin.git.ref}"
    return f"a query of {origin.sql.datastore}" if origin.sql is not None else "nowhere"


def _watching(context: JobContext, report: StageReport) -> Watch:
    """Return what tells how far a source is, and ends the work when the job was canceled."""
    shown = 0.0

    def watch(count: int, what: str) -> None:
        nonlocal shown
        context.check_canceled()
        now = time.monotonic()
        if now - shown >= _SHOWN_S:
            shown = now
            report.progress(count, None, "documents")
            if what:
                report.detail(what)

    return watch
