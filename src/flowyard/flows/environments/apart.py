"""Environments where flows run under their workspaces' user ids: each workspace has its own, built by its own user.

Building a package runs code of that package, so it must have no more rights than the flow that asks for it; and what one workspace's
user has built, no other workspace trusts. The program of this module builds one: ``python -m flowyard.flows.environments.apart FLOW HOME``.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from flowyard.compute.processes.isolated import Confines, popen_isolated
from flowyard.compute.processes.users import FlowUsers
from flowyard.flows.environments.installers import Progress
from flowyard.flows.environments.requirements import requirements_file
from flowyard.flows.environments.resolve import environment_for
from flowyard.flows.folders import quick_stamp
from flowyard.flows.model import FlowSpec
from flowyard.foundation.codecs import decode, plain, to_json
from flowyard.foundation.errors import FlowyardError, Problem, RemoteError

_NO_LIST = (".py", ".jinja2", ".md", ".prompty", ".png", ".jpg")
_FOUND_LIMIT = 1000
_found: dict[tuple[str, str, tuple[tuple[str, int, int], ...]], str] = {}


@dataclass(frozen=True, slots=True)
class Apart:
    """Whose environment it is to be."""

    users: FlowUsers
    workspace_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    line: str | None = None
    python: str | None = None
    problem: Problem | None = None


def python_apart(folder: Path, spec: FlowSpec | None, apart: Apart, progress: Progress) -> str | None:
    """Return the interpreter that the workspace's user has for the flow in `folder`, built by that user; None: this process's own.

    The list of packages is read by that user's process too: it may name other files. What came of it is kept until a file changes.

    Raises:
        RemoteError: the list cannot be read, or a package cannot be had, as the building process told it.
    """
    if requirements_file(folder, spec) is None:
        return None
    key = (apart.workspace_id, str(folder), tuple(entry for entry in quick_stamp(folder) if not entry[0].endswith(_NO_LIST)))
    known = _found.get(key)
    if known is not None and Path(known).exists():
        return None if known == sys.executable else known
    if len(_found) > _FOUND_LIMIT:
        _found.clear()
    python = _found[key] = _built(folder, apart, progress)
    return None if python == sys.executable else python


def _built(folder: Path, apart: Apart, progress: Progress) -> str:
    user = apart.users.of(apart.workspace_id)
    apart.users.let_read(user, folder)
    confines = Confines(user=user, folder=user.home, environment={"PYTHONUNBUFFERED": "1"})
    command = [sys.executable, "-P", "-m", __name__, str(folder), str(user.home)]
    python: str | None = None
    with popen_isolated(command, confines, stdout=subprocess.PIPE) as process:
        for line in process.stdout or ():
            told = decode(line, _Told)
            if told.problem is not None:
                raise RemoteError(told.problem)
            if told.line is not None:
                progress(told.line)
            python = told.python or python
    if process.returncode != 0 or python is None:
        raise FlowyardError(
            f"Building the packages of {folder.name!r} ended with exit code {process.returncode}.", remedy="See the log above it."
        )
    return python


def main() -> None:
    """Build the environment of the flow in the folder named first, below the home folder named second, and tell it in JSON lines."""
    from flowyard.flows.rules import validate

    folder, home = Path(sys.argv[1]), Path(sys.argv[2])

    def tell(told: _Told) -> None:
        sys.stdout.buffer.write(to_json(plain(told)) + b"\n")
        sys.stdout.buffer.flush()

    try:
        spec, _ = validate(folder)
        python = environment_for(folder, spec, home, progress=lambda line: tell(_Told(line=line)))
    except FlowyardError as error:
        tell(_Told(problem=error.problem()))
        raise SystemExit(2) from error
    tell(_Told(python=str(python)))


if __name__ == "__main__":
    main()
