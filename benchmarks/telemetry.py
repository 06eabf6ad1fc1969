"""Spans from recorder to segment, and questions over them, against encoding and writing alone and against one pass over SQLite."""

import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.harness import Figure, median_seconds
from flowyard.storage import migrate
from flowyard.storage.engine import open_engine
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.queries import DuckQueries
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.ports import TraceFilter
from flowyard.tracing.recorder import Recorder
from flowyard.tracing.rows import COLUMNS, decode_row
from flowyard.tracing.sinks import NullSink
from flowyard.tracing.spool import SpoolSink

SPANS = 200_000
WORKSPACE = "01990000-0000-7000-8000-000000000001"
PROMPT = "The customer asks where the parcel is, and whether it can be sent to another address. " * 6
_QUEUE = 40_000


def figures() -> Iterator[Figure]:
    """Time recording, indexing and asking; each peer does its part of the same work in the same run."""
    folder = Path(tempfile.mkdtemp(prefix="flowyard-bench-"))
    try:
        yield from recording(folder)
        yield from indexing(folder)
    finally:
        shutil.rmtree(folder)


def recording(folder: Path) -> Iterator[Figure]:
    """What a span costs where it is made. The floor encodes the same records and writes them, without making them."""
    records = [decode_row(row) for row in sample(5000)]
    encode = msgspec.msgpack.Encoder().encode

    def floor() -> None:
        with (folder / "floor").open("wb", buffering=1 << 20) as file:
            for record in records:
                file.write(encode(record))

    plain = median_seconds(floor) / len(records)
    sink = NullSink()
    bare = median_seconds(lambda: record_spans(Recorder(sink, workspace_id=WORKSPACE), 5000)) / 5000
    yield Figure(what="a span: make it", ours=bare * 1e6, unit="µs", peer_name="msgpack + write", peer=plain * 1e6, aim="10 µs in all")
    spool = SpoolSink(folder / "scratch", "bench")
    made = median_seconds(lambda: record_spans(Recorder(spool, workspace_id=WORKSPACE), 5000)) / 5000
    yield Figure(
        what="a span: make it, encode it, queue it for the spool",
        ours=made * 1e6,
        unit="µs",
        peer_name="msgpack + write",
        peer=plain * 1e6,
        aim="10 µs in all",
    )
    spool.close()


def indexing(folder: Path) -> Iterator[Figure]:
    """Spans a second from recorder to manifest, then the questions of the studio over all of them."""
    engine = open_engine(f"sqlite:///{folder / 'metadata.db'}")
    migrate.upgrade(engine)
    indexer = Indexer(engine, folder / "spools", SegmentFiles(folder / "segments"), default_workspace=WORKSPACE, roll_age_s=2.0)
    peer = fill_sqlite(folder / "peer.db")
    began = time.perf_counter()
    indexer.start()
    names = write_spool(folder / "spools")
    while (stored := sum(segment.rows for segment in indexer.manifest.segments(WORKSPACE))) < SPANS:
        time.sleep(0.05)
    took = time.perf_counter() - began
    yield Figure(
        what="recorder + spool + indexer, durable, on one machine",
        ours=stored / took,
        unit="spans/s",
        peer_name="rows into SQLite, one transaction per 1,000",
        peer=SPANS / peer,
        aim="50,000 spans/s",
    )
    size = sum(segment.bytes for segment in indexer.manifest.segments(WORKSPACE))
    yield Figure(
        what="disk per million spans, 500-character prompts",
        ours=size / SPANS,
        unit="MB",
        peer_name="SQLite",
        peer=(folder / "peer.db").stat().st_size / SPANS,
        aim="250 MB",
    )
    queries = DuckQueries(indexer.manifest, indexer.tail, SegmentFiles(folder / "segments"))
    yield visibility(folder, queries)
    yield from asking(folder, queries, names)
    indexer.stop()
    queries.close()
    engine.dispose()


