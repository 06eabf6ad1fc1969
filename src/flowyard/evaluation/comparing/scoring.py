"""Scores of answers by the platform's evaluators, by the names that people give them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flowyard.data.rows import open_data
from flowyard.evaluation.comparing.answers import Answer
from flowyard.evaluation.comparing.errors import ComparisonInvalidError
from flowyard.evaluation.comparing.questions import Question
from flowyard.evaluation.metrics import score_of
from flowyard.evaluation.model import EvaluatorInfo
from flowyard.evaluation.over_rows import evaluate
from flowyard.evaluation.registry import BUILT_IN, evaluator_class
from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import Location

#: Each line's scores by measure.
Scores = dict[int, dict[str, float]]
_AT_A_TIME = 4


def named(name: str) -> str:
    """Return an evaluator's name by a short one: ``f1`` is ``f1_score``, ``rouge`` ``rouge_score``."""
    return f"{name}_score" if name not in BUILT_IN and f"{name}_score" in BUILT_IN else name


def checked(names: Sequence[str], judge: str | None) -> tuple[EvaluatorInfo, ...]:
    """Return what is known of the evaluators.

    Raises:
        UnknownEvaluatorError, EvaluatorLoadError: there is no such evaluator.
        ComparisonInvalidError: there is none, or one judges and there is no judge.
    """
    infos = tuple(evaluator_class(named(name)).info for name in dict.fromkeys(names))
    if not infos:
        raise ComparisonInvalidError("No evaluator was named.", remedy="For instance: f1, rouge.", location=Location(pointer="/evaluators"))
    judging = [info.name for info in infos if info.kind == "judge"]
    if judging and judge is None:
        raise ComparisonInvalidError(
            f"{judging[0]} is judged by a model, and no judge was named.",
            remedy="Name one: --judge CONNECTION/MODEL",
            location=Location(pointer="/judge"),
        )
    return infos


def scores_of(
    info: EvaluatorInfo, questions: Sequence[Question], given: Sequence[Answer], init: Mapping[str, Any]
) -> tuple[Scores, str | None]:
    """Return each answered line's scores, and why the first line that has none has none."""
    answered = {answer.line: answer for answer in given if answer.text is not None}
    rows = [(question.line, _row(question, answered[question.line])) for question in questions if question.line in answered]
    if not rows:
        return {}, None
    with TemporaryDirectory() as folder:
        file = Path(folder) / "answers.jsonl"
        file.write_bytes(b"\n".join(to_json(row) for _, row in rows))
        found = evaluate(info.name, open_data(file), init=init, concurrency=_AT_A_TIME)
    keys = [measure.key for measure in info.measures]
    scored: Scores = {}
    for (line, _), row in zip(rows, found.rows, strict=True):
        values = {key: value for key in keys if (value := score_of(row.outputs, key)) is not None}
        if values:
            scored[line] = values
    failed = next((row.error.detail for row in found.rows if row.error is not None), None)
    return scored, failed


def _row(question: Question, answer: Answer) -> dict[str, Any]:
    truth = {} if question.ground_truth is None else {"ground_truth": question.ground_truth}
    return {
        **question.columns,
        "query": question.text,
        "response": answer.text,
        **truth,
        "duration_ms": answer.duration_ms,
        "prompt_tokens": answer.prompt_tokens,
        "completion_tokens": answer.completion_tokens,
    }
