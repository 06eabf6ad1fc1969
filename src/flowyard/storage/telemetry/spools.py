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

#: So many bytes are read at a time: enough to spread the cost of a table over many rows, and little memory.
READ_BYTES = 2 * 1024 * 1024
# Fewer are read one by one in less time.
_MANY_BYTES = 32 * 1024
_ASIDE = "%s: the frame that ends at byte %d cannot be read. It is kept in %s."
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


@dataclass(frozen=True, slots=True)
class Decoded:
    """The rows of a frame: a signal's, with the names of their columns."""

    frame: Frame
    signal: Signal
    columns: Sequence[str]
    rows: list[list[Any]]


class Follower:
    """Reads one spool forward. `position` is the end of the last frame read, `committed` that of the last one in a segment.

    `complete` is true when everything was read and nothing can follow, `more` when the last call of `read` left something for the next.
    """

    def __init__(self, folder: Path, path: Path, committed: int, price_of: "PriceOf | None" = None) -> None:
        self.path = path
        self.key = path.relative_to(folder).as_posix()
        self.position = committed
        self.committed = committed
        self.complete = False
        self.more = False
        self.refused = 0
        self.damaged = 0
        self._price_of = price_of
        self._workspace_id = path.parent.name if path.parent != folder else None
        self._writer: Writer | None = None
        self._size: int = -1
        self._checked = 0.0

    def read(self, default_workspace: str, take: Take) -> None:
        """Hand what is new to `take`, about `READ_BYTES` of it, and move on only when it was taken: what fails comes again.

        A frame that cannot be read never stops those after it. Its payload is kept in a file of its own beside the spool.

        Raises:
            OSError: the file cannot be read, or an unreadable payload not be kept.
        """
        gone = self._is_writer_gone()
        status = self.path.stat()
        size: int = status.st_size
        if size == self._size and not gone and not self.more:
            return
        if self._writer is None:
            self._writer = read_writer(self.path)
        if self._writer is None:
            self.complete = time.time() - status.st_mtime > _HEADLESS_S
            return
        decoded: list[Decoded] = []
        traces: list[Frame] = []
        position, begun, ended, more = self.position, self.position, False, False
        for frame in read_frames(self.path, position):
            if frame.skipped:
                self.damaged += frame.skipped
                logger.error("%s is damaged: %d bytes before byte %d are lost.", self.path, frame.skipped, frame.end)
            if frame.kind == FrameKind.OTLP_TRACES:
                traces.append(frame)
            else:
                decoded += self._decoded(frame, self._writer)
            # The end mark is never passed, so that whoever opens the file next sees it too.
            ended = ended or frame.kind == FrameKind.END
            position = position if frame.kind == FrameKind.END else frame.end
            if position - begun >= READ_BYTES:
                more = True
                break
        together, one_by_one = self._together(traces)
        decoded += (rows for frame in one_by_one for rows in self._decoded(frame, self._writer))
        take([*together, *self._tables(decoded, Owner(self._workspace_id, default_workspace))])
        self.position, self.more = position, more
        self._size = size
        self.complete = self.complete or ended or (gone and not more and position == begun)

    def _together(self, frames: list[Frame]) -> tuple[list[tuple[Signal, Table]], list[Frame]]:
        """Return tables of spans of many requests, and the requests that have to be read one by one."""
        if self._workspace_id is None or sum(len(frame.payload) for frame in frames) < _MANY_BYTES:
            return [], frames
        from flowyard.storage.telemetry.columns import rows_to_table
        from flowyard.storage.telemetry.otlp_columns import read_together

        try:
            read = read_together([frame.payload for frame in frames], self._workspace_id, self._price_of)
            rest, _ = rows_to_table("spans", [row_of(record) for record in read.records], COLUMNS, (self._workspace_id, ""))
        except Exception as error:  # noqa: BLE001 (whatever it is, reading one by one tells which request it is about)
            logger.info("%s: %d requests are read one by one: %s", self.path, len(frames), error)
            return [], frames
        return [("spans", read.table), ("spans", rest)], [frames[place] for place in read.left]

    def _decoded(self, frame: Frame, writer: Writer) -> list[Decoded]:
        try:
            return [Decoded(frame, signal, columns, rows) for signal, columns, rows in self._decode(frame, writer)]
        except Exception:
            # Any process may have written it, and it was acknowledged: it is kept, and does not hold up what follows.
            logger.exception(_ASIDE, self.path, frame.end, self._keep(frame).name)
            return []

    def _tables(self, decoded: list[Decoded], owner: Owner) -> list[tuple[Signal, Table]]:
        """Return a table for all frames of a signal: many rows at once cost less than half."""
        groups: dict[tuple[Signal, Sequence[str]], list[Decoded]] = {}
        for one in decoded:
            groups.setdefault((one.signal, tuple(one.columns)), []).append(one)
        tables: list[tuple[Signal, Table]] = []
        for group in groups.values():
            try:
                tables.append(self._table(group, owner))
            except Exception:  # noqa: BLE001 (whatever it is, it is told of where the frame is known)
                for one in group:
                    try:
                        tables.append(self._table([one], owner))
                    except Exception:
                        logger.exception(_ASIDE, self.path, one.frame.end, self._keep(one.frame).name)
        return tables

    def _table(self, group: list[Decoded], owner: Owner) -> tuple[Signal, Table]:
        from flowyard.storage.telemetry.columns import rows_to_table

        signal, rows = group[0].signal, [row for one in group for row in one.rows]
        table, refused = rows_to_table(signal, rows, group[0].columns, (owner.workspace_id, owner.default))
        if refused:
            self.refused += refused
            logger.warning("%s: %d %s were refused: their ids, workspace or times are not valid.", self.path, refused, signal)
        return signal, table

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
        """Return how many bytes of the file were not read yet; any thread may ask."""
        try:
            return 0 if self.complete else max(0, self.path.stat().st_size - self.position)
        except OSError:
            return 0

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
