"""Runs: a flow over many rows, while and after they run. Their progress as events is that of their jobs."""

from collections.abc import Iterator
from functools import partial
from typing import IO, Annotated, Any, Literal

from fastapi import Path, Query, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from flowyard.flows.runs.browse import LineFilter
from flowyard.flows.runs.compare import CompareFilter
from flowyard.flows.runs.export import MEDIA_TYPES, ExportFormat
from flowyard.flows.runs.ports import RunQuery
from flowyard.foundation.errors import InvalidInputError
from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.tracing.times import read_time
from flowyard.wire.runs import (
    DataUpload,
    LineStatus,
    Run,
    RunComparison,
    RunCreate,
    RunLineCounts,
    RunLineDetail,
    RunLinePage,
    RunLog,
    RunMetrics,
    RunsPrune,
    RunsPruned,
    RunStatus,
    RunUpdate,
    UnreadAnswerPage,
    Verdict,
)
from flowyard.wire.shared import Page

router = api_router("runs", "/workspaces/{workspace}/runs")
Reader = Annotated[Caller, allow("runs:read")]
Writer = Annotated[Caller, allow("runs:write")]
Starter = Annotated[Caller, allow("runs:write", starts_work=True)]
Cursor = Annotated[str | None, Query(max_length=64)]
Variant = Annotated[str | None, Query(max_length=300)]
Text = Annotated[str | None, Query(max_length=500, description="Only rows in which this occurs, whatever its case.")]
Line = Annotated[int, Path(ge=0, le=2**53, description="Rows count from 0.")]

_ARCHIVED: dict[str, bool | None] = {"no": False, "only": True, "also": None}
_ZIP, _BYTES = "application/zip", "application/octet-stream"
_PART = 64 * 1024
_UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in (_ZIP, _BYTES)},
    }
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", "content": {kind.partition(";")[0]: {} for kind in MEDIA_TYPES.values()}}
}


