"""An index that is changed a little, again and again, stays in few parts."""

import random
from pathlib import Path

import pytest

from flowyard.identity.access import EVERYTHING, Access
from flowyard.rag.ports import EmbeddingModel, IndexKey, Step
from flowyard.rag.search.filters import Filter
from flowyard.storage.vectors import indexing
from flowyard.storage.vectors.indexing import scattered
from flowyard.storage.vectors.store import LanceVectors
from flowyard.testing.vector_steps import make_chunk

KEY, MODEL = IndexKey("w", "changed"), EmbeddingModel("tests/words", 8)
FIRST = 60


class Changed:
    """An index of `FIRST` chunks, of which from 50 on are a part of their own, and what is added to it."""

    def __init__(self, place: Path) -> None:
        self.store = LanceVectors(str(place))
        self._chance = random.Random(3)
        self.store.create(KEY, MODEL)
        self.add("first", FIRST)

    def add(self, name: str, count: int) -> tuple[int, int]:
        """Add chunks, and return how many parts and files there are then."""
        chunks = [make_chunk(f"{name}-{number}", f"{name}.md", tags=(name,)) for number in range(count)]
        vectors = [[self._chance.uniform(0.1, 1.0) for _ in range(MODEL.dimensions)] for _ in chunks]
        self.store.write(KEY, Step(key=name, embedding=MODEL, chunks=chunks, vectors=vectors))
        self.store.optimise(KEY)
        table = self.store.tables.open(KEY)
        return table.index_stats("vector_idx").num_indices, table.stats()["fragment_stats"]["num_fragments"]


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Changed:
    monkeypatch.setattr(indexing, "INDEXED_FROM", 50)
    return Changed(tmp_path)


def test_small_updates_do_not_leave_a_part_each(changed: Changed) -> None:
    first = changed.store.open(KEY)
    assert [changed.add(f"update{number}", 1) for number in range(6)] == [(2, 2)] * 6
    reader = changed.store.open(KEY)
    assert len(reader.nearest([0.5] * MODEL.dimensions, EVERYTHING, Filter(), 100)) == FIRST + 6
    for number in range(6):
        alone = Access(frozenset({f"update{number}"}))
        [near], [said] = reader.both([0.5] * MODEL.dimensions, "harbour", alone, Filter(), 10)
        assert reader.read([near.place], alone)[near.place].id == reader.read([said.place], alone)[said.place].id == f"update{number}-0"
    assert len(first.nearest([0.5] * MODEL.dimensions, EVERYTHING, Filter(), 100)) == FIRST


def test_large_updates_are_made_one_part_in_the_end(changed: Changed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "_MOST_PARTS", 2)
    parts = [changed.add(f"update{number}", 50)[0] for number in range(4)]
    assert max(parts) == 3, "the limit was never reached: this checks nothing"
    assert parts[-1] < 3, "the parts were never made one"
    assert changed.store.open(KEY).count(EVERYTHING, Filter()) == FIRST + 200


def test_what_changes_nothing_leaves_no_state_for_prunings_to_read(changed: Changed) -> None:
    changed.store.publish(KEY, "1")
    before = changed.store.tables.open(KEY).version
    changed.store.restore(KEY, "1")
    changed.store.optimise(KEY)
    assert changed.store.tables.open(KEY).version == before


@pytest.mark.parametrize(
    ("rows", "again"),
    [
        pytest.param({0: 100_000}, [], id="nothing-changed"),
        pytest.param({0: 100_000, 1: 2}, [], id="one-alone"),
        pytest.param({0: 100_000, 1: 400, 2: 2}, [2, 1], id="few-rows"),
        pytest.param({0: 100_000, 1: 600, 2: 2}, [], id="many-beside-few"),
        pytest.param({0: 100_000, 1: 600, 2: 150, 3: 50}, [3, 2, 1], id="a-third"),
        pytest.param({0: 100_000, 1: 9_000, 2: 4_000}, [2, 1], id="thousands"),
        pytest.param({0: 100_000, 1: 10_000, 2: 9_000}, [], id="never-those-that-are-large"),
    ],
)
def test_files_are_brought_together_with_those_that_are_not_much_larger(rows: dict[int, int], again: list[int]) -> None:
    assert scattered(rows) == again


def test_moves_of_a_label_do_not_leave_a_file_each(changed: Changed) -> None:
    changed.store.publish(KEY, "1")
    changed.add("second", 1)
    changed.store.publish(KEY, "2")
    for number in range(40):
        changed.store.label(KEY, "live", str(1 + number % 2))
    table = changed.store.tables.present(KEY, "labels")
    assert table.stats()["fragment_stats"]["num_fragments"] < 16
    assert changed.store.labels(KEY) == {"live": "2"}
