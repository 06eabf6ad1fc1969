"""What a public question set is refused for: a figure of one that was converted wrongly would be published as if it meant something."""

import json
from pathlib import Path
from typing import Any

import pytest
from benchmarks.question_sets import ndcg, read_question_set

CORPUS = ({"_id": "d1", "title": "Wings", "text": "Lift of a wing."}, {"_id": "d2", "title": "", "text": "Drag."})
QUERIES = ({"_id": "q1", "text": "What lifts?"}, {"_id": "q2", "text": "What is of no interest?"})


def a_set(
    place: Path, grades: str = "q1\td1\t2\nq1\td2\t-1\n", corpus: tuple[Any, ...] = CORPUS, queries: tuple[Any, ...] = QUERIES
) -> Path:
    (place / "qrels").mkdir()
    for name, rows in (("corpus", corpus), ("queries", queries)):
        (place / f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    (place / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{grades}")
    return place


def test_what_is_of_no_interest_is_not_relevant(tmp_path: Path) -> None:
    found = read_question_set(a_set(tmp_path))
    assert found.texts == {"d1": "# Wings\n\nLift of a wing.", "d2": "Drag."}
    assert found.questions == {"q1": "What lifts?"}
    assert found.grades == {"q1": {"d1": 2.0}}
    assert not found.graded


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"corpus": (*CORPUS, {"_id": "471", "title": "", "text": " "})}, "1 documents have neither a title nor a text: '471'"),
        ({"corpus": (*CORPUS, CORPUS[0])}, "rows have the id of another: 'd1'"),
        ({"queries": ({"_id": "q1", "text": ""},)}, "questions have no text: 'q1'"),
        ({"grades": "q1\td1\t1\nq1\t995\t1\n"}, "documents are graded that the corpus does not have: '995'"),
        ({"grades": "001\td1\t1\n"}, "questions are graded that are not there: '001'"),
        ({"grades": "q1\td1\tyes\n"}, "rows are no question, document and grade"),
        ({"grades": "q1\td1\t1\nq1\td1\t2\n"}, "documents are graded twice for a question: 'd1 for q1'"),
        ({"grades": "q1\td1\t-1\n"}, "no document is relevant to any question"),
    ],
)
def test_a_set_that_was_converted_wrongly_is_refused(tmp_path: Path, given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_question_set(a_set(tmp_path, **given))


def test_ndcg_is_that_of_its_formula() -> None:
    # (1 + 3/log2(3)) / (3 + 1/log2(3)), by hand.
    assert ndcg(["b", "a", "x"], {"a": 3.0, "b": 1.0}) == pytest.approx(2.892789 / 3.630930, abs=1e-6)
    assert ndcg(["a", "b"], {"a": 3.0, "b": 1.0}) == 1.0
    assert ndcg(["x"] * 10 + ["a"], {"a": 1.0}) == 0.0
