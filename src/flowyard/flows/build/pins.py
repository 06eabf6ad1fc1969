"""The exact versions of all packages that a flow runs with. Also a program: it is run in the flow's own environment."""

import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from flowyard.flows.build.errors import BuildError


def pinned(roots: list[str]) -> dict[str, str]:
    """Return name and version of the packages that the requirement lines `roots` lead to in this interpreter, sorted by name."""
    found: dict[str, str] = {}
    waiting = [(Requirement(line), frozenset[str]()) for line in roots]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement, extras_above = waiting.pop()
        if not _applies(requirement, extras_above):
            continue
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        try:
            distribution = metadata.distribution(requirement.name)
        except metadata.PackageNotFoundError:
            continue
        found[key[0]] = distribution.version
        waiting += [(need, key[1]) for text in distribution.requires or () if (need := _parsed(text)) is not None]
    return dict(sorted(found.items()))


def pinned_in(python: Path, roots: list[str]) -> dict[str, str]:
    """Return the same for the interpreter `python`, which has this package.

    Raises:
        BuildError: it fails.
    """
    if python == Path(sys.executable):
        return pinned(roots)
    told = subprocess.run(  # noqa: S603  # the environment that was just built
        [str(python), "-m", "flowyard.flows.build.pins", *roots], capture_output=True, text=True, timeout=120, check=False
    )
    if told.returncode:
        raise BuildError(
            f"The packages of {python} cannot be listed: {told.stderr.strip()[-500:]}", remedy="Run: flowyard env prune --days 0"
        )
    return json.loads(told.stdout)


def _applies(requirement: Requirement, extras: frozenset[str]) -> bool:
    if requirement.marker is None:
        return True
    return any(requirement.marker.evaluate({"extra": extra}) for extra in extras or {""})


def _parsed(text: str) -> Requirement | None:
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None  # of an old package; the installer says more


if __name__ == "__main__":
    sys.stdout.write(json.dumps(pinned(sys.argv[1:])))
