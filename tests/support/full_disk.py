"""A process whose disk gets full while telemetry comes in, and has room again later. It prints what was acknowledged and what is there.

Arguments: a folder for the disk, a migrated SQLite file, how many bytes are left when telemetry begins to come in.
The disk is a tmpfs that only this process sees: it needs root, or ``unshare --map-root-user --mount``.
"""

import ctypes
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from flowyard.storage.engine import open_engine
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.queries import DuckQueries
from flowyard.storage.telemetry.verifying import unreadable_frames, verify_segments
from flowyard.tracing.errors import SpoolWriteError
from flowyard.tracing.spool import SpoolSink
from support.collector_asgi import CollectorApp
from support.otlp import request
from support.spans import make_span, trace_id

CLONE_NEWNS = 0x00020000
#: Spans of a request, the trace of those by OTLP, and that of those that a process of the installation writes.
COUNT, SENT, MADE = 20, 1, 2
SIZE = 16 * 1024 * 1024


def mount(folder: Path) -> None:
    """Put an empty disk of `SIZE` bytes at `folder`; it is gone with this process."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), "unshare failed")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], check=True)


def fill(ballast: Path, left: int) -> None:
    """Let no more than `left` bytes of the disk be free."""
    with ballast.open("wb") as file:
        while (free := shutil.disk_usage(ballast.parent).free) > left:
            file.write(os.urandom(min(65_536, free - left)))
            file.flush()


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not come true")
        time.sleep(0.05)


class Sender:
    """Sends requests of spans with texts that do not compress, and keeps what was acknowledged, and what answers there were."""

    def __init__(self, collector: CollectorApp) -> None:
        self._collector = collector
        self._next = 1
        self.acknowledged: list[int] = []
        self.statuses: list[int] = []

    def send(self) -> int:
        ids = range(self._next, self._next + COUNT)
        self._next += COUNT
        body = request(*({"id": each, "trace": SENT, "attributes": {"text": os.urandom(400).hex()}} for each in ids)).SerializeToString()
        status, _ = self._collector.post("traces", body)
        self.statuses.append(status)
        if status == 200:
            self.acknowledged += ids
        return status


def main() -> None:
    folder, template, left = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    mount(folder)
    shutil.copy(template, folder / "metadata.db")
    files, spools = SegmentFiles(folder / "segments"), folder / "spools"

    def opened() -> Indexer:
        return Indexer(open_engine(f"sqlite:///{folder / 'metadata.db'}"), spools, files, default_workspace="w1", roll_age_s=0.2)

    def ids(indexer: Indexer, trace: int) -> list[int]:
        queries = DuckQueries(indexer.manifest, indexer.tail, files)
        found = [int(span.span_id, 16) for span in queries.get_trace("w1", trace_id(trace))]
        queries.close()
        return sorted(found)

    indexer = opened()
    indexer.start()
    sender, sink = Sender(CollectorApp(spools)), SpoolSink(spools, "made")
    for _ in range(5):
        sender.send()
        time.sleep(0.1)
    fill(folder / "ballast", left)
    until(lambda: sender.send() != 200)
    for number in range(1, 101):
        sink.emit(make_span(MADE, number, attributes={"text": os.urandom(400).hex()}))
        if number % 5 == 0:
            sender.send()
            time.sleep(0.02)
    with suppress(SpoolWriteError):
        sink.flush()
    # What was acknowledged shows even now.
    until(lambda: ids(indexer, SENT) == sender.acknowledged)
    (folder / "ballast").unlink()
    until(lambda: sender.send() == 200)
    sender.send()
    sink.close()
    indexer.stop()
    again = opened()
    again.step()
    again.roll()
    with sqlite3.connect(folder / "metadata.db") as database:
        (sound,) = database.execute("PRAGMA integrity_check").fetchone()
    found = verify_segments(again.manifest, files, "w1", grace_s=-1).findings
    told = {
        "statuses": sorted(set(sender.statuses)),
        "after": sender.statuses[-2:],
        "acknowledged": sender.acknowledged,
        "there": ids(again, SENT),
        "made": ids(again, MADE),
        "rows": sum(segment.rows for segment in again.manifest.all_segments()),
        "database": sound,
        "findings": [f"{one.trouble} {one.path}" for one in (*found, *unreadable_frames(spools, "w1"))],
    }
    sys.stdout.write(json.dumps(told))


main()
