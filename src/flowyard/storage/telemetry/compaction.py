"""Upkeep of the segments: what is too old goes, small ones of an hour become one, and files that no manifest names go.

A thread of its own: it only ever works on segments that are in the manifest, so the indexer and the queries go on beside it. What it
replaces leaves the manifest in the transaction that brings the new one; the files stay a while longer, for queries that run.
"""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping

from flowyard.foundation.clock import DAY_NS, HOUR_NS, now_ns
from flowyard.storage.sql.guards import SqlGuardStore
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.manifest import Manifest
from flowyard.storage.telemetry.model import Segment
from flowyard.tracing.policy import DEFAULT, PolicyRecord
from flowyard.tracing.signals import Signal

logger = logging.getLogger(__name__)

PERIOD_S = 3600.0
#: A segment with this many rows is left alone, and no more than this are put together.
FULL_ROWS = 500_000
#: How long replaced files stay, and how old a file must be before the manifest's silence about it counts.
GRACE_S = 600.0
_FEWEST = 2
_AT_ONCE = 500

Policies = Callable[[], Mapping[str, PolicyRecord]]
_PORTION_BYTES = 384 * 1024 * 1024


class Upkeep:
    """Drops what is too old, compacts and clears once an hour between `start` and `stop`.

    `policies` returns those of all workspaces that have set one; without it nothing is ever too old. `guards` keeps what traces read.
    """

    def __init__(
        self,
        manifest: Manifest,
        files: SegmentFiles,
        *,
        policies: Policies | None = None,
        guards: SqlGuardStore | None = None,
        period_s: float = PERIOD_S,
        grace_s: float = GRACE_S,
    ) -> None:
        self._manifest = manifest
        self._files = files
        self._policies = policies
        self._guards = guards
        self._period_s = period_s
        self._grace_s = grace_s
        # Segments whose digest was looked at.
        self._complete: set[str] = set()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; the first round comes after a minute, when the server has started in peace."""
        self._thread = threading.Thread(target=self._run, name="telemetry-upkeep", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the merge that is being done."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        pause = min(60.0, self._period_s)
        while not self._stopping.wait(pause):
            pause = self._period_s
            try:
                self.expire(now_ns())
                self.forget(now_ns())
                self.compact(now_ns() - HOUR_NS)
                self.clear()
            except Exception:
                logger.exception("Segments could not be compacted; the next round tries again.")

    def expire(self, at_ns: int) -> int:
        """Take segments out of the manifest whose rows are all, at `at_ns`, older than their workspace keeps them; return how many.

        Their files go with `clear`, after the grace: queries may be reading them.
        """
        if self._policies is None:
            return 0
        policies = self._policies()
        everything = self._manifest.all_segments()
        old = [segment for segment in everything if _is_over(segment, policies.get(segment.workspace_id, DEFAULT), at_ns)]
        gone = 0
        for start in range(0, len(old), _AT_ONCE):
            part = old[start : start + _AT_ONCE]
            for segment in part:
                # Before the manifest forgets it: whoever is killed in between leaves the grace as it should be.
                self._files.touch(segment)
            gone += len(part) if self._manifest.replace(part, None) else 0
        if gone:
            logger.info("%d segments were older than they are kept, and are gone.", gone)
        return gone

    def forget(self, at_ns: int) -> int:
        """Forget for what traces are withheld of which, at `at_ns`, there is no text any more; return how much that was.

        A score may be given as long as there is the trace, and is kept from then on.
        """
        if self._policies is None or self._guards is None:
            return 0
        policies = self._policies()

        def before(workspace_id: str) -> int | None:
            days = policies.get(workspace_id, DEFAULT).retention_days
            if days.spans is None or days.logs is None or days.scores is None:
                return None
            return at_ns - (max(days.spans, days.logs) + days.scores + 1) * DAY_NS

        return self._guards.prune(before)

    def compact(self, before_ns: int) -> int:
        """Put small segments of one workspace and hour together where all spans began before `before_ns`; return how many were made.

        A segment that stays and has no digest gets one.
        """
        made = 0
        for group in self._groups(before_ns):
            if self._stopping.is_set():
                break
            made += self._merge(group)
        for segment in self._manifest.all_segments():
            if self._stopping.is_set():
                break
            if segment.created_ns < before_ns and segment.id not in self._complete:
                self._add_digest(segment)
        return made

    def clear(self) -> None:
        """Delete files that no manifest names: what a crash left, and what was replaced longer ago than the grace."""
        self._files.clear(lambda: {segment.id for segment in self._manifest.all_segments()}, time.time() - self._grace_s)
        self._files.evict()

    def _add_digest(self, segment: Segment) -> None:
        from flowyard.storage.telemetry.segments import add_digest

        try:
            add_digest(self._files, segment)
        except (OSError, ValueError) as error:
            logger.error("%s is missing or damaged, so it has no digest: %s", segment.path, error)  # noqa: TRY400 (data, not code)
        self._complete.add(segment.id)

    def _groups(self, before_ns: int) -> list[list[Segment]]:
        """Return what to put together: small segments whose spans began in the same hour, in portions that fit into memory."""
        by_hour: dict[tuple[Signal, str, int], list[Segment]] = defaultdict(list)
        for segment in self._manifest.all_segments():
            if segment.rows < FULL_ROWS // 2 and max(segment.max_start_ns, segment.created_ns) < before_ns:
                by_hour[segment.signal, segment.workspace_id, segment.min_start_ns // HOUR_NS].append(segment)
        groups: list[list[Segment]] = []
        for _, small in sorted(by_hour.items()):
            if len(small) >= _FEWEST:
                groups.extend(self._portions(sorted(small, key=lambda one: one.min_start_ns)))
        return [group for group in groups if len(group) >= _FEWEST]

    def _portions(self, segments: list[Segment]) -> list[list[Segment]]:
        from flowyard.storage.telemetry.segments import unpacked_bytes

        portions: list[list[Segment]] = [[]]
        rows, size = 0, 0
        for segment in segments:
            unpacked = unpacked_bytes(self._files, segment)
            if rows + segment.rows > FULL_ROWS or size + unpacked > _PORTION_BYTES:
                portions.append([])
                rows, size = 0, 0
            portions[-1].append(segment)
            rows, size = rows + segment.rows, size + unpacked
        return portions

    def _merge(self, group: list[Segment]) -> int:
        from flowyard.storage.telemetry.columns import join_tables
        from flowyard.storage.telemetry.segments import read_segment, sound_payloads, write_segment

        try:
            table = join_tables([read_segment(self._files, segment) for segment in group], group[0].signal)
            payloads = [path for segment in group if (path := sound_payloads(self._files, segment)) is not None]
        except (OSError, ValueError) as error:
            logger.error("A segment of %s is missing or damaged and is left as it is: %s", group[0].path, error)  # noqa: TRY400 (data, not code)
            return 0
        merged = write_segment(self._files, group[0].workspace_id, table, group[0].signal, payloads=payloads)
        if not self._manifest.replace(group, merged):
            self._files.delete(merged)
            return 0
        for segment in group:
            self._files.touch(segment)
        return 1


def _is_over(segment: Segment, policy: PolicyRecord, at_ns: int) -> bool:
    """Return whether all rows are too old. Those that claim to be from the future are as old as their file."""
    days: int | None = getattr(policy.retention_days, segment.signal)
    return days is not None and min(segment.max_start_ns, segment.created_ns) < at_ns - days * DAY_NS
