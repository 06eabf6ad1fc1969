"""The job that splits a version."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from flowyard.compute.ports import JobContext
from flowyard.data.lineage.model import Made, Thing
from flowyard.data.rows import DataSet, open_data
from flowyard.data.service import DataService
from flowyard.data.splits.assigning import assign
from flowyard.data.splits.writing import Progress, read_strata, write_parts
from flowyard.data.working import acting, scratch_folder
from flowyard.foundation.codecs import convert, plain
from flowyard.foundation.references import parse_reference
from flowyard.wire.data import DataAssetCreate
from flowyard.wire.data_jobs import DataSplitCreate, DataSplitPart, DataSplitResult

#: The kind's name; its arguments are `SplitArguments`.
DATA_SPLIT = "data_split"
STAGES = ("read", "write", "keep")
_SHOWN_STRATA = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitArguments:
    """What the job is told: the request with its version pinned and its names given, and who asked."""

    request: DataSplitCreate
    by: str


class SplitJob:
    """Implements `compute.ports.JobKind`. A run of it that was cut short begins anew; each part is made once.

    Args:
        data: the data assets.
        scratch: where parts are written, a folder for each job, removed at its end.
    """

    name = DATA_SPLIT
    stages = STAGES

    def __init__(self, data: DataService, scratch: Path) -> None:
        self._data = data
        self._scratch = scratch

    def run(self, context: JobContext, arguments: dict[str, Any]) -> Any:
        """Make the parts and return a `DataSplitResult`.

        Raises:
            RowError, DataError: the data cannot be read, or has no such column; nothing was made.
        """
        told = convert(arguments, SplitArguments)
        request = told.request
        with scratch_folder(self._scratch, context) as folder:
            data = open_data(self._data.resolve(context.workspace_id, request.source))
            with context.stage("read") as report:
                strata, names = read_strata(data, request.stratify, _watch(context, report, None))
            parts = assign(strata, request.ratios, request.seed)
            folders = [folder / str(number) for number in range(len(request.ratios))]
            for part in folders:
                part.mkdir()
            with context.stage("write") as report:
                write_parts(data, parts, folders, _watch(context, report, len(parts)))
            with context.stage("keep"):
                return plain(DataSplitResult(parts=self._keep(context, told, _Split(data, parts, strata, names), folders)))

    def _keep(self, context: JobContext, told: SplitArguments, split: "_Split", folders: list[Path]) -> tuple[DataSplitPart, ...]:
        request = told.request
        caller = acting(context, told.by)
        source = parse_reference(request.source, kind="data")
        made: list[DataSplitPart] = []
        for number, name in enumerate(request.names or ()):
            rows = int((split.parts == number).sum())
            parameters = {
                "ratios": list(request.ratios), "part": number, "seed": request.seed, "stratify": request.stratify, "rows": rows,
            }  # fmt: skip
            origin = {"kind": "split", "source": request.source, "job": context.job_id, **parameters}
            asset = self._data.made_by_job(caller, name, context.job_id)
            if asset is None:
                upload = self._data.files.keep_folder(context.workspace_id, folders[number])
                about = DataAssetCreate(name=name, upload=upload.reference, description=request.description, tags=request.tags)
                edge = Made(
                    activity="split",
                    sources=(Thing("data", source.name, source.version or ""),),
                    by=f"job/{context.job_id}",
                    parameters=parameters,
                )
                asset = self._data.keep(caller, about, upload, origin, rows=rows, made=edge)
            made.append(DataSplitPart(data=asset.reference, rows=rows, strata=split.counts(number) if request.stratify else {}))
        return tuple(made)


@dataclass(frozen=True, slots=True)
class _Split:
    data: DataSet
    parts: Any
    strata: Any
    names: list[str]

    def counts(self, part: int) -> dict[str, int]:
        found = np.bincount(self.strata[self.parts == part], minlength=len(self.names))
        return {name: int(count) for name, count in zip(self.names[:_SHOWN_STRATA], found, strict=False)}


def _watch(context: JobContext, report: Any, total: int | None) -> Progress:
    def told(rows: int) -> None:
        context.check_canceled()
        report.progress(rows, total, "rows")

    return told
