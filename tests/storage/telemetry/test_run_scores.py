"""What an evaluation run says of another run's rows is a score of their traces: found, shown, and there once."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from flowyard.flows.runs.execute import execute
from flowyard.flows.runs.means import RunMeans
from flowyard.flows.runs.scores import Said, scores_in
from flowyard.flows.runs.spec import RunSpec
from flowyard.flows.runs.store import RunStore
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.queries import DuckQueries
from flowyard.storage.telemetry.scores import StoredScores
from flowyard.tracing.ports import TraceFilter
from flowyard.tracing.scores import counting
from flowyard.tracing.search.parse import parse_search
from flowyard.tracing.signals import Score
from support.flow_folders import python_node, write_flex, write_flow
from support.runs import lines_of, run_rows

TOOL = "from promptflow.core import tool\n\n@tool\n"
ANSWERS = {
    "inputs": {"text": {"type": "string"}},
    "outputs": {"answer": {"type": "string", "reference": "${answer}"}},
    "nodes": [python_node("answer", text="${inputs.text}")],
}
ANSWER = TOOL + "def answer(text: str):\n    assert text != 'bad'\n    return text.upper()\n"
JUDGE = {
    "inputs": {"answer": {"type": "string"}},
    "outputs": {
        "length": {"type": "int", "reference": "${judge.output.length}"},
        "tone": {"type": "string", "reference": "${judge.output.tone}"},
        "tone_reason": {"type": "string", "reference": "${judge.output.why}"},
    },
    "nodes": [python_node("judge", answer="${inputs.answer}")],
}
JUDGED = (
    TOOL + "def judge(answer: str):\n    return {'length': len(answer), 'tone': 'loud', 'why': 'All of ' + answer + ' is upper case.'}\n"
)


class Place:
    """Runs over `rows`, their spools, and what is stored of them."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder = folder
        self.means = RunMeans(spools=folder / "spools", workspace_id="w1")
        files = SegmentFiles(folder / "segments")
        self.indexer = Indexer(engine, folder / "spools", files, default_workspace="w0")
        self.scores = StoredScores(self.indexer.manifest, self.indexer.tail, files)
        self.queries = DuckQueries(self.indexer.manifest, self.indexer.tail, files)

    def of(self, run: Path) -> dict[int, list[Score]]:
        """The scores of each row's trace."""
        self.indexer.step()
        return {line.line: self.scores.scores_of("w1", [str(line.trace_id)]) for line in lines_of(run)}

    def found(self, q: str) -> set[str]:
        return {one.root.trace_id for one in self.queries.list_traces("w1", TraceFilter(search=parse_search(q)), limit=100)}


@pytest.fixture
def place(tmp_path: Path, engine: Engine) -> Place:
    return Place(tmp_path, engine)


@pytest.fixture
def answers(place: Place) -> Path:
    flow = write_flow(place.folder / "answers", ANSWERS, answer__py=ANSWER)
    rows = [{"text": "a"}, {"text": "bad"}, {"text": "ccc"}]
    return run_rows(place.folder / "base", flow, rows, means=place.means, column_mapping={"text": "${data.text}"})


def judged(place: Place, name: str, flow: Path, answers: Path, **mapping: str) -> Path:
    return run_rows(place.folder / name, flow, run=answers, means=place.means, column_mapping=mapping)


def told(score: Score) -> tuple[str, float | None, str | None, str | None]:
    return score.name, score.value, score.label, score.comment


def test_rows_of_an_evaluation_flow_score_the_traces_of_the_rows_they_judged(place: Place, answers: Path) -> None:
    flow = write_flow(place.folder / "judge", JUDGE, judge__py=JUDGED)
    judged(place, "judged", flow, answers, answer="${run.outputs.answer}")
    of = place.of(answers)
    assert sorted(map(told, of[2])) == [("length", 3.0, None, None), ("tone", None, "loud", "All of CCC is upper case.")]
    assert sorted(told(score)[:2] for score in of[0]) == [("length", 1.0), ("tone", None)]
    assert of[1] == [], "a row that failed was not judged"
    assert {(score.source, score.author, score.attributes["line"]) for score in of[2]} == {("evaluator", "run/judged", 2)}
    assert place.found("score.length>2") == {lines_of(answers)[2].trace_id}
    assert len(place.found("score.tone:loud")) == 2


