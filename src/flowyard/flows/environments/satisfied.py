"""Whether the packages of this interpreter are what a flow asks for, so that it needs no environment of its own."""

import re
from importlib import metadata

from packaging.requirements import InvalidRequirement, Requirement

from flowyard.flows.environments.requirements import Requirements

_INDEX_OPTION = re.compile(r"(-i|--index-url|--extra-index-url|-f|--find-links|--no-index|--trusted-host|--pre|--prefer-binary)\b.*")


def satisfied(requirements: Requirements) -> bool:
    """Return whether every line is fulfilled here: the package is installed in a version that fits, its extras too.

    Lines that only say where packages are found ask for nothing; paths, URLs and constraints cannot be judged, and are not fulfilled.
    """
    return all(_fulfilled(line.text) for line in requirements.lines)


def _fulfilled(text: str) -> bool:
    if _INDEX_OPTION.fullmatch(text):
        return True
    try:
        return _installed(Requirement(text.partition(" --hash")[0]), frozenset())
    except InvalidRequirement:
        return False


def _installed(requirement: Requirement, above: frozenset[str]) -> bool:
    if requirement.marker is not None and not any(requirement.marker.evaluate({"extra": extra}) for extra in ("", *above)):
        return True
    if requirement.url is not None:
        return False
    try:
        found = metadata.distribution(requirement.name)
    except metadata.PackageNotFoundError:
        return False
    if not requirement.specifier.contains(found.version, prereleases=True):
        return False
    if not requirement.extras:
        return True
    needs = [Requirement(text) for text in found.requires or ()]
    extras = frozenset(requirement.extras)
    return all(_installed(need, extras) for need in needs if need.marker is not None and "extra" in str(need.marker))
