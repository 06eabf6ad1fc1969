"""Known secret values do not enter records, logs and spans."""

import re
from collections.abc import Mapping
from typing import Any

from flowyard.flows.runtime.context import Scrub

HIDDEN = "**data_scrubbed**"
#: Shorter values would blot out ordinary words.
SHORTEST = 6


def scrubber(connections: Mapping[str, Mapping[str, Any]], *more: str) -> Scrub | None:
    """Return the function that replaces the secret values of `connections`, and `more`, in a text; None when there are none."""
    values = {str(value) for given in connections.values() for value in dict(given.get("secrets") or {}).values()} | set(more)
    known = sorted((value for value in values if len(value) >= SHORTEST), key=len, reverse=True)
    if not known:
        return None
    pattern = re.compile("|".join(re.escape(value) for value in known))
    return lambda text: pattern.sub(HIDDEN, text)
