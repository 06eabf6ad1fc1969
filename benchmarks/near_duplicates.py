"""Finding texts that are alike among 100,000, in texts a second of processor time; a fifth of them are copies with some words changed.

Where ``DATASKETCH_PYTHON`` names an interpreter that has datasketch, its MinHash (128 permutations, whole batches) and LSH do so with
the same shingles. Without it the floor is making each text's set of shingles in Python, which is where such libraries begin.
"""

import json
import os
import random
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.harness import Figure
from flowyard.data.transforms.minhash import Signatures, groups

TEXTS, SHINGLE, THRESHOLD = 100_000, 5, 0.8
_BATCH = 2000
_PEER = """
import json, sys, time
from datasketch import MinHash, MinHashLSH
texts = json.load(open(sys.argv[1]))
begin = time.process_time()
index = MinHashLSH(threshold=0.8, num_perm=128)
found = 0
for number, text in enumerate(texts):
    made = MinHash(num_perm=128)
    made.update_batch([text[at : at + 5].encode() for at in range(len(text) - 4)])
    found += bool(index.query(made))
    index.insert(number, made)
print(json.dumps([time.process_time() - begin, found]))
"""


def figures() -> Iterator[Figure]:
    """Find them with both, and say how many each found."""
    texts = _texts()
    begin = time.process_time()
    signatures = Signatures(SHINGLE)
    for start in range(0, len(texts), _BATCH):
        signatures.add(texts[start : start + _BATCH])
    alike = groups(signatures, THRESHOLD, SHINGLE, texts.__getitem__)
    ours_s = time.process_time() - begin
    ours = sum(alike.first(number) != number for number in range(len(texts)))
    python = os.environ.get("DATASKETCH_PYTHON")
    if python is None:
        begin = time.process_time()
        kept = sum(len({text[at : at + SHINGLE] for at in range(len(text) - SHINGLE + 1)}) for text in texts)
        floor_s = time.process_time() - begin
        peer_name = f"Python's sets of {kept / len(texts):.0f} shingles alone"
    else:
        floor_s, found = _peer(python, texts)
        peer_name = f"datasketch ({found} found)"
    yield Figure(
        what=f"near duplicates of {len(texts)} texts ({ours} found)",
        ours=len(texts) / ours_s,
        unit="texts/s",
        peer_name=peer_name,
        peer=len(texts) / floor_s,
        aim="5 times datasketch",
    )


def _peer(python: str, texts: list[str]) -> tuple[float, int]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "texts.json"
        file.write_text(json.dumps(texts))
        done = subprocess.run([python, "-c", _PEER, str(file)], capture_output=True, text=True, timeout=3600, check=True)
    seconds, found = json.loads(done.stdout)
    return float(seconds), int(found)


def _texts() -> list[str]:
    """Return texts of 15 to 60 words; a fifth of them are earlier ones with up to three words changed."""
    drawn = random.Random(7)
    words = ["".join(drawn.choices("etaoinshrdlucmfwypvbgk", k=drawn.randint(2, 9))) for _ in range(5000)]
    texts: list[str] = []
    for _ in range(TEXTS):
        if texts and drawn.random() < 0.2:
            changed = drawn.choice(texts[-2000:]).split()
            for _ in range(drawn.randint(0, 3)):
                changed[drawn.randrange(len(changed))] = drawn.choice(words)
        else:
            changed = drawn.choices(words, k=drawn.randint(15, 60))
        texts.append(" ".join(changed))
    return texts
