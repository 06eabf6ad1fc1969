"""Building an index of 10,000 pages, besides the embedding model's own arithmetic: vectors are drawn, not computed.

Files are read, cracked in a process of their own, cut by tokens, compared with the version before, written and published, as
`IndexBuildJob` does it. Beside it, where ``PEERS_PYTHON`` names an interpreter with chromadb, langchain-text-splitters and tokenizers:
LangChain's recursive splitter by the same tokenizer's tokens into Chroma, with like vectors. Then the same documents again, and with a
hundredth changed.
"""

import json
import os
import random
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert

from benchmarks.harness import Figure
from flowyard.compute.ports import JobContext, StageReport
from flowyard.foundation.codecs import plain
from flowyard.rag.building.job import BuildArguments, IndexBuildJob
from flowyard.rag.building.model import Recipe
from flowyard.rag.chunking.tokens import ModelTokenizer
from flowyard.rag.embedding import Embedder
from flowyard.storage.engine import open_engine
from flowyard.storage.migrate import upgrade
from flowyard.storage.schema import workspaces
from flowyard.storage.sql.indexes import SqlIndexLedger
from flowyard.storage.vectors.store import LanceVectors
from flowyard.wire.index_builds import IndexBuildSamples
from flowyard.wire.index_origins import DocumentOrigin
from flowyard.wire.indexes import ChunkRecipe

PAGES = int(os.environ.get("BENCHMARK_PAGES", "10000"))
DIMENSIONS, TOKENS, OVERLAP = 384, 256, 32
TOKENIZER = Path(os.environ.get("FLOWYARD_MODELS", ".cache/models")) / "bge-small-en-v1.5" / "tokenizer.json"
_PEER = """
import json, os, resource, sys, time, numpy as np, chromadb
from pathlib import Path
from langchain_text_splitters import RecursiveCharacterTextSplitter
from tokenizers import Tokenizer
folder, tokens, overlap, dimensions, tokenizer = Path(sys.argv[1]), *map(int, sys.argv[2:5]), Tokenizer.from_file(sys.argv[5])
tokenizer.no_truncation(); tokenizer.no_padding()
wall, cpu = time.perf_counter(), time.process_time()
length = lambda text: len(tokenizer.encode(text).ids)
splitter = RecursiveCharacterTextSplitter(chunk_size=tokens, chunk_overlap=overlap, length_function=length)
collection = chromadb.PersistentClient(sys.argv[6]).create_collection("pages", metadata={"hnsw:space": "cosine"})
drawn, count = np.random.default_rng(7), 0
ids, texts, metadatas = [], [], []
def write():
    vectors = drawn.standard_normal((len(ids), dimensions)).astype(np.float32)
    collection.add(ids=ids, documents=texts, metadatas=metadatas, embeddings=vectors)
for path in sorted(folder.rglob("*.md")):
    for part in splitter.split_text(path.read_text()):
        ids.append(str(count)); texts.append(part); metadatas.append({"source": path.name}); count += 1
    if len(ids) >= 1000:
        write(); ids, texts, metadatas = [], [], []
if ids:
    write()
print(json.dumps([time.perf_counter() - wall, time.process_time() - cpu, count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


@dataclass
class Drawn:
    """An embedding model and its tokenizer, as builds ask for them; its vectors are drawn. It counts texts."""

    texts: int = 0
    tokens: ModelTokenizer = field(default_factory=lambda: ModelTokenizer(TOKENIZER))
    _drawn: Any = field(default_factory=lambda: np.random.default_rng(7))

    def tokenizer(self, model: str) -> ModelTokenizer:
        """Return the real model's."""
        del model
        return self.tokens

    @contextmanager
    def embedder(self, context: JobContext, model: str) -> Generator[Embedder]:
        """Return itself."""
        del context, model
        yield self

    def embed(self, texts: Sequence[str]) -> Any:
        """Return a row for each text."""
        self.texts += len(texts)
        return list(self._drawn.standard_normal((len(texts), DIMENSIONS)).astype(np.float32))


