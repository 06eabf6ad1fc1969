"""The job that compares models: answers in shards and scores are recorded steps, so that one that was cut short goes on there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from flowyard.catalog.reports import ReportRecord, ReportStore
from flowyard.catalog.verify.job import until_canceled
from flowyard.catalog.verify.ports import Keys
from flowyard.catalog.verify.probe import Subject
from flowyard.compute.ports import JobContext
from flowyard.evaluation.comparing.answers import Answer, Asking, answers
from flowyard.evaluation.comparing.questions import Question, read_questions
from flowyard.evaluation.comparing.report import Collected, report_of, rows_of
from flowyard.evaluation.comparing.scoring import Scores, checked, scores_of
from flowyard.evaluation.comparing.service import MODEL_COMPARE, STAGES, rows_id
from flowyard.evaluation.model import EvaluatorInfo
from flowyard.foundation import bridge
from flowyard.foundation.clock import NANOSECONDS, now_ns, to_rfc3339
from flowyard.foundation.codecs import convert, plain
from flowyard.wire.model_comparisons import ModelComparison, ModelComparisonCreate

_KEY_NS = 24 * 3600 * NANOSECONDS
#: So many rows are one recorded step.
_SHARD = 20

Price = Callable[[str, Subject, int, int], int | None]


class DataSets(Protocol):
    """The data of workspaces, as `data.service.DataService` has them."""

    def resolve(self, workspace_id: str, text: str) -> Path:
        """Return the file or folder that a reference names."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    asked: ModelComparisonCreate
    data: str
    subjects: Mapping[str, Subject]
    infos: tuple[EvaluatorInfo, ...]
    key: str


