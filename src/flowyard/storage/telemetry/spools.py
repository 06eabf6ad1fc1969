"""Follows spool files: what is new in each, and when one is complete."""

import logging
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from flowyard.foundation.errors import FlowyardError
from flowyard.storage.telemetry.model import Table
from flowyard.tracing.frames import SUFFIX, Frame, FrameKind, Writer, decode_batch, read_frames, read_writer
from flowyard.tracing.rows import COLUMNS, row_of
from flowyard.tracing.signals import SIGNALS, Signal

if TYPE_CHECKING:
    from flowyard.tracing.otlp.spans import PriceOf

logger = logging.getLogger(__name__)

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

    def read(self, default_workspace: str) -> list[tuple[Signal, Table]]:
        """Return what is new as tables, each with its signal.

        Raises:
            OSError: the file cannot be read.
        """
        gone = self._is_writer_gone()
        status = self.path.stat()
        size: int = status.st_size
        if size == self._size and not gone:
            return []
        if self._writer is None:
            self._writer = read_writer(self.path)
        if self._writer is None:
            self.complete = time.time() - status.st_mtime > _HEADLESS_S
            return []
        tables: list[tuple[Signal, Table]] = []
        owner = Owner(self._workspace_id, default_workspace)
        position = self.position
        for frame in read_frames(self.path, position):
            self._take(frame, self._writer, owner, tables)
            # The end mark is never passed, so that whoever opens the file next sees it too.
            position = position if frame.kind == FrameKind.END else frame.end
        self.position = position
        self._size = size
        self.complete = self.complete or (gone and not tables)
        return tables

    def _take(self, frame: Frame, writer: Writer, owner: Owner, tables: list[tuple[Signal, Table]]) -> None:
        if frame.skipped:
            self.damaged += frame.skipped
            logger.error("%s is damaged: %d bytes before byte %d are lost.", self.path, frame.skipped, frame.end)
        if frame.kind == FrameKind.END:
            self.complete = True
        try:
            found = self._decode(frame, writer)
        except (msgspec.MsgspecError, zlib.error, FlowyardError) as error:
            logger.error("%s: the frame that ends at byte %d cannot be read: %s", self.path, frame.end, error)  # noqa: TRY400 (data, not code)
            return
        from flowyard.storage.telemetry.columns import rows_to_table

        for signal, columns, rows in found:
            table, refused = rows_to_table(signal, rows, columns, (owner.workspace_id, owner.default))
            if refused:
                self.refused += refused
                logger.warning("%s: %d %s were refused: their ids, workspace or times are not valid.", self.path, refused, signal)
            tables.append((signal, table))

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
