"""Known secret values do not enter records, logs and spans."""

from collections.abc import Mapping
from typing import Any

from flowyard.connections.redaction import Redactor
from flowyard.flows.runtime.context import Scrub


def scrubber(connections: Mapping[str, Mapping[str, Any]], *more: str) -> Scrub | None:
    """Return the function that replaces the secret values of `connections`, and `more`, in a text; None when there are none."""
    values = {str(value) for given in connections.values() for value in dict(given.get("secrets") or {}).values()} | set(more)
    return Redactor(values).scrub if values else None
