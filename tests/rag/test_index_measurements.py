"""What versions find of a set of questions: the measures, which chunks count, the job, and two versions compared."""

import json
import math
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowyard import Workspace
from flowyard.foundation.errors import InvalidInputError, RemoteError
from flowyard.rag.measuring.job import IndexMeasureJob
from flowyard.rag.measuring.metrics import Ranking, names, scores
from flowyard.rag.measuring.relevance import Relevance, answers, listed
from flowyard.rag.measuring.report import compared
from flowyard.rag.measuring.service import rows_id
from flowyard.rag.model import Chunk, Stretch
from flowyard.rag.questions.model import Question, read_questions
from flowyard.wire.indexes import ChunkRecipe
from support.built_indexes import HashingModel, IndexBuilder
from support.inline_jobs import run_inline


def alike(relevant: list[bool], there: int) -> dict[str, float]:
    return scores(Ranking(relevant=relevant, there=there))


def test_the_measures_are_those_of_the_literature() -> None:
    found = alike([False, True, False, True], there=3)
    assert found["mrr"] == 0.5
    assert (found["hit_rate@1"], found["hit_rate@3"], found["precision@5"], found["recall@3"]) == (0, 1, 2 / 5, 1 / 3)
    gain = 1 / math.log2(3) + 1 / math.log2(5)
    assert found["ndcg@10"] == pytest.approx(gain / (1 + 1 / math.log2(3) + 1 / 2))
    assert set(alike([], 0).values()) == {0.0}
    assert names()[0] == "ndcg@10"


@given(st.lists(st.booleans(), max_size=20), st.integers(0, 20))
def test_measures_are_from_0_to_1_and_the_best_order_has_1(relevant: list[bool], more: int) -> None:
    there = sum(relevant) + more
    found = alike(relevant, there)
    assert all(0 <= value <= 1 for value in found.values())
    assert alike(relevant + [False] * 5 + [True], there)["mrr"] == found["mrr"] or len(relevant) < 10
    if there:
        best = alike([True] * min(there, 10), there)
        assert best["ndcg@10"] == pytest.approx(1)
        assert best["ndcg@10"] >= found["ndcg@10"] - 1e-12


def by_span(found: list[Chunk], every: list[Chunk], span: tuple[int, int] = (100, 200)) -> dict[str, float]:
    relevance = Relevance(lambda document: [one for one in every if one.document == document])
    return scores(relevance.ranking(Question(line=1, asked="?", documents=("a.md",), span=span), found))


def test_what_answers_counts_once_however_it_is_cut() -> None:
    whole, other = [chunk(100, 200)], chunk(300, 400)
    halves, overlapping = [chunk(100, 150), chunk(150, 200)], [chunk(80, 180), chunk(160, 260)]
    for cut in (whole, halves, overlapping):
        found = by_span([*cut, other], [*cut, other])
        assert (found["ndcg@10"], found["recall@10"], found["mrr"], found["hit_rate@1"]) == (1, 1, 1, 1)
    # The same chunk again, or one that has what was found before, adds nothing.
    twice = by_span([whole[0], chunk(90, 210)], [whole[0], chunk(90, 210)])
    assert (twice["ndcg@10"], twice["recall@1"], twice["recall@3"]) == (1, 1, 1)
    assert by_span([halves[0], other], [*halves, other])["recall@10"] == 0.5
    # An answer in four parts is found once half of it is.
    quarters = [chunk(start, start + 25) for start in range(100, 200, 25)]
    found = by_span([quarters[2], other, quarters[0]], quarters)
    assert (found["mrr"], found["hit_rate@1"], found["hit_rate@3"], found["recall@3"]) == (1 / 3, 0, 1, 0.5)
    assert by_span([other], [other]) == by_span([], [other]) == dict.fromkeys(names(), 0.0)


@given(st.permutations(range(10)), st.integers(1, 9))
def test_a_chunk_cut_in_two_costs_its_further_place_at_most(order: list[int], at: int) -> None:
    """The chunk that answers is cut in two, whose parts stand one behind the other."""
    whole = [chunk(start, start + 20) for start in range(100, 300, 20)]
    parts = [chunk(100, 100 + 2 * at), chunk(100 + 2 * at, 120)]
    before = by_span([whole[place] for place in order], whole, span=(100, 120))
    cut = [one for place in order for one in (parts if place == 0 else [whole[place]])]
    after = by_span(cut, [*parts, *whole[1:]], span=(100, 120))
    rank = order.index(0) + 1
    assert before["mrr"] == 1 / rank
    assert after["mrr"] in {1 / rank, 1 / (rank + 1)} or rank == 10
    if rank < 10:
        later = 1 / math.log2(rank + 2)
        assert later - 1e-3 <= after["ndcg@10"] <= before["ndcg@10"] + 0.1
        assert after["recall@10"] == pytest.approx(1, abs=1e-3)


