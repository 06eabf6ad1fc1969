"""Models side by side: from the request to the verdict, on a data set of the workspace."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.evaluation.comparing.errors import ComparisonInvalidError
from flowyard.evaluation.comparing.job import ModelCompareJob
from flowyard.evaluation.comparing.questions import read_questions
from flowyard.evaluation.comparing.scoring import Scores
from flowyard.evaluation.comparing.verdicts import pairs
from flowyard.evaluation.registry import evaluator_class
from flowyard.flows.runs.verdicts import about
from flowyard.foundation.codecs import from_json, to_json
from flowyard.foundation.errors import RemoteError
from flowyard.storage.engine import open_engine
from flowyard.storage.sql.reports import SqlReportStore
from flowyard.wire.connections import ConnectionWrite
from support.inline_jobs import run_inline
from support.model_gateway import model_gateway
from support.obedient_model import ObedientModel, said
from support.online_installation import InlineContext

Command = Callable[..., tuple[int, str, str]]
F1 = evaluator_class("f1_score").info


def rows(path: Path, count: int) -> Path:
    file = path / "faq.jsonl"
    file.write_bytes(b"\n".join(to_json({"query": f"What is {n}?", "ground_truth": f"It is number {n}."}) for n in range(count)))
    return file


def clever_and_dull(body: dict[str, Any]) -> Any:
    """The model ``clever`` knows the answers, ``dull`` every fourth, ``broken`` none."""
    number = int(str(body["messages"][-1]["content"]).split()[-1].rstrip("?"))
    if body["model"] == "mine/broken":
        return (400, "no such model")
    knows = body["model"] == "mine/clever" or number % 4 == 0
    return said(f"It is number {number}." if knows else "Perhaps something else.")


@pytest.fixture
def model() -> ObedientModel:
    return ObedientModel(chat=clever_and_dull)


@pytest.fixture
def job(services: Any, model: ObedientModel) -> Iterator[ModelCompareJob]:
    database = open_engine(services.settings.metadata_url)
    with model_gateway(model) as address:
        yield ModelCompareJob(
            services.data, SqlReportStore(database), services.keys, lambda workspace, subject, prompt, completion: 5, gateway_url=address
        )
    database.dispose()


@pytest.fixture
def faq(ws: Workspace, tmp_path: Path) -> str:
    ws.connections.create(ConnectionWrite(name="mine", type="open_ai", secrets={"api_key": "sk-x"}))
    ws.data.create("faq", rows(tmp_path, 40))
    return "azureml:faq@latest"


def test_from_the_request_to_the_verdict(ws: Workspace, services: Any, job: ModelCompareJob, faq: str, command: Command) -> None:
    models = ["mine/dull", "mine/clever", "mine/broken"]
    plan = ws.models.comparisons.plan(models, faq, ["f1", "rouge"], max_rows=40)
    assert (plan.calls, plan.data, plan.evaluators, plan.free, plan.cost) == (
        120,
        "azureml:faq:1",
        ("f1_score", "rouge_score"),
        False,
        None,
    )
    begun = ws.models.comparisons.create(models, faq, ["f1", "rouge"], max_rows=40)
    result = run_inline(services, job, begun.id)
    assert result["rows"] == 40
    assert "mine/clever is better than mine/dull by" in result["verdict"]

    found = ws.models.comparisons.get(begun.id)
    dull, clever, broken = found.results
    assert clever.scores["f1_score"].mean == 1.0
    assert dull.scores["f1_score"].low is not None
    assert dull.scores["f1_score"].mean is not None
    assert dull.scores["f1_score"].low < dull.scores["f1_score"].mean < 1
    assert (clever.completed, broken.failed, broken.scores["f1_score"].mean) == (40, 40, None)
    assert (clever.latency_p50_ms or 0) <= (clever.latency_p95_ms or 0)
    assert (clever.cost and clever.cost.micros, clever.tokens_per_s is not None) == ("5", True)
    first = found.pairs[0]
    assert (first.measure, first.model, first.verdict, first.rows, first.rows_needed) == ("f1_score", "mine/clever", "better", 40, None)
    assert first.adjusted_p is not None
    assert first.p_value is not None
    assert first.p_value < first.adjusted_p < 0.05
    assert found.pairs[1].verdict == "not_comparable"
    assert "mine/broken did not answer 40 of 40 rows" in found.warnings[0]

    kept = list(ws.models.comparisons.rows(begun.id))
    assert (len(kept), kept[1].answers["mine/clever"], kept[1].scores["mine/clever"]["f1_score"]) == (40, "It is number 1.", 1.0)
    assert "no such model" in kept[0].errors["mine/broken"]
    assert ws.models.comparisons.list()[0].id == begun.id
    code, out, _ = command("model", "comparisons", begun.id)
    assert code == 0
    assert "mine/clever is better" in out
    assert "Mind: mine/broken" in out
    code, out, _ = command("model", "comparisons", "--json")
    assert (code, from_json(out)[0]["verdict"]) == (0, found.verdict)
    ws.models.comparisons.delete(begun.id)
    assert ws.models.comparisons.list() == ()
    with pytest.raises(RemoteError) as error:
        next(ws.models.comparisons.rows(begun.id))
    assert error.value.remote.code == "ComparisonNotFound"


def test_one_that_was_cut_short_asks_no_model_twice(
    ws: Workspace, services: Any, job: ModelCompareJob, faq: str, model: ObedientModel
) -> None:
    begun = ws.models.comparisons.create(["mine/dull", "mine/clever"], faq, ["f1"], max_rows=40)
    record = services.jobs._store.get(begun.id)
    context: Any = InlineContext(record.workspace_id)
    context.job_id = begun.id

    class CutShortError(Exception):
        """The worker died."""

    looks = iter(range(100))

    def die() -> None:
        if next(looks) == 5:
            raise CutShortError

    context.check_canceled = die
    with pytest.raises(CutShortError):
        job.run(context, record.arguments)
    assert 0 < len(model.bodies) < 80
    context.check_canceled = lambda: None
    job.run(context, record.arguments)
    done = len(model.bodies)
    assert done <= 100, "at most the shard that was in flight is asked again"
    job.run(context, record.arguments)
    assert len(model.bodies) == done


def test_what_cannot_be_compared(ws: Workspace, faq: str, command: Command) -> None:
    two = ["mine/a", "mine/b"]
    cases: list[tuple[list[str], str, list[str], dict[str, Any], str]] = [
        (["mine/a"], faq, ["f1"], {}, "ComparisonInvalid"),
        (["mine/a", "mine/a"], faq, ["f1"], {}, "ComparisonInvalid"),
        (two, faq, [], {}, "ComparisonInvalid"),
        (two, faq, ["coherence"], {}, "ComparisonInvalid"),
        (two, faq, ["f1"], {"max_rows": 1}, "ComparisonInvalid"),
        (two, faq, ["f1"], {"least_difference": 0.0}, "ComparisonInvalid"),
        (two, faq, ["f2"], {}, "EvaluatorNotFound"),
        (two, "azureml:none:1", ["f1"], {}, "DataAssetNotFound"),
        (["mine/a", "none/b"], faq, ["f1"], {}, "ConnectionNotFound"),
        (["mine/a", "mine/text-embedding-3-small"], faq, ["f1"], {}, "ComparisonInvalid"),
    ]
    for models, data, evaluators, settings, code in cases:
        with pytest.raises(RemoteError) as error:
            ws.models.comparisons.create(models, data, evaluators, **settings)
        assert error.value.remote.code == code, (models, data, evaluators, settings)
    code_, _, err = command("model", "compare", "mine/a", "mine/b", "--data", faq)
    assert (code_, "--yes" in err) == (2, True)


def test_questions(tmp_path: Path) -> None:
    file = rows(tmp_path, 3)
    assert [question.text for question in read_questions(file, "query", "ground_truth", 2)] == ["What is 0?", "What is 1?"]
    made = read_questions(file, "Answer: {{ query }} ({{ground_truth}})", "none", 9)
    assert (made[0].text, made[0].ground_truth) == ("Answer: What is 0? (It is number 0.)", None)
    with pytest.raises(ComparisonInvalidError, match="no 'question'; it has 'query', 'ground_truth'"):
        read_questions(file, "question", "ground_truth", 9)
    file.write_text('{"query": "one"}\nbroken\n')
    with pytest.raises(ComparisonInvalidError, match="1 rows"):
        read_questions(file, "query", "ground_truth", 9)


def given(values: list[float]) -> dict[str, Scores]:
    return {"f1_score": {line: {"f1_score": value} for line, value in enumerate(values)}}


def test_verdicts_in_words() -> None:
    base = [0.5, 0.6, 0.4, 0.5] * 50
    noisy = [value + (0.2 if line % 2 else -0.19) for line, value in enumerate(base)]
    better = [value + 0.05 + (0.02 if line % 3 else -0.03) for line, value in enumerate(base)]
    scores = {"A": given(base), "B": given(better), "C": given(noisy), "D": given([value - 0.1 for value in base])}
    b, c, d = pairs([F1], scores, ["A", "B", "C", "D"], None)
    assert b.sentence.startswith("B is better than A by 5.3 points in f1_score (95 % interval 5.0 to 5.7, 200 rows)")
    assert c.verdict == "no_difference_shown"
    assert c.rows_needed
    assert f"about {about(c.rows_needed)} rows would be needed to see 2.0 points" in c.sentence
    assert "enough to see 20.0 points" in pairs([F1], scores, ["A", "C"], 0.2)[0].sentence
    assert d.verdict == "worse"
    slower = {
        name: {"latency": {n: {"latency_ms": least + n % 3 * least / 10} for n in range(9)}} for name, least in (("A", 10.0), ("B", 30.0))
    }
    assert "B is worse than A by" in pairs([evaluator_class("latency").info], slower, ["A", "B"], None)[0].sentence
