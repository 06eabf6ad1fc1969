"""Search of an index of 100,000 chunks x 384 numbers: hybrid, with a filter and access tags, the best ten read, no reranking.

Beside it LanceDB's own hybrid query on the same table with the same condition and, where ``CHROMA_PYTHON`` names an interpreter that has
chromadb, its search by vector alone with the same filter (it fuses no words). Then the same after small updates as builds make them: one
changed document each, written, optimised, published and labelled (20; ``BENCHMARK_BUILDS=1000`` takes a quarter of an hour of processor
time, and 15 GB below ``TMPDIR``).
"""

import json
import os
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import Figure
from flowyard.identity.access import Access
from flowyard.rag.model import Chunk, Stretch
from flowyard.rag.ports import EmbeddingModel, IndexKey, Step
from flowyard.rag.search.filters import Filter, OneOf
from flowyard.rag.search.model import Query
from flowyard.rag.search.service import Searcher
from flowyard.storage.vectors.conditions import condition
from flowyard.storage.vectors.store import LanceVectors

CHUNKS = int(os.environ.get("BENCHMARK_CHUNKS", "100000"))
BUILDS = int(os.environ.get("BENCHMARK_BUILDS", "20"))
UNITS = ("wall", "CPU", "wall, p95")
DIMENSIONS, TOPICS, QUESTIONS, STEP = 384, 2000, 200, 5000
KEY, MODEL = IndexKey("w", "bench"), EmbeddingModel("random directions around topics", DIMENSIONS)
ACCESS = Access(frozenset({"team-1"}))
_PEER = """
import json, sys, time, statistics, numpy as np, chromadb
folder, count = sys.argv[1], int(sys.argv[2])
vectors = np.load(f"{folder}/vectors.npy"); questions = np.load(f"{folder}/questions.npy")
texts = json.load(open(f"{folder}/texts.json"))
collection = chromadb.PersistentClient(f"{folder}/chroma").create_collection("pages", metadata={"hnsw:space": "cosine"})
began = time.process_time()
for start in range(0, count, 5000):
    many = range(start, min(start + 5000, count))
    collection.add(ids=[str(n) for n in many], embeddings=vectors[start : start + 5000], documents=texts[start : start + 5000],
                   metadatas=[{"year": 2000 + n % 25, "tag": "" if n % 5 else f"team-{n % 3}"} for n in many])
built = time.process_time() - began
where = {"$and": [{"year": {"$in": [2003, 2007, 2011]}}, {"tag": {"$in": ["", "team-1"]}}]}
walls, cpus = [], []
for question in questions:
    wall, cpu = time.perf_counter(), time.process_time()
    collection.query(query_embeddings=[question], n_results=10, where=where)
    walls.append(time.perf_counter() - wall); cpus.append(time.process_time() - cpu)
print(json.dumps([statistics.median(walls), statistics.median(cpus), built]))
"""


def figures() -> Iterator[Figure]:
    """Build it, ask it, change it, ask it again."""
    drawn = np.random.default_rng(7)
    topics = drawn.standard_normal((TOPICS, DIMENSIONS)).astype(np.float32)
    vectors, questions = _near(drawn, topics, CHUNKS), _near(drawn, topics, QUESTIONS)
    texts = _texts(drawn, CHUNKS)
    words = [" ".join(texts[number * 7].split()[3:20:6]) for number in range(QUESTIONS)]
    where = Filter(metadata=(OneOf("year", (2003, 2007, 2011)),))
    # LanceDB warns of its own hybrid query.
    os.environ.setdefault("LANCEDB_LOG", "error")
    with tempfile.TemporaryDirectory() as folder:
        store = LanceVectors(folder)
        began = time.process_time()
        _build(store, vectors, texts)
        built, size = time.process_time() - began, _megabytes(Path(folder))
        peers = _chroma(folder, vectors, questions, texts)
        ours, lance = _timed(_ours(store, questions, words, where), _lance(store, questions, words, where))
        for number, unit in enumerate(UNITS):
            yield _figure(f"hybrid with filter, {unit}", ours[number], "LanceDB's hybrid", lance[number])
            if peers and number < 2:
                yield _figure(f"hybrid with filter, {unit}", ours[number], "Chroma, vector only", peers[number])
        if peers:
            yield Figure(what="build, CPU", ours=built, unit="s", peer_name="Chroma", peer=peers[2], aim="<= 1")
        narrow = np.isin(2000 + np.arange(CHUNKS) % 25, (2003, 2007, 2011))
        yield _recall(store, questions, Filter(), vectors)
        yield _recall(store, questions, where, np.where(narrow[:, None], vectors, 0))
        # In turns with what it was: the machine's speed changes meanwhile.
        store.publish(KEY, "first")
        took, disk = _updated(store, drawn, topics, vectors, Path(folder))
        yield Figure(what="an update of one document, CPU", ours=took, unit="s", peer_name="the build", peer=built, aim="<= 0.05")
        yield Figure(what="... disk, of a version that is kept", ours=disk, unit="MB", peer_name="the build", peer=size, aim="")
        asks = [_ours(store, questions, words, where, version) for version in (None, "first")]
        later, before, lance = _timed(*asks, _lance(store, questions, words, where))
        for number, unit in enumerate(UNITS):
            what = f"... {BUILDS} builds later, {unit}"
            yield _figure(what, later[number], "the version before them", before[number])
            yield _figure(what, later[number], "LanceDB's hybrid", lance[number])
        yield _recall(store, questions, Filter(), vectors)
        yield _recall(store, questions, where, np.where(narrow[:, None], vectors, 0))


def _figure(what: str, ours: float, peer_name: str, peer: float) -> Figure:
    aim = "" if what.endswith("p95") else "<= 12 ms"
    return Figure(what=what, ours=ours * 1e3, unit="ms", peer_name=peer_name, peer=peer * 1e3, aim=aim)