def chunk(start: int, end: int, document: str = "a.md", text: str = "") -> Chunk:
    return Chunk(
        id=f"{document}{start}", document=document, ordinal=0, text=text or "x" * (end - start), stretch=Stretch(start, end), tokens=1
    )


def test_a_chunk_counts_when_it_has_half_of_the_span_or_is_half_within_it() -> None:
    asked = Question(line=1, asked="?", documents=("a.md",), span=(100, 200))
    counted = [(100, 200), (0, 1000), (150, 160), (140, 300), (90, 111)]
    assert [answers(asked, chunk(start, end)) for start, end in counted] == [True, True, True, True, True]
    assert [answers(asked, chunk(start, end)) for start, end in [(0, 100), (0, 149), (199, 300), (200, 210)]] == [False] * 4
    assert not answers(asked, chunk(100, 200, "b.md"))
    assert answers(Question(line=1, asked="?", documents=("b.md", "a.md")), chunk(0, 5))
    many = [chunk(0, 5), chunk(5, 9, "b.md"), chunk(9, 20)]
    assert [one.document for one in listed(Question(line=1, asked="?", documents=("a.md",)), many)] == ["a.md", "b.md"]
    assert len(listed(asked, many)) == 3
    told = Question(line=1, asked="?", context="The garage opens at seven in the morning.")
    assert answers(told, chunk(0, 10, text="Know that the garage opens at seven, every morning."))
    assert not answers(told, chunk(0, 10, text="Holidays are thirty days."))


def test_rows_that_are_no_questions_are_told_by_line(tmp_path: Path) -> None:
    rows: list[Any] = [
        {"question": "Good?", "document": "a.md", "start": 1, "end": 5},
        {"query": "Several?", "documents": ["a.md", "b.md"], "ground_truth": "yes"},
        {"question": "By text?", "context": "words"},
        {"question": "", "document": "a.md"},
        {"question": "Nowhere?"},
        {"question": "Empty?", "document": "a.md", "start": 5, "end": 5},
        {"question": "Words?", "document": "a.md", "start": "x", "end": 9},
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "{no\n")
    found = read_questions(path, 100)
    assert [(one.line, one.text, one.span, one.answer) for one in found.questions] == [
        (1, "Good?", (1, 5), None),
        (2, "Several?", None, "yes"),
        (3, "By text?", None, None),
    ]
    assert found.left_out == 5
    assert "Row 6: its span from 5 to 5 is empty." in found.reasons
    assert len(read_questions(path, 2).questions) == 2
    path.write_text('{"text": "no"}\n')
    with pytest.raises(InvalidInputError, match=r"Row 1: it has no question; its columns are 'text'\."):
        read_questions(path, 100)
    path.write_text('{"Question": "Capitals?", "Document": "a.md"}\n' + '{"question": "Nowhere?"}\n' * 3)
    found = read_questions(path, 100)
    assert [(one.asked, one.documents) for one in found.questions] == [("Capitals?", ("a.md",))]
    assert found.left_out == 3
    assert found.told == ("3 rows are no questions and are left out.", *found.reasons)
    assert found.reasons == ("Row 2 and 2 more: it names no document and no context that answers it.",)


@pytest.fixture
def build(services: Any, ws: Workspace, tmp_path: Path) -> IndexBuilder:
    made = IndexBuilder(services, ws, tmp_path / "documents")
    made.put(cats="# Cats\n\nCats purr and sleep.", dogs="# Dogs\n\nDogs bark at the postman.", cows="# Cows\n\nCows give milk.")
    made()
    return made


def measured(build: IndexBuilder, questions: Any, index: str = "docs", **options: Any) -> str:
    job = build.ws.indexes.measurements.create(index, questions, **options)
    service = build.services.indexes
    code = IndexMeasureJob(service.builds._sources, service._vectors, service._ledger, build.model, service.measurements._reports)
    assert run_inline(build.services, code, job.id)["id"] == job.id
    return job.id


