"""Why queued jobs do not begin."""

from flowyard.compute.ports import ProcessHost
from flowyard.foundation.errors import FlowyardError

#: The name of the worker's process.
WORKER = "worker"


def worker_trouble(host: ProcessHost) -> str | None:
    """Return what keeps this machine's worker from running jobs, with the remedy; None when nothing does, or none is kept here."""
    try:
        status = host.get(WORKER)
    except FlowyardError as error:
        return f"Nobody says whether a worker runs: {error}"
    if status is None or status.state == "ready" or status.error is None:
        return None
    remedy = status.error.get("remedy")
    return f"{status.error.get('detail', f'The worker is {status.state}.')}{f' {remedy}' if remedy else ''}"