def test_rows_of_an_evaluator_that_is_a_class_do_so_too(place: Place, answers: Path) -> None:
    yaml = "entry: flowyard.evaluation.f1_score:F1ScoreEvaluator\n"
    flow = write_flex(place.folder / "f1", "", yaml)
    run = judged(place, "f1", flow, answers, response="${run.outputs.answer}", ground_truth="${run.inputs.text}")
    assert [told(score) for score in place.of(answers)[2]] == [("f1_score", 1.0, "pass", None)]
    with RunStore(run) as store:
        assert "2 scores are with the traces" in "".join(line.message for line in store.logs())


def test_a_run_that_is_resumed_scores_nothing_twice_and_two_runs_score_side_by_side(place: Place, answers: Path) -> None:
    flow = write_flow(place.folder / "judge", JUDGE, judge__py=JUDGED)
    mapping = {"answer": "${run.outputs.answer}"}
    run = judged(place, "judged", flow, answers, **mapping)
    place.indexer.step()
    place.indexer.roll()
    before = place.of(answers)
    execute(run, RunSpec(name="judged", flow=flow, flow_name="judge", run=answers, column_mapping=mapping), place.means)
    assert place.of(answers) == before
    judged(place, "again", flow, answers, **mapping)
    assert [score.author for score in counting(place.of(answers)[0])] == ["run/judged"] * 2 + ["run/again"] * 2


def test_each_variant_s_trace_gets_its_own_scores(place: Place) -> None:
    variants = {
        name: {"node": {k: v for k, v in python_node("answer", by=by).items() if k != "name"}} for name, by in (("one", 1), ("ten", 10))
    }
    dag = {
        "inputs": {"text": {"type": "string"}},
        "outputs": {"answer": {"type": "string", "reference": "${answer}"}},
        "nodes": [{"name": "answer", "use_variants": True}],
        "node_variants": {"answer": {"default_variant_id": "one", "variants": variants}},
    }
    flow = write_flow(place.folder / "flow", dag, answer__py=TOOL + "def answer(by: int):\n    return 'x' * by\n")
    both = ("${answer.one}", "${answer.ten}")
    base = run_rows(place.folder / "base", flow, [{"text": "a"}], means=place.means, variants=both)
    judge = write_flow(place.folder / "judge", JUDGE, judge__py=JUDGED)
    judged(place, "judged", judge, base, answer="${run.outputs.answer}")
    place.indexer.step()
    found = {line.variant: max(one.value or 0 for one in place.scores.scores_of("w1", [str(line.trace_id)])) for line in lines_of(base)}
    assert found == {"${answer.one}": 1.0, "${answer.ten}": 10.0}


SAYS: list[tuple[dict[str, Any], list[Said]]] = [
    ({"right": True, "wrong": False}, [Said("right", 1.0, None, None), Said("wrong", 0.0, None, None)]),
    ({"output": 4}, [Said("my flow", 4.0, None, None)]),
    ({"score": 3, "reason": "Because."}, [Said("score", 3.0, None, "Because.")]),
    ({"violence": "Low", "violence_score": 2, "violence_reason": "A fight."}, [Said("violence", 2.0, "Low", "A fight.")]),
    ({"pm_label": False, "pm_reason": "None found."}, [Said("pm_label", 0.0, None, "None found.")]),
    ({"fluency_score": 4, "fluency_reason": "Good."}, [Said("fluency_score", 4.0, None, "Good.")]),
    ({"none": None, "list": [1], "object": {}, "long": "x" * 61, "lines": "a\nb", "nan": float("nan"), "huge": 10**400}, []),
    ({"9 lives": 1, "ümlaut": 2}, []),
]


@pytest.mark.parametrize(("outputs", "said"), SAYS)
def test_what_outputs_say(outputs: dict[str, Any], said: list[Said]) -> None:
    assert list(scores_in(outputs, "my flow")) == said
