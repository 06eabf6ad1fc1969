"""Processor time a span: taken by the collector, redacted, indexed. Times of the process itself, so that what else runs matters little."""

import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

import msgspec

from benchmarks.harness import Figure, cpu_seconds
from benchmarks.installation import running
from benchmarks.load import Target, freshened, requests_a_second
from benchmarks.spans import BATCH, attributes, batches, ids_in, prompts
from benchmarks.startup import free_port, wait_for

ROOT = Path(__file__).parents[1]
COLLECTOR, FLOOR = "collector", "floor"
SECONDS, ROUNDS, CLIENTS = 2.0, 3, 8
TEXTS, INDEXED = 10_000, 2_000
KEY = "benchmark"


def figures() -> Iterator[Figure]:
    """Measure the parts of the way in, each beside a floor or a peer that does the least that is possible."""
    yield collecting()
    yield from redacting()
    yield from indexing()


def collecting() -> Figure:
    """The collector alone, nobody reads what it writes, beside a bare ASGI application that reads the body, appends and fsyncs."""
    body = batches(1)[0].decode("latin-1")
    headers = {"Content-Type": "application/x-protobuf", "Authorization": f"Bearer {KEY}"}
    best = {COLLECTOR: float("inf"), FLOOR: float("inf")}
    with served(COLLECTOR) as ours, served(FLOOR) as floor:
        for _ in range(ROUNDS):
            for name, (address, pid) in ((COLLECTOR, ours), (FLOOR, floor)):
                target = Target(address=address, path="/v1/traces", body=body, headers=headers, encoding="latin-1")
                begun = cpu_seconds(pid)
                rate = requests_a_second(target, clients=CLIENTS, seconds=SECONDS)
                best[name] = min(best[name], (cpu_seconds(pid) - begun) / (rate * SECONDS * BATCH))
    return Figure(
        what=f"OTLP taken, {BATCH} spans a request, {CLIENTS} senders",
        ours=best[COLLECTOR] * 1e6,
        unit="µs/span",
        peer_name="bare ASGI: read, append, fsync",
        peer=best[FLOOR] * 1e6,
        aim="<= 10 µs",
    )


def redacting() -> Iterator[Figure]:
    """What comes from the spools is looked at by the rules; the floor reads and writes its attributes as JSON."""
    from flowyard.storage.telemetry.columns import rows_to_table
    from flowyard.storage.telemetry.intake import Intake
    from flowyard.tracing.model import SpanRecord
    from flowyard.tracing.policy import DEFAULT_RULES, PolicyRecord
    from flowyard.tracing.rows import COLUMNS, row_of
    from flowyard.wire.telemetry_policy import RedactionRule

    rows = [
        row_of(
            SpanRecord(
                trace_id=f"{number + 1:032x}",
                span_id=f"{number + 1:016x}",
                name="chat gpt-4o",
                kind="llm",
                start_ns=number,
                duration_ns=1,
                attributes=attributes(text),
            )
        )
        for number, text in enumerate(prompts(TEXTS))
    ]
    table, _ = rows_to_table("spans", rows, COLUMNS, ("w", "w"))
    texts: list[str] = table["attributes"].to_pylist()
    floor = best_of(lambda: [msgspec.json.encode(msgspec.json.decode(text)) for text in texts])
    chosen: dict[str, tuple[RedactionRule, ...]] = {"secrets": DEFAULT_RULES, "all rules": get_args(RedactionRule)}
    for name, rules in chosen.items():
        policy = PolicyRecord(redact=rules)
        intake = Intake(lambda policy=policy: {"w": policy})
        yield Figure(
            what=f"redaction, {name}, 500-character prompts, 2 % personal",
            ours=best_of(lambda intake=intake: intake.take([("spans", table)])) / TEXTS * 1e6,
            unit="µs/span",
            peer_name="its attributes decoded and encoded",
            peer=floor / TEXTS * 1e6,
            aim="<= 10 µs",
        )


