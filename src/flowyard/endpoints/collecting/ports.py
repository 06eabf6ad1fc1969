"""Where collected rows are read from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from flowyard.tracing.signals import LogRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which records: of an endpoint, or of one deployment of it; of some collections, or of all; from `since_ns` to before `until_ns`."""

    endpoint: str
    deployment: str | None = None
    collections: tuple[str, ...] = ()
    since_ns: int | None = None
    until_ns: int | None = None


class CollectedQueries(Protocol):
    """Reads one workspace's collected records, and never another's."""

    def collected(self, workspace_id: str, wanted: Wanted) -> Iterator[LogRecord]:
        """Yield the records that match, each once, the earliest first as far as they are kept in that order."""
        ...
