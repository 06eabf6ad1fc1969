"""A process that indexes spools and kills itself, as ``kill -9`` would, at one chosen line of the telemetry store's code."""

import os
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any

from flowyard.foundation.clock import now_ns
from flowyard.storage import telemetry
from flowyard.storage.engine import open_engine
from flowyard.storage.telemetry.compaction import DAY_NS, Upkeep
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.model import DIGEST_SUFFIX
from flowyard.storage.telemetry.segments import add_digest
from flowyard.tracing.policy import PolicyRecord
from flowyard.wire.telemetry_policy import RetentionDays

CODE = Path(telemetry.__file__).parent
#: What writes digests: its lines alone count while those of all segments are made again.
_DIGESTS = tuple(str(CODE / name) for name in ("segments.py", "digests.py", "rollups.py", "words.py"))


class Killer:
    """Counts the lines of the store's code that run, and kills the process at one of them."""

    def __init__(self, at: int, code: tuple[str, ...]) -> None:
        self.at = at
        self.code = code
        self.lines = 0

    def __call__(self, frame: FrameType, event: str, argument: Any) -> "Killer | None":
        if not frame.f_code.co_filename.startswith(self.code):
            return None
        if event == "line":
            self.lines += 1
            if self.lines == self.at:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def main(tells: Connection, url: str, folder: Path, step: str, at: int) -> None:
    """Do a step (``roll``, ``compact``, ``digest`` or ``expire``), dying at its `at`-th executed line (0: never); tell how many ran."""
    files = SegmentFiles(folder / "segments")
    indexer = Indexer(open_engine(url), folder / "spools", files, default_workspace="w1")
    if step == "digest":
        for digest in files.folder.rglob(f"*{DIGEST_SUFFIX}"):
            digest.unlink()
    killer = Killer(at, _DIGESTS if step == "digest" else (str(CODE),))
    sys.settrace(killer)
    if step == "roll":
        indexer.step()
        indexer.roll()
        indexer.step()
    elif step == "expire":
        kept_for_good = PolicyRecord(retention_days=RetentionDays(spans=None))
        upkeep = Upkeep(indexer.manifest, files, policies=lambda: {"w2": kept_for_good})
        upkeep.expire(now_ns() + 365 * DAY_NS)
    elif step == "digest":
        for segment in indexer.manifest.all_segments():
            add_digest(files, segment)
    else:
        upkeep = Upkeep(indexer.manifest, files, grace_s=0)
        upkeep.compact(now_ns())
        upkeep.clear()
    sys.settrace(None)
    tells.send(killer.lines)
