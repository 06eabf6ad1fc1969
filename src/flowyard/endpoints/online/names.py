"""Which names endpoints and deployments take, and which splits of traffic."""

import re
from collections.abc import Iterable

from flowyard.endpoints.errors import NameInvalidError, TrafficInvalidError
from flowyard.foundation.errors import Location, nearest

# Azure ML's rule: 3 to 32 characters, a letter first, no hyphen at the end.
_NAME = re.compile(r"[a-zA-Z](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?")
_SHORTEST = 3
_LONGEST = 32
# Azure ML's bound.
_MOST_MIRRORED = 50


def check_name(noun: str, name: str) -> str:
    """Return `name` when it is one for an ``endpoint`` or ``deployment``.

    Raises:
        NameInvalidError: it is not.
    """
    if not _SHORTEST <= len(name) <= _LONGEST or not _NAME.fullmatch(name):
        raise NameInvalidError(
            f"{name[:100]!r} is no name for {'an' if noun[0] in 'aeiou' else 'a'} {noun}.",
            remedy=f"Use {_SHORTEST} to {_LONGEST} letters, digits and hyphens, a letter first and no hyphen at the end.",
            location=Location(pointer="/name"),
        )
    return name


def check_mirror(mirror: dict[str, int], traffic: dict[str, int], deployments: Iterable[str]) -> dict[str, int]:
    """Return `mirror` when it names one deployment at most, that exists and takes no traffic of its own, and 1 to 50 per cent.

    Raises:
        TrafficInvalidError: it does not.
    """
    known = set(deployments)
    if len(mirror) > 1:
        raise TrafficInvalidError(
            f"mirror_traffic names {len(mirror)} deployments, expected one.",
            remedy="Mirror to one at a time.",
            location=Location(pointer="/mirror_traffic"),
        )
    for name, share in mirror.items():
        pointer = Location(pointer=f"/mirror_traffic/{name}")
        if name not in known:
            raise TrafficInvalidError(
                f"There is no deployment {name!r}.", remedy=f"The endpoint has: {', '.join(sorted(known)) or 'none'}.", location=pointer
            )
        if traffic.get(name):
            raise TrafficInvalidError(
                f"{name!r} takes {traffic[name]} % of the traffic: what it answers is returned.",
                remedy="Mirror to a deployment without traffic.",
                location=pointer,
            )
        if not 1 <= share <= _MOST_MIRRORED:
            raise TrafficInvalidError(f"The mirrored share is {share}, expected 1 to {_MOST_MIRRORED} per cent.", location=pointer)
    return mirror


def check_traffic(traffic: dict[str, int], deployments: Iterable[str]) -> dict[str, int]:
    """Return `traffic` when its shares are 0 to 100, sum to 0 or 100, and belong to existing deployments.

    Raises:
        TrafficInvalidError: they do not.
    """
    known = set(deployments)
    for name, share in traffic.items():
        pointer = Location(pointer=f"/traffic/{name}")
        if name not in known:
            near = nearest(name, known)
            remedy = f"Did you mean {near!r}?" if near else f"The endpoint has: {', '.join(sorted(known)) or 'none'}."
            raise TrafficInvalidError(f"There is no deployment {name!r}.", remedy=remedy, location=pointer)
        if not 0 <= share <= 100:
            raise TrafficInvalidError(f"The share of {name!r} is {share}, expected 0 to 100 per cent.", location=pointer)
    total = sum(traffic.values())
    if total not in {0, 100}:
        raise TrafficInvalidError(
            f"The shares sum to {total}, expected 100 (or 0 for none).",
            remedy='Give for instance --traffic "blue=90 green=10".',
            location=Location(pointer="/traffic"),
        )
    return traffic
