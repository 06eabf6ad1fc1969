"""The search over configurations: what is drawn, what goes on, that trials find what searches find, and what is recommended."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowyard import Workspace
from flowyard.cli.index_measure import difference_text, mean_text
from flowyard.compute.errors import JobCanceledError
from flowyard.foundation.errors import InvalidInputError, RemoteError
from flowyard.identity.access import EVERYTHING
from flowyard.rag.errors import IndexNotFoundError
from flowyard.rag.measuring.metrics import Ranking, scores
from flowyard.rag.ports import EmbeddingModel, IndexKey, IndexReader, Step
from flowyard.rag.questions.model import Question
from flowyard.rag.search.model import RERANKED, Query
from flowyard.rag.search.service import Searcher
from flowyard.rag.tuning.effects import effects
from flowyard.rag.tuning.halving import Standing, frontier, rungs, survivors
from flowyard.rag.tuning.indexing import trial_key
from flowyard.rag.tuning.report import Tried, confirmation, recommended, trials
from flowyard.rag.tuning.space import checked, drawn, proposed
from flowyard.rag.tuning.trialing import Observed, Trials
from flowyard.storage.vectors.store import LanceVectors
from flowyard.testing.vector_steps import KEY, WORDS, make_chunk
from flowyard.wire.index_measurements import MeasuredMean
from flowyard.wire.index_tunings import IndexConfiguration, IndexTuning, TuningSpace
from flowyard.wire.indexes import AccessRule, ChunkRecipe
from support.built_indexes import SIZE, IndexBuilder, vector
from support.inline_jobs import run_inline
from support.online_installation import InlineContext
from support.tuned_indexes import ByLetters, built_index, question_set, tuning_job

PRESENT = IndexConfiguration(chunks=ChunkRecipe(), embedding_model="m")


def test_a_space_is_tried_whole_where_it_is_small_and_the_present_configuration_comes_first() -> None:
    found = drawn(TuningSpace(), PRESENT, most=500, most_indexes=20, seed=1)
    assert found.configurations[0] == PRESENT
    assert len(found.configurations) == found.space == len(proposed(PRESENT.chunks)) * (3 + 1 + 1) * 3
    assert found.arms[0].chunks == PRESENT.chunks
    assert {one.vector_weight for one in found.configurations if one.kind != "hybrid"} == {0.5}


@given(most=st.integers(2, 60), indexes=st.integers(0, 5), seed=st.integers(0, 5))
def test_of_a_large_space_each_way_of_cutting_has_its_share(most: int, indexes: int, seed: int) -> None:
    found = drawn(TuningSpace(), PRESENT, most=most, most_indexes=indexes, seed=seed)
    assert found == drawn(TuningSpace(), PRESENT, most=most, most_indexes=indexes, seed=seed)
    assert len(found.configurations) == len(set(found.configurations)) <= most
    assert len(found.configurations) == min(most, (1 + min(indexes, 3)) * 15)
    assert len(found.arms) <= 1 + indexes
    shares = [sum(one.chunks == arm.chunks for one in found.configurations) for arm in found.arms]
    assert max(shares) - min(shares) <= 1 or max(shares) == 15 or len(shares) < 2


@pytest.mark.parametrize(
    ("space", "told"),
    [
        (TuningSpace(kinds=()), "At least one value of kinds"),
        (TuningSpace(top_k=(4,)), "top_k is one of 1, 3, 5, 10"),
        (TuningSpace(vector_weights=(1.2,)), "from 0 to 1"),
        (TuningSpace(vector_weights=()), "at least one weight"),
        (TuningSpace(chunks=(ChunkRecipe(max_tokens=4),)), "too short"),
        (TuningSpace(chunks=tuple(ChunkRecipe(max_tokens=20 + number) for number in range(21))), "At most 20"),
    ],
)
def test_a_space_that_cannot_be_says_why(space: TuningSpace, told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        checked(space)
    assert checked(TuningSpace(top_k=(5, 5, 3))).top_k == (5, 3)


@given(configurations=st.integers(1, 500), questions=st.integers(1, 5000))
def test_rungs_grow_by_three_up_to_all_questions(configurations: int, questions: int) -> None:
    found = rungs(configurations, questions)
    assert found[-1] == questions
    assert found == sorted(found)
    assert found[0] >= min(10, questions)
    assert len(found) == 1 or configurations // 3 ** (len(found) - 1) >= 2


standings = st.lists(
    st.builds(
        Standing,
        score=st.sampled_from([0.0, 0.2, 0.5, 0.9]),
        latency_ms=st.sampled_from([1.0, 1.1, 9.0]),
        context_tokens=st.sampled_from([100.0, 300.0]),
    ),
    min_size=1,
    max_size=30,
)


@given(standings)
def test_a_third_goes_on_and_the_best_score_is_among_it(each: list[Standing]) -> None:
    kept = survivors(each)
    assert len(kept) == len(set(kept)) == -(-len(each) // 3)
    assert max(each[place].score for place in kept) == max(one.score for one in each)
    front = frontier(each)
    assert set(front) & set(kept)
    assert len(kept) < len(front) or set(front) <= set(kept), "nothing goes on before what nothing dominates"


CHANCE = random.Random(7)
#: Each of another length, so that no two have one score: of equal ones, which come first within a limit is not said.
TEXTS = [" ".join([*CHANCE.choices(WORDS, k=4), *(f"x{n}" for _ in range(n))]) for n in range(120)]
CHUNKS = [make_chunk(f"c{n}", f"d{n % 9}.md", text, ordinal=n) for n, text in enumerate(TEXTS)]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> IndexReader:
    store = LanceVectors(str(tmp_path_factory.mktemp("vectors")))
    model = EmbeddingModel("tests/hashing", SIZE)
    store.create(KEY, model)
    store.write(KEY, Step(key="all", embedding=model, chunks=CHUNKS, vectors=[vector(one.text) for one in CHUNKS]))
    return store.open(KEY)


@pytest.mark.parametrize("rerank", [None, "letters"])
@pytest.mark.parametrize(("kind", "weight"), [("hybrid", 0.5), ("hybrid", 0.1), ("hybrid", 0.9), ("vector", 0.5), ("text", 0.5)])
def test_a_trial_finds_what_a_search_finds(reader: IndexReader, kind: Any, weight: float, rerank: str | None) -> None:
    configurations = [replace(PRESENT, kind=kind, vector_weight=weight, rerank=rerank, top_k=top_k) for top_k in (1, 5, 10)]
    others = [replace(PRESENT, kind="text", top_k=3), replace(PRESENT, rerank="letters", vector_weight=0.7)]
    questions = [Question(line=n, asked=" ".join(CHANCE.choices(WORDS, k=2)), documents=(f"d{n}.md",)) for n in range(6)]
    vectors = [vector(question.text) for question in questions]
    trial = Trials(reader, {"letters": ByLetters()}, "ndcg")
    rows = trial([*configurations, *others], questions, vectors, lambda: None)
    searcher = Searcher(reader)
    for question, asked, row in zip(questions, vectors, rows, strict=True):
        for configuration, seen in zip(configurations, row, strict=False):
            query = Query(
                text=question.text,
                vector=asked,
                kind=kind,
                vector_weight=weight,
                top_k=configuration.top_k,
                candidates=50 if rerank is None else RERANKED,
            )
            hits = searcher.search(query, EVERYTHING, None if rerank is None else ByLetters())
            assert seen.tokens == sum(hit.chunk.tokens for hit in hits)
            best = list(dict.fromkeys(hit.chunk.document for hit in hits))
            assert (
                seen.score == scores(Ranking(relevant=[one in question.documents for one in best], there=1))[f"ndcg@{configuration.top_k}"]
            )
            assert seen.ms > 0


def rows_of(means: Sequence[float], questions: int, ms: float = 1.0, tokens: int = 100) -> list[list[Observed]]:
    chance = random.Random(3)
    noise = [chance.gauss(0, 0.05) for _ in range(questions)]
    return [[Observed(mean + noise[n], ms, tokens) for n in range(questions)] for mean in means]


def test_an_effect_is_that_of_pairs_that_differ_in_nothing_else() -> None:
    tried = [
        PRESENT,
        replace(PRESENT, kind="text"),
        replace(PRESENT, top_k=10),
        replace(PRESENT, kind="text", top_k=10),
        replace(PRESENT, vector_weight=0.9),
    ]
    rows = rows_of([0.5, 0.3, 0.6, 0.4, 0.5], 40)
    found = {(one.factor, one.value): one for one in effects(tried, rows)}
    assert set(found) == {("kind", "text"), ("top_k", "10"), ("vector_weight", "0.9")}
    assert (found["kind", "text"].effect, found["kind", "text"].pairs) == (pytest.approx(-0.2), 2)
    assert found["top_k", "10"].effect == pytest.approx(0.1)
    assert found["top_k", "10"].matters
    assert not found["vector_weight", "0.9"].matters
    assert found["vector_weight", "0.9"].baseline == "0.5"


def test_the_shortest_within_a_standard_error_of_the_best_is_recommended_and_confirmed_by_other_questions() -> None:
    chance = random.Random(5)

    def seen(mean: float, tokens: int, count: int) -> list[Observed]:
        return [Observed(mean + chance.gauss(0, 0.3), 1.0, tokens) for _ in range(count)]

    tried = [
        Tried(PRESENT, rungs=1, seen=seen(0.3, 500, 60), held_out=seen(0.3, 500, 60)),
        Tried(replace(PRESENT, top_k=10), rungs=1, seen=seen(0.70, 1000, 60), held_out=seen(0.7, 1000, 60)),
        Tried(replace(PRESENT, top_k=3), rungs=1, held_out=seen(0.7, 300, 60)),
        Tried(replace(PRESENT, top_k=1), rungs=1, seen=seen(0.2, 100, 60)),
    ]
    tried[2].seen = [Observed(one.score - 0.01, 1.0, 300) for one in tried[1].seen]
    assert recommended(tried) == 2
    found = trials(tried)
    assert [one.id for one in found] == ["c1", "c2", "c3", "c4"]
    assert [one.frontier for one in found] == [False, True, True, True]
    assert found[2].difference is not None
    assert found[2].difference.verdict == "better"
    assert found[0].difference is None
    assert found[3].confirmed is None


@pytest.fixture
def build(services: Any, ws: Workspace, tmp_path: Path) -> IndexBuilder:
    return built_index(services, ws, tmp_path / "documents")


def test_scores_and_differences_are_told_in_points_in_sentences_and_tables() -> None:
    assert "ndcg of 73.9 points" in confirmation(None, 0.739, "ndcg")
    assert mean_text(MeasuredMean(mean=0.739, low=0.7, high=0.7812)) == "73.9 (70.0 to 78.1)"
    assert difference_text(0.0412, -0.0001, 0.08) == "+4.1 (+0.0 to +8.0)"
    assert difference_text(-0.0412, None, None) == "-4.1"


def test_a_search_reports_the_frontier_and_what_is_best_becomes_a_flow(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    path = question_set(build, tmp_path, 60)
    space = TuningSpace(
        chunks=(ChunkRecipe(max_tokens=64, overlap_tokens=8), ChunkRecipe(strategy="tokens", max_tokens=32, overlap_tokens=0)),
        rerank=(None, "letters"),
    )
    job = ws.indexes.tunings.create("docs", path, space=space, max_configurations=40)
    assert run_inline(build.services, tuning_job(build), job.id)["recommended"]
    found = ws.indexes.tunings.get("docs", job.id)
    assert (found.status, found.configurations, found.space, found.questions, found.held_out) == ("completed", 40, 60, 36, 24)
    assert [one.reused for one in found.indexes] == [True, False]
    assert [(one.questions, one.configurations) for one in found.rungs] == [(12, 40), (36, found.rungs[0].kept)]
    assert 14 <= found.rungs[0].kept <= 15
    assert found.trials[0].configuration == IndexConfiguration(
        chunks=ChunkRecipe(max_tokens=64, overlap_tokens=8), embedding_model=ws.indexes.get("docs").embedding_model
    )
    assert any(one.frontier for one in found.trials)
    assert {one.factor for one in found.effects} >= {"chunks", "kind", "top_k", "rerank"}
    best = next(one for one in found.trials if one.id == found.recommended)
    assert best.confirmed is not None
    assert found.sentences
    vectors = build.services.indexes._vectors
    with pytest.raises(IndexNotFoundError):
        vectors.describe(trial_key(build.services.jobs._store.get(job.id).workspace_id, "docs", job.id, 1))

    other = next(one for one in found.trials if one.configuration.chunks.strategy == "tokens")
    adopted = ws.indexes.tunings.adopt("docs", job.id, "answers", trial=other.id)
    assert (adopted.index, adopted.trial) == ("docs", other.id)
    assert adopted.job is not None
    assert f"default_variant_id: {other.id}" in (ws.flows.read("answers", "flow.dag.yaml").content or "")
    graph = ws.flows.graph("answers")
    assert not [finding for finding in graph.findings if finding.severity == "error"]
    assert [node.tool for node in graph.nodes if node.name == "find"] == ["flowyard.client.index_lookup.lookup"]
    with pytest.raises(RemoteError, match="answers"):
        ws.indexes.tunings.adopt("docs", job.id, "answers")
    with pytest.raises(RemoteError, match="no trial 'c99'"):
        ws.indexes.tunings.adopt("docs", job.id, "more", trial="c99")
    with pytest.raises(RemoteError, match="builds the index"):
        ws.indexes.tunings.adopt("docs", job.id, "more", trial=other.id)
    assert "more" not in {one.name for one in ws.flows.list()}
    assert [one.id for one in ws.indexes.tunings.list("docs")] == [job.id]


def test_a_search_that_breaks_off_goes_on_and_finds_the_same(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    path = question_set(build, tmp_path, 28)  # one rung: which go on to another depends on times, too
    space = TuningSpace(chunks=(ChunkRecipe(max_tokens=128, overlap_tokens=0),), top_k=(3,))
    whole, broken = (ws.indexes.tunings.create("docs", path, space=space).id for _ in range(2))
    run_inline(build.services, tuning_job(build), whole)
    record = build.services.jobs._store.get(broken)
    context = InlineContext(record.workspace_id)
    context.job_id = broken
    build.model.fails_at, build.model.error = len(build.model.texts) + 29, InvalidInputError("The model is away.")
    with pytest.raises(InvalidInputError, match="away"):
        tuning_job(build).run(context, record.arguments)
    build.model.fails_at = None
    tuning_job(build).run(context, record.arguments)
    one, other = (ws.indexes.tunings.get("docs", job) for job in (whole, broken))
    assert quality(one) == quality(other)
    assert [index.count for index in one.indexes] == [index.count for index in other.indexes]


def test_an_index_that_is_deleted_takes_what_a_failed_search_built_with_it(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    space = TuningSpace(chunks=(ChunkRecipe(max_tokens=128, overlap_tokens=0),), top_k=(3,))
    job = ws.indexes.tunings.create("docs", question_set(build, tmp_path, 28), space=space).id
    build.model.fails_at, build.model.error = len(build.model.texts) + 29, InvalidInputError("The model is away.")
    with pytest.raises(RemoteError, match=f"Job {job} searches over configurations"):
        ws.indexes.delete("docs")
    with pytest.raises(InvalidInputError, match="away"):
        run_inline(build.services, tuning_job(build), job)
    vectors = build.services.indexes._vectors
    key = trial_key(build.services.jobs._store.get(job).workspace_id, "docs", job, 1)
    assert vectors.describe(key), "kept, so that the search can be resumed"
    ws.jobs.cancel(job)  # run here, it has no runner that writes down its end
    ws.indexes.delete("docs")
    with pytest.raises(IndexNotFoundError):
        vectors.describe(key)


def quality(found: IndexTuning) -> list[tuple[str, float, float]]:
    return [(one.id, one.score.mean, one.context_tokens) for one in found.trials]


def test_a_canceled_search_leaves_nothing(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    job = ws.indexes.tunings.create("docs", question_set(build, tmp_path, 20)).id
    build.model.fails_at, build.model.error = len(build.model.texts) + 30, JobCanceledError("The job was canceled.")
    with pytest.raises(JobCanceledError):
        run_inline(build.services, tuning_job(build), job)
    assert ws.indexes.tunings.list("docs") == ()
    workspace_id = build.services.jobs._store.get(job).workspace_id
    for number in range(4):
        with pytest.raises(IndexNotFoundError):
            build.services.indexes._vectors.describe(trial_key(workspace_id, "docs", job, number))


def test_a_budget_that_is_spent_ends_the_search_and_says_so(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    path = question_set(build, tmp_path, 120)
    job = ws.indexes.tunings.create("docs", path, max_minutes=0.1).id
    record = build.services.jobs._store.get(job)
    context = InlineContext(record.workspace_id)
    context.job_id = job
    tuning_job(build).run(context, {**record.arguments, "seconds": 0.0})
    found = ws.indexes.tunings.get("docs", job)
    assert found.stopped == "The time that it may take was over on rung 1, at question 20."
    assert [one.reused for one in found.indexes] == [True]
    assert [rung.questions for rung in found.rungs] == [20]
    assert {one.questions for one in found.trials} == {20}
    assert all(one.confirmed is None for one in found.trials)


def test_what_cannot_be_searched_says_why(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    path = question_set(build, tmp_path, 5)
    with pytest.raises(RemoteError, match="max_configurations is from 2 to 500"):
        ws.indexes.tunings.create("docs", path, max_configurations=1)
    with pytest.raises(RemoteError, match="no such model"):
        ws.indexes.tunings.create("docs", path, space=TuningSpace(embedding_models=("none",)))
    with pytest.raises(RemoteError, match="no index"):
        ws.indexes.tunings.create("nowhere", path)
    with pytest.raises(RemoteError, match="has no search 'x'"):
        ws.indexes.tunings.get("docs", "x")
    assert IndexKey("w", "docs") != trial_key("w", "docs", "j", 1)


def test_a_search_is_shown_to_those_who_see_all_of_the_version(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    build(access=[AccessRule(under="d1", tags=("staff", "board"))], chunks=ChunkRecipe(max_tokens=64, overlap_tokens=8))
    space = TuningSpace(chunks=(ChunkRecipe(max_tokens=64, overlap_tokens=8),), kinds=("text",), top_k=(10,))
    job = ws.indexes.tunings.create("docs", question_set(build, tmp_path, 3), space=space).id
    run_inline(build.services, tuning_job(build), job)
    theirs = Workspace(url=ws.transport.url, api_key=ws.keys.create("other", role="contributor").secret, workspace="default").indexes
    assert list(theirs.tunings.list("docs")) == []
    for ask in (lambda: theirs.tunings.get("docs", job), lambda: theirs.tunings.adopt("docs", job, "flow")):
        with pytest.raises(RemoteError) as unseen:
            ask()
        assert unseen.value.remote.code == "TuningNotFound"
    ws.access.set("key", "other", ["board"])
    assert [one.id for one in theirs.tunings.list("docs")] == [job]
    assert theirs.get("docs").latest.access == (AccessRule(under="d1", tags=("staff", "board")),), "who may change rules sees them whole"


@pytest.mark.parametrize(("present", "longest"), [(256, 448), (100, 200), (448, 448), (1024, 2048)])
def test_no_chunks_are_proposed_that_an_embedding_model_does_not_take_with_their_headings(present: int, longest: int) -> None:
    assert max(way.max_tokens for way in proposed(ChunkRecipe(max_tokens=present))) == longest
