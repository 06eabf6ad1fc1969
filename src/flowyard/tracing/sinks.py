"""Sinks that write nothing to a disk: for tests and for where no home folder is."""

from flowyard.tracing.model import SpanRecord
from flowyard.tracing.signals import Score


class NullSink:
    """Forgets every span."""

    def emit(self, record: SpanRecord) -> None:
        """Do nothing."""

    def emit_score(self, score: Score) -> None:
        """Do nothing."""

    def flush(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class MemorySink:
    """Keeps every span in `records`, in the order in which they ended, and every score in `scores`."""

    def __init__(self) -> None:
        self.records: list[SpanRecord] = []
        self.scores: list[Score] = []
        self.closed = False

    def emit(self, record: SpanRecord) -> None:
        """Keep `record`."""
        self.records.append(record)

    def emit_score(self, score: Score) -> None:
        """Keep `score`."""
        self.scores.append(score)

    def flush(self) -> None:
        """Do nothing: nothing here is durable."""

    def close(self) -> None:
        """Note that the owner closed it."""
        self.closed = True
