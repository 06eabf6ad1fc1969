"""Embedding the pages of this documentation: the local model through the gateway, as a build of an index asks it.

Beside it, where ``PEERS_PYTHON`` names an interpreter with fastembed: the same ONNX file and tokenizer in that process, on all cores, with
the same texts in the same order, after a call that is not counted.
"""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.harness import FLOWYARD, Figure
from benchmarks.installation import installation, run_command
from flowyard.foundation.bridge import Bridge
from flowyard.inference.client import ModelClient
from flowyard.rag.chunking.chunker import Chunker
from flowyard.rag.chunking.settings import ChunkSettings
from flowyard.rag.chunking.tokens import ModelTokenizer
from flowyard.rag.embedding import ModelEmbedder
from flowyard.rag.model import Chunk, Document

MODEL, ROUNDS, PART = "bge-small-en-v1.5", 3, 64
ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".cache"
FILES = CACHE / "models" / MODEL
_PEER = """
import json, sys, time
from fastembed import TextEmbedding
from fastembed.common.model_description import ModelSource, PoolingType
folder, rounds, part = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
texts = json.load(open(f"{folder}/texts.json"))
TextEmbedding.add_custom_model(model="local/bge", pooling=PoolingType.CLS, normalization=True, sources=ModelSource(hf="local/bge"), dim=384,
                               model_file="model.onnx")
model = TextEmbedding("local/bge", specific_model_path=folder)
list(model.embed(texts[:part], batch_size=part))
times, vectors = [], []
for _ in range(rounds):
    began = time.perf_counter()
    vectors = [vector.tolist() for vector in model.embed(texts, batch_size=part)]
    times.append(time.perf_counter() - began)
print(json.dumps({"seconds": times, "first": vectors[0]}))
"""


def figures() -> Iterator[Figure]:
    """Embed all chunks with both."""
    run_command([FLOWYARD, "model", "pull", MODEL], {**os.environ, "FLOWYARD_HOME": str(CACHE)})
    texts = _texts()
    with tempfile.TemporaryDirectory() as folder, installation(CACHE / "models") as platform:
        bridge = Bridge()
        client = ModelClient(f"http://{platform.address}/v1", platform.api_key)
        embedder = ModelEmbedder(client, MODEL, bridge, lambda: None)
        [first] = embedder.embed(texts[:1])
        ours = min(_timed(embedder, texts) for _ in range(ROUNDS))
        bridge.run(client.close())
        peer = _peer(Path(folder), texts, first)
        if peer:
            yield Figure(
                what=f"{len(texts):,} chunks by {MODEL}",
                ours=len(texts) / ours,
                unit="chunks/s",
                peer_name="fastembed, the same files",
                peer=len(texts) / peer,
                aim=">= 1.2",
            )


def _timed(embedder: ModelEmbedder, texts: list[str]) -> float:
    began = time.perf_counter()
    for start in range(0, len(texts), PART):
        embedder.embed(texts[start : start + PART])
    return time.perf_counter() - began


def _texts() -> list[str]:
    """Return the chunks of the documentation, those of like length together, as a build sends them."""
    chunker = Chunker(ChunkSettings(), ModelTokenizer(FILES / "tokenizer.json"))
    found: list[Chunk] = []
    for path in sorted((ROOT / "docs").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        found += chunker.chunks(Document(key=path.name, title=path.stem, text=text, fingerprint="", media_type="text/markdown"))
    return [chunk.searched for chunk in sorted(found, key=lambda chunk: chunk.tokens)]


def _peer(folder: Path, texts: list[str], first: list[float]) -> float | None:
    """Return the peer's best time in seconds; None without one.

    Raises:
        RuntimeError: its vectors are others.
    """
    python = os.environ.get("PEERS_PYTHON")
    if python is None:
        return None
    for name in ("model.onnx", "tokenizer.json"):
        (folder / name).symlink_to(FILES / name)
    for name, content in (("config", {"pad_token_id": 0}), ("tokenizer_config", {"model_max_length": 512, "pad_token": "[PAD]"})):
        (folder / f"{name}.json").write_text(json.dumps(content))
    (folder / "special_tokens_map.json").write_text(json.dumps({"pad_token": "[PAD]"}))
    (folder / "texts.json").write_text(json.dumps(texts))
    command = [python, "-c", _PEER, str(folder), str(ROUNDS), str(PART)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=3600, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    # The model is quantised, and how its numbers are rounded depends on what is computed together: 0.995 for one text alone or with others.
    if sum(one * other for one, other in zip(told["first"], first, strict=True)) < 0.98:
        raise RuntimeError("the peer's vectors are others: it does not read the same model, or pools in another way")
    return min(told["seconds"])
