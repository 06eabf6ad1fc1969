"""Comparisons as routes ask for them: planned, begun, shown."""

import re
from typing import Protocol
from uuid import UUID, uuid5

from flowyard.catalog.reports import ReportStore
from flowyard.catalog.verify.subjects import Subjects
from flowyard.compute.jobs.service import JobService
from flowyard.evaluation.comparing.errors import ComparisonInvalidError, ComparisonNotFoundError
from flowyard.evaluation.comparing.scoring import checked
from flowyard.foundation.codecs import convert, plain
from flowyard.foundation.errors import Location
from flowyard.identity.audit import AuditTrail
from flowyard.identity.model import Caller
from flowyard.wire.jobs import Job
from flowyard.wire.model_comparisons import ComparedRow, ModelComparison, ModelComparisonCreate, ModelComparisonPlan
from flowyard.wire.shared import Money, Page

#: The kind's name. Its arguments are a `ModelComparisonCreate` as plain values, and the ``subjects``.
MODEL_COMPARE = "model_compare"
STAGES = ("prepare", "answer", "score", "report")
LEAST_MODELS, MOST_MODELS = 2, 8
MOST_ROWS, MOST_TOKENS = 5_000, 8_192
_SHORT = re.compile(r"[A-Za-z0-9][\w.-]*:[\w.-]+")
#: Of a question, for the estimate of the cost: what it has is not known before the data are read.
_QUESTION_TOKENS = 200


class DataSets(Protocol):
    """The data of workspaces, as `data.service.DataService` has them."""

    def pin(self, workspace_id: str, text: str) -> str:
        """Return what names this very data for ever."""
        ...