class ModelCompareJob:
    """Implements `compute.ports.JobKind`. Models and judges are called by the gateway, with a key for this job alone."""

    name = MODEL_COMPARE
    stages = STAGES

    def __init__(self, data: DataSets, reports: ReportStore, keys: Keys, price: Price, *, gateway_url: str) -> None:
        self._data = data
        self._reports = reports
        self._keys = keys
        self._price = price
        self._gateway_url = gateway_url

    def run(self, context: JobContext, arguments: dict[str, Any]) -> Any:
        """Compare, keep what was found, and return the verdict.

        Raises:
            ComparisonInvalidError: the data have no questions.
            DataError: they cannot be read.
        """
        asked = convert(arguments["asked"], ModelComparisonCreate)
        subjects = convert(arguments["subjects"], dict[str, Subject])
        scope = f"comparison:{context.job_id}"
        try:
            key = self._keys.issue(context.workspace_id, "compare", "invoker", scope=scope, expires_ns=now_ns() + _KEY_NS)
            infos = checked(asked.evaluators, asked.judge)
            work = _Work(asked=asked, data=str(arguments["data"]), subjects=subjects, infos=infos, key=key)
            found = self._compare(context, work)
        finally:
            self._keys.revoke_scope(context.workspace_id, scope)
        return {"rows": found.rows, "verdict": found.verdict}

    def _compare(self, context: JobContext, work: _Work) -> ModelComparison:
        asked = work.asked
        with context.stage("prepare"):
            began = context.step("began", now_ns)
            path = self._data.resolve(context.workspace_id, work.data)
            questions = read_questions(path, asked.prompt, asked.ground_truth, asked.max_rows)
            self._keep(context, _empty(context.job_id, work, began, len(questions)), began)
        given = self._answers(context, work, questions)
        scores, warnings = self._scores(context, work, questions, given)
        with context.stage("report"):
            collected = Collected(questions=questions, answers=given, scores=scores, infos=work.infos, warnings=warnings)
            costs = {name: self._cost(context.workspace_id, work.subjects[name], given[name]) for name in asked.models}
            ended = context.step("ended", now_ns)
            found = report_of(_empty(context.job_id, work, began, len(questions)), collected, costs, asked.least_difference)
            found = convert({**plain(found), "status": "completed", "ended_at": to_rfc3339(ended)}, ModelComparison)
            rows = ReportRecord(
                id=rows_id(context.job_id),
                workspace_id=context.workspace_id,
                kind="comparison_rows",
                target=context.job_id,
                completed=True,
                created_ns=began,
                document={"rows": plain(rows_of(collected, asked.models))},
            )
            self._reports.put(rows)
            self._keep(context, found, began)
        for line in [*found.warnings, found.verdict]:
            context.log(line)
        return found

    def _answers(self, context: JobContext, work: _Work, questions: Sequence[Question]) -> dict[str, list[Answer]]:
        given: dict[str, list[Answer]] = {}
        total = len(questions) * len(work.asked.models)
        with context.stage("answer") as report:
            for model in work.asked.models:
                given[model] = []
                for start in range(0, len(questions), _SHARD):
                    context.check_canceled()
                    report.progress(sum(map(len, given.values())), total, "answers")
                    report.detail(model)
                    shard = questions[start : start + _SHARD]
                    kept = context.step(f"{model} from {start}", lambda model=model, shard=shard: self._ask(context, work, model, shard))
                    given[model] += convert(kept, list[Answer])
            report.progress(total, total, "answers")
        return given

    def _ask(self, context: JobContext, work: _Work, model: str, shard: Sequence[Question]) -> Any:
        how = Asking(system=work.asked.system, max_tokens=work.asked.max_tokens)
        calling = _call(f"{self._gateway_url}/v1", work.key, work.subjects[model].call, shard, how)
        return plain(bridge.run(until_canceled(calling, context.check_canceled)))

    def _scores(
        self, context: JobContext, work: _Work, questions: Sequence[Question], given: Mapping[str, list[Answer]]
    ) -> tuple[dict[str, dict[str, Scores]], list[str]]:
        found: dict[str, dict[str, Scores]] = {model: {} for model in given}
        warnings: list[str] = []
        with context.stage("score") as report:
            for number, (model, info) in enumerate((model, info) for model in given for info in work.infos):
                context.check_canceled()
                report.progress(number, len(given) * len(work.infos), "scores")
                report.detail(f"{info.name} of {model}")
                kept = context.step(
                    f"{info.name} of {model}", lambda model=model, info=info: self._score(work, info, questions, given[model])
                )
                found[model][info.name] = {int(line): values for line, values in kept["scores"]}
                if kept["failed"]:
                    warnings.append(f"{info.name} has no score for some answers of {model}: {kept['failed']}")
        return found, warnings

    def _score(self, work: _Work, info: EvaluatorInfo, questions: Sequence[Question], given: Sequence[Answer]) -> dict[str, Any]:
        init: dict[str, Any] = {}
        if info.kind == "judge" and work.asked.judge is not None:
            model = work.subjects[work.asked.judge].call
            init = {"model_config": {"type": "openai", "base_url": f"{self._gateway_url}/v1", "api_key": work.key, "model": model}}
        scores, failed = scores_of(info, questions, given, init)
        return {"scores": [[line, values] for line, values in scores.items()], "failed": failed}

    def _cost(self, workspace_id: str, subject: Subject, given: Sequence[Answer]) -> int | None:
        prompt, completion = sum(one.prompt_tokens for one in given), sum(one.completion_tokens for one in given)
        return self._price(workspace_id, subject, prompt, completion)

    def _keep(self, context: JobContext, found: ModelComparison, began: int) -> None:
        record = ReportRecord(
            id=context.job_id,
            workspace_id=context.workspace_id,
            kind="comparison",
            target=found.data[:300],
            completed=found.status == "completed",
            created_ns=began,
            document=plain(found),
        )
        self._reports.put(record)


def _empty(job_id: str, work: _Work, began: int, rows: int) -> ModelComparison:
    asked = work.asked
    return ModelComparison(
        id=job_id,
        status="running",
        models=asked.models,
        data=work.data,
        evaluators=tuple(info.name for info in work.infos),
        started_at=to_rfc3339(began),
        ended_at=None,
        rows=rows,
        judge=asked.judge,
        settings={
            "prompt": asked.prompt,
            "ground_truth": asked.ground_truth,
            "system": asked.system,
            "max_tokens": asked.max_tokens,
            "temperature": 0,
        },
    )


async def _call(base_url: str, key: str, model: str, shard: Sequence[Question], how: Asking) -> list[Answer]:
    # The client is 0.15 s of imports, which every process of the platform would pay at its start.
    from flowyard.inference.client import ModelClient

    async with ModelClient(base_url, key) as client:
        return await answers(client, model, shard, how)
