"""Evaluators as flows: by their entries, as folders, over the rows of a file."""

import json
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.data.rows import open_data
from flowyard.evaluation import registry
from flowyard.evaluation.errors import EvaluatorLoadError, UnknownEvaluatorError
from flowyard.evaluation.folders import evaluator_files
from flowyard.evaluation.model import Evaluator, EvaluatorInfo, Measure, Result
from flowyard.evaluation.over_rows import evaluate
from flowyard.evaluation.registry import BUILT_IN, entry, evaluator_class, evaluators
from flowyard.evaluation.results import scored, texts
from flowyard.evaluation.service import settings_of
from flowyard.flows import load_flow
from flowyard.flows.authoring import write_files
from flowyard.flows.inspect import graph
from flowyard.flows.rules import validate
from flowyard.flows.runs.errors import MappingError
from flowyard.flows.runs.means import RunMeans
from flowyard.flows.runs.pricing import prices_for
from flowyard.flows.runs.store import RunStore
from flowyard.foundation.errors import FlowyardError, RemoteError
from support.flow_folders import scripted
from support.runs import run_rows

GOOD = json.dumps({"rules": [{"json": {"reason": "r", "score": 4, "label": False}}]})


class ShoutEvaluator(Evaluator):
    """How loud a text is: what a user's package may add."""

    info = EvaluatorInfo(
        name="shout",
        description="Share of capitals.",
        kind="deterministic",
        inputs=("response",),
        measures=(Measure(key="shout", prefix="shout", higher_is_better=False),),
    )

    def __call__(self, *, response: str) -> Result:
        """Return ``shout``, 0 to 1."""
        (text,) = texts(self.info, {"response": response})
        return scored("shout", sum(letter.isupper() for letter in text) / max(1, len(text)), 0.5, higher_is_better=False)


@pytest.mark.parametrize("name", list(BUILT_IN))
def test_every_evaluator_is_a_flow_that_runs_its_own_sample(name: str, tmp_path: Path) -> None:
    write_files(tmp_path, evaluator_files(name))
    spec, findings = validate(tmp_path)
    assert spec is not None
    assert [finding.message for finding in findings if finding.severity == "error"] == []
    told = graph(tmp_path)
    assert {it.name for it in told.inputs} >= {*evaluator_class(name).info.inputs, *evaluator_class(name).info.optional}
    made_with = {it.name for it in told.init}
    assert ("model_config" in made_with) == (evaluators()[name].kind == "judge")
    assert made_with <= set(settings_of(name))
    sample = json.loads((tmp_path / "data.jsonl").read_text())
    settings: dict[str, Any] = {"model_config": {"connection": "model", "model": "scripted"}}
    given = {key: settings[key] for key in settings if evaluators()[name].kind == "judge"}
    flow = load_flow(tmp_path, scripted(GOOD), init=given or None)
    record = flow.run(sample)
    assert record.error is None
    for measure in evaluators()[name].measures:
        assert f"{measure.prefix}_result" in record.outputs
        assert f"{measure.key}_count" in record.metrics


def test_entries_name_the_classes() -> None:
    assert entry("bleu_score") == "flowyard.evaluation.bleu:BleuScoreEvaluator"
    assert all(entry(name).partition(":")[2] == evaluator_class(name).__name__ for name in BUILT_IN)


def test_every_info_says_what_it_needs_and_where_it_is_from() -> None:
    found = evaluators()
    assert [name for name, info in found.items() if name != info.name or not info.measures or not info.source or not info.description] == []
    keys = [measure.key for name, info in found.items() if name not in {"qa", "chat", "content_safety"} for measure in info.measures]
    assert len(keys) == len(set(keys))


def test_a_changed_prompt_is_what_the_judge_asks(tmp_path: Path) -> None:
    write_files(tmp_path, evaluator_files("fluency"))
    prompt = tmp_path / "fluency.prompty"
    prompt.write_text(prompt.read_text().replace("\nuser:\n", "\nuser:\nStrictly, please.\n"))
    script = json.dumps({"rules": [{"match": "Strictly", "json": {"reason": "r", "score": 1}}, {"json": {"reason": "r", "score": 5}}]})
    flow = load_flow(tmp_path, scripted(script), init={"model_config": {"connection": "model", "model": "scripted"}})
    assert flow(response="Fine.")["fluency"] == 1.0


def test_an_unknown_name_gets_the_nearest_one() -> None:
    with pytest.raises(UnknownEvaluatorError, match="Did you mean 'groundedness'"):
        evaluator_class("groundednes")


class Point:
    """An entry point of a package, as `importlib.metadata` gives it."""

    dist = None

    def __init__(self, name: str, found: Any) -> None:
        self.name = name
        self.value = f"package:{name}"
        self._found = found

    def load(self) -> Any:
        if isinstance(self._found, Exception):
            raise self._found
        return self._found


