"""The exact versions of all packages that a flow runs with."""

import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name


def pinned_in(python: Path, roots: Sequence[str]) -> dict[str, str]:
    """Return name and version of the packages that the requirement lines `roots` lead to in an interpreter, sorted by name.

    What is installed is read, not run: the packages of `python` may be anybody's.
    """
    own = python == Path(sys.executable)
    places = sys.path if own else [str(folder) for folder in python.parent.parent.glob("lib/python*/site-packages")]
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
        distribution = next(iter(metadata.distributions(name=requirement.name, path=places)), None)
        if distribution is None:
            continue
        found[key[0]] = distribution.version
        waiting += [(need, key[1]) for text in distribution.requires or () if (need := _parsed(text)) is not None]
    return dict(sorted(found.items()))


def _applies(requirement: Requirement, extras: frozenset[str]) -> bool:
    if requirement.marker is None:
        return True
    return any(requirement.marker.evaluate({"extra": extra}) for extra in extras or {""})


def _parsed(text: str) -> Requirement | None:
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None  # of an old package; the installer says more
