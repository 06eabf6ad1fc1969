"""The tail: rows that were read from the spools and stand in no segment yet."""

import time
from collections.abc import Sequence
from threading import Lock

from flowyard.storage.telemetry.model import Table
from flowyard.tracing.signals import Signal

#: A signal of a workspace.
Part = tuple[Signal, str]


class Tail:
    """Keeps tables by signal and workspace, in the order in which they came. One thread adds and drops; any thread reads."""

    def __init__(self) -> None:
        self._tables: dict[Part, list[Table]] = {}
        self._lock = Lock()
        self._oldest: float | None = None
        self.rows = 0
        self.bytes = 0

    def add(self, tables: Sequence[tuple[Signal, Table]]) -> None:
        """Add rows, of any workspaces: all of them, or none when it fails."""
        from flowyard.storage.telemetry.columns import by_workspace

        parts: list[tuple[Part, Table]] = [
            ((signal, workspace_id), part)
            for signal, table in tables
            if table.num_rows
            for workspace_id, part in by_workspace(table).items()
        ]
        if not parts:
            return
        with self._lock:
            for place, part in parts:
                self._tables.setdefault(place, []).append(part)
                self.rows += part.num_rows
                self.bytes += part.nbytes
            self._oldest = self._oldest or time.monotonic()

    def age_s(self) -> float:
        """Return how long the oldest rows have been here, in seconds; 0 when there are none."""
        oldest = self._oldest
        return 0.0 if oldest is None else time.monotonic() - oldest

    def of(self, workspace_id: str, signal: Signal = "spans") -> Table:
        """Return the rows of one workspace, as they are now."""
        from flowyard.storage.telemetry.columns import empty_table, join_tables

        with self._lock:
            tables = list(self._tables.get((signal, workspace_id), ()))
        return join_tables(tables, signal) if tables else empty_table(signal)

    def parts(self) -> list[Part]:
        """Return which signals of which workspaces have rows here."""
        with self._lock:
            return list(self._tables)

    def clear(self) -> None:
        """Forget all rows: they stand in segments."""
        with self._lock:
            self._tables = {}
            self._oldest = None
            self.rows = 0
            self.bytes = 0