def test_packages_add_evaluators(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [
        Point("shout", ShoutEvaluator),
        Point("broken", ImportError("no such thing")),
        Point("odd", dict),
        Point("qa", ShoutEvaluator),
    ]
    monkeypatch.setattr(registry, "entry_points", lambda group: points if group == "flowyard.evaluators" else [])
    registry._added.cache_clear()
    try:
        assert evaluator_class("shout") is ShoutEvaluator
        assert evaluator_class("qa").__name__ == "QAEvaluator"
        with pytest.raises(EvaluatorLoadError, match="'broken' of a package cannot be loaded: ImportError: no such thing"):
            evaluator_class("broken")
        with pytest.raises(EvaluatorLoadError, match=r"is no subclass of flowyard\.evaluation\.Evaluator"):
            evaluator_class("odd")
    finally:
        registry._added.cache_clear()


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    file = tmp_path / "rows.jsonl"
    lines = [
        '{"answer": "The Danube.", "ground_truth": "Danube"}',
        "not json",
        '{"answer": null, "ground_truth": "x"}',
        '{"ground_truth": "x"}',
    ]
    file.write_text("\n".join(lines) + "\n")
    return file


def test_rows_are_scored_and_those_that_cannot_be_say_why(rows: Path) -> None:
    found = evaluate("f1_score", open_data(rows), mapping={"response": "${data.answer}"})
    assert [row.line for row in found.rows] == [0, 1, 2, 3]
    assert found.rows[0].outputs["f1_score"] == 1.0
    reasons = [row.error.detail if row.error else None for row in found.rows]
    assert reasons[0] is None
    assert "Line 2 of rows.jsonl cannot be read" in (reasons[1] or "")
    assert reasons[2] == "f1_score got no 'response'. It needs response, ground_truth."
    assert "the row has no column 'answer'" in (reasons[3] or "")
    assert (found.failed, found.metrics["f1_score_count"], found.metrics["f1_score"]) == (3, 1, 1.0)


def test_a_mapping_of_an_input_that_is_none_is_refused(rows: Path) -> None:
    with pytest.raises(MappingError, match=r"no input 'answer'\. It takes response, ground_truth"):
        evaluate("f1_score", open_data(rows), mapping={"answer": "${data.answer}"})


def test_settings_that_do_not_fit_are_refused(rows: Path) -> None:
    with pytest.raises(FlowyardError, match="Did you mean 'threshold'"):
        evaluate("f1_score", open_data(rows), init={"treshold": 1})


def test_rows_of_an_exported_run_have_its_inputs_outputs_and_facts(tmp_path: Path) -> None:
    file = tmp_path / "export.jsonl"
    facts = {"duration_ms": 250.0, "prompt_tokens": 10, "completion_tokens": 5, "cost_micros": 300, "status": "completed", "error": None}
    file.write_text(json.dumps({"line": 0, "inputs": {"truth": "Danube"}, "outputs": {"answer": "The Danube."}, **facts}) + "\n")
    data = open_data(file)
    mapping = {"response": "${run.outputs.answer}", "ground_truth": "${run.inputs.truth}"}
    assert evaluate("f1_score", data, mapping=mapping).metrics["f1_score"] == 1.0
    assert evaluate("latency", data).metrics["latency_ms"] == 250.0
    assert evaluate("cost", data).metrics["cost"] == pytest.approx(0.0003)
    wrong = evaluate("f1_score", data, mapping={**mapping, "response": "${run.outputs.anser}"})
    assert wrong.rows[0].error is not None
    assert wrong.rows[0].error.remedy == "Did you mean 'answer'?"


def test_judges_run_over_rows_with_given_connections(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps({"query": f"q{number}", "response": "r"}) + "\n" for number in range(20)))
    init = {"model_config": {"connection": "model", "model": "scripted"}}
    found = evaluate("relevance", open_data(file), init=init, connections=scripted(GOOD), concurrency=4)
    assert found.failed == 0
    assert (found.metrics["relevance"], found.metrics["relevance_count"]) == (4.0, 20)


def test_a_run_knows_what_a_judges_calls_cost(tmp_path: Path) -> None:
    folder = tmp_path / "relevance"
    write_files(folder, evaluator_files("relevance"))
    init = {"model_config": {"connection": "model", "model": "scripted"}}
    connections = scripted(GOOD)
    means = RunMeans(connections=connections, price_of=prices_for(connections))
    run = run_rows(tmp_path / "r", folder, [{"query": "q", "response": "r"}], means=means, init=init)
    with RunStore(run) as store:
        tally = store.tally()
    assert tally.prompt_tokens > 0
    assert (tally.cost_micros, tally.unpriced) == (0, 0)


def test_an_evaluator_becomes_a_flow_of_the_workspace(ws: Workspace) -> None:
    assert ws.evaluators.create_flow("citations").kind == "flex"
    assert ws.evaluators.create_flow("citations", "cited").name == "cited"
    assert {flow.name for flow in ws.flows.list()} >= {"citations", "cited"}
    with pytest.raises(RemoteError, match="citations"):
        ws.evaluators.create_flow("citations")
    with pytest.raises(RemoteError, match="Did you mean 'citations'"):
        ws.evaluators.create_flow("citation")
