"""Search: what is found is what the filter and the caller's tags allow, in an order that tells where it comes from."""

import random
from collections.abc import Sequence
from pathlib import Path

import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowyard.foundation.errors import InvalidInputError
from flowyard.identity.access import EVERYTHING, Access
from flowyard.rag.errors import EmbeddingMismatchError, FilterError, RerankError
from flowyard.rag.model import BlockKind, Chunk, MetadataValue
from flowyard.rag.ports import EmbeddingModel, IndexKey, IndexReader, Step
from flowyard.rag.search.filters import Between, Condition, Filter, OneOf
from flowyard.rag.search.fusion import reciprocal_ranks
from flowyard.rag.search.model import Query, SearchKind
from flowyard.rag.search.service import Searcher
from flowyard.storage.vectors import indexing
from flowyard.storage.vectors import reader as reading
from flowyard.storage.vectors.store import LanceVectors
from flowyard.storage.vectors.tables import asynchronous, awaited
from flowyard.testing.vector_steps import KEY, MODEL, WORDS, make_chunk, make_vector

NOBODY = Access(frozenset())
TAGS = ["red", "blue", "o'hara", "') OR true --", "é"]
DOCUMENTS = ["docs/a.md", "docs/b.md", "docs/b.md.bak", "docs", "other/'a'.md", "\ud7ff.md", "\U0010ffff", "\U0010ffff.md", "é/x"]
VALUES: list[MetadataValue] = [1, 1.0, 2.5, True, False, "1", "it's", "", 0, -3, 2**53 + 1, "2026-11-27"]
KEYS = ["year", "a.b", "o'key", ""]
LIMIT = 200
CHANCE = random.Random(5)


def some_chunk(number: int) -> Chunk:
    kinds: list[BlockKind] = ["text", "table", "code"]
    return make_chunk(
        f"c{number}",
        CHANCE.choice(DOCUMENTS),
        " ".join(CHANCE.choices(WORDS, k=3)),
        ordinal=number,
        kind=CHANCE.choice(kinds),
        page=CHANCE.choice([None, 1, 2, 3, 4]),
        tags=tuple(CHANCE.sample(TAGS, CHANCE.choice([0, 0, 1, 2]))),
        metadata={key: CHANCE.choice(VALUES) for key in CHANCE.sample(KEYS, CHANCE.randint(0, 3))},
    )


CHUNKS = [some_chunk(number) for number in range(150)]


def direction(numbers: Sequence[float], dimensions: int) -> list[float]:
    return [*numbers, *[0.0] * (dimensions - len(numbers))]


# RaBitQ takes multiples of eight.
@pytest.fixture(scope="module", params=[(4, "as written"), (4, "optimised"), (8, "optimised"), (8, "and more since")], ids=str)
def reader(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> IndexReader:
    """An index of `CHUNKS`, the same with and without what makes searches quick: a vector index too."""
    dimensions, state = request.param
    model = EmbeddingModel("tests/words", dimensions)
    store = LanceVectors(str(tmp_path_factory.mktemp("vectors")))
    store.create(KEY, model)
    for start in range(0, len(CHUNKS), 50):
        chunks = CHUNKS[start : start + 50]
        vectors = [direction(make_vector(CHANCE), dimensions) for _ in chunks]
        store.write(KEY, Step(key=f"{start}", embedding=model, chunks=chunks, vectors=vectors))
        if (state, start) in {("optimised", 100), ("and more since", 50)}:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(indexing, "INDEXED_FROM", 50)
                store.optimise(KEY)
    if state != "as written":
        assert any(index.columns == ["vector"] for index in store.tables.open(KEY).list_indices())
    return store.open(KEY)


def meets(chunk: Chunk, where: Filter) -> bool:
    """What a filter says, in Python."""
    return (
        chunk.document.startswith(where.under)
        and (not where.documents or chunk.document in where.documents)
        and (not where.kinds or chunk.kind in where.kinds)
        and (not where.tags or bool(set(where.tags) & set(chunk.tags)))
        and (where.first_page is None or (chunk.page is not None and chunk.page >= where.first_page))
        and (where.last_page is None or (chunk.page is not None and chunk.page <= where.last_page))
        and all(fulfils(chunk.metadata.get(each.key), each) for each in where.metadata)
    )


def fulfils(value: MetadataValue | None, each: Condition) -> bool:
    if isinstance(each, OneOf):
        return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in each.values)
    bounds = [bound for bound in (each.at_least, each.at_most) if bound is not None]
    if value is None or isinstance(value, bool) or isinstance(value, str) != isinstance(bounds[0], str):
        return False
    return (each.at_least is None or value >= each.at_least) and (each.at_most is None or value <= each.at_most)  # type: ignore[operator]


