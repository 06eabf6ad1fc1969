"""Transforms as the platform offers them: tried on a sample, carried out by a job, done again."""

import tempfile
import threading
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path

from flowyard.compute.jobs.service import JobService
from flowyard.data.errors import RowError
from flowyard.data.rows import open_data
from flowyard.data.service import UPLOAD_PREFIX, DataService
from flowyard.data.transforms.checks import check_code, check_inputs, numbered
from flowyard.data.transforms.errors import TransformBusyError, TransformError
from flowyard.data.transforms.job import TRANSFORM, TransformArguments, code_folder
from flowyard.data.transforms.lines import split
from flowyard.data.transforms.model import NumberedStep
from flowyard.data.transforms.ports import CodeProcesses
from flowyard.data.transforms.recipe import again
from flowyard.data.transforms.running import Watch, Work, carry_out, open_plain, sweep
from flowyard.foundation.codecs import from_json, plain
from flowyard.foundation.errors import Location
from flowyard.identity.model import Caller
from flowyard.wire.jobs import Job
from flowyard.wire.transforms import (
    DroppedRow,
    TransformCreate,
    TransformedRow,
    TransformPreview,
    TransformPreviewCreate,
    TransformRerunCreate,
)

#: Rows of a preview at most, and seconds that a step of one may take; as many run at once.
MOST_ROWS, TIMEOUT_S, AT_ONCE = 1000, 60.0, 2
_MEMORY_MIB = 512


