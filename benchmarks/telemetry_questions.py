"""Questions over 1,000,000 spans of a day with prompts of 500 characters, and their disk, against SQLite with the same rows.

Processor time of the fastest of several: what else runs matters little to it. Our store has ten segments, SQLite an index by trace.
"""

import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.compute

from benchmarks.harness import Figure
from benchmarks.intake import best_of
from benchmarks.spans import prompts
from flowyard.storage import migrate
from flowyard.storage.engine import open_engine
from flowyard.storage.telemetry.asking import StoredFigures
from flowyard.storage.telemetry.columns import SCHEMAS
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.manifest import Manifest
from flowyard.storage.telemetry.model import Table
from flowyard.storage.telemetry.otlp_slices import hexadecimal_texts
from flowyard.storage.telemetry.queries import DuckQueries
from flowyard.storage.telemetry.segments import write_segment
from flowyard.storage.telemetry.tail import Tail
from flowyard.tracing.ports import TraceFilter
from flowyard.tracing.questions import Question

_pa: Any = pyarrow
_pc: Any = pyarrow.compute

SPANS, SEGMENTS, OF_TRACE = 1_000_000, 10, 4
WORKSPACE, BEGIN_NS, HOUR_NS = "w", 1_795_000_000_000_000_000 // 3_600_000_000_000 * 3_600_000_000_000, 3_600_000_000_000
RARE, ONE_IN = "xylophone", 700
COLUMNS = ("trace_id", "span_id", "parent_id", "name", "kind", "start_ns", "duration_ns", "status", "model", "attributes")
_TRACES = 40


def figures() -> Iterator[Figure]:
    """Ask both stores the same."""
    with tempfile.TemporaryDirectory(prefix="flowyard-bench-") as name:
        folder = Path(name)
        engine = open_engine(f"sqlite:///{folder / 'metadata.db'}")
        migrate.upgrade(engine)
        files, manifest = SegmentFiles(folder / "segments"), Manifest(engine)
        files.prepare()
        peer = sqlite3.connect(folder / "peer.db")
        peer.execute(f"CREATE TABLE spans ({', '.join(COLUMNS)})")
        traces: list[list[str]] = []
        for place in range(SEGMENTS):
            table = made(place)
            manifest.add([write_segment(files, WORKSPACE, table)], {})
            peer.executemany(f"INSERT INTO spans VALUES ({', '.join('?' * len(COLUMNS))})", rows_of(table))
            peer.commit()
            traces.append(random.Random(place).sample(_pc.unique(table["trace_id"]).to_pylist(), _TRACES))
        peer.execute("CREATE INDEX by_trace ON spans (trace_id)")
        queries = DuckQueries(manifest, Tail(), files)
        yield from asked(queries, peer, traces)
        size = sum(segment.bytes for segment in manifest.segments(WORKSPACE))
        yield figure("disk a million spans", size / SPANS, "MB", (folder / "peer.db").stat().st_size / SPANS, "<= 250 MB")
        queries.close()
        peer.close()
        engine.dispose()


def asked(queries: DuckQueries, peer: sqlite3.Connection, traces: list[list[str]]) -> Iterator[Figure]:
    """Return what each question costs."""
    stored = StoredFigures(queries.reader)
    question = Question(
        subject="calls", since_ns=BEGIN_NS, until_ns=BEGIN_NS + 24 * HOUR_NS, group_by=("model",), grain_ns=HOUR_NS, search=None, limit=50,
        measures=("duration_p50", "duration_p95", "duration_p99"),
    )  # fmt: skip
    ranked = "SELECT model, start_ns / 3600000000000 AS hour, duration_ns, percent_rank() OVER w AS share FROM spans WINDOW w AS"
    shares = ", ".join(f"min(CASE WHEN share >= {share} THEN duration_ns END)" for share in (0.5, 0.95, 0.99))
    percentiles = (
        f"SELECT model, hour, {shares} FROM ({ranked} (PARTITION BY model, start_ns / 3600000000000 ORDER BY duration_ns)) GROUP BY 1, 2"
    )
    yield compared("three percentiles by model and hour", lambda: stored.figures(WORKSPACE, question), peer, (percentiles,), "<= 50 ms")
    like = "SELECT trace_id FROM spans WHERE attributes LIKE ? LIMIT 50"
    for what, word in (("a word that no span has", "giraffe"), (f"a word in one of {ONE_IN} spans", RARE)):
        yield compared(
            what,
            lambda word=word: queries.list_traces(WORKSPACE, TraceFilter(text=word)),
            peer,
            (like, (f"%{word}%",)),
            "<= 400 ms",
        )
    latest = "SELECT DISTINCT trace_id FROM (SELECT trace_id FROM spans ORDER BY start_ns DESC LIMIT 200) LIMIT 50"
    yield compared("the 50 latest traces", lambda: queries.list_traces(WORKSPACE, TraceFilter()), peer, (latest,), "<= 100 ms")
    whole = "SELECT * FROM spans WHERE trace_id = ?"
    for what, names, aim in (("recent", traces[-1], "<= 5 ms"), ("any", [name for each in traces for name in each[:4]], "<= 30 ms")):
        ours = best_of(lambda names=names: [queries.get_trace(WORKSPACE, name) for name in names], runs=3) / len(names)
        theirs = best_of(lambda names=names: [peer.execute(whole, (name,)).fetchall() for name in names], runs=3) / len(names)
        yield figure(f"one trace, {what}, another each time", ours * 1e3, "ms", theirs * 1e3, aim)


