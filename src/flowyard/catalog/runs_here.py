"""A rule of thumb for lists: does a model's smallest usual file fit into this machine's memory?"""

import os
from functools import cache
from pathlib import Path

from flowyard.catalog.cards import Card
from flowyard.catalog.facts import estimated_bytes
from flowyard.catalog.ports import Fit

#: A file's bytes times this, and this much more, is about what its engine takes with a short context.
TIMES, MORE_BYTES = 1.15, 300_000_000
#: The share of the memory that one engine may take.
SHARE = 0.9
_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def runs_here(card: Card) -> Fit:
    """Return whether the weights, at 4.5 bits where there are no files yet, fit into `SHARE` of the memory."""
    if card.connection is not None:
        return Fit(runs="no", reason="It is hosted, and called through a connection.")
    if card.files:
        weights = card.bytes_total
    elif card.parameters is not None:
        weights = estimated_bytes(card.parameters, "q4_0")
    else:
        return Fit(runs="unknown", reason="How many parameters it has is not known.")
    needed, there = weights * TIMES + MORE_BYTES, machine_memory()
    if there is None:
        return Fit(runs="unknown", reason="How much memory this machine has is not known.")
    if needed <= there * SHARE:
        return Fit(runs="yes")
    return Fit(runs="no", reason=f"It needs about {needed / 1e9:,.1f} GB of memory; this machine has {there / 1e9:,.1f} GB.")


@cache
def machine_memory() -> int | None:
    """Return the bytes of memory that processes here may take: the machine's, or the container's when that is less."""
    try:
        found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    except (OSError, ValueError):
        return None
    for path in _LIMITS:
        try:
            text = Path(path).read_text("ascii").strip()
        except OSError:
            continue
        if text.isdecimal():
            found.append(int(text))
    return min(found)
