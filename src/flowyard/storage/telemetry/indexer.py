"""The indexer: one thread of the server that takes spans from the spools to the tail, and from there to segments."""

import logging
import threading
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from flowyard.monitoring.ports import IndexerState
from flowyard.storage.objects import ObjectStoreError
from flowyard.storage.sql.telemetry_policies import SqlPolicyStore
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.intake import Intake
from flowyard.storage.telemetry.manifest import Manifest
from flowyard.storage.telemetry.model import Segment
from flowyard.storage.telemetry.spools import Follower, find_spools
from flowyard.storage.telemetry.tail import Tail

if TYPE_CHECKING:
    from flowyard.tracing.otlp.spans import PriceOf
    from flowyard.tracing.otlp.spools import Backlog

logger = logging.getLogger(__name__)

POLL_S = 0.1
ROLL_ROWS = 100_000
ROLL_BYTES = 128 * 1024 * 1024
ROLL_AGE_S = 10.0
_RETRY_S = 1.0


class Indexer:
    """Follows the spools below `spool_folder`; queries read its `tail` and the segments that it wrote.

    Args:
        engine: the migrated metadata database.
        spool_folder: ``*.spool`` in it say in every span whose it is; those in ``<workspace id>/`` belong to that workspace.
        files: where segments are written.
        default_workspace: whose the spans without a workspace are; None: the installation's first.
        roll_rows: rows in the tail at which it is rolled.
        roll_age_s: age of the tail at which it is rolled, in seconds.
        price_of: tells what a model call cost whose span came by OTLP; None: that stays unknown.
    """

    def __init__(
        self,
        engine: Engine,
        spool_folder: Path,
        files: SegmentFiles,
        *,
        default_workspace: str | None = None,
        roll_rows: int = ROLL_ROWS,
        roll_age_s: float = ROLL_AGE_S,
        price_of: "PriceOf | None" = None,
    ) -> None:
        self.tail = Tail()
        self.manifest = Manifest(engine)
        self._intake = Intake(SqlPolicyStore(engine).all)
        self.spool_folder = spool_folder
        self._files = files
        self._default = default_workspace
        self._roll_rows = roll_rows
        self._roll_age_s = roll_age_s
        self._price_of = price_of
        self._followers: dict[Path, Follower] = {}
        self._positions: dict[str, int] | None = None
        self._unconfirmed: list[Segment] | None = None
        self._rolled: Counter[str] = Counter()
        self._ended_refused = self._ended_damaged = 0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to follow."""
        self.spool_folder.mkdir(parents=True, exist_ok=True)
        self._files.prepare()
        self._thread = threading.Thread(target=self._run, name="telemetry-indexer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take in what the spools hold, roll it, and end."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while not self._stopping.is_set():
            pause = POLL_S
            try:
                self.step()
            except Exception:
                # The disk or the database refuses. The spools keep what comes, and the same is tried again.
                logger.exception("Spans could not be indexed; trying again.")
                pause = _RETRY_S
            self._stopping.wait(pause)
        try:
            self.step()
            self.roll()
            self._delete_complete()
        except Exception:
            logger.exception("The last spans could not be indexed; they stay in their spools until the next start.")

    def backlog(self, workspace_id: str) -> "Backlog":
        """Return what stands in the spools and was not read yet; any thread may ask."""
        from flowyard.tracing.otlp.spools import Backlog

        unread: Counter[Path] = Counter()
        for follower in list(self._followers.values()):
            unread[follower.path.parent] += follower.unread()
        own = unread[self.spool_folder / workspace_id]
        return Backlog(unread.total(), own, sum(size > 0 for folder, size in unread.items() if folder != self.spool_folder))

    def state(self) -> IndexerState:
        """Return how it is now; any thread may ask."""
        held, tail = list(self._followers.values()), self.tail
        return IndexerState(
            backlog_bytes=sum(follower.unread() for follower in held),
            rows=dict(self._rolled),
            refused_rows=self._ended_refused + sum(follower.refused for follower in held),
            damaged_bytes=self._ended_damaged + sum(follower.damaged for follower in held),
            tail_rows=tail.rows,
            tail_bytes=tail.bytes,
            tail_age_s=tail.age_s(),
        )

    def step(self) -> None:
        """Read what is new, in rounds of a part of every spool, and roll when it is time.

        Raises:
            OSError: the disk refuses.
            sqlalchemy.exc.SQLAlchemyError: the database refuses. Either way nothing is lost, and a later step goes on.
        """
        default = self._default_workspace()
        if default is None:
            return
        if self._unconfirmed is not None or self._is_full():
            self.roll()
        more = True
        while more:
            more = self._round(default)

    def _round(self, default: str) -> bool:
        """Read a part of every spool, of each workspace's own ones only of the oldest that has more; return whether more is there."""
        self._find()
        busy: set[Path] = set()
        for follower in list(self._followers.values()):
            folder = follower.path.parent
            if folder in busy:
                continue
            self._read(follower, default)
            if follower.more:
                busy.add(follower.path if folder == self.spool_folder else folder)
            if self._is_full():
                self.roll()
        if self.tail.age_s() >= self._roll_age_s:
            self.roll()
        self._delete_complete()
        return bool(busy)

    def roll(self) -> None:
        """Write the tail as segments, then tell the manifest in one transaction, and only then forget the tail.

        When the database fails, the files stay and the same ones are told again: the commit may have happened after all.

        Raises:
            OSError: the disk refuses.
            sqlalchemy.exc.SQLAlchemyError: the database refuses.
        """
        if self._unconfirmed is None:
            self._unconfirmed = self._write_tail()
        else:
            for segment in self._unconfirmed:
                self._files.touch(segment)  # upkeep must not take them for left over, however long the database fails
        moved = [follower for follower in self._followers.values() if follower.position != follower.committed]
        if self._unconfirmed or moved:
            self.manifest.add(self._unconfirmed, {follower.key: follower.position for follower in moved})
        for segment in self._unconfirmed:
            self._rolled[segment.signal] += segment.rows
        for follower in moved:
            follower.committed = follower.position
        self._unconfirmed = None
        self.tail.clear()

    def _write_tail(self) -> list[Segment]:
        parts = self.tail.parts()
        if not parts:
            return []
        from flowyard.storage.telemetry.segments import write_segment

        written: list[Segment] = []
        try:
            for signal, workspace_id in parts:
                rows = self.tail.of(workspace_id, signal)
                written.append(write_segment(self._files, workspace_id, rows, signal))
        except (OSError, ObjectStoreError):
            for segment in written:
                self._files.delete(segment)
            raise
        return written

    def _is_full(self) -> bool:
        return self.tail.rows >= self._roll_rows or self.tail.bytes >= ROLL_BYTES

    def _read(self, follower: Follower, default_workspace: str) -> None:
        try:
            follower.read(default_workspace, lambda tables: self.tail.add(self._intake.take(tables)))
        except FileNotFoundError:
            logger.warning("%s was deleted by somebody else.", follower.path)
            self._followers.pop(follower.path, None)

    def _find(self) -> None:
        if self._positions is None:
            self._positions = self.manifest.positions()
        for path in find_spools(self.spool_folder):
            if path not in self._followers:
                key = path.relative_to(self.spool_folder).as_posix()
                self._followers[path] = Follower(self.spool_folder, path, self._positions.pop(key, 0), self._price_of)

    def _delete_complete(self) -> None:
        done = [follower for follower in self._followers.values() if follower.complete and follower.position == follower.committed]
        for follower in done:
            follower.path.unlink(missing_ok=True)
            del self._followers[follower.path]
            self._ended_refused += follower.refused
            self._ended_damaged += follower.damaged
        self.manifest.forget(follower.key for follower in done)

    def _default_workspace(self) -> str | None:
        if self._default is None:
            self._default = self.manifest.default_workspace()
        return self._default
