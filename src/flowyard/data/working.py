"""What jobs that make versions of data assets share."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from flowyard.compute.ports import JobContext
from flowyard.identity.model import Caller


def acting(context: JobContext, by: str) -> Caller:
    """Return who a job acts for: `by` is what the audit trail shows."""
    return Caller(workspace_id=context.workspace_id, workspace="", actor=by, kind="user", role="contributor")


@contextmanager
def scratch_folder(root: Path, context: JobContext) -> Generator[Path]:
    """Yield an empty folder for a job; what an earlier run of it left is gone, and so is the folder at the end."""
    folder = root / context.job_id
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
