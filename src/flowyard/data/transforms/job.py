"""The job that carries a transform out."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowyard.compute.ports import JobContext, StageReport
from flowyard.data.service import DataService
from flowyard.data.transforms.checks import numbered
from flowyard.data.transforms.errors import TransformError
from flowyard.data.transforms.ports import CodeProcesses
from flowyard.data.transforms.recipe import made_by, origin_of
from flowyard.data.transforms.running import Outcome, Watch, Work, carry_out, open_plain, sweep
from flowyard.foundation.codecs import convert, plain
from flowyard.foundation.version import __version__
from flowyard.identity.model import Caller
from flowyard.wire.data import DataAssetCreate
from flowyard.wire.runs import DataUpload
from flowyard.wire.transforms import TransformCreate, TransformResult

#: The kind's name; its arguments are `TransformArguments`.
TRANSFORM = "data_transform"
STAGES = ("prepare", "steps", "keep")
_FILE = "data.jsonl"
_PART = 4 * 1024 * 1024
_LINES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformArguments:
    """What the job is told: the request with all versions pinned, who asked, and for a rerun the fingerprint of what it makes again."""

    request: TransformCreate
    by: str
    again: str | None = None
    reference: str | None = None


class TransformJob:
    """Implements `compute.ports.JobKind`. A run of it that was cut short begins anew; the version is made once.

    Args:
        data: the data assets.
        processes: where code runs.
        scratch: where files between steps are, a folder for each job, removed at its end.
    """

    name = TRANSFORM
    stages = STAGES

    def __init__(self, data: DataService, processes: CodeProcesses, scratch: Path) -> None:
        self._data = data
        self._processes = processes
        self._scratch = scratch

    def run(self, context: JobContext, arguments: dict[str, Any]) -> Any:
        """Make the version and return a `TransformResult`.

        Raises:
            TransformRowError, TransformCodeError, TransformStoppedError, DataError: a step failed; nothing was made.
            TransformError: no row is left.
        """
        told = convert(arguments, TransformArguments)
        folder = self._scratch / context.job_id
        shutil.rmtree(folder, ignore_errors=True)
        sweep(self._scratch)
        folder.mkdir(parents=True)
        try:
            with context.stage("prepare") as report:
                work, environment = self._prepared(context, told.request, folder, report)
            with context.stage("steps") as report:
                outcome = carry_out(work, folder, self._watch(context, told.request, report))
            with context.stage("keep"):
                return plain(context.step("keep", lambda: plain(self._kept(context, told, outcome, environment))))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _prepared(self, context: JobContext, request: TransformCreate, folder: Path, report: StageReport) -> tuple[Work, str | None]:
        workspace_id = context.workspace_id
        log = _Log(context)

        def tell(line: str) -> None:
            context.check_canceled()
            log(line)
            report.detail(line[:100])

        python, environment = None, None
        code = code_folder(self._data, workspace_id, request.code)
        if code is not None:
            python = self._processes.python(workspace_id, code, tell)
            environment = environment_name(python)
        source = self._data.resolve(workspace_id, request.source)
        inputs = {name: self._data.resolve(workspace_id, text) for name, text in request.inputs.items()}
        reads = tuple(path for path in (source, *inputs.values(), code) if path is not None)
        user = self._processes.user(workspace_id, reads=reads, writes=folder)
        work = Work(
            steps=numbered(request.steps), source=source, inputs=inputs, code=code, python=python, user=user, on_error=request.on_error
        )
        return work, environment

    def _watch(self, context: JobContext, request: TransformCreate, report: StageReport) -> Watch:
        name, _, version = request.source.removeprefix("azureml:").partition(":")
        total = self._data.get(_caller(context, ""), name, version).rows

        def progress(step: str, rows: int) -> None:
            report.progress(rows, total, "rows")
            report.detail(f"step {step}")

        return Watch(progress=progress, log=_Log(context), check=context.check_canceled)

    def _kept(self, context: JobContext, told: TransformArguments, outcome: Outcome, environment: str | None) -> TransformResult:
        request, job = told.request, context.job_id
        read, last = outcome.steps[0], outcome.steps[-1]
        origin = origin_of(request, outcome, environment=environment, job=job)
        caller = _caller(context, told.by)
        upload = self._upload(context, outcome)
        fingerprint = upload.reference.partition(":")[2].partition("/")[0]
        result = TransformResult(data=told.reference or "", rows_in=read.rows_in, rows_out=last.rows_out, steps=outcome.steps, made=False)
        if told.again == fingerprint:
            return result
        earlier = self._data.made_by_job(caller, request.name, job)
        if earlier is not None:
            return _of(result, earlier.reference)  # an earlier run of this job got so far
        about = DataAssetCreate(
            name=request.name,
            upload=upload.reference,
            version=request.version,
            description=request.description,
            tags=request.tags,
        )
        made = made_by(request, origin, job)
        return _of(result, self._data.keep(caller, about, upload, origin, rows=last.rows_out, made=made).reference)

    def _upload(self, context: JobContext, outcome: Outcome) -> DataUpload:
        with self._data.files.begin(context.workspace_id) as incoming, open_plain(outcome.file) as file:
            empty = True
            while part := file.read(_PART):
                context.check_canceled()
                incoming.write(part)
                empty = False
            if empty:
                raise TransformError("No row is left after the steps.", remedy="See with a preview which step drops them, and why.")
            return incoming.keep_file(_FILE)


class _Log:
    """Takes what processes write, as far as a log is read."""

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self._left = _LINES

    def __call__(self, line: str) -> None:
        if self._left > 0:
            self._context.log(line if self._left > 1 else "… (more lines were written)")
        self._left -= 1


def environment_name(python: str | None) -> str:
    """Return what names the packages that an interpreter has: those of an environment, or this installation's."""
    own = f"flowyard-{__version__} python-{'.'.join(map(str, sys.version_info[:3]))}"
    return own if python is None else f"environments/{Path(python).parent.parent.name}"


def code_folder(data: DataService, workspace_id: str, code: str | None) -> Path | None:
    """Return the folder of a transform's code; None where it has none.

    Raises:
        UploadNotFoundError: the workspace has no such upload.
    """
    path = None if code is None else data.resolve(workspace_id, code)
    return path.parent if path is not None and path.is_file() else path


def _caller(context: JobContext, by: str) -> Caller:
    return Caller(workspace_id=context.workspace_id, workspace="", actor=by, kind="user", role="contributor")


def _of(result: TransformResult, reference: str) -> TransformResult:
    return TransformResult(data=reference, rows_in=result.rows_in, rows_out=result.rows_out, steps=result.steps)
