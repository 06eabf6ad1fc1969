"""A day of telemetry, taken in as it comes by OTLP, put together hour by hour, then asked; ``FLOWYARD_SOAK_SPANS`` says how many spans."""

import os
import random
import struct
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.harness import Figure
from benchmarks.spans import BATCH, batches
from flowyard.foundation.clock import now_ns
from flowyard.foundation.ids import new_id
from flowyard.storage import migrate
from flowyard.storage.engine import open_engine
from flowyard.storage.telemetry.asking import StoredFigures
from flowyard.storage.telemetry.compaction import Upkeep
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.queries import DuckQueries
from flowyard.storage.telemetry.verifying import verify_segments
from flowyard.tracing.frames import SUFFIX, FrameKind
from flowyard.tracing.questions import Question
from flowyard.tracing.spool import ROLL_BYTES, SpoolFile

SPANS = int(os.environ.get("FLOWYARD_SOAK_SPANS", "30000000"))
WORKSPACE, HOUR_NS, HOURS = "w", 3600 * 10**9, 24
_MODELS = tuple(f"gpt-{number:02}".encode() for number in range(8))


class Batch:
    """A request whose ids, times and model are made anew each time, in place."""

    def __init__(self, body: bytes) -> None:
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

        request: Any = ExportTraceServiceRequest.FromString(body)
        spans = [span for sent in request.resource_spans for scope in sent.scope_spans for span in scope.spans]
        self._body = bytearray(body)
        self._ids = [place for span in spans for place in (body.index(span.trace_id) + 8, body.index(span.span_id))]
        at, self._times = 0, list[int]()
        for span in spans:
            # The start, then the end: two fields of eight bytes, each behind its tag.
            at = body.index(struct.pack("<Q", span.start_time_unix_nano), at)
            self._times.append(at)
            at += 17
        places, found = list[int](), body.find(b"gpt-4o")
        while found >= 0:
            places.append(found)
            found = body.find(b"gpt-4o", found + 1)
        self._models = places

    def made(self, start_ns: int, step_ns: int, chance: random.Random) -> bytes:
        """Return it with spans that begin `step_ns` after one another."""
        model = chance.choice(_MODELS)
        for place in self._models:
            self._body[place : place + 6] = model
        for place in self._ids:
            self._body[place : place + 8] = chance.randbytes(8)
        for number, place in enumerate(self._times):
            begun = start_ns + number * step_ns
            struct.pack_into("<Q", self._body, place, begun)
            struct.pack_into("<Q", self._body, place + 9, begun + int(chance.lognormvariate(20, 1)))
        return bytes(self._body)


def figures() -> Iterator[Figure]:
    """Take a day in, an hour at a time, then ask for its percentiles."""
    with tempfile.TemporaryDirectory(prefix="flowyard-soak-") as name:
        folder = Path(name)
        engine = open_engine(f"sqlite:///{folder / 'metadata.db'}")
        migrate.upgrade(engine)
        files = SegmentFiles(folder / "segments")
        files.prepare()
        (folder / "spools" / WORKSPACE).mkdir(parents=True)
        indexer = Indexer(engine, folder / "spools", files, default_workspace=WORKSPACE)
        upkeep = Upkeep(indexer.manifest, files, grace_s=-1)
        day = now_ns() // HOUR_NS * HOUR_NS - HOURS * HOUR_NS
        sent, chance = [Batch(body) for body in batches(40)], random.Random(1)
        memory: list[float] = []
        spent = 0.0
        for hour in range(HOURS):
            write_hour(folder / "spools" / WORKSPACE, sent, day + hour * HOUR_NS, chance)
            begun = time.process_time()
            indexer.step()
            indexer.roll()
            indexer.step()
            upkeep.compact(now_ns())
            upkeep.clear()
            spent += time.process_time() - begun
            memory.append(memory_mib())
        per_hour = SPANS // HOURS // BATCH * BATCH
        kept = sum(segment.rows for segment in indexer.manifest.all_segments())
        yield Figure(what="spans kept", ours=kept, unit="spans", peer_name="sent", peer=per_hour * HOURS, aim="= 1")
        cost = spent / kept * 1e6
        yield Figure(
            what="a span, from the spool to a compacted segment", ours=cost, unit="µs", peer_name="at 50,000 a second", peer=20, aim=""
        )
        yield Figure(
            what="memory after the last hour",
            ours=memory[-1],
            unit="MiB",
            peer_name="after the fourth",
            peer=memory[3],
            aim="<= 1.2 (flat)",
        )
        yield from asked(DuckQueries(indexer.manifest, indexer.tail, files), day)
        wrong = len(verify_segments(indexer.manifest, files, WORKSPACE, grace_s=-1).findings)
        yield Figure(what="what verify finds", ours=wrong, unit="findings", peer_name="none", peer=1, aim="= 0")
        size = sum(segment.bytes for segment in indexer.manifest.all_segments())
        yield Figure(what="disk a million spans", ours=size / kept, unit="MB", peer_name="the aim", peer=250, aim="<= 1")
        engine.dispose()


def write_hour(spools: Path, sent: list[Batch], begin_ns: int, chance: random.Random) -> None:
    """Write the spans of an hour to spools, as the collector does."""
    count = SPANS // HOURS // BATCH
    step_ns = HOUR_NS // (count * BATCH)
    written = 0
    while written < count:
        spool = SpoolFile(spools / f"otlp-{new_id()}{SUFFIX}")
        while spool.size < ROLL_BYTES and written < count:
            body = sent[written % len(sent)].made(begin_ns + written * BATCH * step_ns, step_ns, chance)
            spool.append_frame(FrameKind.OTLP_TRACES, body)
            written += 1
        spool.finish()


def asked(queries: DuckQueries, day_ns: int) -> Iterator[Figure]:
    """Ask for the percentiles of the day, first as nobody asked before, then again, and for the count of all."""
    stored = StoredFigures(queries.reader)

    def ask(**what: Any) -> tuple[float, Any]:
        asking: dict[str, Any] = {"subject": "calls", "since_ns": day_ns, "until_ns": day_ns + HOURS * HOUR_NS, "search": None, "limit": 50}
        begun = time.perf_counter()
        rows, _ = stored.figures(WORKSPACE, Question(**asking, **what))
        return time.perf_counter() - begun, rows

    percentiles: dict[str, Any] = {
        "group_by": ("model",),
        "grain_ns": HOUR_NS,
        "measures": ("duration_p50", "duration_p95", "duration_p99"),
    }
    first, again = ask(**percentiles)[0], min(ask(**percentiles)[0] for _ in range(3))
    yield Figure(what="percentiles by model and hour, first", ours=first, unit="s", peer_name="the aim", peer=1, aim="<= 1")
    yield Figure(what="percentiles by model and hour, again", ours=again, unit="s", peer_name="the aim", peer=1, aim="<= 1")
    ((counted,),) = ask(group_by=(), grain_ns=None, measures=("count",))[1]
    yield Figure(
        what="calls counted", ours=counted, unit="spans", peer_name="sent", peer=SPANS // HOURS // BATCH * BATCH * HOURS, aim="= 1"
    )
    queries.close()


def memory_mib() -> float:
    """Return how much memory this process has."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024