class TransformService:
    """Makes and tries transforms, within the caller's workspace. All methods block.

    Args:
        data: the data assets.
        jobs: carries transforms out.
        processes: where code runs.
        scratch: where previews have their files.
    """

    def __init__(self, data: DataService, jobs: JobService, processes: CodeProcesses, scratch: Path) -> None:
        self._data = data
        self._jobs = jobs
        self._processes = processes
        self._scratch = scratch
        self._places = threading.BoundedSemaphore(AT_ONCE)

    def create(self, caller: Caller, request: TransformCreate) -> Job:
        """Queue a transform and return its job, whose result is a `TransformResult`.

        Raises:
            TransformError: the steps are not valid.
            DataAssetNotFoundError, UploadNotFoundError: what it is to be made of is not there.
            DataAssetExistsError, InvalidInputError: the version is there, or a name is not valid.
        """
        return self._submit(caller, self._pinned(caller, request))

    def rerun(self, caller: Caller, name: str, version: str, asked: TransformRerunCreate) -> Job:
        """Queue what made a version once more. Where it gives the same bytes, no version is made.

        Raises:
            DataAssetNotFoundError: there is no such version, or what it was made of is gone.
            TransformError: no transform made it.
        """
        asset = self._data.get(caller, name, version)
        request = self._pinned(caller, again(asset, latest=asked.latest))
        return self._submit(caller, request, again=asset.fingerprint, reference=asset.reference)

    def preview(self, caller: Caller, asked: TransformPreviewCreate) -> TransformPreview:
        """Return what steps make of the first rows.

        Raises:
            TransformError, TransformRowError, TransformCodeError, TransformStoppedError: the steps are not valid, or fail.
            TransformBusyError: as many previews run as may.
            DataAssetNotFoundError, UploadNotFoundError, DataError: there are no rows to try it on.
        """
        if not 1 <= asked.rows <= MOST_ROWS:
            raise TransformError(f"A preview takes 1 to {MOST_ROWS} rows.", location=Location(pointer="/rows"))
        request = TransformCreate(
            source=asked.source, name="preview", steps=asked.steps, inputs=asked.inputs, code=asked.code, on_error=asked.on_error
        )
        steps = self._checked(caller, request)
        if not self._places.acquire(timeout=TIMEOUT_S):
            raise TransformBusyError("As many previews of transforms run as may at once.", remedy="Try again in a moment.")
        try:
            self._scratch.mkdir(parents=True, exist_ok=True)
            sweep(self._scratch)
            with tempfile.TemporaryDirectory(dir=self._scratch, prefix=".preview-", ignore_cleanup_errors=True) as folder:
                return self._tried(caller, request, steps, asked.rows, Path(folder))
        finally:
            self._places.release()

    def _tried(
        self, caller: Caller, request: TransformCreate, steps: tuple[NumberedStep, ...], rows: int, folder: Path
    ) -> TransformPreview:
        began = time.monotonic()
        workspace_id = caller.workspace_id
        code = code_folder(self._data, workspace_id, request.code)
        source = self._data.resolve(workspace_id, request.source)
        inputs = {name: self._data.resolve(workspace_id, text) for name, text in request.inputs.items()}
        reads = tuple(path for path in (source, *inputs.values(), code) if path is not None)
        work = Work(
            steps=steps,
            source=source,
            inputs=inputs,
            code=code,
            python=None if code is None else self._processes.python(workspace_id, code, _nowhere),
            user=self._processes.user(workspace_id, reads=reads, writes=folder),
            on_error=request.on_error,
            rows=rows,
            preview=True,
            memory_mib=_MEMORY_MIB,
            timeout_s=TIMEOUT_S,
        )
        outcome = carry_out(work, folder, Watch(progress=lambda _step, _rows: None, log=_nowhere, check=lambda: None))
        with open_plain(outcome.file) as file:
            made = [split(from_json(line)) for line in islice(file, MOST_ROWS)]
        after = tuple(TransformedRow(line=number, values=row) for number, row in made)
        before = _before(source, rows)
        return TransformPreview(
            columns_before=_columns(before),
            columns_after=_columns(after),
            before=before,
            after=after,
            dropped=tuple(DroppedRow(line=drop.row, step=drop.step, reason=drop.reason) for drop in outcome.drops),
            steps=outcome.steps,
            elapsed_ms=(time.monotonic() - began) * 1000,
        )

    def _submit(self, caller: Caller, request: TransformCreate, *, again: str | None = None, reference: str | None = None) -> Job:
        arguments = plain(TransformArguments(request=request, by=caller.actor, again=again, reference=reference))
        title = f"Transform {request.source} into {request.name}"
        return self._jobs.submit(caller, TRANSFORM, arguments, title=title, target=f"data/{request.name}")

    def _pinned(self, caller: Caller, request: TransformCreate) -> TransformCreate:
        self._checked(caller, request)
        self._data.check_names(caller, request.name, request.version)
        workspace_id = caller.workspace_id
        return replace(
            request,
            source=self._asset(workspace_id, request.source, "/source"),
            inputs={name: self._asset(workspace_id, text, f"/inputs/{name}") for name, text in request.inputs.items()},
        )

    def _checked(self, caller: Caller, request: TransformCreate) -> tuple[NumberedStep, ...]:
        steps = numbered(request.steps)
        check_inputs(request.inputs)
        if request.code is not None and not request.code.startswith(UPLOAD_PREFIX):
            raise TransformError("The code of a transform is an upload.", remedy="Upload its folder: POST /runs/data.", location=_CODE)
        check_code(steps, code_folder(self._data, caller.workspace_id, request.code))
        for text, place in ((request.source, "/source"), *((text, f"/inputs/{name}") for name, text in request.inputs.items())):
            self._asset(caller.workspace_id, text, place)
        return steps

    def _asset(self, workspace_id: str, text: str, place: str) -> str:
        if text.startswith(UPLOAD_PREFIX):
            raise TransformError(
                "A transform is made of data assets, so that what it made can be explained.",
                remedy="Make a version of the upload first: flowyard data create NAME FILE",
                location=Location(pointer=place),
            )
        return self._data.pin(workspace_id, text)


_CODE = Location(pointer="/code")


def _nowhere(line: str) -> None:
    """Take a line that nobody reads: a preview has no log, and what is wrong comes as its error."""
    del line


def _before(source: Path, rows: int) -> tuple[TransformedRow, ...]:
    first = enumerate(islice(open_data(source).rows(), rows), 1)
    return tuple(TransformedRow(line=line, values=row) for line, row in first if not isinstance(row, RowError))


def _columns(rows: tuple[TransformedRow, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(column for row in rows for column in row.values))
