"""``flowyard evaluator`` as a user types it."""

import json
from pathlib import Path
from typing import Any

import pytest

from flowyard.cli.app import run
from flowyard.evaluation.registry import BUILT_IN

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = 'name: model\ntype: scripted\nscript: |\n  answers: [\'{"reason": "It says so.", "score": 4}\']\n'
ROWS = (
    {"answer": "The Danube.", "truth": "Danube", "source": "Vienna lies on the Danube."},
    {"answer": "The Thames.", "truth": "Danube", "source": "Vienna lies on the Danube."},
    {"answer": None, "truth": "Danube", "source": ""},
)
MAPPING = ("--column-mapping", "response=${data.answer}", "ground_truth=${data.truth}")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with rows and a connection."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLOWYARD_HOME", str(tmp_path / "home"))
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    (tmp_path / "model.yaml").write_text(SCRIPT)
    return tmp_path


def flowyard(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        run(list(words))
    return int(ended.value.code or 0)


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_list_and_show(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert flowyard("evaluator", "list", "--json") == 0
    assert [it["name"] for it in told(capsys)] == list(BUILT_IN)
    assert flowyard("evaluator", "show", "rouge_score", "--json") == 0
    shown = told(capsys)
    assert shown["entry"] == "flowyard.evaluation.rouge:RougeScoreEvaluator"
    assert shown["settings"]["rouge_type"] == "rouge1"
    assert flowyard("evaluator", "show", "groundednes") == 2
    assert "Did you mean 'groundedness'?" in capsys.readouterr().err


def test_run_scores_rows_and_names_those_that_it_cannot_score(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert flowyard("evaluator", "run", "f1_score", "--data", "rows.jsonl", *MAPPING, "--output", "scores.jsonl", "--json") == 0
    ended = capsys.readouterr()
    result = json.loads(ended.out)
    assert (result["rows"], result["failed"], result["metrics"]["f1_score"]) == (3, 1, 0.5)
    assert "row 2: f1_score got no 'response'" in ended.err
    scores = [json.loads(line) for line in (here / "scores.jsonl").read_text().splitlines()]
    assert [score["outputs"].get("f1_score") for score in scores] == [1.0, 0.0, None]
    assert scores[2]["error"]["code"] == "EvaluatorInputInvalid"


def test_run_asks_a_judge_behind_a_connection(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--data", "rows.jsonl", "--column-mapping", "response=${data.answer}", "context=${data.source}", "--init", "threshold=4.5")
    model = ("--connection", "model", "--model", "m", "--connections-file", "model.yaml")
    assert flowyard("evaluator", "run", "groundedness", *words, *model, "--output", "all.json", "--json") == 0
    assert told(capsys)["metrics"]["groundedness"] == 4.0
    row = json.loads((here / "all.json").read_text())["rows"][0]
    assert (row["outputs"]["groundedness_reason"], row["outputs"]["groundedness_result"]) == ("It says so.", "fail")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("groundedness", "--data", "rows.jsonl"), "groundedness asks a model, and none is named"),
        (("f1_score", "--data", "none.jsonl"), "There is no data at 'none.jsonl'"),
        (("f1_score", "--data", "rows.jsonl", "--column-mapping", "answer=${data.answer}"), "has no input 'answer'"),
        (("f1_score", "--data", "rows.jsonl", "--column-mapping", "response"), "is not of the form name=value"),
        (("f1_score", "--data", "rows.jsonl", "--init", "treshold=1"), "Did you mean 'threshold'?"),
        (("f1_score", "--data", "rows.jsonl", "--init", "threshold=high"), "'threshold' of f1_score has to be a finite number, got 'high'"),
        (("regex", "--data", "rows.jsonl", "--init", "pattern=("), "is no regular expression"),
    ],
)
def test_bad_usage_says_what_to_do(here: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], message: str) -> None:
    assert flowyard("evaluator", "run", *words) == 2
    assert message in capsys.readouterr().err


def test_where_no_row_can_be_scored_the_command_fails(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert flowyard("evaluator", "run", "f1_score", "--data", "rows.jsonl") == 1
    assert "and 0 rows more" not in capsys.readouterr().err


def test_init_makes_a_flow_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert flowyard("evaluator", "init", "fluency", "mine", "--json") == 0
    assert told(capsys)["files"] == ["data.jsonl", "evaluator.py", "flow.flex.yaml", "fluency.prompty"]
    assert flowyard("flow", "validate", "--flow", "mine") == 0
    assert flowyard("evaluator", "init", "fluency", "mine") == 1
    assert "is there already" in capsys.readouterr().err


def test_the_page_has_a_row_for_every_evaluator() -> None:
    page = (ROOT / "docs/evaluators.md").read_text(encoding="utf-8")
    assert [name for name in BUILT_IN if f"\n| `{name}` |" not in page] == []