@router.get("")
def list_runs(
    caller: Reader,
    services: ServicesDep,
    *,
    flow: Annotated[str | None, Query(max_length=300)] = None,
    status: RunStatus | None = None,
    archived: Annotated[Literal["no", "only", "also"], Query(description="Whether archived runs are shown.")] = "no",
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[Run]:
    """List runs, the newest first."""
    query = RunQuery(flow=flow, status=status, archived=_ARCHIVED[archived], before_id=cursor, limit=limit)
    return services.runs.page(caller, query)


@router.post("", status_code=202)
def create_run(body: RunCreate, caller: Starter, services: ServicesDep) -> Run:
    """Make a run and queue it; its job's events tell how far it is."""
    return services.runs.create(caller, body)


@router.post("/data", status_code=201, openapi_extra=_UPLOAD)
async def create_run_data(
    request: Request,
    caller: Writer,
    services: ServicesDep,
    name: Annotated[str | None, Query(max_length=200, description="The file's name, where the body is one file and no archive.")] = None,
) -> DataUpload:
    """Upload data: one file, or a zip archive of a folder. The same files give the same reference."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {_ZIP, _BYTES} or (kind == _BYTES and not name):
        raise InvalidInputError(
            f"The body is {kind or 'of no type'!r}{'' if name else ' and has no name'}.",
            remedy=f"Send a zip archive as {_ZIP}, or one file as {_BYTES} with ?name=rows.jsonl.",
        )
    incoming = await run_in_threadpool(services.runs.uploads.begin, caller.workspace_id)
    with incoming:
        async for part in request.stream():
            await run_in_threadpool(incoming.write, part)
        keep = partial(incoming.keep_file, name or "") if kind == _BYTES else incoming.keep_archive
        found = await run_in_threadpool(keep)
    detail = {"bytes": found.bytes, "files": found.files}
    await run_in_threadpool(services.audit.record, caller, "data.upload", f"runs/data/{found.reference}", detail)
    return found


@router.get("/compare")
def compare_runs(
    caller: Reader,
    services: ServicesDep,
    runs: Annotated[str, Query(min_length=1, max_length=2000, description="The runs' names, with commas between them.")],
    *,
    changed: Annotated[bool, Query(description="Only rows whose outputs or status differ.")] = False,
    least_difference: Annotated[
        float | None,
        Query(gt=0, allow_inf_nan=False, description="The difference of a score that matters, in its unit; 2 % of its range if not said."),
    ] = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
) -> RunComparison:
    """Put runs, or the variants of one, side by side: rows, metrics, and how sure the differences of scores are."""
    names = tuple(dict.fromkeys(name.strip() for name in runs.split(",") if name.strip()))
    return services.runs.compare(caller, names, CompareFilter(changed=changed, least=least_difference, cursor=cursor, limit=limit))


@router.post("/prune")
def prune_runs(body: RunsPrune, caller: Writer, services: ServicesDep) -> RunsPruned:
    """Delete old runs that have ended, and uploads and snapshots that nothing needs any more."""
    return services.pruner.prune(caller, read_time("before", body.before) or 0, dry_run=body.dry_run)


@router.get("/{name}")
def get_run(name: str, caller: Reader, services: ServicesDep) -> Run:
    """Show a run: what was asked, how far it is, its metrics."""
    return services.runs.get(caller, name)


@router.patch("/{name}")
def update_run(name: str, body: RunUpdate, caller: Writer, services: ServicesDep) -> Run:
    """Change the words about a run; what is not sent stays."""
    return services.runs.update(caller, name, body)


@router.delete("/{name}", status_code=204)
def delete_run(name: str, caller: Writer, services: ServicesDep) -> None:
    """Delete a run that has ended, with all that it recorded."""
    services.runs.delete(caller, name)


@router.post("/{name}/cancel", status_code=202)
def cancel_run(name: str, caller: Writer, services: ServicesDep) -> Run:
    """Stop a run. What is done stays, and it can be resumed."""
    return services.runs.cancel(caller, name)


@router.post("/{name}/resume", status_code=202)
def resume_run(name: str, caller: Starter, services: ServicesDep) -> Run:
    """Go on with a run that failed or was canceled, or run the failed rows of a completed one again. Completed rows stay."""
    return services.runs.resume(caller, name)


@router.post("/{name}/archive")
def archive_run(name: str, caller: Writer, services: ServicesDep) -> Run:
    """Put a run away, so that lists leave it out."""
    return services.runs.archive(caller, name, archived=True)


@router.post("/{name}/restore")
def restore_run(name: str, caller: Writer, services: ServicesDep) -> Run:
    """Take an archived run back."""
    return services.runs.archive(caller, name, archived=False)


@router.get("/{name}/lines")
def list_run_lines(  # noqa: PLR0913 - what a request has
    name: str,
    caller: Reader,
    services: ServicesDep,
    *,
    status: LineStatus | None = None,
    verdict: Annotated[Verdict | None, Query(description="Only rows that an evaluator let pass, or not, or could not judge.")] = None,
    score: Annotated[
        str | None, Query(max_length=300, description="The score whose verdict counts; the worst of all scores if not said.")
    ] = None,
    variant: Variant = None,
    text: Text = None,
    sort: Annotated[str, Query(max_length=300, description="line, status, duration, cost, outputs.<name>, …; -… descends")] = "line",
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> RunLinePage:
    """List rows of a run, those that have ended."""
    where = LineFilter(status=status, verdict=verdict, score=score, variant=variant, text=text, sort=sort, cursor=cursor, limit=limit)
    return services.runs.lines(caller, name, where)


@router.get("/{name}/line-counts")
def count_run_lines(name: str, caller: Reader, services: ServicesDep, variant: Variant = None, text: Text = None) -> RunLineCounts:
    """Count rows of a run: completed, failed, and for each score those that passed."""
    return services.runs.line_counts(caller, name, variant, text)


@router.get("/{name}/lines/{line}")
def get_run_line(
    name: str,
    line: Line,
    caller: Reader,
    services: ServicesDep,
    variant: Annotated[str, Query(max_length=300, description="Of a run with variants: which one.")] = "",
) -> RunLineDetail:
    """Show one row with what each node did."""
    return services.runs.line(caller, name, line, variant)


@router.get("/{name}/unread-answers")
def list_run_unread_answers(
    name: str, caller: Reader, services: ServicesDep, cursor: Cursor = None, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> UnreadAnswerPage:
    """List the answers of judges from which no score could be read."""
    return services.runs.unread_answers(caller, name, cursor, limit)


@router.get("/{name}/metrics")
def get_run_metrics(name: str, caller: Reader, services: ServicesDep) -> RunMetrics:
    """Return what the aggregation gave, for each variant."""
    return services.runs.metrics(caller, name)


@router.get("/{name}/logs")
def list_run_logs(
    name: str, caller: Reader, services: ServicesDep, tail: Annotated[int, Query(ge=1, le=10_000, description="Lines at most.")] = 200
) -> Page[RunLog]:
    """Return the last lines of a run's log."""
    return Page(items=services.runs.logs(caller, name, tail))


@router.get("/{name}/export", response_class=StreamingResponse, responses=_FILE)
def export_run(name: str, caller: Reader, services: ServicesDep, form: Annotated[ExportFormat, Query(alias="format")] = "jsonl") -> Any:
    """Return a run's rows as a file."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return StreamingResponse(_pieces(services.runs.export(caller, name, form)), media_type=MEDIA_TYPES[form], headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while part := file.read(_PART):
            yield part
