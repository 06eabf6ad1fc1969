"""An index that is changed a little, again and again, stays in few parts."""

import random
from pathlib import Path

import pytest

from flowyard.identity.access import EVERYTHING
from flowyard.rag.ports import EmbeddingModel, IndexKey, Step
from flowyard.rag.search.filters import Filter
from flowyard.storage.vectors import indexing
from flowyard.storage.vectors.store import LanceVectors
from flowyard.testing.vector_steps import make_chunk

KEY, MODEL = IndexKey("w", "changed"), EmbeddingModel("tests/words", 8)


def test_small_updates_do_not_leave_a_part_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "INDEXED_FROM", 50)
    monkeypatch.setattr(indexing, "_MOST_PARTS", 2)
    store, chance = LanceVectors(str(tmp_path)), random.Random(3)

    def write(name: str, count: int) -> None:
        chunks = [make_chunk(f"{name}-{number}", f"{name}.md") for number in range(count)]
        vectors = [[chance.uniform(0.1, 1.0) for _ in range(MODEL.dimensions)] for _ in chunks]
        store.write(KEY, Step(key=name, embedding=MODEL, chunks=chunks, vectors=vectors))
        store.optimise(KEY)

    store.create(KEY, MODEL)
    write("first", 60)
    parts: list[int] = []
    for number in range(6):
        write(f"update{number}", 1)
        table = store.tables.open(KEY)
        parts.append(table.index_stats("vector_idx").num_indices)
        assert table.stats()["fragment_stats"]["num_fragments"] <= 4
    assert max(parts) == 3, "the limit was never reached: this checks nothing"
    assert min(parts[3:]) < 3, "the parts were never made one"
    found = store.open(KEY).nearest([0.5] * MODEL.dimensions, EVERYTHING, Filter(), 100)
    assert len(found) == 66
