"""The job that imports what a database answers."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from flowyard.compute.ports import JobContext, StageReport
from flowyard.data.datastores.ports import TableSource
from flowyard.data.datastores.service import DatastoreService
from flowyard.data.lineage.model import Made, Thing
from flowyard.data.service import UPLOAD_PREFIX, DataService
from flowyard.data.working import acting, scratch_folder
from flowyard.foundation.codecs import convert, plain
from flowyard.wire.data import DataAssetCreate
from flowyard.wire.data_jobs import DataImportCreate, DataImportResult

#: The kind's name; its arguments are `ImportArguments`.
DATA_IMPORT = "data_import"
STAGES = ("query", "keep")
#: The longest that a statement and the reading of its rows may take.
LONGEST_S = 6 * 3600.0
_FILE = "data.parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportArguments:
    """What the job is told: the request, who asked, and the schedule that asked, if one did.

    With `skip_same` an answer that is that of the latest version makes no other one.
    """

    request: DataImportCreate
    by: str
    schedule: str | None = None
    skip_same: bool = False


class ImportJob:
    """Implements `compute.ports.JobKind`. A run of it that was cut short asks again; the version is made once, of a whole answer.

    Args:
        data: the data assets.
        datastores: the databases.
        scratch: where the answer is written, a folder for each job, removed at its end.
    """

    name = DATA_IMPORT
    stages = STAGES

    def __init__(self, data: DataService, datastores: DatastoreService, scratch: Path) -> None:
        self._data = data
        self._datastores = datastores
        self._scratch = scratch

    def run(self, context: JobContext, arguments: dict[str, Any]) -> Any:
        """Make the version and return a `DataImportResult`.

        Raises:
            QueryError, TableNotFoundError: the statement is wrong, changes something, or takes too long.
            StoreAccessError, StoreUnavailableError, MissingExtraError: the database cannot be asked.
        """
        told = convert(arguments, ImportArguments)
        source = self._datastores.tables(context.workspace_id, told.request.datastore)
        with scratch_folder(self._scratch, context) as folder:
            files = folder / "files"
            files.mkdir()
            with context.stage("query") as report:
                rows = _write(source, statement(source, told.request), files / _FILE, _Watch(context, report))
            with context.stage("keep"):
                return plain(self._keep(context, told, files, rows))

    def _keep(self, context: JobContext, told: ImportArguments, files: Path, rows: int) -> DataImportResult:
        request = told.request
        caller = acting(context, told.by)
        asset = self._data.made_by_job(caller, request.name, context.job_id)
        if asset is not None:
            return DataImportResult(data=asset.reference, rows=rows, bytes=asset.bytes)
        upload = self._data.files.keep_folder(context.workspace_id, files)
        latest = self._data.latest(caller, request.name) if told.skip_same else None
        if latest is not None and latest.fingerprint == upload.reference.removeprefix(UPLOAD_PREFIX):
            return DataImportResult(data=latest.reference, rows=rows, bytes=latest.bytes, made=False)
        asked: dict[str, Any] = {"datastore": request.datastore, "query": request.query, "table": request.table, "schedule": told.schedule}
        asked = {name: value for name, value in asked.items() if value is not None}
        about = DataAssetCreate(
            name=request.name, upload=upload.reference, version=request.version, description=request.description, tags=request.tags
        )
        made = Made(
            activity="import",
            sources=(Thing("datastore", request.datastore, request.table or ""),),
            by=f"job/{context.job_id}",
            parameters={**asked, "rows": rows},
        )
        origin = {"kind": "import", **asked, "job": context.job_id}
        asset = self._data.keep(caller, about, upload, origin, rows=rows, made=made)
        return DataImportResult(data=asset.reference, rows=rows, bytes=asset.bytes)


def statement(source: TableSource, request: DataImportCreate) -> str:
    """Return the statement that an import runs."""
    if request.query is not None:
        return request.query
    schema, _, table = str(request.table).rpartition(".")
    return source.select(schema or None, table)


@dataclass(frozen=True, slots=True)
class _Watch:
    context: JobContext
    report: StageReport

    def rows(self, count: int) -> None:
        self.context.check_canceled()
        self.report.progress(count, None, "rows")


def _write(source: TableSource, sql: str, target: Path, watch: _Watch) -> int:
    """Write the rows of a statement to a Parquet file, a batch at a time, and return how many there are."""
    parquet: Any = import_module("pyarrow.parquet")
    rows = 0
    with source.query(sql, seconds=LONGEST_S) as answer, parquet.ParquetWriter(target, answer.schema, compression="zstd") as writer:
        for batch in answer.batches:
            writer.write_batch(batch)
            rows += len(batch)
            watch.rows(rows)
    return rows
