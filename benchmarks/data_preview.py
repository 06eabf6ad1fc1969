"""Looking into data: a preview of a large Parquet file, statistics of ten million rows, the content hash of a bookmark.

Processor time of whole processes, so that other work on the machine counts little; the wall time of the preview is told, too.
"""

import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.harness import Figure

#: The large file's bytes and the rows of the other; smaller where the disk is short.
LARGE = int(os.environ.get("BENCHMARK_PARQUET_BYTES", "5000000000"))
ROWS = int(os.environ.get("BENCHMARK_ROWS", "10000000"))
_PEER = (
    "import sys, pyarrow.parquet as p; f = p.ParquetFile(sys.argv[1], buffer_size=1 << 20, pre_buffer=False); "
    "print(len(next(f.iter_batches(batch_size=100)).to_pylist()))"
)
_SUMMARIZE = (
    "import sys, duckdb; c = duckdb.connect(config={'threads': 2, 'memory_limit': '1GB'}); "
    "print(len(c.execute('SUMMARIZE SELECT * FROM read_parquet(?)', [sys.argv[1]]).fetchall()))"
)


def figures() -> Iterator[Figure]:
    """Yield the figures."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCHMARK_FOLDER")) as folder:
        root = Path(folder)
        yield from _preview(root)
        yield from _statistics(root)


def _preview(root: Path) -> Iterator[Figure]:
    path = large_file(root / "large.parquet", LARGE)
    ours = _best(lambda: look(root, path, limit=100), 5)
    peer = _best(lambda: _python(_PEER, path), 5)
    size = f"{path.stat().st_size / 1e9:.1f} GB Parquet"
    yield Figure(
        what=f"preview of 100 rows, {size}, processor", ours=ours[0], unit="s", peer_name="pyarrow alone", peer=peer[0], aim="<= 1 s wall"
    )
    yield Figure(what=f"preview of 100 rows, {size}, wall", ours=ours[1], unit="s", peer_name="pyarrow alone", peer=peer[1], aim="<= 1 s")
    hashed, digest = _best(lambda: _hash(path), 2, own=True), _best(lambda: _digest(path), 2, own=True)
    gigabytes = path.stat().st_size / 1e9
    yield Figure(
        what="content hash of a bookmark, a second of processor",
        ours=gigabytes / hashed[0],
        unit="GB",
        peer_name="hashlib.file_digest",
        peer=gigabytes / digest[0],
        aim="the disk's speed",
    )
    path.unlink()


def _statistics(root: Path) -> Iterator[Figure]:
    path = rows_file(root / "rows.parquet", ROWS)
    ours = _best(lambda: look(root, path, sample=0), 2)
    peer = _best(lambda: _python(_SUMMARIZE, path), 2)
    yield Figure(
        what=f"statistics of {ROWS:,} rows x 8 columns, processor",
        ours=ours[0],
        unit="s",
        peer_name="DuckDB SUMMARIZE",
        peer=peer[0],
        aim="<= 3",
    )


def large_file(path: Path, size: int) -> Path:
    """Write a Parquet file of about `size` bytes: a million rows a group, not compressed."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    random, rows = np.random.default_rng(1), 1_000_000
    words = np.array([f"{number:064d}" for number in random.integers(0, 1 << 60, rows)])
    table: Any = pa.table({**{f"x{at}": random.random(rows) for at in range(5)}, "text": words})
    with pq.ParquetWriter(path, table.schema, compression="none", use_dictionary=False) as writer:
        while path.stat().st_size < size:
            writer.write_table(table)
    return path


def rows_file(path: Path, rows: int) -> Path:
    """Write rows with integers, floats, labels, texts, truth values and times."""
    import duckdb

    duckdb.connect().execute(
        f"""COPY (SELECT i AS id, (random() * 1000)::INT AS small, random() * 1e6 AS x, random() + random() + random() AS g,
        CASE WHEN random() < 0.05 THEN NULL ELSE 'label' || (random() * 12)::INT END AS label, md5(i::VARCHAR) AS h, random() < 0.5 AS b,
        TIMESTAMP '2024-01-01' + INTERVAL (i % 100000) SECOND AS at FROM range({rows}) t(i)) TO '{path}' (FORMAT parquet)"""
    )
    return path


def look(root: Path, path: Path, **options: Any) -> None:
    """Look into a file as the server does."""
    from flowyard.data.previews.protocol import File, Form, Task
    from flowyard.data.previews.runner import PreviewRunner

    task = Task(files=[File(path.name, path.stat().st_size, str(path))], form=Form(), cpu_s=1200, **options)
    PreviewRunner(root / "scratch").run(task, lambda _number, _start, _end: b"", timeout_s=600)


def _python(program: str, path: Path) -> None:
    subprocess.run([sys.executable, "-c", program, str(path)], check=True, capture_output=True, timeout=600)


def _hash(path: Path) -> None:
    from flowyard.data.bookmarks import content_digest
    from flowyard.data.datastores.types.local_folder import FolderFiles

    content_digest(FolderFiles(path.parent), path.name)


def _digest(path: Path) -> None:
    with path.open("rb") as file:
        hashlib.file_digest(file, "sha256")


def _best(work: Callable[[], None], runs: int, *, own: bool = False) -> tuple[float, float]:
    """Return processor and wall seconds of the fastest run: of the children of this process, or of itself."""
    who = resource.RUSAGE_SELF if own else resource.RUSAGE_CHILDREN
    found: list[tuple[float, float]] = []
    for _ in range(runs):
        before, began = resource.getrusage(who), time.perf_counter()
        work()
        after = resource.getrusage(who)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        found.append((used, time.perf_counter() - began))
    return min(one[0] for one in found), min(one[1] for one in found)
