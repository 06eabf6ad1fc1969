# ruff: noqa: D102, S101  # tests say by their names what must hold
"""The contract of `rag.ports.VectorStore`. A backend's tests subclass `VectorStoreContract` and give ``opener`` and ``place``."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from flowyard.foundation.errors import InvalidInputError
from flowyard.identity.access import EVERYTHING, Access
from flowyard.rag.errors import ChunkError, EmbeddingMismatchError, IndexConflictError, IndexNotFoundError, IndexVersionNotFoundError
from flowyard.rag.model import Chunk, Stretch
from flowyard.rag.ports import EmbeddingModel, IndexKey, Step, VectorStore, Written
from flowyard.rag.search.filters import Filter
from flowyard.testing.vector_steps import KEY, MODEL, held, left_of, make_chunk, make_vector, opened, steps

NOBODY = Access(frozenset())
_KILLS = int(os.environ.get("FLOWYARD_TEST_KILLS", "3"))


def step(key: str, *chunks: Chunk, documents: tuple[str, ...] = (), gone: tuple[str, ...] = ()) -> Step:
    """Return a step whose vectors differ."""
    chance = random.Random(key)  # noqa: S311  # no secret
    vectors = [make_vector(chance) for _ in chunks]
    return Step(key=key, embedding=MODEL, chunks=chunks, vectors=vectors, documents=documents, gone=gone)


def ids(store: VectorStore, version: str | None = None) -> set[str]:
    """Return the ids of all chunks."""
    return set(held(store.open(KEY, version)))


class VectorStoreContract:
    """What every vector store does."""

    @pytest.fixture
    def opener(self) -> str:
        raise NotImplementedError("A backend's tests give this fixture: module:callable, which makes a store of a place.")

    @pytest.fixture
    def place(self) -> str:
        raise NotImplementedError("A backend's tests give this fixture: an empty place.")

    @pytest.fixture
    def store(self, opener: str, place: str) -> VectorStore:
        """A store with the empty index `KEY`."""
        store = opened(opener, place)
        store.create(KEY, MODEL)
        return store

    def test_an_index_is_made_once(self, store: VectorStore) -> None:
        store.write(KEY, step("1", make_chunk("a")))
        store.create(KEY, MODEL)
        assert ids(store) == {"a"}
        info = store.describe(KEY)
        assert (info.embedding, info.language, info.chunks, info.versions, store.labels(KEY)) == (MODEL, "English", 1, (), {})

    @pytest.mark.parametrize("other", [replace(MODEL, name="x"), replace(MODEL, dimensions=5), replace(MODEL, fingerprint="f2")])
    def test_another_models_index_is_another_index(self, store: VectorStore, other: EmbeddingModel) -> None:
        with pytest.raises(IndexConflictError, match="tests/words"):
            store.create(KEY, other)
        with pytest.raises(IndexConflictError, match="English"):
            store.create(KEY, MODEL, language="German")
        with pytest.raises(EmbeddingMismatchError, match="tests/words"):
            store.write(KEY, replace(step("1", make_chunk("a")), embedding=other))
        assert ids(store) == set()

    def test_names_numbers_and_languages_that_cannot_be(self, store: VectorStore) -> None:
        for key in (IndexKey("../x", "a"), IndexKey("w", "a/b"), IndexKey("w", ""), IndexKey("w", "..")):
            with pytest.raises(InvalidInputError, match="is no name for"):
                store.create(key, MODEL)
        with pytest.raises(InvalidInputError, match="0 dimensions"):
            store.create(replace(KEY, name="b"), replace(MODEL, dimensions=0))
        with pytest.raises(InvalidInputError, match="'Klingon' is no known language"):
            store.create(replace(KEY, name="b"), MODEL, language="Klingon")
        for version in ("", "a/b", "-x"):
            with pytest.raises(InvalidInputError, match="is no name for a version"):
                store.publish(KEY, version)

    def test_what_is_not_there_says_so(self, store: VectorStore) -> None:
        none = replace(KEY, name="none")
        asked: list[Callable[[], object]] = [
            lambda: store.describe(none),
            lambda: store.write(none, step("1")),
            lambda: store.publish(none, "1"),
            lambda: store.withdraw(none, "1"),
            lambda: store.label(none, "production", "1"),
            lambda: store.restore(none, "1"),
            lambda: store.open(none),
            lambda: store.diff(none, None, None, EVERYTHING),
            lambda: store.optimise(none),
        ]
        for ask in asked:
            with pytest.raises(IndexNotFoundError, match="'none'"):
                ask()
        store.drop(none)
        store.publish(KEY, "1")
        asked = [
            lambda: store.withdraw(KEY, "2"),
            lambda: store.label(KEY, "production", "2"),
            lambda: store.restore(KEY, "2"),
            lambda: store.open(KEY, "2"),
            lambda: store.diff(KEY, "1", "2", EVERYTHING),
        ]
        for ask in asked:
            with pytest.raises(IndexVersionNotFoundError, match=r"'2'.*There is: 1"):
                ask()

    def test_chunks_come_back_as_they_went_in(self, store: VectorStore) -> None:
        chunk = Chunk(
            id="é'\"\\\n😀",
            document="Ordner/ein 'Dokument'.md",
            ordinal=3,
            text="Zeile\nzwei \x00 \u2028 😀",
            stretch=Stretch(2**40, 2**40 + 9),
            tokens=7,
            kind="table",
            page=12,
            headings=("One", "Two's"),
            prefix="| a | b |",
            tags=("o'hara", "ßtraße"),
            metadata={"a.b": 1, "c'd": 2.5, "yes": True, "text": "x'y", "": "", "large": 2**60},
        )
        store.write(KEY, step("1", chunk, make_chunk("plain")))
        found = {
            each.id: each
            for entry in store.open(KEY).documents(EVERYTHING, Filter())
            for each in store.open(KEY).chunks_of(entry.document, EVERYTHING)
        }
        assert found == {chunk.id: chunk, "plain": make_chunk("plain")}
        assert {key: type(value) for key, value in found[chunk.id].metadata.items()} == {
            key: type(value) for key, value in chunk.metadata.items()
        }

    def test_a_step_adds_replaces_and_removes_at_once(self, store: VectorStore) -> None:
        first = step("1", make_chunk("a1"), make_chunk("a2"), make_chunk("b1", "b.md"), make_chunk("c1", "c.md"), make_chunk("c2", "c.md"))
        assert store.write(KEY, first) == Written(repeated=False, added=5)
        second = step("2", make_chunk("a2", text="new"), make_chunk("a3"), documents=("a.md", "b.md", "never.md"), gone=("c2", "never"))
        assert store.write(KEY, second) == Written(repeated=False, added=1, replaced=1, removed=3)
        assert held(store.open(KEY)) == left_of([first, second])
        assert ids(store) == {"a2", "a3", "c1"}

    def test_a_step_that_is_repeated_does_nothing(self, store: VectorStore) -> None:
        store.write(KEY, step("o'ne", make_chunk("a")))
        store.write(KEY, step("two", make_chunk("b"), gone=("a",)))
        for again in (step("o'ne", make_chunk("a")), step("two", make_chunk("other"))):
            assert store.write(KEY, again) == Written(repeated=True)
        assert ids(store) == {"b"}

    def test_what_cannot_be_kept_is_refused_as_a_whole(self, store: VectorStore) -> None:
        good = step("1", make_chunk("a"), make_chunk("b"))
        for vectors, reason in (
            ([(1.0, 0, 0, 0), (float("nan"), 0, 0, 0)], "Vector 1"),
            ([(float("inf"), 0, 0, 0), (1.0, 0, 0, 0)], "Vector 0"),
            ([(1.0, 0, 0, 0), (0, 0, 0, 0)], "Vector 1"),
            ([(1.0, 0), (1.0, 0)], "2 numbers each; the index has 4"),
            ([(1.0, 0, 0, 0), (1.0,)], "no matrix"),
        ):
            with pytest.raises(EmbeddingMismatchError, match=reason):
                store.write(KEY, replace(good, vectors=vectors))
        for chunks, reason in (
            ((make_chunk("a"), make_chunk("a")), "'a' twice"),
            ((make_chunk("a"),), "1 chunks and 2 vectors"),
            ((make_chunk("a"), make_chunk("")), "no id"),
            ((make_chunk("a"), make_chunk("step:1")), "no id"),
            ((make_chunk("a"), make_chunk("b", tags=("x", ""))), "empty tag"),
            ((make_chunk("a"), make_chunk("b", metadata={"x": float("inf")})), "'x' of chunk 'b'"),
            ((make_chunk("a"), make_chunk("b", text="\ud800")), "cannot be written"),
        ):
            with pytest.raises(ChunkError, match=reason):
                store.write(KEY, replace(good, chunks=chunks))
        assert ids(store) == set()
        assert store.write(KEY, good).repeated is False

    def test_a_version_stays_as_it_is(self, store: VectorStore) -> None:
        first, second = steps(1, 2)
        store.write(KEY, first)
        store.publish(KEY, "1")
        pinned = store.open(KEY, "1")
        store.publish(KEY, "1")
        store.write(KEY, second)
        with pytest.raises(IndexConflictError, match="published already"):
            store.publish(KEY, "1")
        store.publish(KEY, "2.0-rc_1")
        for _ in range(2):
            store.optimise(KEY, keep_s=0)
            assert held(pinned) == held(store.open(KEY, "1")) == left_of([first])
            assert held(store.open(KEY, "2.0-rc_1")) == held(store.open(KEY)) == left_of([first, second])
        assert store.describe(KEY).versions == ("1", "2.0-rc_1")
        store.withdraw(KEY, "1")
        store.optimise(KEY, keep_s=0)
        assert store.describe(KEY).versions == ("2.0-rc_1",)
        assert held(store.open(KEY, "2.0-rc_1")) == left_of([first, second])

    def test_a_reader_of_the_head_sees_nothing_later(self, store: VectorStore) -> None:
        first, second = steps(2, 2)
        store.write(KEY, first)
        reader = store.open(KEY)
        store.write(KEY, second)
        store.optimise(KEY)
        assert held(reader) == left_of([first])

    def test_labels_move_and_roll_back(self, store: VectorStore) -> None:
        store.write(KEY, step("1", make_chunk("a")))
        store.publish(KEY, "1")
        store.write(KEY, step("2", make_chunk("b")))
        store.publish(KEY, "2")
        for version, expected in (("1", {"a"}), ("2", {"a", "b"}), ("1", {"a"})):
            store.label(KEY, "production", version)
            assert ids(store, "production") == expected
        other = replace(KEY, name="other")
        store.create(other, MODEL)
        assert (store.labels(KEY), store.labels(other)) == ({"production": "1"}, {})
        with pytest.raises(IndexConflictError, match="'production'"):
            store.withdraw(KEY, "1")

    def test_the_head_goes_back_to_a_version(self, store: VectorStore) -> None:
        first, second = steps(3, 2)
        store.write(KEY, first)
        store.publish(KEY, "1")
        store.label(KEY, "old", "1")
        store.write(KEY, second)
        store.publish(KEY, "2")
        store.label(KEY, "new", "2")
        store.optimise(KEY, keep_s=0)
        store.restore(KEY, "1")
        assert held(store.open(KEY)) == left_of([first])
        assert store.labels(KEY) == {"new": "2", "old": "1"}
        assert held(store.open(KEY, "new")) == left_of([first, second])
        assert store.write(KEY, first).repeated
        assert not store.write(KEY, second).repeated
        assert held(store.open(KEY)) == left_of([first, second])

    def test_two_versions_are_compared(self, store: VectorStore) -> None:
        store.write(KEY, step("1", make_chunk("a1"), make_chunk("a2"), make_chunk("b1", "b.md"), make_chunk("c1", "c.md")))
        store.publish(KEY, "1")
        store.write(KEY, step("2", make_chunk("a1", page=2), make_chunk("a3"), make_chunk("d1", "d.md"), documents=("a.md", "b.md")))
        found = store.diff(KEY, "1", None, EVERYTHING)
        assert (found.chunks_added, found.chunks_removed, found.chunks_changed) == (("a3", "d1"), ("a2", "b1"), ("a1",))
        assert (found.documents_added, found.documents_removed, found.documents_changed) == (("d.md",), ("b.md",), ("a.md",))
        back = store.diff(KEY, None, "1", EVERYTHING)
        assert (back.chunks_added, back.documents_removed) == (found.chunks_removed, found.documents_added)
        same = store.diff(KEY, "1", "1", EVERYTHING)
        assert (same.chunks_added, same.chunks_removed, same.chunks_changed, same.documents_changed) == ((), (), (), ())

    def test_two_versions_are_compared_as_a_caller_sees_both(self, store: VectorStore) -> None:
        red, blue = Access(frozenset({"red"})), Access(frozenset({"blue"}))
        store.write(KEY, step("1", make_chunk("a1", tags=("red",)), make_chunk("b1", "b.md"), make_chunk("c1", "c.md", tags=("blue",))))
        store.publish(KEY, "1")
        store.write(KEY, step("2", make_chunk("a1", tags=("blue",)), make_chunk("d1", "d.md", tags=("red",)), documents=("c.md",)))
        found = store.diff(KEY, "1", None, red)
        assert (found.chunks_added, found.chunks_removed, found.chunks_changed) == (("d1",), ("a1",), ())
        assert (found.documents_added, found.documents_removed, found.documents_changed) == (("d.md",), ("a.md",), ())
        assert store.diff(KEY, "1", None, blue).documents_removed == ("c.md",)
        untagged = store.diff(KEY, "1", None, NOBODY)
        assert (untagged.chunks_added, untagged.chunks_removed, untagged.documents_changed) == ((), (), ())

    def test_documents_are_listed_in_order_and_pages(self, store: VectorStore) -> None:
        chunks = [make_chunk(f"{name}{number}", name, tags=("red",) if number else ()) for name in "dbca" for number in range(2)]
        store.write(KEY, step("1", *chunks))
        reader = store.open(KEY)
        listed = reader.documents(NOBODY, Filter(), limit=3)
        listed += reader.documents(NOBODY, Filter(), after="c", limit=3)
        assert [(entry.document, entry.chunks) for entry in listed] == [(name, 1) for name in "abcd"]
        assert [entry.chunks for entry in reader.documents(EVERYTHING, Filter())] == [2, 2, 2, 2]
        assert [chunk.id for chunk in reader.chunks_of("b", NOBODY)] == ["b0"]

    def test_a_dropped_index_is_gone_with_its_versions_and_labels(self, store: VectorStore) -> None:
        store.write(KEY, step("1", make_chunk("a")))
        store.publish(KEY, "1")
        store.label(KEY, "production", "1")
        store.drop(KEY)
        store.drop(KEY)
        store.create(KEY, replace(MODEL, dimensions=3))
        info = store.describe(KEY)
        assert (info.chunks, info.versions, store.labels(KEY)) == (0, (), {})

    def test_a_reader_beside_a_writer_sees_whole_steps(self, store: VectorStore, opener: str, place: str) -> None:
        """Each step replaces all chunks of a document; their number and their text tell which step it was."""
        count = 12

        def write() -> None:
            own = opened(opener, place)
            for number in range(1, count + 1):
                chunks = [make_chunk(f"{number}-{part}", text=f"version {number}") for part in range(number)]
                own.write(KEY, step(f"{number}", *chunks, documents=("a.md",)))
                if number == count // 2:
                    own.optimise(KEY)

        seen = 0
        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(write)
            while seen < count:
                if writing.done():
                    writing.result()
                chunks = store.open(KEY).chunks_of("a.md", EVERYTHING)
                assert {chunk.text for chunk in chunks} == ({f"version {len(chunks)}"} if chunks else set())
                assert len(chunks) >= seen, "it went back"
                seen = len(chunks)
            writing.result()

    def test_two_writers_lose_nothing(self, store: VectorStore, opener: str, place: str) -> None:
        def write(name: str) -> None:
            own = opened(opener, place)
            for number in range(6):
                # Both write the chunk `shared`, and each replaces what it wrote before.
                mine = make_chunk(f"{name}{number}", name)
                own.write(
                    KEY, step(f"{name}-{number}", mine, make_chunk("shared", "shared", name), documents=(name,) if number % 2 else ())
                )

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(write, ["left", "right"]))
        assert ids(store) == {"shared", "left5", "right5"}
        assert all(store.write(KEY, step(f"{name}-{number}")).repeated for name in ("left", "right") for number in range(6))

    def test_two_processes_may_do_one_step(self, store: VectorStore, opener: str, place: str) -> None:
        """As a job does that goes on elsewhere while its first worker is only slow."""
        both = [store, opened(opener, place)]
        for number in range(4):
            same = step(f"{number}", *(make_chunk(f"{number}-{part}") for part in range(3)))
            with ThreadPoolExecutor(2) as pool:
                for doing in [pool.submit(own.write, KEY, same) for own in both]:
                    doing.result()
        assert ids(store) == {f"{number}-{part}" for number in range(4) for part in range(3)}

    @pytest.mark.integration
    @pytest.mark.parametrize("seed", range(_KILLS))
    def test_a_killed_writer_goes_on_where_it_was(self, store: VectorStore, opener: str, place: str, seed: int) -> None:
        self.kill_and_go_on(store, opener, place, seed)

    def kill_and_go_on(self, store: VectorStore, opener: str, place: str, seed: int, count: int = 40) -> None:
        """Kill a process that writes `count` steps, and do the rest."""
        chance = random.Random(seed)  # noqa: S311  # no secret
        after, pause_s = chance.randrange(count - 5), chance.uniform(0, 0.03)
        command = [sys.executable, "-m", "flowyard.testing.vector_steps", opener, place, str(seed), str(count)]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as writer:  # noqa: S603
            assert writer.stdout is not None
            acknowledged = -1
            while acknowledged < after:
                acknowledged = int(writer.stdout.readline())
            time.sleep(pause_s)
            writer.kill()
            acknowledged = max([acknowledged, *(int(line) for line in writer.stdout.read().split())])
        whole = steps(seed, count)
        # What was acknowledged is there; the step that was under way is there as a whole, or not at all.
        present = held(store.open(KEY))
        assert present in (left_of(whole[: acknowledged + 1]), left_of(whole[: acknowledged + 2]))
        assert all(store.write(KEY, each).repeated for each in whole[: acknowledged + 1])
        for each in whole[acknowledged + 1 :]:
            store.write(KEY, each)
        assert held(store.open(KEY)) == left_of(whole)
        store.optimise(KEY, keep_s=0)
        assert held(store.open(KEY)) == left_of(whole)
