"""Answers of judges that could not be read are told with their rows: by real judges, whose model follows a script."""

import json
from pathlib import Path
from typing import Any

import pytest

from flowyard.cli.entry import main
from flowyard.evaluation import FluencyEvaluator, GroundednessEvaluator, RelevanceEvaluator
from flowyard.flows.runs.local import LocalRuns
from flowyard.flows.runs.unread import MOST_SHOWN, unread_answers
from flowyard.foundation.codecs import from_json
from support.flow_folders import scripted
from support.recorded_runs import Row, recorded

MODEL = {"connection": "model", "model": "scripted"}
GOOD = '{"reason": "r", "score": 4}'
ROW = {"response": "The Danube.", "context": "Vienna lies on the Danube."}
TURNS = [
    {"role": "user", "content": "Which river runs through Vienna?"},
    {"role": "assistant", "content": "The Danube."},
    {"role": "user", "content": "And through Graz?"},
    {"role": "assistant", "content": "The Mur."},
]


def judged(judge: type[Any], *answers: str, **inputs: Any) -> list[Row]:
    """What a judge says of a row, once for each answer of its model; of a conversation once, turn by turn."""
    made = judge(MODEL, connections=scripted(json.dumps({"answers": list(answers)})))
    return [made(**inputs) for _ in range(1 if "conversation" in inputs else len(answers))]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """100 rows, of which rows 1, 2 and 3 have an answer without a score each."""
    answers = (GOOD, "Hard to say.", '{"reason": "too good", "score": 9}', "well " * 1000)
    good, *bad = judged(GroundednessEvaluator, *answers, **ROW)
    rows: dict[int, Row | None] = dict.fromkeys(range(100), good) | dict(enumerate(bad, 1)) | {4: None}
    return recorded(tmp_path / "home" / "runs" / "judged", {"": rows})


def test_each_answer_that_could_not_be_read_is_there_with_its_row_and_why(run: Path) -> None:
    found = unread_answers(run)
    assert (found.total, found.rows, found.of, found.next_cursor) == (3, 3, 99, None)
    assert [(each.line, each.score, each.turn, each.model) for each in found.items] == [
        (line, "groundedness", None, "scripted") for line in (1, 2, 3)
    ]
    vague, high, long = found.items
    assert (vague.reason, vague.answer, vague.cut) == ("no score", "Hard to say.", False)
    assert "9" in high.reason
    assert from_json(high.answer) == {"reason": "too good", "score": 9}
    assert (len(long.answer), long.cut) == (MOST_SHOWN, True)


def test_pages_of_answers_go_through_all_once(run: Path) -> None:
    first = unread_answers(run, limit=2)
    assert (len(first.items), first.total, first.next_cursor) == (2, 3, "2")
    assert [each.line for each in unread_answers(run, first.next_cursor).items] == [3]


def test_a_conversation_tells_them_turn_by_turn_though_it_has_a_score(tmp_path: Path) -> None:
    (part,) = judged(RelevanceEvaluator, GOOD, "Hmm.", conversation=TURNS)
    assert part["relevance_status"] == "completed"
    (none,) = judged(RelevanceEvaluator, "Hm.", conversation=TURNS)
    found = unread_answers(recorded(tmp_path / "run", {"": {0: part, 1: none}}))
    assert [(each.line, each.answer) for each in found.items] == [(0, "Hmm."), (1, "Hm."), (1, "Hm.")]
    assert (found.items[0].turn in {0, 1}, [each.turn for each in found.items[1:]]) == (True, [0, 1])
    assert (found.total, found.rows) == (3, 2)


def test_what_no_judge_answered_is_no_unread_answer(tmp_path: Path) -> None:
    fine = judged(FluencyEvaluator, GOOD, response="Fine.")[0]
    other: Row = {"score_status": "invalid", "text": '"_status":"invalid"', "score_properties": ["invalid"], "evaluation_per_turn": 3}
    unanswered: Row = {"groundedness_status": "invalid", "groundedness_properties": {"invalid": "the turn has no context", "answer": None}}
    found = unread_answers(recorded(tmp_path / "run", {"": {0: fine, 1: other, 2: unanswered}}))
    assert (found.items, found.total, found.rows, found.of) == ((), 0, 0, 3)


def command(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["run", *words, "--local"])
    assert ended.value.code in {0, None}
    said = capsys.readouterr()
    return said.out, said.err


def test_the_commands_tell_them(run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FLOWYARD_HOME", str(run.parent.parent))
    _, err = command(capsys, "show", "judged")
    assert "3 answers of judges could not be read, on 3 of 99 rows" in err
    assert "flowyard run show-unread judged --local" in err
    out, err = command(capsys, "show-unread", "judged", "--limit", "1")
    assert out.splitlines()[1].split() == ["1", "groundedness", "no", "score", "Hard", "to", "say."]
    assert "3 in all" in err
    out, _ = command(capsys, "show-unread", "judged", "--json")
    assert from_json(out)["total"] == 3
    assert LocalRuns(run.parent.parent).unread_answers("judged", limit=1).total == 3