def asking(folder: Path, queries: DuckQueries, names: list[str]) -> Iterator[Figure]:
    """The same questions to the peer, which has an index by trace and one by start."""
    peer = sqlite3.connect(folder / "peer.db")

    def compare(what: str, ours: float, statement: str, parameters: tuple[object, ...], aim: str) -> Figure:
        theirs = median_seconds(lambda: peer.execute(statement, parameters).fetchall())
        return Figure(what=what, ours=ours * 1e3, unit="ms", peer_name="SQLite", peer=theirs * 1e3, aim=aim)

    one = names[len(names) // 2]
    yield compare(
        "one trace", median_seconds(lambda: queries.get_trace(WORKSPACE, one)), "SELECT * FROM spans WHERE trace_id = ?", (one,), "30 ms"
    )
    latest = "SELECT trace_id FROM spans WHERE parent_id IS NULL ORDER BY start_ns DESC LIMIT 50"
    listed = f"SELECT trace_id, min(start_ns), count(*), sum(prompt_tokens) FROM spans WHERE trace_id IN ({latest}) GROUP BY trace_id"
    yield compare(
        "the 50 latest traces with their sums",
        median_seconds(lambda: queries.list_traces(WORKSPACE, TraceFilter())),
        listed,
        (),
        "100 ms",
    )
    yield compare(
        "a word that no span has",
        median_seconds(lambda: queries.list_traces(WORKSPACE, TraceFilter(text="giraffe")), runs=3),
        "SELECT trace_id FROM spans WHERE attributes LIKE '%giraffe%' OR name LIKE '%giraffe%'",
        (),
        "100 ms",
    )
    yield compare(
        "requests, errors and tokens",
        median_seconds(lambda: queries.count_calls(WORKSPACE, 0), runs=3),
        "SELECT count(*) FILTER (WHERE kind = 'http'), count(*) FILTER (WHERE status = 'error'), sum(prompt_tokens) FROM spans",
        (),
        "300 ms",
    )
    peer.close()


def visibility(folder: Path, queries: DuckQueries) -> Figure:
    """How long after its flush a span shows."""
    sink = SpoolSink(folder / "spools", "late")
    recorder = Recorder(sink, workspace_id=WORKSPACE)
    waits: list[float] = []
    for _ in range(10):
        span = recorder.start("late", kind="flow")
        span.end()
        sink.flush()
        began = time.perf_counter()
        while not queries.get_trace(WORKSPACE, span.context.trace_id):
            time.sleep(0.005)
        waits.append(time.perf_counter() - began)
    sink.close()
    return Figure(
        what="a flushed span shows, the slowest of ten",
        ours=max(waits) * 1e3,
        unit="ms",
        peer_name="the indexer's poll",
        peer=100,
        aim="1 s in all",
    )


def write_spool(folder: Path) -> list[str]:
    """Record all spans at once and return the trace ids."""
    sink = SpoolSink(folder, "bench")
    recorder = Recorder(sink, workspace_id=WORKSPACE, endpoint="support", flow="support")
    names: list[str] = []
    while len(names) * 4 < SPANS:
        names += record_spans(recorder, 4000)
        while sink.waiting > _QUEUE:
            time.sleep(0.002)
    sink.close()
    if sink.dropped:
        raise RuntimeError(f"{sink.dropped} spans were dropped; the figures would flatter")
    return names


def record_spans(recorder: Recorder, count: int) -> list[str]:
    """Record `count` spans as requests to an endpoint: HTTP, flow, node, model call."""
    names: list[str] = []
    for number in range(count // 4):
        with recorder.span("POST /score", kind="http") as http, recorder.span("support", kind="flow") as flow:
            flow.attributes["flowyard.input"] = {"question": f"Where is parcel {number}?"}
            with recorder.span("answer", kind="node", node="answer"), recorder.span("chat m", kind="llm", model="m") as call:
                call.set(prompt_tokens=130, completion_tokens=20, cost_micros=42)
                call.attributes["gen_ai.input.messages"] = [{"role": "user", "content": f"{number} {PROMPT}"}]
                call.attributes["gen_ai.output.messages"] = [{"role": "assistant", "content": f"Parcel {number} is on its way."}]
        names.append(http.context.trace_id)
    return names


class Rows:
    """A sink that keeps spans as rows."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []

    def emit(self, record: SpanRecord) -> None:
        """Keep it with its attributes as JSON."""
        row = {name: getattr(record, name) for name in COLUMNS}
        self.rows.append({**row, "attributes": json.dumps(record.attributes), "events": "[]"})

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is open."""


def sample(count: int) -> list[dict[str, object]]:
    """Return spans as rows."""
    sink = Rows()
    record_spans(Recorder(sink, workspace_id=WORKSPACE, endpoint="support", flow="support"), count)
    return sink.rows


def fill_sqlite(path: Path) -> float:
    """Write as many spans to SQLite, with two indexes; return the seconds."""
    rows = [tuple(row.values()) for row in sample(SPANS)]
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute(f"CREATE TABLE spans ({', '.join(COLUMNS)})")
    database.execute("CREATE INDEX by_trace ON spans (trace_id)")
    database.execute("CREATE INDEX by_start ON spans (start_ns)")
    began = time.perf_counter()
    marks = ", ".join("?" * len(COLUMNS))
    for first in range(0, len(rows), 1000):
        with database:
            database.executemany(f"INSERT INTO spans VALUES ({marks})", rows[first : first + 1000])
    took = time.perf_counter() - began
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return took