class ComparisonService:
    """Plans and begins comparisons, and shows what they found."""

    def __init__(self, subjects: Subjects, reports: ReportStore, jobs: JobService, audit: AuditTrail, data: DataSets) -> None:
        self._subjects = subjects
        self._reports = reports
        self._jobs = jobs
        self._audit = audit
        self._data = data

    def plan(self, caller: Caller, asked: ModelComparisonCreate) -> ModelComparisonPlan:
        """Return at most what a comparison would ask and cost.

        Raises:
            ComparisonInvalidError: a number is out of bounds, a model comes twice, or a judge is missing.
            ModelUnknownError, ModelNotCallableError, UnknownEvaluatorError, DataAssetNotFoundError: what is named is not there.
        """
        _check_bounds(asked)
        infos = checked(asked.evaluators, asked.judge)
        data = self._data.pin(caller.workspace_id, f"azureml:{asked.data}" if _SHORT.fullmatch(asked.data) else asked.data)
        subjects = [self._subjects.find(caller, name) for name in asked.models]
        wrong = next((subject for subject in subjects if subject.task not in {"chat-completion", "completion"}), None)
        if wrong is not None:
            raise ComparisonInvalidError(
                f"{wrong.model!r} is a model for {wrong.task}; models that write text are compared.", location=Location(pointer="/models")
            )
        judges = sum(info.kind == "judge" for info in infos)
        judge = [self._subjects.find(caller, asked.judge)] * judges * len(subjects) if asked.judge and judges else []
        used = [(subject, _QUESTION_TOKENS, asked.max_tokens) for subject in subjects]
        used += [(subject, 800 + asked.max_tokens, 200) for subject in judge]
        prices = [
            self._subjects.price(caller.workspace_id, one, prompt * asked.max_rows, out * asked.max_rows) for one, prompt, out in used
        ]
        known = [price for price in prices if price is not None]
        return ModelComparisonPlan(
            models=asked.models,
            data=data,
            evaluators=tuple(info.name for info in infos),
            rows=asked.max_rows,
            calls=asked.max_rows * len(used),
            prompt_tokens=sum(prompt for _, prompt, _ in used) * asked.max_rows,
            completion_tokens=sum(out for _, _, out in used) * asked.max_rows,
            free=all(subject.place == "local" for subject, _, _ in used),
            cost=Money(micros=str(sum(known))) if len(known) == len(prices) else None,
        )

    def begin(self, caller: Caller, asked: ModelComparisonCreate, *, idempotency_key: str | None = None) -> Job:
        """Begin a comparison and return its job, whose id is the comparison's.

        Raises:
            FlowyardError: as `plan`.
        """
        plan = self.plan(caller, asked)
        names = [*asked.models, asked.judge] if asked.judge else [*asked.models]
        subjects = {name: plain(self._subjects.find(caller, name)) for name in names}
        job = self._jobs.submit(
            caller,
            MODEL_COMPARE,
            {"asked": plain(asked), "data": plan.data, "subjects": subjects},
            title=f"Compare {', '.join(asked.models)}",
            target=f"data/{asked.data}",
            idempotency_key=idempotency_key,
        )
        self._audit.record(caller, "model.compare", f"model-comparison/{job.id}", {"models": list(asked.models), "data": plan.data})
        return job

    def list(self, caller: Caller, *, limit: int = 50) -> tuple[ModelComparison, ...]:
        """Return comparisons, the newest first."""
        found = self._reports.find(caller.workspace_id, "comparison", limit=limit)
        return tuple(convert(record.document, ModelComparison) for record in found)

    def get(self, caller: Caller, comparison_id: str) -> ModelComparison:
        """Return a comparison, as far as it is.

        Raises:
            ComparisonNotFoundError: there is none, or its job has not begun.
        """
        record = self._reports.get(caller.workspace_id, "comparison", comparison_id)
        if record is None:
            raise _no_comparison(comparison_id)
        return convert(record.document, ModelComparison)

    def rows(self, caller: Caller, comparison_id: str, *, offset: int = 0, limit: int = 50) -> Page[ComparedRow]:
        """Return rows with every model's answer and scores, in the order of the data.

        Raises:
            ComparisonNotFoundError: there is none, or it has no rows yet.
        """
        record = self._reports.get(caller.workspace_id, "comparison_rows", rows_id(comparison_id))
        if record is None:
            raise _no_comparison(comparison_id)
        found = convert(record.document["rows"], tuple[ComparedRow, ...])
        following = offset + limit
        return Page(items=found[offset:following], next_cursor=str(following) if following < len(found) else None)

    def delete(self, caller: Caller, comparison_id: str) -> None:
        """Delete a comparison with its rows.

        Raises:
            ComparisonNotFoundError: there is none.
        """
        if not self._reports.delete(caller.workspace_id, "comparison", comparison_id):
            raise _no_comparison(comparison_id)
        self._reports.delete(caller.workspace_id, "comparison_rows", rows_id(comparison_id))
        self._audit.record(caller, "model.comparison.delete", f"model-comparison/{comparison_id}")


def rows_id(comparison_id: str) -> str:
    """Return the id under which a comparison's rows are kept; of what is no id, one under which nothing is."""
    try:
        return str(uuid5(UUID(comparison_id), "rows"))
    except ValueError:
        return ""


def _check_bounds(asked: ModelComparisonCreate) -> None:
    bounds = {
        "models": (len(asked.models), LEAST_MODELS, MOST_MODELS),
        "max_rows": (asked.max_rows, 2, MOST_ROWS),
        "max_tokens": (asked.max_tokens, 1, MOST_TOKENS),
    }
    for name, (value, low, high) in bounds.items():
        if not low <= value <= high:
            raise ComparisonInvalidError(
                f"{name}: {value:,} is out of bounds; it is {low:,} to {high:,}.", location=Location(pointer=f"/{name}")
            )
    if len(set(asked.models)) != len(asked.models):
        raise ComparisonInvalidError("A model is named twice.", location=Location(pointer="/models"))
    if asked.least_difference is not None and not asked.least_difference > 0:
        raise ComparisonInvalidError("The least difference has to be above 0.", location=Location(pointer="/least_difference"))


def _no_comparison(comparison_id: str) -> ComparisonNotFoundError:
    return ComparisonNotFoundError(f"There is no comparison {comparison_id!r}.", remedy="See: flowyard model comparisons")