def between(key: str, kind: str, bounds: tuple[bool, bool], values: tuple[float, float]) -> Between:
    low, high = (str(value) if kind == "text" else value for value in values)
    return Between(key, low if bounds[0] or not bounds[1] else None, high if bounds[1] else None)


keys = st.sampled_from([*KEYS, "none", "yéar"])
conditions = st.one_of(
    st.builds(OneOf, keys, st.lists(st.sampled_from(VALUES), min_size=1, max_size=3).map(tuple)),
    st.builds(
        between,
        keys,
        st.sampled_from(["text", "number"]),
        st.tuples(st.booleans(), st.booleans()),
        st.tuples(*[st.sampled_from([-3, 0, 1, 2.5, 9])] * 2),
    ),
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
filters = st.builds(
    Filter,
    under=st.one_of(st.just(""), st.sampled_from(DOCUMENTS), st.sampled_from(["do", "docs/", "o'", "\ud7ff", "\U0010ffff"]), texts),
    documents=st.lists(st.one_of(st.sampled_from(DOCUMENTS), texts), max_size=2).map(tuple),
    kinds=st.lists(st.sampled_from(["text", "table"]), max_size=2).map(tuple),
    tags=st.lists(st.one_of(st.sampled_from(TAGS), texts.filter(bool)), max_size=2).map(tuple),
    first_page=st.sampled_from([None, None, 1, 2]),
    last_page=st.sampled_from([None, None, 2, 3]),
    metadata=st.lists(conditions, max_size=2).map(tuple),
)
accesses = st.builds(lambda tags: Access(frozenset(tags)), st.lists(st.one_of(st.sampled_from(TAGS), st.just(""), texts), max_size=3))
property_of_an_index = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@property_of_an_index
@given(where=filters, access=accesses)
def test_a_filter_finds_what_it_says_and_nothing_that_the_caller_may_not_see(reader: IndexReader, where: Filter, access: Access) -> None:
    allowed = {chunk.id for chunk in CHUNKS if meets(chunk, where) and (not chunk.tags or set(chunk.tags) & access.tags)}
    found = reader.nearest(direction([1], reader.embedding.dimensions), access, where, LIMIT)
    chunks = reader.read([each.place for each in found], access)
    assert {chunk.id for chunk in chunks.values()} == allowed
    assert len(found) == reader.count(access, where) == len(allowed)
    listed = reader.documents(access, where)
    assert sum(entry.chunks for entry in listed) == len(allowed)
    words = reader.matching(" ".join(WORDS), access, where, LIMIT)
    assert {chunk.id for chunk in reader.read([each.place for each in words], access).values()} == allowed


@property_of_an_index
@given(
    kind=st.sampled_from(["hybrid", "vector", "text"]),
    text=st.one_of(st.sampled_from(WORDS), st.text(max_size=20).filter(str.strip)),
    vector=st.tuples(*[st.floats(-1, 1, width=16)] * 4).filter(lambda given: max(map(abs, given)) > 0.01),
    where=st.one_of(st.just(Filter()), filters),
    access=accesses,
    top_k=st.integers(1, 60),
    rerank=st.booleans(),
)
def test_no_search_of_any_kind_shows_what_the_caller_may_not_see(
    reader: IndexReader, kind: SearchKind, text: str, vector: Sequence[float], where: Filter, access: Access, top_k: int, rerank: bool
) -> None:
    seen: list[str] = []
    searcher = Searcher(reader)
    query = Query(text=text, vector=direction(vector, reader.embedding.dimensions), kind=kind, top_k=top_k, where=where)
    hits = searcher.search(query, access, ByLength(seen) if rerank else None)
    for hit in hits:
        assert not hit.chunk.tags or set(hit.chunk.tags) & access.tags
        assert meets(hit.chunk, where)
    allowed_texts = {chunk.text for chunk in CHUNKS if access.allows(chunk.tags)}
    assert set(seen) <= allowed_texts, "not to the reranking model either"
    assert len({hit.chunk.id for hit in hits}) == len(hits) <= top_k
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_where_a_filter_leaves_too_few_in_the_nearest_partitions_all_are_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lancedb.index import IvfRq  # two seconds, which every worker would spend where it collects

    store, model = LanceVectors(str(tmp_path)), EmbeddingModel("tests/words", 8)
    store.create(KEY, model)
    chunks = [make_chunk(f"c{number}", "odd" if number % 2 else "even", ordinal=number) for number in range(400)]
    vectors = [[CHANCE.uniform(-1, 1) for _ in range(8)] for _ in chunks]
    store.write(KEY, Step(key="1", embedding=model, chunks=chunks, vectors=vectors))
    index = IvfRq(distance_type="cosine", num_partitions=8)
    awaited(asynchronous(store.tables.open(KEY)).create_index("vector", config=index))
    monkeypatch.setattr(reading, "_PARTITIONS", 1)
    found: list[int] = []
    for partition in (2 * len(chunks), 1):
        monkeypatch.setattr(reading, "_PARTITION", partition)
        found.append(len(store.open(KEY).nearest(vectors[0], EVERYTHING, Filter(under="odd"), 100)))
    assert found[0] < found[1] == 100


def test_a_place_that_is_guessed_shows_nothing(reader: IndexReader) -> None:
    found = reader.nearest(direction([1], reader.embedding.dimensions), EVERYTHING, Filter(), LIMIT)
    assert len(found) == len(CHUNKS)
    shown = reader.read([each.place for each in found], Access(frozenset({"blue"})))
    assert {chunk.id for chunk in shown.values()} == {chunk.id for chunk in CHUNKS if not chunk.tags or "blue" in chunk.tags}


class ByLength:
    """Finds short texts better, and keeps what it was shown."""

    def __init__(self, seen: list[str] | None = None) -> None:
        self.seen = [] if seen is None else seen

    def rerank(self, query: str, texts: Sequence[str]) -> list[float]:
        self.seen.extend(texts)
        return [-float(len(text)) for text in texts]


class Short:
    def rerank(self, query: str, texts: Sequence[str]) -> list[float]:
        return [1.0]


@pytest.fixture
def small(tmp_path: Path) -> IndexReader:
    store = LanceVectors(str(tmp_path))
    key, model = IndexKey("w", "small"), EmbeddingModel("m", 2)
    store.create(key, model)
    chunks = [
        make_chunk("both", text="harbour lantern"),
        make_chunk("vector", text="meadow"),
        make_chunk("words", text="lantern lantern lantern"),
        make_chunk("table", text="harbours", prefix="| a |", kind="table"),
    ]
    store.write(key, Step(key="1", embedding=model, chunks=chunks, vectors=[(1, 0.1), (1, 0), (0, 1), (-1, 0)]))
    return store.open(key)


def found(reader: IndexReader, query: Query, reranker: ByLength | Short | None = None) -> list[tuple[str, int | None, int | None]]:
    return [
        (hit.chunk.id, hit.vector and hit.vector.rank, hit.text and hit.text.rank)
        for hit in Searcher(reader).search(query, NOBODY, reranker)
    ]


def test_each_kind_finds_in_its_own_order_and_says_so(small: IndexReader) -> None:
    assert found(small, Query(vector=(1, 0), kind="vector", top_k=2)) == [("vector", 1, None), ("both", 2, None)]
    assert found(small, Query(text="LANTERNS?", kind="text")) == [("words", None, 1), ("both", None, 2)]
    hits = Searcher(small).search(Query(text="lantern", vector=(1, 0)), NOBODY)
    assert [hit.chunk.id for hit in hits] == ["words", "both", "vector", "table"]
    second = hits[1]
    assert (second.vector and second.vector.rank, second.text and second.text.rank, second.fused and second.fused.rank) == (2, 2, 2)
    assert [hit.score for hit in hits] == pytest.approx([1 / 61 + 1 / 63, 1 / 62 + 1 / 62, 1 / 61, 1 / 64])
    assert second.vector is not None
    assert second.vector.score == pytest.approx(1 / (1.01**0.5), abs=1e-6)


def test_the_reranker_has_the_last_word(small: IndexReader) -> None:
    reranker = ByLength()
    hits = Searcher(small).search(Query(text="lantern", vector=(1, 0), top_k=2), NOBODY, reranker)
    assert sorted(reranker.seen) == sorted(["harbour lantern", "lantern lantern lantern", "meadow", "| a |\nharbours"])
    assert [(hit.chunk.id, hit.score, hit.reranked and hit.reranked.rank, hit.fused and hit.fused.rank) for hit in hits] == [
        ("vector", -6.0, 1, 3),
        ("table", -14.0, 2, 4),
    ]
    with pytest.raises(RerankError, match="1 scores for 4 texts"):
        found(small, Query(text="lantern", vector=(1, 0)), Short())
    with pytest.raises(InvalidInputError, match="Reranking needs the question's text"):
        found(small, Query(vector=(1, 0), kind="vector"), reranker)


def test_questions_that_cannot_be_asked_say_why(small: IndexReader) -> None:
    with pytest.raises(InvalidInputError, match="weight of vectors"):
        Query(text="dog", vector=[1.0], vector_weight=1.5)
    for query, reason in (
        ({"text": "x"}, "hybrid search needs the question's vector"),
        ({"vector": (1, 0)}, "hybrid search needs the question's text"),
        ({"kind": "text", "text": " "}, "text search needs the question's text"),
        ({"kind": "text", "text": "x", "top_k": 0}, "0 of 50"),
        ({"kind": "text", "text": "x", "candidates": 1001}, "1001 candidates"),
    ):
        with pytest.raises(InvalidInputError, match=reason):
            Query(**query)  # type: ignore[arg-type]
    for vector in ((1.0, 0, 0), (0.0, 0.0), (float("nan"), 1.0)):
        with pytest.raises(EmbeddingMismatchError):
            found(small, Query(vector=vector, kind="vector"))
    with pytest.raises(FilterError, match="lone surrogates"):
        found(small, Query(text="x", kind="text", where=Filter(under="\ud800")))
    for make in (
        lambda: OneOf("a", ()),
        lambda: OneOf("a", (float("nan"),)),
        lambda: Between("a"),
        lambda: Between("a", 1, "2"),
        lambda: Between("a", True, 2),
        lambda: Filter(tags=("",)),
        lambda: Filter(first_page=3, last_page=2),
    ):
        with pytest.raises(FilterError):
            make()


def test_words_without_a_language_are_taken_as_they_stand(tmp_path: Path) -> None:
    store = LanceVectors(str(tmp_path))
    found_by: dict[str | None, int] = {}
    for language in (None, "English"):
        key = IndexKey("w", f"in-{language}")
        store.create(key, MODEL, language=language)
        store.write(key, Step(key="1", embedding=MODEL, chunks=[make_chunk("a", text="the lanterns")], vectors=[(1, 0, 0, 0)]))
        found_by[language] = sum(len(store.open(key).matching(word, NOBODY, Filter(), 5)) for word in ("the", "lantern", "lanterns"))
    assert found_by == {None: 2, "English": 2}
    assert len(store.open(IndexKey("w", "in-None")).matching("the", NOBODY, Filter(), 5)) == 1


def test_ranks_are_fused_as_the_paper_says() -> None:
    assert reciprocal_ranks([1, 2, 3], [3, 1]) == {1: 1 / 61 + 1 / 62, 3: 1 / 63 + 1 / 61, 2: 1 / 62}
    assert list(reciprocal_ranks([1, 2, 3], [3, 1])) == [1, 3, 2]
    assert list(reciprocal_ranks([], [5, 4])) == [5, 4]
    assert reciprocal_ranks([], []) == {}
    assert list(reciprocal_ranks([1], [2])) == [1, 2]


@pytest.mark.parametrize(("weight", "order"), [(0.0, [5, 4, 1, 2]), (0.5, [1, 5, 2, 4]), (0.9, [1, 2, 5, 4]), (1.0, [1, 2, 5, 4])])
def test_a_weight_moves_the_fusion_from_words_to_vectors(weight: float, order: list[int]) -> None:
    query = Query(text="dog", vector=[1.0], vector_weight=weight)
    assert list(reciprocal_ranks([1, 2], [5, 4], weights=query.weights)) == order
    assert reciprocal_ranks([1, 2], [5, 4], weights=(1, 1)) == reciprocal_ranks([1, 2], [5, 4])


def test_chunks_take_no_memory_of_the_allocator_that_does_not_give_it_back(tmp_path: Path) -> None:
    store = LanceVectors(str(tmp_path))
    store.create(KEY, MODEL)
    chunk = make_chunk("long", text="word " * 100_000)
    own = pyarrow.mimalloc_memory_pool()
    before = own.total_bytes_allocated()
    store.write(KEY, Step(key="1", embedding=MODEL, chunks=[chunk], vectors=[make_vector(CHANCE)]))
    assert own.total_bytes_allocated() - before < len(chunk.text) / 2
