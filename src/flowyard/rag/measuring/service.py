"""Measurements of indexes as routes ask for them: begun, shown, compared."""

from dataclasses import replace
from typing import Protocol
from uuid import UUID, uuid5

from flowyard.catalog.reports import ReportRecord, ReportStore
from flowyard.compute.jobs.service import JobService
from flowyard.foundation.codecs import convert, plain
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.identity.access import AccessTagService
from flowyard.identity.audit import AuditTrail
from flowyard.identity.model import Caller
from flowyard.rag.errors import MeasurementNotFoundError
from flowyard.rag.measuring.metrics import RULE
from flowyard.rag.measuring.report import compared
from flowyard.rag.reports import seen
from flowyard.wire.index_measurements import IndexMeasurement, IndexMeasurementCreate, MeasuredDifference, MeasuredQuestion
from flowyard.wire.jobs import Job
from flowyard.wire.shared import Page

#: The kind's name; its arguments are `measuring.job.MeasureArguments`.
INDEX_MEASURE = "index_measure"
STAGES = ("prepare", "search", "report")
_MOST = 10_000
_EARLIER = (
    "This was measured when chunks that answer were counted, not characters: of questions with a span, its figures are not those of today. "
    "Measure again."
)


class DataSets(Protocol):
    """The data of workspaces, as `data.service.DataService` has them."""

    def pin(self, workspace_id: str, text: str) -> str:
        """Return what names this very data for ever."""
        ...


class RerankingNames(Protocol):
    """What names of reranking models mean, as `rag.models.EmbeddingModels` has them."""

    def reranking_call(self, caller: Caller, model: str) -> str:
        """Return the name that a reranking model is called by; raise unless it is one, and the caller may ask it."""
        ...


class MeasurementService:
    """Begins measurements and shows what they found.

    A measurement searches what who began it may see, and is shown to those who see all of that.
    """

    def __init__(
        self, reports: ReportStore, jobs: JobService, audit: AuditTrail, data: DataSets, models: RerankingNames, access: AccessTagService
    ) -> None:
        self._access = access
        self._reports = reports
        self._jobs = jobs
        self._audit = audit
        self._data = data
        self._models = models

    def begin(self, caller: Caller, index: str, version: str, asked: IndexMeasurementCreate) -> Job:
        """Begin to measure a version and return the job, whose id is the measurement's.

        Raises:
            InvalidInputError: no kind of search is named, the number of questions is out of bounds, or the model reranks nothing.
            ModelUnknownError, ModelNotCallableError, PermissionDeniedError: the reranking model is not there, or not for the caller.
            DataAssetNotFoundError, DataError: there is no such question set.
        """
        if not asked.kinds or len(set(asked.kinds)) != len(asked.kinds):
            raise InvalidInputError("Kinds of search are named once each, and at least one.", location=Location(pointer="/kinds"))
        if not 1 <= asked.max_questions <= _MOST:
            raise InvalidInputError(f"max_questions is from 1 to {_MOST:,}.", location=Location(pointer="/max_questions"))
        calls = {} if asked.rerank is None else {asked.rerank: self._models.reranking_call(caller, asked.rerank)}
        data = self._data.pin(caller.workspace_id, asked.questions)
        told = {
            "access": plain(self._access.access_of(caller)),
            "index": index,
            "version": version,
            "data": data,
            "kinds": list(asked.kinds),
            "most": asked.max_questions,
            "calls": calls,
        }
        job = self._jobs.submit(
            caller, INDEX_MEASURE, told, title=f"Measure {index}:{version} with {data}", target=f"index/{index}/{version}"
        )
        self._audit.record(caller, "index.measure", f"index/{index}/{version}", {"data": data})
        return job

    def list(self, caller: Caller, index: str, *, limit: int = 100) -> tuple[IndexMeasurement, ...]:
        """Return the measurements of an index, the newest first."""
        found = self._reports.find(caller.workspace_id, "index", target=index, limit=limit)
        access = self._access.access_of(caller)
        return tuple(_measurement(record) for record in found if seen(record, access))

    def get(self, caller: Caller, index: str | None, measurement: str) -> IndexMeasurement:
        """Return a measurement of an index (None: of any), as far as it is.

        Raises:
            MeasurementNotFoundError: the index has none of this id.
        """
        record = self._reports.get(caller.workspace_id, "index", measurement)
        if record is None or index not in {None, record.target} or not seen(record, self._access.access_of(caller)):
            raise MeasurementNotFoundError(
                f"There is no measurement {measurement[:60]!r}{'' if index is None else f' of the index {index[:120]!r}'}.",
                remedy=f"flowyard index measurements {'NAME' if index is None else index[:120]} lists them.",
            )
        return _measurement(record)

    def rows(self, caller: Caller, index: str, measurement: str, *, offset: int = 0, limit: int = 50) -> Page[MeasuredQuestion]:
        """Return questions with what was found for each.

        Raises:
            MeasurementNotFoundError: the index has no such measurement.
        """
        self.get(caller, index, measurement)
        rows = self._all_rows(caller, measurement)
        after = offset + limit
        return Page(items=rows[offset:after], next_cursor=str(after) if after < len(rows) else None)

    def compare(self, caller: Caller, index: str, before: str, after: str) -> tuple[MeasuredDifference, ...]:
        """Return the differences between a measurement of an index and another one, of any index, on the same question set.

        Raises:
            MeasurementNotFoundError: there is no such measurement.
            InvalidInputError: they have not ended, or are of other questions.
        """
        first, second = self.get(caller, index, before), self.get(caller, None, after)
        if first.status != "completed" or second.status != "completed":
            raise InvalidInputError("A measurement has not ended yet.", remedy="Wait for its job.")
        if first.data != second.data:
            raise InvalidInputError(
                f"The measurements are of different questions: {first.data} and {second.data}.", remedy="Measure both with the same set."
            )
        return compared(first, second, (self._all_rows(caller, before), self._all_rows(caller, after)))

    def _all_rows(self, caller: Caller, measurement: str) -> tuple[MeasuredQuestion, ...]:
        record = self._reports.get(caller.workspace_id, "index_rows", rows_id(measurement))
        return () if record is None else tuple(convert(row, MeasuredQuestion) for row in record.document["rows"])


def _measurement(record: ReportRecord) -> IndexMeasurement:
    found = convert(record.document, IndexMeasurement)
    return found if found.rule == RULE else replace(found, warnings=(_EARLIER, *found.warnings))


def rows_id(measurement: str) -> str:
    """Return the id under which a measurement's rows are kept; of what is no id, one under which nothing is."""
    try:
        return str(uuid5(UUID(measurement), "rows"))
    except ValueError:
        return ""
