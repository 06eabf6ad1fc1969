"""What a search finds of a public question set, as nDCG@10: ours as an index has it by default, and reranked.

``BENCHMARK_BEIR`` names a folder in BEIR's format (Thakur et al. 2021): ``corpus.jsonl``, ``queries.jsonl``, ``qrels/test.tsv``. Beside
ours stand words alone (BM25), vectors alone, and, where ``PEERS_PYTHON`` names an interpreter with langchain-text-splitters, LangChain's
default: its recursive splitter's pieces of 1,000 characters with 200 of overlap, by vectors of the same model, each compared with all.
A document stands where the best of its chunks does. nDCG is that of Järvelin and Kekäläinen (2002) with the set's grades as gains; the
intervals are those of paired differences, question by question.
"""

import json
import math
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import FLOWYARD, Figure
from benchmarks.installation import installation, run_command
from flowyard.flows.runs.intervals import paired_interval
from flowyard.identity.access import EVERYTHING
from flowyard.inference import bridge
from flowyard.inference.bridge import Bridge
from flowyard.inference.client import ModelClient
from flowyard.rag.chunking.chunker import Chunker
from flowyard.rag.chunking.settings import ChunkSettings
from flowyard.rag.chunking.tokens import ModelTokenizer
from flowyard.rag.embedding import ModelEmbedder
from flowyard.rag.model import Document
from flowyard.rag.ports import EmbeddingModel, IndexKey, Reranker, Step
from flowyard.rag.search.model import Query, SearchKind
from flowyard.rag.search.rerank import ModelReranker
from flowyard.rag.search.service import Searcher
from flowyard.storage.vectors.store import LanceVectors

MODEL, RERANKER, DIMENSIONS, DEPTH, CHUNKS = "bge-small-en-v1.5", "ms-marco-minilm-l-12-v2", 384, 10, 40
CACHE = Path(__file__).parents[1] / ".cache"
KEY = IndexKey("w", "quality")
Grades = dict[str, dict[str, float]]
Embed = Callable[[Sequence[str]], list[list[float]]]
_PEER = """
import json, sys
from langchain_text_splitters import RecursiveCharacterTextSplitter
splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
print(json.dumps([[key, part] for key, text in json.load(sys.stdin) for part in splitter.split_text(text)]))
"""


def figures() -> Iterator[Figure]:
    """Index the set, ask all its questions in each way, and compare question by question."""
    folder = os.environ.get("BENCHMARK_BEIR")
    if folder is None:
        return
    texts, questions, grades = _read(Path(folder))
    for model in (MODEL, RERANKER):
        run_command([FLOWYARD, "model", "pull", model], {**os.environ, "FLOWYARD_HOME": str(CACHE)})
    with tempfile.TemporaryDirectory() as place, installation(CACHE / "models") as platform:
        # A client belongs to one event loop: embedding has one of its own, reranking the process's.
        loop, clients = Bridge(), [ModelClient(f"http://{platform.address}/v1", platform.api_key) for _ in range(2)]
        embed = ModelEmbedder(clients[0], MODEL, loop, lambda: None).embed
        asked = list(zip(questions.values(), embed(list(questions.values())), strict=True))
        searcher = _indexed(place, texts, embed)

        def by(kind: SearchKind, reranker: Reranker | None = None) -> list[float]:
            found = [_documents(searcher, text, vector, kind, reranker) for text, vector in asked]
            return [_ndcg(documents, grades[key]) for key, documents in zip(questions, found, strict=True)]

        alone = {"words alone (BM25)": by("text"), "vectors alone": by("vector")}
        parts = _split(texts)
        if parts:
            vectors = np.array(embed([text for _, text in parts]), dtype=np.float32)
            order: list[Any] = [np.argsort(-(vectors @ np.array(vector, dtype=np.float32))) for _, vector in asked]
            found = [list(dict.fromkeys(parts[int(place)][0] for place in places[:200]))[:DEPTH] for places in order]
            alone["LangChain's default"] = [_ndcg(one, grades[key]) for key, one in zip(questions, found, strict=True)]
        for what, ours in (("hybrid", by("hybrid")), ("hybrid, reranked", by("hybrid", ModelReranker(clients[1], RERANKER)))):
            for name, peer in alone.items():
                yield _figure(f"nDCG@10, {what}", ours, name, peer)
        loop.run(clients[0].close())
        bridge.run(clients[1].close())


def _read(folder: Path) -> tuple[dict[str, str], dict[str, str], Grades]:
    """Return the texts of documents, the questions that have a relevant one, and the grades of their documents."""
    grades: Grades = {}
    for line in (folder / "qrels" / "test.tsv").read_text().splitlines()[1:]:
        question, document, grade = line.split("\t")
        if float(grade) > 0:
            grades.setdefault(question, {})[document] = float(grade)
    corpus = [json.loads(line) for line in (folder / "corpus.jsonl").read_text().splitlines()]
    asked = [json.loads(line) for line in (folder / "queries.jsonl").read_text().splitlines()]
    texts = {one["_id"]: f"# {one['title']}\n\n{one['text']}" if one.get("title") else one["text"] for one in corpus}
    return texts, {one["_id"]: one["text"] for one in asked if one["_id"] in grades}, grades


def _indexed(place: str, texts: dict[str, str], embed: Embed) -> Searcher:
    """Cut and index the documents as a build does by default."""
    chunker = Chunker(ChunkSettings(), ModelTokenizer(CACHE / "models" / MODEL / "tokenizer.json"))
    chunks = [
        chunk
        for key, text in texts.items()
        for chunk in chunker.chunks(Document(key=key, title=key, text=text, fingerprint="", media_type="text/markdown"))
    ]
    chunks.sort(key=lambda chunk: chunk.tokens)
    store, embedding = LanceVectors(place), EmbeddingModel(MODEL, DIMENSIONS)
    store.create(KEY, embedding)
    vectors = embed([chunk.searched for chunk in chunks])
    store.write(KEY, Step(key="all", embedding=embedding, chunks=chunks, vectors=vectors))
    store.optimise(KEY)
    return Searcher(store.open(KEY))


def _documents(searcher: Searcher, text: str, vector: list[float], kind: SearchKind, reranker: Reranker | None) -> list[str]:
    query = Query(text=text, vector=vector, kind=kind, top_k=CHUNKS, candidates=50)
    return list(dict.fromkeys(hit.chunk.document for hit in searcher.search(query, EVERYTHING, reranker)))[:DEPTH]


def _split(texts: dict[str, str]) -> list[tuple[str, str]]:
    python = os.environ.get("PEERS_PYTHON")
    if python is None:
        return []
    told = json.dumps(list(texts.items()))
    done = subprocess.run([python, "-c", _PEER], input=told, capture_output=True, text=True, timeout=600, check=True)
    return [(key, text) for key, text in json.loads(done.stdout)]


def _ndcg(found: Sequence[str], grades: dict[str, float]) -> float:
    best = sorted(grades.values(), reverse=True)[:DEPTH]
    return _gain([grades.get(document, 0.0) for document in found]) / _gain(best)


def _gain(grades: Sequence[float]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def _figure(what: str, ours: list[float], peer_name: str, peer: list[float]) -> Figure:
    seen: Any = paired_interval([mine - theirs for mine, theirs in zip(ours, peer, strict=True)])
    told = f"{what} ({seen.mean:+.3f}, {seen.low:+.3f} to {seen.high:+.3f})"
    return Figure(what=told, ours=sum(ours) / len(ours), unit="", peer_name=peer_name, peer=sum(peer) / len(peer), aim=">= 1")
