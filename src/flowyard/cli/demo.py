"""``flowyard up --demo``: this program's own pages as an index, and a flow that answers from them, made while the platform runs."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from flowyard.cli.output import note
from flowyard.client.workspace import Workspace
from flowyard.foundation.codecs import convert, decode
from flowyard.foundation.credentials import Credentials, credentials_path
from flowyard.foundation.errors import FlowyardError, Problem, RemoteError
from flowyard.wire.jobs import Job

INDEX = "documentation"
#: The name that the studio's button gives to the flow of an index.
FLOW = f"{INDEX}-chat"
_MODELS = ("bge-small-en-v1.5", "smollm2-135m")


def begin_demo(home: Path) -> Thread:
    """Begin to make the demo in the platform of a home folder, and return the thread at once; what becomes of it is noted."""
    kept = decode(credentials_path(home).read_bytes(), Credentials)
    workspace = Workspace(url=kept.url, api_key=kept.api_key, workspace=kept.workspace)
    thread = Thread(target=_try, args=(workspace,), name="demo", daemon=True)
    thread.start()
    return thread


def pages_folder() -> Path:
    """Return the folder of the pages: they are installed with the package, and beside it in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "documentation"
    return installed if installed.is_dir() else package.parents[1] / "docs"


def make_demo(workspace: Workspace) -> None:
    """Get the models, build the index of the pages, and make the flow that answers from it.

    Raises:
        RemoteError: a model cannot be had, such as without a network, or what the build or the flow failed of.
    """
    for model in _MODELS:
        _ended(workspace, workspace.models.pull(model))
    with TemporaryDirectory(prefix="flowyard-demo-") as folder:
        pages = pages_folder()
        for page in pages.rglob("*.md"):
            copy = Path(folder) / page.relative_to(pages)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(page, copy)
        job = workspace.indexes.build(INDEX, Path(folder), description="Flowyard's own pages")
    _ended(workspace, job)
    workspace.flows.create(FLOW, "documents", index=INDEX)


def _ended(workspace: Workspace, job: Job) -> None:
    ended = workspace.jobs.wait(job.id)
    if ended.error is not None:
        raise RemoteError(convert(ended.error, Problem))
    if ended.status != "completed":
        raise FlowyardError(f"The job {job.id} is {ended.status}.")


def _try(workspace: Workspace) -> None:
    try:
        make_demo(workspace)
    except FlowyardError as error:
        note(f"The demo that answers from this program's pages was not made: {error}")
        note(f"Make it later: flowyard model pull {_MODELS[0]}, then flowyard index create {INDEX} --data {pages_folder()}")
    else:
        note(f"The flow {FLOW!r} answers from this program's pages: ask it in the studio, under Flows.")
