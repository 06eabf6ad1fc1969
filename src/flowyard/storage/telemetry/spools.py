"""Follows spool files: what is new in each, and when one is complete."""

import logging
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowyard.storage.telemetry.model import Table
from flowyard.tracing.frames import SUFFIX, Frame, FrameKind, Writer, decode_batch, read_frames, read_writer
from flowyard.tracing.rows import COLUMNS, row_of
from flowyard.tracing.signals import SIGNALS, Signal

if TYPE_CHECKING:
    from flowyard.tracing.otlp.spans import PriceOf

logger = logging.getLogger(__name__)

#: Takes the new rows of a spool, all or none.
Take = Callable[[list[tuple[Signal, Table]]], None]
#: What ends the name of a file that holds the payload of a frame that could not be read.
UNREADABLE = ".unreadable"

_CHECK_S = 2.0
_OTLP = frozenset({FrameKind.OTLP_TRACES, FrameKind.OTLP_LOGS, FrameKind.OTLP_METRICS})
_ROWS: dict[int, Signal] = {FrameKind.LOGS: "logs", FrameKind.METRICS: "metrics", FrameKind.SCORES: "scores"}
# A file without a whole first frame: its writer died while making it, or it was never a spool.
_HEADLESS_S = 600.0


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose spans a spool holds: a workspace's folder says it, or else every span does, `default` where it is empty."""

    workspace_id: str | None
    default: str


class Follower:
    """Reads one spool forward. `position` is the end of the last frame read, `committed` that of the last one in a segment.

    `complete` is true when everything was read and nothing can follow.
    """

    def __init__(self, folder: Path, path: Path, committed: int, price_of: "PriceOf | None" = None) -> None:
        self.path = path
        self.key = path.relative_to(folder).as_posix()
        self.position = committed
        self.committed = committed
        self.complete = False
        self.refused = 0
        self.damaged = 0
        self._price_of = price_of
        self._workspace_id = path.parent.name if path.parent != folder else None
        self._writer: Writer | None = None
        self._size: int = -1
        self._checked = 0.0

    def read(self, default_workspace: str, take: Take) -> None:
        """Hand what is new to `take`, and move on only when it was taken: what fails on the way comes again at the next call.

        A frame that cannot be read never stops those after it. Its payload is kept in a file of its own beside the spool.

        Raises:
            OSError: the file cannot be read, or an unreadable payload not be kept.
        """
        gone = self._is_writer_gone()
        status = self.path.stat()
        size: int = status.st_size
        if size == self._size and not gone:
            return
        if self._writer is None:
            self._writer = read_writer(self.path)
        if self._writer is None:
            self.complete = time.time() - status.st_mtime > _HEADLESS_S
            return
        tables: list[tuple[Signal, Table]] = []
        owner = Owner(self._workspace_id, default_workspace)
        position, ended = self.position, False
        for frame in read_frames(self.path, position):
            if frame.skipped:
                self.damaged += frame.skipped
                logger.error("%s is damaged: %d bytes before byte %d are lost.", self.path, frame.skipped, frame.end)
            tables += self._tables(frame, self._writer, owner)
            # The end mark is never passed, so that whoever opens the file next sees it too.
            ended = ended or frame.kind == FrameKind.END
            position = position if frame.kind == FrameKind.END else frame.end
        take(tables)
        self.position = position
        self._size = size
        self.complete = self.complete or ended or (gone and not tables)

    def _tables(self, frame: Frame, writer: Writer, owner: Owner) -> list[tuple[Signal, Table]]:
        from flowyard.storage.telemetry.columns import rows_to_table

        tables: list[tuple[Signal, Table]] = []
        try:
            for signal, columns, rows in self._decode(frame, writer):
                table, refused = rows_to_table(signal, rows, columns, (owner.workspace_id, owner.default))
                if refused:
                    self.refused += refused
                    logger.warning("%s: %d %s were refused: their ids, workspace or times are not valid.", self.path, refused, signal)
                tables.append((signal, table))
        except Exception:
            # Any process may have written it, and it was acknowledged: it is kept, and does not hold up what follows.
            kept = self._keep(frame)
            logger.exception("%s: the frame that ends at byte %d cannot be read. It is kept in %s.", self.path, frame.end, kept.name)
            return []
        return tables

    def _keep(self, frame: Frame) -> Path:
        kept = self.path.with_name(f"{self.path.stem}-{frame.end}{UNREADABLE}")
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb") as file:
            file.write(frame.payload)
            file.flush()
            os.fsync(file.fileno())
        return kept

    def _decode(self, frame: Frame, writer: Writer) -> list[tuple[Signal, Sequence[str], list[list[Any]]]]:
        """Return the rows of a frame by signal, with the names of their columns; nothing for frames that hold none."""
        if frame.kind == FrameKind.LINES:
            return [("spans", COLUMNS, _line_rows(frame.payload))]
        if frame.kind == FrameKind.SPANS:
            return [("spans", writer.columns, decode_batch(frame.payload))]
        if frame.kind in _OTLP:
            from flowyard.tracing.otlp.decode import decode_otlp

            found = decode_otlp(FrameKind(frame.kind), frame.payload, self._workspace_id or "", self._price_of)
            return [(signal, SIGNALS[signal].columns, rows) for signal, rows in found.items()]
        signal = _ROWS.get(frame.kind)
        if signal is None:
            return []
        columns = SIGNALS[signal].columns
        rows = decode_batch(frame.payload)
        return [(signal, columns[: len(rows[0])], rows)] if rows else []

    def unread(self) -> int:
        """Return how many bytes of the file were not read when it was looked at last."""
        return max(0, self._size - self.position)

    def _is_writer_gone(self) -> bool:
        """Ask at most every two seconds, and before reading: what the writer wrote until then is read afterwards."""
        if self._writer is None or time.monotonic() - self._checked < _CHECK_S:
            return False
        self._checked = time.monotonic()
        return self._writer.is_gone()


def _line_rows(payload: bytes) -> list[list[Any]]:
    """Return the spans of lines as rows of `COLUMNS`."""
    from flowyard.flows.runtime.line_spool import frame_spans

    return [row_of(span) for span in frame_spans(payload)]


def find_spools(folder: Path) -> list[Path]:
    """Return the spool files in `folder` and in its workspaces' folders, the oldest first."""
    found = [*folder.glob(f"*{SUFFIX}"), *folder.glob(f"*/*{SUFFIX}")]
    return sorted(found, key=lambda path: path.name[-(36 + len(SUFFIX)) :])
