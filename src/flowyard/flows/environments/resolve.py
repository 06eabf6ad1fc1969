"""From a flow's folder to the interpreter that runs it."""

import hashlib
import json
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from flowyard.flows.environments import runtime
from flowyard.flows.environments.errors import EnvironmentBuildError
from flowyard.flows.environments.installers import Installer, InstallFailedError, Progress, find_installer
from flowyard.flows.environments.requirements import Requirement, Requirements, read_requirements
from flowyard.flows.environments.store import (
    Environment,
    environments_folder,
    find_environment,
    locked,
    python_of,
    write_manifest,
)
from flowyard.flows.model import FlowSpec
from flowyard.foundation.clock import now_ns
from flowyard.foundation.errors import Location
from flowyard.foundation.version import __version__

if TYPE_CHECKING:
    from flowyard.flows.environments.apart import Apart

_SHOWN_LINES = 20
_REASON = re.compile(r"(?:error|because|no matching|could not find|not found|no solution)", re.IGNORECASE)
_VERSIONS = re.compile(r"\(from versions: ([^)]*)\)")


def environment_for(
    folder: Path, spec: FlowSpec | None, home: Path, *, progress: Progress | None = None, installer: Installer | None = None
) -> Path:
    """Return the interpreter that has what the flow in `folder` asks for. Blocks, for as long as an installation takes.

    This process's own where the flow asks for nothing, or for nothing that is not here. Else that of the environment below `home` that
    has these packages, this Python and this version of the runtime; it is built when it is not there. Of several builders one builds,
    the others wait for it.

    Args:
        folder: the flow's folder.
        spec: the flow, for ``environment: {python_requirements_txt: ...}``; None looks for ``requirements.txt`` alone.
        home: the installation's home folder (``FLOWYARD_HOME``).
        progress: is told what happens, a line at a time.
        installer: builds it; None: uv where it is there, else pip.

    Raises:
        RequirementsError: the list of packages cannot be read.
        EnvironmentBuildError: a package cannot be had; `location` is its line.
    """
    requirements = read_requirements(folder, spec)
    tell = progress or _silent
    for line in requirements.dropped:
        tell(f"{line.file}:{line.line}: {line.text!r} is left out: flowyard itself provides it.")
    if _is_here(requirements):
        return Path(sys.executable)
    name = environment_name(requirements)
    found = find_environment(home, name)
    if found is None:
        with locked(home, name, lambda: tell(f"Another process builds the environment {name}; waiting for it.")):
            found = find_environment(home, name) or _build(home, name, requirements, tell, installer or find_installer())
    return Path(found.python)


def other_python(
    folder: Path, spec: FlowSpec | None, home: Path, *, progress: Progress | None = None, apart: "Apart | None" = None
) -> str | None:
    """Return the interpreter of `environment_for` as a `ProcessSpec` wants it: None where it is this process's own.

    With `apart` it is that of the workspace's own environment, built by the workspace's user.

    Raises:
        RequirementsError, EnvironmentBuildError: the packages cannot be had.
    """
    if apart is not None:
        from flowyard.flows.environments.apart import python_apart

        return python_apart(folder, spec, apart, progress or _silent)
    found = environment_for(folder, spec, home, progress=progress)
    return None if found == Path(sys.executable) else str(found)


def _is_here(requirements: Requirements) -> bool:
    if not requirements.lines:
        return True
    from flowyard.flows.environments.satisfied import satisfied

    return satisfied(requirements)


def environment_name(requirements: Requirements) -> str:
    """Return the name of the environment that holds these packages for this runtime: 16 hex digits of a SHA-256."""
    parts = json.dumps([requirements.identity(), *runtime.identity()])
    return hashlib.sha256(parts.encode()).hexdigest()[:16]


def _build(home: Path, name: str, requirements: Requirements, tell: Progress, installer: Installer) -> Environment:
    folder = environments_folder(home) / name
    runtime.discard(folder)
    tell(f"Building the environment {name} with {installer.name}: {', '.join(line.text for line in requirements.lines)}")
    began = time.monotonic_ns()
    try:
        installer.create(folder, tell)
        listed = folder / "requirements.txt"
        listed.write_text(requirements.text + "".join(f"{need}\n" for need in runtime.runtime_requirements()), encoding="utf-8")
        installer.install(folder, listed, tell)
        runtime.link_runtime(folder)
    except InstallFailedError as error:
        runtime.discard(folder)
        raise _explained(error.output, requirements) from error
    except BaseException:
        runtime.discard(folder)
        raise
    environment = Environment(
        name=name,
        python=str(python_of(folder)),
        requirements=tuple(line.text for line in requirements.lines),
        python_version=".".join(map(str, sys.version_info[:3])),
        runtime_version=__version__,
        installer=installer.name,
        created_ns=now_ns(),
        build_ns=time.monotonic_ns() - began,
    )
    write_manifest(environment)
    tell(f"The environment {name} is ready after {environment.build_ns / 1e9:.1f} s.")
    return environment


def _explained(output: str, requirements: Requirements) -> EnvironmentBuildError:
    """Return the error of an installer that gave up: which line it is about, and what it said of it."""
    lines = output.splitlines()
    said = " ".join(line.strip(" ╰─▶│") for line in lines if _REASON.search(line)) or "\n".join(lines[-3:])
    said = _VERSIONS.sub(_last_versions, said)
    blamed = _blamed(output, requirements)
    what = f"{blamed.text!r} cannot be installed" if blamed else "The flow's packages cannot be installed"
    return EnvironmentBuildError(
        f"{what}: {said[:1000]}",
        remedy="Correct the line, or say where the package is found (pip's index-url, extra-index-url or find-links); then run it again.",
        location=Location(file=blamed.file, line=blamed.line) if blamed else None,
        extra={"output": lines[-_SHOWN_LINES:]},
    )


def _last_versions(found: re.Match[str]) -> str:
    versions = found[1].split(", ")
    return f"(from versions: {', '.join(['…', *versions[-3:]] if len(versions) > 4 else versions)})"


def _blamed(output: str, requirements: Requirements) -> Requirement | None:
    """Return the line whose package the output names in a sentence that says why, the first in the output's order."""
    sentences = [line for line in output.splitlines() if _REASON.search(line)] or output.splitlines()
    for sentence in (*sentences, output):
        text = _plain(sentence)
        for line in requirements.lines:
            if line.name is not None and re.search(rf"(?<![a-z0-9-]){re.escape(_plain(line.name))}(?![a-z0-9-])", text):
                return line
    return None


def _plain(text: str) -> str:
    """Return `text` with package names in the spelling of the index: lower case, with hyphens."""
    return re.sub(r"[-_.]+", "-", text).lower()


def _silent(message: str) -> None:
    del message
