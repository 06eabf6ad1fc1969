"""Asks a `probe` process for the tools of an environment. What it answers is kept by a hash of what is installed there."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import Distribution, entry_points
from pathlib import Path
from typing import Any, cast

from flowyard.flows.environments.runtime import DISTRIBUTION, package_folder
from flowyard.flows.errors import ToolError
from flowyard.flows.tools.definitions import GROUP
from flowyard.flows.tools.values import call_for
from flowyard.foundation.codecs import convert, plain
from flowyard.foundation.settings import read_settings
from flowyard.foundation.version import __version__
from flowyard.wire.flows import ToolValues, ToolValuesQuery

#: A probe that takes longer is ended, seconds.
PROBE_TIMEOUT_S = 60.0


class ProbeError(ToolError):
    """The code of a tool package failed when it was asked about its tools."""

    code = "ToolProbeFailed"
    title = "Tools cannot be listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The package tools of an environment: id to definition, old ids to present ones, and packages that cannot be used, with the reason."""

    tools: Mapping[str, Mapping[str, Any]]
    renamed: Mapping[str, str]
    broken: Mapping[str, str]


def package_tools(python: str = sys.executable) -> Listing:
    """Return the package tools of the environment of the interpreter `python`.

    Raises:
        ProbeError: the packages cannot be asked.
    """
    if python != sys.executable:
        return _listing(probe({"list": True}, python))
    return _kept(_fingerprint())


def described(source: str, *, folder: Path | None = None) -> tuple[Mapping[str, Any], Mapping[str, list[str]]]:
    """Return the tools of a package, a function or a file by id, and by id what is wrong with those that are not valid.

    Raises:
        ProbeError: it cannot be imported.
    """
    reply = probe({"describe": source}, folder=folder)
    return reply["tools"], reply["wrong"]


def tool_values(query: ToolValuesQuery, python: str = sys.executable) -> ToolValues:
    """Return what a package of the environment of `python` offers for an input of one of its tools. Its code runs in a probe.

    Raises:
        ToolUnknownError, InvalidInputError: it does not offer that, or not for these inputs.
        ProbeError: its function failed, or returned something else.
    """
    call = call_for(package_tools(python).tools, query)
    return convert(probe({"call": plain(call), "scenario": query.scenario}, python)["values"], ToolValues)


def probe(request: Mapping[str, Any], python: str = sys.executable, *, folder: Path | None = None) -> dict[str, Any]:
    """Ask a probe process, in `folder` where one is given, and return its answer.

    Raises:
        ProbeError: it failed, or did not answer in time.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FLOWYARD_")}
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [python, "-m", "flowyard.flows.tools.probe"],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            timeout=PROBE_TIMEOUT_S,
            check=False,
            cwd=folder,
            env=environment,
        )
        reply = cast("dict[str, Any]", json.loads(done.stdout))
    except subprocess.TimeoutExpired as error:
        raise ProbeError(
            f"The tools did not answer within {PROBE_TIMEOUT_S:g} s.", remedy="Look at what their modules do at import."
        ) from error
    except (OSError, ValueError) as error:
        raise ProbeError(f"The tools cannot be asked: {error}.", remedy="Is flowyard installed in that environment?") from error
    if "error" in reply:
        raise ProbeError(str(reply["error"]), remedy="Correct it there; `python -m flowyard.flows.tools.probe` shows its output.")
    return reply


def _listing(reply: Mapping[str, Any]) -> Listing:
    return Listing(tools=reply["tools"], renamed=reply["renamed"], broken=reply["broken"])


@lru_cache(maxsize=8)
def _kept(fingerprint: str) -> Listing:
    file = read_settings().home / "cache" / "tools" / f"{fingerprint}.json"
    try:
        return _listing(json.loads(file.read_text()))
    except (OSError, ValueError, KeyError):
        reply = probe({"list": True})
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(reply))
        draft.replace(file)
    except OSError:
        return _listing(reply)  # a home that cannot be written: asked again next time
    return _listing(reply)


def _fingerprint() -> str:
    """Return the hash of what decides the answer: the packages with tools, their versions, and the newest of their files."""
    known = hashlib.sha256(f"{__version__} {sys.executable} {sys.version}".encode())
    for line in sorted(_states()):
        known.update(line.encode())
    return known.hexdigest()[:32]


def _states() -> Iterator[str]:
    for entry in entry_points(group=GROUP):
        package = cast("Distribution", entry.dist)
        yield f"{package.name} {package.version} {entry.value} {_newest(entry.module)}\n"


def _newest(module: str) -> int:
    """Return when the files of a module's package last changed, ns; of ours, which is large, the file that has the definitions."""
    if module.startswith(f"{DISTRIBUTION}."):
        return package_folder().joinpath(*module.split(".")[1:]).with_suffix(".py").stat().st_mtime_ns
    top = module.partition(".")[0]
    found: list[Path] = []
    for folder in map(Path, sys.path):
        if (folder / f"{top}.py").is_file():
            found = [folder / f"{top}.py"]
        elif (folder / top).is_dir():
            found = [file for pattern in ("*.py", "*.yaml", "*.yml", "*.json") for file in (folder / top).rglob(pattern)]
        if found:
            break
    return max((file.stat().st_mtime_ns for file in found), default=0)
