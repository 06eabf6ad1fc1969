"""Search of an index of 100,000 chunks x 384 numbers: hybrid, with a filter and access tags, the best ten read, no reranking.

Beside it LanceDB's own hybrid query on the same table with the same condition and, where ``CHROMA_PYTHON`` names an interpreter that has
chromadb, its search by vector alone with the same filter (it fuses no words). Then the same after small updates as builds make them: one
changed document each, written, optimised and published (20; ``BENCHMARK_BUILDS=1000`` takes half an hour of processor time).
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
        built = time.process_time() - began
        peers = _chroma(folder, vectors, questions, texts)
        ours, lance = _timed(_ours(store, questions, words, where), _lance(store, questions, words, where))
        for number, unit in enumerate(("wall ms", "CPU ms")):
            yield _figure(f"hybrid with filter, {unit[:-3]}", ours[number], "LanceDB's hybrid", lance[number], unit)
            if peers:
                yield _figure(f"hybrid with filter, {unit[:-3]}", ours[number], "Chroma, vector only", peers[number], unit)
        if peers:
            yield Figure(what="build, CPU", ours=built, unit="s", peer_name="Chroma", peer=peers[2], aim="<= 1")
        everything = np.arange(CHUNKS)
        yield _recall(store, vectors, questions, Filter(), everything)
        yield _recall(store, vectors, questions, where, everything[np.isin(2000 + everything % 25, (2003, 2007, 2011))])
        began = time.process_time()
        for number in range(BUILDS):
            _update(store, drawn, topics, number)
            store.optimise(KEY)
            store.publish(KEY, str(number))
        each = (time.process_time() - began) / BUILDS
        later, lance = _timed(_ours(store, questions, words, where, str(BUILDS - 1)), _lance(store, questions, words, where))
        for number, unit in enumerate(("wall ms", "CPU ms")):
            what = f"... {BUILDS} builds later ({each:.1f} s CPU each), {unit[:-3]}"
            yield _figure(what, later[number], "before them", ours[number], unit)
            yield _figure(what, later[number], "LanceDB's hybrid", lance[number], unit)


def _figure(what: str, ours: float, peer_name: str, peer: float, unit: str) -> Figure:
    return Figure(what=what, ours=ours * 1e3, unit=unit, peer_name=peer_name, peer=peer * 1e3, aim="p50 <= 12 ms")


def _timed(*asks: Callable[[int], object]) -> list[tuple[float, float]]:
    """Return the median wall and processor time of a question, in seconds, of each, in turns; ten of each do not count."""
    times = [list[tuple[float, float]]() for _ in asks]
    for number in range(-10, QUESTIONS):
        for ask, taken in zip(asks, times, strict=True):
            wall, cpu = time.perf_counter(), time.process_time()
            ask(number)
            taken.append((time.perf_counter() - wall, time.process_time() - cpu))
    return [(statistics.median(wall for wall, _ in taken[10:]), statistics.median(cpu for _, cpu in taken[10:])) for taken in times]


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


def _recall(store: LanceVectors, vectors: Any, questions: Any, where: Filter, among: Any) -> Figure:
    """Say how many of the ten nearest are found, of those that a full comparison of the chunks `among` all finds."""
    reader, everybody = store.open(KEY), Access(frozenset({"team-0", "team-1", "team-2"}))
    found, compared = 0, vectors[among]
    for question in questions[:100]:
        nearest = reader.nearest(question, everybody, where, 10)
        chunks = reader.read([each.place for each in nearest], everybody)
        best = {str(among[number]) for number in np.argsort(-(compared @ question))[:10]}
        found += len(best & {chunk.id for chunk in chunks.values()})
    what = "of the ten nearest, found" if len(among) == CHUNKS else "of the ten nearest that the filter leaves, found"
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


def _update(store: LanceVectors, drawn: Any, topics: Any, number: int) -> None:
    """Replace a document's ten chunks by one."""
    chunk = _chunk(number * 10, _texts(drawn, 1)[0])
    vectors = _near(drawn, topics, 1)
    store.write(KEY, Step(key=f"u{number}", embedding=MODEL, chunks=[chunk], vectors=vectors, documents=(chunk.document,)))


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