def test_versions_are_measured_and_compared(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    rows = [("Which animals bark?", "dogs.md"), ("Who gives milk?", "cows.md"), ("Who purrs?", "cats.md"), ("Who flies?", "birds.md")]
    path = tmp_path / "set.jsonl"
    path.write_text("".join(json.dumps({"question": question, "document": document}) + "\n" for question, document in rows))
    first = measured(build, path)
    found = ws.indexes.measurements.get("docs", first)
    assert found.warnings == ("docs:1 does not have 1 of the documents that questions name: 'birds.md' (row 4).",)
    assert ws.data.get("docs-questions").tags == {"questions-of": "docs"}
    assert (found.status, found.version, found.questions, found.unanswerable) == ("completed", "1", 4, 1)
    by_kind = {search.kind: search for search in found.searches}
    words = by_kind["text"].scores
    assert words["hit_rate@1"].mean == 0.75
    assert words["ndcg@10"].low is not None
    assert words["ndcg@10"].low <= words["ndcg@10"].mean <= (words["ndcg@10"].high or 0)
    asked = list(ws.indexes.measurements.questions("docs", first))
    assert [one.there for one in asked] == [1, 1, 1, 0]
    assert asked[0].found["text"][0].document == "dogs.md"
    assert asked[0].found["text"][0].relevant

    build.put(birds="# Birds\n\nBirds fly.", cats="# Cats\n\nCats sleep.")
    build(chunks=ChunkRecipe(max_tokens=64, overlap_tokens=0))
    second = measured(build, found.data, kinds=("text", "vector"))
    differences = ws.indexes.measurements.compare("docs", first, second)
    assert {(one.kind, one.measure) for one in differences} >= {("text", "ndcg@10"), ("vector", "mrr")}
    assert {one.kind for one in differences} == {"text", "vector"}
    [one] = [one for one in differences if (one.kind, one.measure) == ("text", "hit_rate@5")]
    assert one.questions == 4
    assert one.sentence.startswith("No difference between docs:1 and docs:2 is shown in hit_rate@5 of text search (4 questions")
    same = ws.indexes.measurements.get("docs", first)
    itself = compared(same, same, (asked, asked))[0]
    assert itself.questions_needed is None
    assert itself.sentence == "docs:1 and docs:1 do equally well on each question in ndcg@10 of hybrid search (4 questions)."
    assert [each.id for each in ws.indexes.measurements.list("docs")] == [second, first]


def test_a_measurement_by_chunks_says_so_and_is_compared_by_chunks(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "Who purrs?", "document": "cats.md", "start": 8, "end": 28}\n' * 2)
    made = ws.indexes.measurements
    first = measured(build, path, kinds=("text",))
    second = measured(build, made.get("docs", first).data, kinds=("text",))
    assert "by chunks" not in made.compare("docs", first, second)[0].sentence
    reports = build.services.indexes.measurements._reports
    workspace = build.services.jobs._store.get(first).workspace_id
    kept, rows = reports.get(workspace, "index", first), reports.get(workspace, "index_rows", rows_id(first))
    assert kept is not None
    assert rows is not None
    reports.put(replace(kept, document={name: value for name, value in kept.document.items() if name != "rule"}))
    reports.put(replace(rows, document={"rows": [{**row, "best": []} for row in rows.document["rows"]]}))
    assert made.get("docs", second).warnings == ()
    assert made.list("docs")[-1].warnings == made.get("docs", first).warnings
    assert made.get("docs", first).warnings[0].endswith("Measure again.")
    assert "both are compared by chunks" in made.compare("docs", first, second)[0].sentence


def test_documents_that_questions_name_and_a_version_does_not_have_are_told(build: IndexBuilder, ws: Workspace) -> None:
    build.put(empty="")
    build()
    missing = ws.indexes.measurements.missing_documents
    found = missing("docs", ["cats.md", "animals/Dogs.md", "cow.md", "empty.md", "zebras and others", "cow.md"])
    assert [(one.document, one.meant) for one in found] == [
        ("animals/Dogs.md", "dogs.md"),
        ("cow.md", "cows.md"),
        ("empty.md", None),
        ("zebras and others", None),
    ]
    assert [one.why is not None for one in found] == [False, False, True, False]
    assert [one.document for one in missing("docs", ["empty.md", "cats.md"], "1")] == ["empty.md"]
    with pytest.raises(RemoteError, match="10,001 documents are named"):
        missing("docs", [f"{number}.md" for number in range(10_001)])
    with pytest.raises(RemoteError, match="no version or label"):
        missing("docs", ["cats.md"], "9")


class MilkFirst:
    """Puts what has milk first: implements `rag.ports.Reranker`."""

    def rerank(self, query: str, texts: Sequence[str]) -> list[float]:
        del query
        return [float("milk" in text) for text in texts]


class RerankingModel(HashingModel):
    """Embeds as the builder's model does, and reranks. Implements the ports of the job and of the service."""

    @contextmanager
    def reranking(self, context: Any, calls: dict[str, str]) -> Generator[dict[str, Any]]:
        del context
        assert calls == {"milky": "called/milky"}
        yield dict.fromkeys(calls, MilkFirst())

    def reranking_call(self, caller: Any, model: str) -> str:
        del caller
        if model != "milky":
            raise InvalidInputError(f"{model!r} is not a reranking model.")
        return f"called/{model}"


def test_what_a_reranking_model_makes_of_the_order_is_measured(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    build.model = RerankingModel()
    build.services.indexes.measurements._models = build.model
    path = tmp_path / "set.jsonl"
    rows = [("Which animals bark at the postman?", "dogs.md"), ("Who purrs and sleeps?", "cats.md"), ("Who gives milk?", "cows.md")]
    path.write_text("".join(json.dumps({"question": question, "document": document}) + "\n" for question, document in rows))
    plain = ws.indexes.measurements.get("docs", measured(build, path, kinds=("vector",)))
    reranked = ws.indexes.measurements.get("docs", measured(build, plain.data, kinds=("vector",), rerank="milky"))
    assert (plain.rerank, reranked.rerank) == (None, "milky")
    assert plain.searches[0].scores["hit_rate@1"].mean == pytest.approx(2 / 3), "as the model of words has it"
    assert reranked.searches[0].scores["hit_rate@1"].mean == pytest.approx(1 / 3)
    asked = list(ws.indexes.measurements.questions("docs", reranked.id))
    assert {one.found["vector"][0].document for one in asked} == {"cows.md"}
    one = ws.indexes.measurements.compare("docs", plain.id, reranked.id)[0]
    assert "docs:1 reranked by milky" in one.sentence
    with pytest.raises(RemoteError, match="'words' is not a reranking model"):
        ws.indexes.measurements.create("docs", plain.data, rerank="words")


def test_what_cannot_be_measured_or_compared_says_why(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "Who purrs?", "document": "cats.md"}\n')
    with pytest.raises(RemoteError, match="no version or label"):
        ws.indexes.measurements.create("docs", path, version="9")
    assert "docs-questions" not in {asset.name for asset in ws.data.list()}, "a file is not sent for a version that is not there"
    with pytest.raises(RemoteError, match="named once each"):
        ws.indexes.measurements.create("docs", path, kinds=())
    with pytest.raises(RemoteError, match="max_questions"):
        ws.indexes.measurements.create("docs", path, max_questions=0)
    first = measured(build, path)
    path.write_text('{"question": "Who barks?", "document": "dogs.md"}\n')
    second = measured(build, path)
    with pytest.raises(RemoteError, match="different questions"):
        ws.indexes.measurements.compare("docs", first, second)
    with pytest.raises(RemoteError, match="no measurement"):
        ws.indexes.measurements.get("docs", "nothing")


def test_a_measurement_is_its_indexs_and_goes_with_it(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "Who purrs?", "document": "cats.md"}\n')
    build("others")
    first, second = measured(build, path), measured(build, path, index="others")
    measurements = ws.indexes.measurements
    for ask in (measurements.get, lambda index, one: list(measurements.questions(index, one))):
        assert ask("docs", first)
        with pytest.raises(RemoteError, match=r"no measurement .* of the index 'others'") as error:
            ask("others", first)
        assert error.value.remote.code == "MeasurementNotFound"
    with pytest.raises(RemoteError, match="no measurement"):
        measurements.compare("others", first, second)
    reports = build.services.indexes.measurements._reports
    workspace = build.services.jobs._store.get(first).workspace_id
    ws.indexes.delete("docs")
    build("docs")
    assert measurements.list("docs") == ()
    assert {one.target for one in reports.find(workspace, "index_rows")} == {second}
    assert [one.id for one in measurements.list("others")] == [second]
