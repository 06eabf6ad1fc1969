"""What a search finds of a public question set, as nDCG@10: ours as an index has it by default, and reranked.

``BENCHMARK_BEIR`` names a folder in BEIR's format (Thakur et al. 2021): ``corpus.jsonl``, ``queries.jsonl``, ``qrels/test.tsv``. Beside
ours stand words alone (BM25), vectors alone, and, where ``PEERS_PYTHON`` names an interpreter with langchain-text-splitters, LangChain's
default: its recursive splitter's pieces of 1,000 characters with 200 of overlap, by vectors of the same model, each compared with all.
A document stands where the best of its chunks does. nDCG is that of Järvelin and Kekäläinen (2002) with the set's grades as gains, and
again with all of them as 1 where they differ; the intervals are those of paired differences, question by question.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import FLOWYARD, Figure
from benchmarks.installation import installation, run_command
from benchmarks.question_sets import DEPTH, QuestionSet, ndcg, read_question_set
from flowyard.flows.runs.intervals import paired_interval
from flowyard.foundation import bridge
from flowyard.foundation.bridge import Bridge
from flowyard.identity.access import EVERYTHING
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

MODEL, RERANKER, DIMENSIONS, CHUNKS = "bge-small-en-v1.5", "ms-marco-minilm-l-12-v2", 384, 40
#: So many of LangChain's pieces are looked at: that ten documents are among them.
PIECES = 200
CACHE = Path(__file__).parents[1] / ".cache"
KEY = IndexKey("w", "quality")
#: The best documents of each question, the best first.
Found = list[list[str]]
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
    asked = read_question_set(Path(folder))
    for model in (MODEL, RERANKER):
        run_command([FLOWYARD, "model", "pull", model], {**os.environ, "FLOWYARD_HOME": str(CACHE)})
    with tempfile.TemporaryDirectory() as place, installation(CACHE / "models") as platform:
        # A client belongs to one event loop: embedding has one of its own, reranking the process's.
        loop, clients = Bridge(), [ModelClient(f"http://{platform.address}/v1", platform.api_key) for _ in range(2)]
        embed = ModelEmbedder(clients[0], MODEL, loop, lambda: None).embed
        questions = list(zip(asked.questions.values(), embed(list(asked.questions.values())), strict=True))
        searcher = _indexed(place, asked.texts, embed)

        def by(kind: SearchKind, reranker: Reranker | None = None) -> Found:
            return [_documents(searcher, text, vector, kind, reranker) for text, vector in questions]

        peers = {"words alone (BM25)": by("text"), "vectors alone": by("vector")}
        parts = _split(asked.texts)
        if parts:
            peers["LangChain's default"] = _nearest(parts, embed([text for _, text in parts]), [vector for _, vector in questions])
        ours = {"hybrid": by("hybrid"), "hybrid, reranked": by("hybrid", ModelReranker(clients[1], RERANKER))}
        loop.run(clients[0].close())
        bridge.run(clients[1].close())
    yield from _compared(asked, ours, peers)


def _compared(asked: QuestionSet, ours: dict[str, Found], peers: dict[str, Found]) -> Iterator[Figure]:
    alike = {question: dict.fromkeys(grades, 1.0) for question, grades in asked.grades.items()}
    for told, by_question in (("", asked.grades), (", any grade alike", alike))[: 1 + asked.graded]:
        scores = {
            name: [ndcg(documents, by_question[key]) for key, documents in zip(asked.questions, found, strict=True)]
            for name, found in (ours | peers).items()
        }
        for mine, theirs in ((mine, theirs) for mine in ours for theirs in peers):
            yield _figure(f"{mine}{told}", scores[mine], theirs, scores[theirs])


def _nearest(parts: list[tuple[str, str]], vectors: list[list[float]], questions: list[list[float]]) -> Found:
    """Return the documents of the pieces that are nearest to each question, all compared."""
    matrix = np.array(vectors, dtype=np.float32)
    orders: list[Any] = [np.argsort(-(matrix @ np.array(vector, dtype=np.float32)), kind="stable") for vector in questions]
    return [list(dict.fromkeys(parts[int(place)][0] for place in order[:PIECES]))[:DEPTH] for order in orders]


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


def _figure(what: str, ours: list[float], peer_name: str, peer: list[float]) -> Figure:
    seen: Any = paired_interval([mine - theirs for mine, theirs in zip(ours, peer, strict=True)])
    told = f"nDCG@10, {what} ({seen.mean:+.3f}, {seen.low:+.3f} to {seen.high:+.3f})"
    return Figure(what=told, ours=sum(ours) / len(ours), unit="", peer_name=peer_name, peer=sum(peer) / len(peer), aim=">= 1")