class Folder:
    """A source that is a folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def resolve(self, workspace_id: str, text: str) -> Path:
        """Return the folder."""
        del workspace_id, text
        return self._folder

    def gather(self, context: JobContext, name: str, origin: DocumentOrigin, by: str, report: StageReport) -> str:
        """Nothing is gathered here."""
        del context, name, origin, by, report
        raise NotImplementedError


class Ledger(SqlIndexLedger):
    """Keeps versions as ever; nobody else builds here, so nothing is claimed of a job that is none."""

    def claim(self, workspace_id: str, name: str, job_id: str) -> None:
        """See `IndexLedger.claim`."""

    def check_claim(self, workspace_id: str, name: str, job_id: str) -> None:
        """See `IndexLedger.check_claim`."""

    def keep_samples(self, samples: IndexBuildSamples) -> None:
        """See `IndexLedger.keep_samples`."""


class Context:
    """A job's context that records nothing: what recording steps costs is the job runner's."""

    workspace_id = "w"

    def __init__(self, number: int) -> None:
        self.job_id = f"job-{number}"

    @contextmanager
    def stage(self, name: str) -> Generator["Context"]:
        """Enter a stage."""
        del name
        yield self

    def progress(self, done: int, total: int | None = None, unit: str | None = None) -> None:
        """See `StageReport.progress`."""

    def detail(self, text: str) -> None:
        """See `StageReport.detail`."""

    def worked(self, seconds: float) -> None:
        """See `StageReport.worked`."""

    def step(self, name: str, work: Callable[[], Any]) -> Any:
        """Do it."""
        del name
        return work()

    def log(self, message: str) -> None:
        """See `JobContext.log`."""

    def check_canceled(self) -> None:
        """See `JobContext.check_canceled`."""


def figures() -> Iterator[Figure]:
    """Build, build again, change a hundredth and build."""
    import_module("lancedb")  # the peer's imports do not count either
    with tempfile.TemporaryDirectory() as place:
        documents, home = Path(place) / "documents", Path(place) / "home"
        home.mkdir()
        _write(documents, range(PAGES), 0)
        peer = _peer(documents, Path(place))
        engine = open_engine(f"sqlite:///{home}/metadata.db")
        upgrade(engine)
        with engine.begin() as connection:
            connection.execute(insert(workspaces).values(id=Context.workspace_id, name="bench", display_name="Benchmark", created_ns=0))
        model = Drawn()
        job = IndexBuildJob(Folder(documents), LanceVectors(str(home / "indexes")), Ledger(engine), model)
        first, memory = _built(job, 1), _memory()
        whole, langchain = f"{PAGES:,} pages, {model.texts:,} chunks", "LangChain + Chroma"
        if peer:
            yield Figure(what=f"build of {whole}, wall", ours=first[0], unit="s", peer_name=langchain, peer=peer[0], aim="<= 1/3")
            yield Figure(what="... CPU", ours=first[1], unit="s", peer_name=f"the same, {peer[2]:,.0f} chunks", peer=peer[1], aim="<= 1/3")
            yield Figure(what="... most memory", ours=memory, unit="MiB", peer_name="the same", peer=peer[3], aim="flat")
        again = _built(job, 2)
        yield Figure(what="unchanged, again, CPU", ours=again[1], unit="s", peer_name=f"build of {whole}", peer=first[1], aim="<= 0.02")
        yield Figure(what="... wall", ours=again[0], unit="s", peer_name="the same", peer=first[0], aim="<= 0.02")
        _write(documents, range(0, PAGES, 100), 1)
        changed = _built(job, 3)
        yield Figure(what="1 % changed, CPU", ours=changed[1], unit="s", peer_name=f"build of {whole}", peer=first[1], aim="<= 0.05")
        yield Figure(what="... wall", ours=changed[0], unit="s", peer_name="the same", peer=first[0], aim="<= 0.05")
        engine.dispose()


def _built(job: IndexBuildJob, number: int) -> tuple[float, float]:
    """Build, and return the wall and processor time, that of the cracking process among it."""
    recipe = Recipe(embedding_model="drawn", language="English", chunks=ChunkRecipe(max_tokens=TOKENS, overlap_tokens=OVERLAP))
    told = plain(BuildArguments(name="docs", source="azureml:docs:1", recipe=recipe, by="benchmark"))
    wall, cpu = time.perf_counter(), _cpu()
    job.run(Context(number), told)
    return time.perf_counter() - wall, _cpu() - cpu


def _cpu() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)


def _memory() -> float:
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def _write(folder: Path, numbers: range, edition: int) -> None:
    """Write pages of about 500 words below headings, of words that are as frequent as words are."""
    letters = random.Random(3)
    words = ["".join(letters.choices("etaoinshrdlucmfwypvbgk", k=letters.randint(2, 9))) for _ in range(8000)]
    weights = [1 / rank for rank in range(1, 8001)]
    for number in numbers:
        chance = random.Random(number * 2 + edition)
        parts = [f"# Page {number}"]
        for part in range(4):
            parts.append(f"## Part {part}")
            parts += [" ".join(chance.choices(words, weights, k=60)).capitalize() + "." for _ in range(2)]
        path = folder / f"{number % 100:02}" / f"{number:05}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(parts))


def _peer(documents: Path, place: Path) -> list[float]:
    python = os.environ.get("PEERS_PYTHON")
    if python is None:
        return []
    words = [str(documents), str(TOKENS), str(OVERLAP), str(DIMENSIONS), str(TOKENIZER), str(place / "chroma")]
    done = subprocess.run([python, "-c", _PEER, *words], capture_output=True, text=True, timeout=3600, check=True)
    return [float(number) for number in json.loads(done.stdout.splitlines()[-1])]
