"""Runs of a workspace, from Python."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, Literal, TypedDict, Unpack
from urllib.parse import quote

from flowyard.client.flows import Flows
from flowyard.client.jobs import Jobs
from flowyard.client.transport import Transport
from flowyard.client.uploads import Uploads
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.jobs import JobEvent
from flowyard.wire.runs import (
    LineStatus,
    Run,
    RunComparison,
    RunCreate,
    RunLine,
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

Archived = Literal["no", "only", "also"]
_PAGE, _LINES = 100, 1000
#: Data that the server has or gets itself: uploads, data assets, files of datastores and of the web.
_KEPT = ("upload:", "azureml:", "flowyard://", "http://", "https://")


class RunOptions(TypedDict, total=False):
    """What a run may be told besides its flow and data; `wire.runs.RunCreate` says what each means."""

    name: str
    display_name: str
    description: str
    tags: dict[str, str]
    properties: dict[str, str]
    run: str
    column_mapping: dict[str, Any]
    variants: tuple[str, ...]
    connections: dict[str, dict[str, str]]
    environment_variables: dict[str, str]
    init: dict[str, Any]
    resume_from: str
    max_failures: int
    concurrency: int
    line_timeout_s: float
    replay: bool


class Runs:
    """The runs of the workspace: make them, follow them, look into them, compare them.

    Example::

        run = ws.runs.create(flow="answers", data="rows.jsonl", column_mapping={"question": "${data.question}"})
        run = ws.runs.stream(run.name)
        rows = ws.runs.details(run.name)
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, flow: str | Path | None = None, data: str | Path | None = None, **options: Unpack[RunOptions]) -> Run:
        """Make a run and queue it; what is on this machine is uploaded first.

        Args:
            flow: a flow of the workspace by name, or a flow's folder or file on this machine. None with `resume_from`.
            data: a file or folder on this machine, a data asset (``azureml:<name>:<version>``), an address
                (``azureml://datastores/<name>/paths/<path>`` or ``https://…``), or what `upload` gave.
                None with another run's outputs alone.
            options: all else that a run may be told: `name`, `column_mapping`, `run`, `variants`, …

        Raises:
            RemoteError: the server refuses it; the problem says what does not fit.
        """
        return self.submit(RunCreate(flow=None if flow is None else str(flow), data=None if data is None else str(data), **options))

    def submit(self, request: RunCreate) -> Run:
        """Make a run and queue it as `create` does."""
        if request.flow is not None and request.snapshot is None:
            name, snapshot, file = self._flow(request.flow)
            request = replace(request, flow=name, snapshot=snapshot, flow_file=file)
        if request.data is not None and not request.data.startswith(_KEPT):
            request = replace(request, data=self.upload(request.data))
        return self._transport.post("runs", Run, body=request)

    def upload(self, data: str | Path) -> str:
        """Upload a file or folder, images that a file's rows name come along, and return what names it in `create`.

        Raises:
            DataError: there is nothing there, or it is an address: this version reads files and folders of this machine.
        """
        return Uploads(self._transport).send_data(data)

    def list(
        self, *, flow: str | None = None, status: RunStatus | None = None, archived: Archived = "no", limit: int | None = None
    ) -> Iterator[Run]:
        """Yield runs, the newest first, fetching pages as they are needed; at most `limit`, or all."""
        left, cursor = limit, None
        while left is None or left > 0:
            size = _PAGE if left is None else min(left, _PAGE)
            where = {"flow": flow, "status": status, "archived": archived}
            page: Page[Run] = self._transport.get("runs", Page[Run], params={**where, "limit": size, "cursor": cursor})
            yield from page.items
            left = None if left is None else left - len(page.items)
            cursor = page.next_cursor
            if cursor is None:
                return

    def get(self, name: str) -> Run:
        """Return one run as it is now."""
        return self._transport.get(_path(name), Run)

    def stream(
        self,
        name: str,
        on_progress: Callable[[Run], None] | None = None,
        *,
        on_waiting: Callable[[str], None] | None = None,
        timeout_s: float | None = None,
    ) -> Run:
        """Return the run once it has ended, well or not; `on_progress` sees it on the way, a few times a second.

        `on_waiting` is told what keeps a queued run from beginning: a worker that cannot run, say.

        Raises:
            TimeoutError: it has not ended within `timeout_s`.
            NoServerError: the server was away for 30 s.
        """

        def look(event: JobEvent) -> None:
            if on_waiting is not None and event.job is not None and event.job.waiting:
                on_waiting(event.job.waiting)
            if on_progress is not None and event.kind != "log":
                on_progress(self.get(name))

        run = self.get(name)
        if run.job_id is not None:
            Jobs(self._transport).wait(run.job_id, on_event=look, timeout_s=timeout_s)
        return self.get(name)

    def lines(  # noqa: PLR0913 - what a request has
        self,
        name: str,
        *,
        status: LineStatus | None = None,
        verdict: Verdict | None = None,
        score: str | None = None,
        variant: str | None = None,
        text: str | None = None,
        sort: str = "line",
        limit: int | None = None,
    ) -> Iterator[RunLine]:
        """Yield the rows that have ended, fetching pages as they are needed; at most `limit`, or all.

        `verdict` is that on `score`, or on the row as a whole, which its worst score decides.
        `sort` is ``line``, ``status``, ``duration``, ``cost``, ``inputs.<name>``, ``outputs.<name>``, …; ``-duration``: the longest first.
        """
        left, cursor = limit, None
        where = {"status": status, "verdict": verdict, "score": score, "variant": variant, "text": text, "sort": sort}
        while left is None or left > 0:
            size = _LINES if left is None else min(left, _LINES)
            page = self._transport.get(_path(name, "lines"), RunLinePage, params={**where, "limit": size, "cursor": cursor})
            yield from page.items
            left = None if left is None else left - len(page.items)
            cursor = page.next_cursor
            if cursor is None:
                return

    def line_counts(self, name: str, *, variant: str | None = None, text: str | None = None) -> RunLineCounts:
        """Return how many of the rows that have ended completed, failed, and passed on each score."""
        return self._transport.get(_path(name, "line-counts"), RunLineCounts, params={"variant": variant, "text": text})

    def details(self, name: str) -> "list[dict[str, Any]]":
        """Return all rows, each as one dictionary: ``line``, ``status``, ``inputs.<name>``, ``outputs.<name>``, ``error``, …"""
        from flowyard.flows.runs.export import flat_row

        return [flat_row(row) for row in self.lines(name)]

    def line(self, name: str, line: int, variant: str = "") -> RunLineDetail:
        """Return one row with what each node did."""
        return self._transport.get(_path(name, "lines", str(line)), RunLineDetail, params={"variant": variant})

    def unread_answers(self, name: str, *, limit: int = 100) -> UnreadAnswerPage:
        """Return the answers of judges that could not be read, at most `limit` (up to 1,000), with how many there are in all."""
        return self._transport.get(_path(name, "unread-answers"), UnreadAnswerPage, params={"limit": limit})

    def metrics(self, name: str) -> RunMetrics:
        """Return what the aggregation gave, for each variant (a run without variants has one with an empty name)."""
        return self._transport.get(_path(name, "metrics"), RunMetrics)

    def logs(self, name: str, *, tail: int = 200) -> tuple[RunLog, ...]:
        """Return the last lines of a run's log."""
        return self._transport.get(_path(name, "logs"), Page[RunLog], params={"tail": tail}).items

    def compare(self, *names: str, changed: bool = False, least_difference: float | None = None, limit: int = 50) -> RunComparison:
        """Return runs, or the variants of one, side by side; the first is what the others are compared with.

        Args:
            names: of the runs.
            changed: only rows whose outputs or status differ.
            least_difference: the difference of a score that matters, in its unit, for the count of rows needed to see it; by default 2
                points (0.02) of a score from 0 to 1, 2 % of the range of another.
            limit: how many rows at most.
        """
        asked = {"runs": ",".join(names), "changed": changed, "least_difference": least_difference, "limit": limit}
        return self._transport.get("runs/compare", RunComparison, params=asked)

    def export(self, name: str, form: Literal["jsonl", "csv", "parquet"], target: IO[bytes]) -> None:
        """Write a run's rows to `target`."""
        self._transport.download(_path(name, "export"), target, params={"format": form})

    def update(self, name: str, update: RunUpdate) -> Run:
        """Change the words about a run; what is None stays."""
        return self._transport.patch(_path(name), Run, body=update)

    def cancel(self, name: str) -> Run:
        """Stop a run; what is done stays."""
        return self._transport.post(_path(name, "cancel"), Run)

    def resume(self, name: str) -> Run:
        """Go on with a run that failed or was canceled, or run the failed rows of a completed one again."""
        return self._transport.post(_path(name, "resume"), Run)

    def archive(self, name: str) -> Run:
        """Put a run away, so that lists leave it out."""
        return self._transport.post(_path(name, "archive"), Run)

    def restore(self, name: str) -> Run:
        """Take an archived run back."""
        return self._transport.post(_path(name, "restore"), Run)

    def delete(self, name: str) -> None:
        """Delete a run that has ended, with all that it recorded."""
        self._transport.delete(_path(name))

    def prune(self, before: str, *, dry_run: bool = False) -> RunsPruned:
        """Delete runs that ended before `before`, and uploads and snapshots that nothing needs; return what.

        Args:
            before: a time of RFC 3339, or how long ago: ``30d``; at least an hour.
            dry_run: delete nothing, only return what would be.
        """
        return self._transport.post("runs/prune", RunsPruned, body=RunsPrune(before=before, dry_run=dry_run))

    def _flow(self, flow: str) -> tuple[str, str | None, str | None]:
        """Return the flow's name, the digest of its snapshot where it is on this machine, and its file where a file was named."""
        from flowyard.flows.runs.local import flow_name_of, flow_source
        from flowyard.flows.snapshots import pack

        if flow.startswith("azureml:"):
            raise InvalidInputError(f"{flow!r} is a flow of Azure ML.", remedy="Download it, and give its folder.")
        if not Path(flow).expanduser().exists() and not ("/" in flow or flow.startswith((".", "~"))):
            return flow, None, None
        source = flow_source(flow)
        return flow_name_of(source.path), Flows(self._transport).upload(pack(source.folder)).digest, source.file


def _path(name: str, *rest: str) -> str:
    return "/".join(("runs", *(quote(part, safe="") for part in (name, *rest))))
