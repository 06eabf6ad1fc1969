"""Jobs over HTTP."""

import time
from collections.abc import Callable, Iterator

from flowyard.client.errors import NoServerError
from flowyard.client.transport import Transport
from flowyard.foundation.codecs import decode
from flowyard.wire.jobs import Job, JobEvent, JobStatus
from flowyard.wire.shared import Page

_PAGE = 100
_ENDED = ("completed", "failed", "canceled")
_RETRY_S = 0.5


class Jobs:
    """The durable work of the workspace."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self, *, kind: str | None = None, status: JobStatus | None = None, target: str | None = None, limit: int | None = None
    ) -> Iterator[Job]:
        """Yield jobs, the newest first, fetching pages as they are needed; at most `limit`, or all."""
        left, cursor = limit, None
        while left is None or left > 0:
            size = _PAGE if left is None else min(left, _PAGE)
            where = {"kind": kind, "status": status, "target": target}
            page: Page[Job] = self._transport.get("jobs", Page[Job], params={**where, "limit": size, "cursor": cursor})
            yield from page.items
            left = None if left is None else left - len(page.items)
            cursor = page.next_cursor
            if cursor is None:
                return

    def get(self, job_id: str) -> Job:
        """Return a job with its stages.

        Raises:
            RemoteError: there is no such job (code ``JobNotFound``).
        """
        return self._transport.get(f"jobs/{job_id}", Job)

    def cancel(self, job_id: str) -> Job:
        """Cancel a job; a running one is ``canceling`` until it has stopped.

        Raises:
            RemoteError: it has completed or failed (code ``JobState``).
        """
        return self._transport.post(f"jobs/{job_id}/cancel", Job)

    def resume(self, job_id: str) -> Job:
        """Run a failed or canceled job again; what it has recorded is not done again.

        Raises:
            RemoteError: it has completed or runs (code ``JobState``).
        """
        return self._transport.post(f"jobs/{job_id}/resume", Job)

    def events(self, job_id: str, *, after: str | None = None) -> Iterator[JobEvent]:
        """Yield what happens to a job, from its beginning or after event `after`, until it has ended."""
        for event in self._transport.stream(f"jobs/{job_id}/events", last_event_id=after):
            yield decode(event.data, JobEvent)

    def wait(self, job_id: str, on_event: Callable[[JobEvent], None] | None = None, *, timeout_s: float | None = None) -> Job:
        """Return the job once it has ended, well or not; `on_event` sees every event on the way.

        A server that restarts meanwhile is waited for.

        Raises:
            TimeoutError: it has not ended within `timeout_s`.
            NoServerError: the server was away for 30 s.
        """
        end = None if timeout_s is None else time.monotonic() + timeout_s
        last, away_since = None, None
        while True:
            try:
                for event in self.events(job_id, after=last):
                    last, away_since = event.sequence, None
                    if on_event is not None:
                        on_event(event)
                    _check_time(end, job_id)
                job = self.get(job_id)
            except NoServerError:
                away_since = away_since or time.monotonic()
                if time.monotonic() - away_since > 30:
                    raise
            else:
                if job.status in _ENDED:
                    return job
            _check_time(end, job_id)
            time.sleep(_RETRY_S)


def _check_time(end: float | None, job_id: str) -> None:
    if end is not None and time.monotonic() > end:
        raise TimeoutError(f"job {job_id} has not ended in time")
