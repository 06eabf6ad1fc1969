"""What a row map does, whatever is behind it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from flowyard.compute.processes.users import FlowUser


LossReason = Literal["exited", "timeout", "memory"]
Row = tuple[int, bytes]
"""A row: its number, unique in the map, and what the program is given for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProgram:
    """The program that rows are given to.

    Attributes:
        module: run as ``python -m module``; it speaks `rows.child`.
        setup: its first message.
        python: the interpreter; None: this one.
        folder: its working folder.
        environment: what it has besides a clean environment.
        user: the user that it runs as; None: ours.
    """

    module: str
    setup: bytes
    python: str | None = None
    folder: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    user: "FlowUser | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLimits:
    """What rows may take.

    Attributes:
        concurrency: rows at once, in all processes together.
        processes: processes at most.
        row_timeout_s: a row that runs longer is given up, and its process is replaced; seconds.
        memory_bytes: a process that takes more is replaced; None: no limit.
    """

    concurrency: int
    processes: int
    row_timeout_s: float
    memory_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """Rows that ended, with what the program says of them together."""

    ids: tuple[int, ...]
    chunk: bytes


@dataclass(frozen=True, slots=True)
class Lost:
    """A row that brought its process down, or took too long; tried alone before it is given up, except for a timeout.

    Attributes:
        id: the row.
        payload: what the program was given for it.
        reason: what happened to its process.
        detail: in words, for the row's owner.
    """

    id: int
    payload: bytes
    reason: LossReason
    detail: str


class RowMap(Protocol):
    """Gives rows to a program, as many at once as the limits allow. Used from one thread.

    Every row ends in one `Done` or one `Lost`; a row that was in flight when its process died runs again (at least once).
    """

    def map(self, rows: Iterator[Row]) -> "Iterator[Done | Lost | None]":
        """Yield what becomes of `rows`, which are taken as there is room. None comes a few times a second when nothing else does.

        Raises:
            RowProgramError: the program cannot start, or its processes die without a row being at fault.
        """
        ...

    def call(self, parts: Iterator[bytes]) -> bytes:
        """Have one process work on all `parts` together, and return its answer.

        Raises:
            FlowyardError: what the program says went wrong.
            RowProgramError: its process died.
        """
        ...

    def close(self) -> None:
        """End all processes."""
        ...


#: Takes lines that the processes write to their standard streams.
LogLine = Callable[[str], None]
