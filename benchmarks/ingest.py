"""OTLP over HTTP, acknowledged when durable, against SQLite that keeps the same spans as durably, a commit a batch."""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.harness import Figure
from benchmarks.installation import Installation, installation
from benchmarks.load import Target, requests_a_second

BATCH, SECONDS = 100, 6.0
PROMPT = "The customer asks where the parcel is, and whether it can be sent to another address. " * 6


def figures() -> Iterator[Figure]:
    """Send batches of model calls with prompts of 500 characters, from 1 and from 8 connections; the load runs on the same cores."""
    body = batch()
    floor = sqlite_rate()
    with installation() as installed:
        target = Target(
            address=installed.address,
            path="/v1/traces",
            body=body.decode("latin-1"),
            headers={"Content-Type": "application/x-protobuf", "Authorization": f"Bearer {installed.api_key}"},
            encoding="latin-1",
        )
        before = resident_mib(installed)
        for clients in (1, 8):
            rate = requests_a_second(target, clients=clients, seconds=SECONDS) * BATCH
            yield Figure(
                what=f"OTLP acknowledged, {BATCH} spans a request, {clients} senders",
                ours=rate,
                unit="span/s",
                peer_name="SQLite, a commit a batch",
                peer=floor,
                aim="50,000 span/s",
            )
        yield from indexing(installed)
        yield Figure(what="memory of the server, most", ours=peak_mib(installed), unit="MiB", peer_name="before", peer=before, aim="flat")


def indexing(installed: Installation) -> Iterator[Figure]:
    """How fast what waits in the spools is read, while nothing comes in."""
    began, waiting = time.perf_counter(), spooled(installed)
    while spooled(installed) > waiting // 4 and time.perf_counter() - began < 60:
        time.sleep(0.1)
    read = (waiting - spooled(installed)) / len(batch()) * BATCH / (time.perf_counter() - began)
    yield Figure(
        what="spans indexed, nothing coming in", ours=read, unit="span/s", peer_name="acknowledged aim", peer=50_000, aim="visible soon"
    )


def batch() -> bytes:
    """Return one request of model calls."""
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    made: Any = ExportTraceServiceRequest()
    scope = made.resource_spans.add().scope_spans.add()
    for number in range(1, BATCH + 1):
        span = scope.spans.add()
        span.trace_id, span.span_id = number.to_bytes(16, "big"), number.to_bytes(8, "big")
        span.name, span.start_time_unix_nano = "chat gpt-4o", time.time_ns()
        span.end_time_unix_nano = span.start_time_unix_nano + 10**9
        for name, value in ATTRIBUTES.items():
            pair = span.attributes.add()
            pair.key = name
            if isinstance(value, int):
                pair.value.int_value = value
            else:
                pair.value.string_value = value
    return made.SerializeToString()


ATTRIBUTES: dict[str, Any] = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.usage.input_tokens": 120,
    "gen_ai.usage.output_tokens": 30,
    "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"' + PROMPT + '"}]}]',
    "gen_ai.output.messages": '[{"role":"assistant","parts":[{"type":"text","content":"It is on its way."}]}]',
}


def sqlite_rate() -> float:
    """Return how many spans a second SQLite keeps, each batch durable before the next."""
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "spans.db")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE spans (trace TEXT, span TEXT, name TEXT, start INTEGER, duration INTEGER, attributes TEXT)")
        database.execute("CREATE INDEX by_trace ON spans (trace)")
        text, count, began = str(ATTRIBUTES), 0, time.perf_counter()
        while time.perf_counter() - began < 3:
            rows = [(f"{count + each:032x}", f"{each:016x}", "chat gpt-4o", count, 10**9, text) for each in range(BATCH)]
            database.executemany("INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?)", rows)
            database.commit()
            count += BATCH
        database.close()
        return count / (time.perf_counter() - began)


def spooled(installed: Installation) -> int:
    """Return how many bytes stand in the spools."""
    return sum(path.stat().st_size for path in installed.home.glob("spools/*/*.spool") if path.exists())


def resident_mib(installed: Installation) -> float:
    """Return the memory of the server's process now."""
    return _memory(installed, "VmRSS")


def peak_mib(installed: Installation) -> float:
    """Return the most memory that the server's process had."""
    return _memory(installed, "VmHWM")


def _memory(installed: Installation, name: str) -> float:
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            command = (status.parent / "cmdline").read_bytes()
            environment = (status.parent / "environ").read_bytes()
            text = status.read_text()
        except OSError:
            continue
        if b"server_main" in command and str(installed.home).encode() in environment:
            return next(int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith(name))
    return float("nan")