def compared(what: str, ours: Callable[[], object], peer: sqlite3.Connection, statement: Sequence[Any], aim: str) -> Figure:
    """Return what a question costs here and there."""
    ours()
    theirs = best_of(lambda: peer.execute(*statement).fetchall(), runs=2)
    return figure(what, best_of(ours) * 1e3, "ms", theirs * 1e3, aim)


def figure(what: str, ours: float, unit: str, peer: float, aim: str) -> Figure:
    """Return a line of the table."""
    return Figure(what=what, ours=ours, unit=unit, peer_name="SQLite", peer=peer, aim=aim)


def made(place: int) -> Table:
    """Return the spans of the segment at `place`: traces of a request and the three model calls that it made."""
    random_of, count = np.random.default_rng(place), SPANS // SEGMENTS
    number = np.arange(count)
    first = number % OF_TRACE == 0
    every = np.ones(count, np.bool_)
    trace = np.repeat(random_of.integers(1, 256, (count // OF_TRACE, 16), dtype=np.uint8), OF_TRACE, axis=0)
    ids = random_of.integers(1, 256, (count, 8), dtype=np.uint8)
    model = _pa.array([f"model-{each}" for each in range(8)]).take(_pa.array(random_of.integers(0, 8, count)))
    columns: dict[str, Any] = {
        "trace_id": hexadecimal_texts(trace, every),
        "span_id": hexadecimal_texts(ids, every),
        "parent_id": hexadecimal_texts(np.repeat(ids[first], OF_TRACE, axis=0), ~first),
        "name": _pc.binary_join_element_wise("chat", model, " "),
        "kind": _pa.array(["http", "llm"]).take(_pa.array((~first).astype(np.int64))),
        "start_ns": _pa.array(BEGIN_NS + (place * count + number) * (24 * HOUR_NS // SPANS)),
        "duration_ns": _pa.array(random_of.lognormal(20, 1, count).astype(np.int64)),
        "status": _pa.array(["ok", "error"]).take(_pa.array((random_of.random(count) < 0.02).astype(np.int64))),
        "model": _pc.if_else(_pa.array(first), None, model),
        "attributes": attributes_of(place, number, random_of.random(count) < 1 / ONE_IN),
    }
    constant = {
        "workspace_id": WORKSPACE,
        "currency": "USD",
        "events": "",
        "prompt_tokens": 120,
        "completion_tokens": 30,
        "cost_micros": 42,
    }
    schema = SCHEMAS["spans"]
    arrays = [
        columns[field.name] if field.name in columns else _pa.repeat(_pa.scalar(constant.get(field.name), field.type), count)
        for field in schema
    ]
    return _pa.Table.from_arrays(arrays, schema=schema)


def attributes_of(place: int, number: Any, rare: Any) -> Any:
    """Return prompts of 500 characters, each another one, as attributes."""
    texts = _pa.array(prompts(20_000)).take(_pa.array((number * 7919 + place) % 20_000))
    words = _pc.if_else(_pa.array(rare), RARE, "please")
    numbers = _pa.array(place * len(number) + number).cast(_pa.string())
    before, after = (
        '{"gen_ai.input.messages":[{"role":"user","content":"',
        '"}],"gen_ai.output.messages":[{"role":"assistant","content":"On its way."}]}',
    )
    return _pc.binary_join_element_wise(before, numbers, " ", texts, " ", words, after, "")


def rows_of(table: Table) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of what the peer keeps of a table."""
    for batch in table.select(COLUMNS).to_batches(5000):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