def _timed(*asks: Callable[[int], object]) -> list[tuple[float, ...]]:
    """Return `UNITS` of a question, in seconds, of each, in turns; ten of each do not count."""
    times = [list[tuple[float, float]]() for _ in asks]
    for number in range(-10, QUESTIONS):
        for ask, taken in zip(asks, times, strict=True):
            wall, cpu = time.perf_counter(), time.process_time()
            ask(number)
            taken.append((time.perf_counter() - wall, time.process_time() - cpu))
    sorts = [[sorted(each) for each in zip(*taken[10:], strict=True)] for taken in times]
    return [(statistics.median(walls), statistics.median(cpus), walls[QUESTIONS * 95 // 100]) for walls, cpus in sorts]


def _ours(store: LanceVectors, questions: Any, words: list[str], where: Filter, version: str | None = None) -> Callable[[int], object]:
    searcher = Searcher(store.open(KEY, version))
    return lambda number: searcher.search(Query(text=words[number], vector=questions[number], top_k=10, where=where), ACCESS)


def _lance(store: LanceVectors, questions: Any, words: list[str], where: Filter) -> Callable[[int], object]:
    from lancedb.rerankers import RRFReranker

    table: Any = store.tables.open(KEY)
    reranker, narrowed = RRFReranker(), condition(ACCESS, where)
    columns = ["id", "text", "packed"]

    def ask(number: int) -> object:
        query = table.search(query_type="hybrid", vector_column_name="vector").vector(questions[number]).text(words[number])
        query = query.distance_type("cosine").refine_factor(2).where(narrowed, prefilter=True).rerank(reranker)
        return query.limit(10).select(columns).to_list()

    return ask


def _recall(store: LanceVectors, questions: Any, where: Filter, compared: Any) -> Figure:
    """Say how many of the ten nearest are found, of those that a full comparison finds; a chunk that is not there is zero."""
    reader, everybody = store.open(KEY), Access(frozenset({"team-0", "team-1", "team-2"}))
    found = 0
    for question in questions[:100]:
        nearest = reader.nearest(question, everybody, where, 10)
        chunks = reader.read([each.place for each in nearest], everybody)
        best = {str(number) for number in np.argsort(-(compared @ question))[:10]}
        found += len(best & {chunk.id for chunk in chunks.values()})
    what = "of the ten nearest that the filter leaves, found" if where.metadata else "of the ten nearest, found"
    return Figure(what=what, ours=found / 1000, unit="", peer_name="comparing all", peer=1.0, aim=">= 0.98")


def _chunk(number: int, text: str) -> Chunk:
    return Chunk(
        id=str(number),
        document=f"docs/{number // 10 % 50:02}/{number // 10:06}.md",
        ordinal=number % 10,
        text=text,
        stretch=Stretch(0, len(text)),
        tokens=60,
        page=number % 30 + 1,
        tags=() if number % 5 else (f"team-{number % 3}",),
        metadata={"year": 2000 + number % 25},
    )


def _build(store: LanceVectors, vectors: Any, texts: list[str]) -> None:
    store.create(KEY, MODEL)
    for start in range(0, len(texts), STEP):
        chunks = [_chunk(start + number, text) for number, text in enumerate(texts[start : start + STEP])]
        store.write(KEY, Step(key=str(start), embedding=MODEL, chunks=chunks, vectors=vectors[start : start + STEP]))
    store.optimise(KEY)


def _updated(store: LanceVectors, drawn: Any, topics: Any, vectors: Any, folder: Path) -> tuple[float, float]:
    """Replace ten chunks of a document by one, again and again; return the seconds of processor time and the MB of once."""
    texts, new = _texts(drawn, BUILDS), _near(drawn, topics, BUILDS)
    disk, began, before = _megabytes(folder), time.process_time(), "first"
    for number, text in enumerate(texts):
        store.restore(KEY, before)
        chunk, vector = _chunk(number * 10, text), new[number : number + 1]
        store.write(KEY, Step(key=f"u{number}", embedding=MODEL, chunks=[chunk], vectors=vector, documents=(chunk.document,)))
        vectors[number * 10 : number * 10 + 10] = 0
        vectors[number * 10] = vector
        store.optimise(KEY)
        before = str(number)
        store.publish(KEY, before)
        store.label(KEY, "latest", before)
    return (time.process_time() - began) / BUILDS, (_megabytes(folder) - disk) / BUILDS


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _near(drawn: Any, topics: Any, count: int) -> Any:
    made = topics[drawn.integers(0, TOPICS, count)] + drawn.standard_normal((count, DIMENSIONS)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def _texts(drawn: Any, count: int) -> list[str]:
    """Return texts of 60 words, of 20,000 that are as frequent as words are."""
    letters = random.Random(7)
    words = ["".join(letters.choices("etaoinshrdlucmfwypvbgk", k=letters.randint(3, 9))) for _ in range(20_000)]
    weights = 1 / np.arange(1, 20_001)
    return [" ".join(words[each] for each in row) for row in drawn.choice(20_000, size=(count, 60), p=weights / weights.sum())]


def _chroma(folder: str, vectors: Any, questions: Any, texts: list[str]) -> list[float]:
    python = os.environ.get("CHROMA_PYTHON")
    if python is None:
        return []
    np.save(Path(folder) / "vectors.npy", vectors)
    np.save(Path(folder) / "questions.npy", questions)
    (Path(folder) / "texts.json").write_text(json.dumps(texts))
    done = subprocess.run([python, "-c", _PEER, folder, str(CHUNKS)], capture_output=True, text=True, timeout=3600, check=True)
    return [float(number) for number in json.loads(done.stdout.splitlines()[-1])]