def indexing() -> Iterator[Figure]:
    """Spools of OTLP to segments in the manifest, and the memory that it takes, beside SQLite that keeps the decoded spans."""
    from flowyard.foundation.ids import new_id
    from flowyard.storage import migrate
    from flowyard.storage.engine import open_engine
    from flowyard.storage.telemetry.files import SegmentFiles
    from flowyard.storage.telemetry.indexer import Indexer
    from flowyard.tracing.frames import SUFFIX, FrameKind
    from flowyard.tracing.spool import ROLL_BYTES, SpoolFile

    sent = [freshened(body, ids_in(body)) for body in batches(20)]
    with tempfile.TemporaryDirectory(prefix="flowyard-bench-") as name:
        folder = Path(name)
        (folder / "spools" / "w").mkdir(parents=True)
        written = 0
        while written < INDEXED:
            spool = SpoolFile(folder / "spools" / "w" / f"otlp-{new_id()}{SUFFIX}")
            while spool.size < ROLL_BYTES and written < INDEXED:
                spool.append_frame(FrameKind.OTLP_TRACES, next(sent[written % len(sent)]))
                written += 1
            spool.finish()
        engine = open_engine(f"sqlite:///{folder / 'metadata.db'}")
        migrate.upgrade(engine)
        files = SegmentFiles(folder / "segments")
        files.prepare()
        indexer = Indexer(engine, folder / "spools", files, default_workspace="w")
        begun = time.process_time()
        indexer.step()
        indexer.roll()
        ours = (time.process_time() - begun) / INDEXED / BATCH
        engine.dispose()
        yield Figure(
            what="OTLP indexed, spool to segment, secrets redacted",
            ours=ours * 1e6,
            unit="µs/span",
            peer_name="SQLite, a row a span",
            peer=sqlite_seconds(folder) * 1e6,
            aim="<= 20 µs",
        )


def sqlite_seconds(folder: Path) -> float:
    """Return the processor time in which SQLite keeps a span, a hundred in a transaction."""
    database = sqlite3.connect(folder / "peer.db")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE spans (trace TEXT, span TEXT, name TEXT, start INTEGER, duration INTEGER, attributes TEXT)")
    database.execute("CREATE INDEX by_trace ON spans (trace)")
    texts = [str(attributes(text)) for text in prompts(TEXTS)]
    begun = time.process_time()
    for first in range(0, TEXTS, BATCH):
        rows = [
            (os.urandom(16).hex(), f"{first + number:016x}", "chat gpt-4o", first, 10**9, text)
            for number, text in enumerate(texts[first : first + BATCH])
        ]
        database.executemany("INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?)", rows)
        database.commit()
    database.close()
    return (time.process_time() - begun) / TEXTS


def best_of(work: Callable[[], object], runs: int = 5) -> float:
    """Return the least processor time of a call, in seconds."""
    times: list[float] = []
    for _ in range(runs):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


@contextmanager
def served(name: str) -> Generator[tuple[str, int]]:
    """Serve the collector or the floor in a process of its own; yield its address and process id."""
    address = f"127.0.0.1:{free_port()}"
    with (
        tempfile.TemporaryDirectory(prefix="flowyard-bench-") as folder,
        running(
            [sys.executable, "-m", "benchmarks.intake", name, address, folder], {**os.environ, "PYTHONPATH": str(ROOT)}, None
        ) as process,
    ):
        wait_for(f"http://{address}/", process)
        yield address, process.pid


class _Anybody:
    """A caller that may do all."""

    role, workspace_id = "owner", "w"

    def enter(self) -> "_Anybody":
        return self


class _SignIn:
    def by_key_hash(self, key_hash: str) -> Any:
        del key_hash
        return _Anybody()


def _floor(folder: Path) -> Any:
    descriptor = os.open(folder / "spool", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", scope["method"] == "POST"
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        os.write(descriptor, body)
        os.fdatasync(descriptor)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    return app


def _collector(folder: Path) -> Any:
    from flowyard.server.collector.app import Collector
    from flowyard.tracing.otlp.spools import Backlog, OtlpSpools

    return Collector(_floor(folder), _SignIn(), OtlpSpools(folder), lambda _: Backlog(0, 0, 0))


def _serve(name: str, address: str, folder: str) -> None:
    import uvicorn

    host, _, port = address.partition(":")
    app = _collector(Path(folder)) if name == COLLECTOR else _floor(Path(folder))
    uvicorn.run(app, host=host, port=int(port), log_config=None, access_log=False, lifespan="off", ws="none")


if __name__ == "__main__":
    _serve(*sys.argv[1:])
