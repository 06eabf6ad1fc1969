"""Searches over configurations as routes ask for them: begun, shown."""

from collections.abc import Sequence
from typing import Protocol

from flowyard.catalog.reports import ReportKind, ReportStore
from flowyard.catalog.verify.probe import Subject
from flowyard.compute.jobs.model import ACTIVE
from flowyard.compute.jobs.service import JobService
from flowyard.foundation.codecs import convert, plain
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.identity.access import AccessTagService, acts_for
from flowyard.identity.audit import AuditTrail
from flowyard.identity.model import Caller
from flowyard.rag.chunking.settings import check_length
from flowyard.rag.errors import TuningNotFoundError
from flowyard.rag.measuring.service import DataSets
from flowyard.rag.reports import seen
from flowyard.rag.tuning.adopting import searches, template_flow
from flowyard.rag.tuning.answering.editing import with_lookups
from flowyard.rag.tuning.answering.plan import AnsweringFlows, AnswerPlan, lookup_of
from flowyard.rag.tuning.space import checked, drawn
from flowyard.wire.index_tunings import IndexConfiguration, IndexTuning, IndexTuningCreate, TuningAnswersCreate, TuningTrial
from flowyard.wire.indexes import Index, IndexVersion
from flowyard.wire.jobs import Job

#: The kind's name; its arguments are `tuning.job.TuningArguments`.
INDEX_TUNING = "index_tuning"
STAGES = ("prepare", "crack", "chunk", "embed", "write", "search", "answer", "report")
REPORT: ReportKind = "index_tuning"
_ALL = 1_000_000
_BOUNDS: dict[str, tuple[float, float]] = {
    "max_configurations": (2, 500),
    "max_indexes": (0, 20),
    "max_questions": (1, 5000),
    "max_minutes": (0.1, 10_000),
}


class ModelNames(Protocol):
    """What models' names mean, as `rag.models.EmbeddingModels` has them."""

    def check(self, caller: Caller, model: str) -> int | None:
        """Return how many tokens of a text a model takes, None where that is unknown; raise unless it embeds and the caller may ask it."""
        ...

    def reranking_call(self, caller: Caller, model: str) -> str:
        """Return the name that a reranking model is called by; raise unless it is one, and the caller may ask it."""
        ...

    def judging(self, caller: Caller, model: str) -> Subject:
        """Return a model that judges answers; raise unless it chats, and the caller may ask it."""
        ...


class TuningService:
    """Begins searches over configurations and shows what they found, to those who see all documents of the version."""

    def __init__(
        self,
        reports: ReportStore,
        jobs: JobService,
        audit: AuditTrail,
        data: DataSets,
        models: ModelNames,
        access: AccessTagService,
        answering: AnsweringFlows,
    ) -> None:
        self._answering = answering
        self._access = access
        self._reports = reports
        self._jobs = jobs
        self._audit = audit
        self._data = data
        self._models = models

    def begin(self, caller: Caller, index: Index, version: IndexVersion, asked: IndexTuningCreate) -> Job:
        """Begin a search and return its job, whose id is the search's.

        Raises:
            InvalidInputError: the space or a bound is not valid, or a model is of another kind.
            ModelUnknownError, ModelNotCallableError: a model is not there.
            FlowNotFoundError, InvalidFlowError: the flow that is to answer is not there, or has errors.
            DataAssetNotFoundError, DataError: there is no such question set.
        """
        for name, (least, most) in _BOUNDS.items():
            if not least <= getattr(asked, name) <= most:
                raise InvalidInputError(f"{name} is from {least:g} to {most:,g}.", location=Location(pointer=f"/{name}"))
        space = checked(asked.space)
        for model in space.embedding_models or (index.embedding_model,):
            longest = self._models.check(caller, model)
            for way in space.chunks:
                check_length(way.max_tokens, longest)
        calls = {model: self._models.reranking_call(caller, model) for model in space.rerank if model is not None}
        answers = None if asked.answers is None else self._plan(caller, asked.answers)
        data = self._data.pin(caller.workspace_id, asked.questions)
        present = IndexConfiguration(chunks=version.chunking, embedding_model=index.embedding_model)
        tried = drawn(space, present, most=asked.max_configurations, most_indexes=asked.max_indexes, seed=asked.seed)
        told = {
            "index": index.name,
            "version": version.version,
            "data": data,
            "measure": asked.measure,
            "configurations": plain(list(tried.configurations)),
            "space": tried.space,
            "most_questions": asked.max_questions,
            "seconds": asked.max_minutes * 60,
            "seed": asked.seed,
            "calls": calls,
            "answers": plain(answers),
            "by": caller.actor,
            "acts_for": acts_for(caller),
        }
        target = f"index/{index.name}/{version.version}"
        title = f"{len(tried.configurations)} configurations of {index.name}:{version.version}"
        job = self._jobs.submit(caller, INDEX_TUNING, told, title=title, target=target)
        self._audit.record(caller, "index.tune", target, {"data": data, "configurations": len(tried.configurations)})
        return job

    def _plan(self, caller: Caller, asked: TuningAnswersCreate) -> AnswerPlan:
        judge = self._models.judging(caller, asked.judge) if asked.judge else None
        return self._answering.plan(caller.workspace, asked, judge)

    def list(self, caller: Caller, index: str, *, limit: int = 50) -> tuple[IndexTuning, ...]:
        """Return the searches over configurations of an index, the newest first."""
        found = self._reports.find(caller.workspace_id, REPORT, target=index, limit=limit)
        access = self._access.access_of(caller)
        return tuple(convert(record.document, IndexTuning) for record in found if seen(record, access))

    def get(self, caller: Caller, index: str, tuning: str) -> IndexTuning:
        """Return a search, as far as it is.

        Raises:
            TuningNotFoundError: the index has none of this id.
        """
        record = self._reports.get(caller.workspace_id, REPORT, tuning)
        if record is None or record.target != index or not seen(record, self._access.access_of(caller)):
            raise TuningNotFoundError(
                f"The index {index[:100]!r} has no search {tuning[:60]!r}.", remedy=f"flowyard index tunings {index[:100]} lists them."
            )
        return convert(record.document, IndexTuning)

    def unfinished(self, workspace_id: str, index: str) -> tuple[str, ...]:
        """Return the ids of an index's searches that have not completed: indexes that they built for trials may still be there."""
        found = self._reports.find(workspace_id, REPORT, target=index, limit=_ALL)
        return tuple(record.id for record in found if not record.completed)

    def running(self, workspace_id: str, index: str) -> str | None:
        """Return the job of a search over an index's configurations that has not ended; None: none runs."""
        jobs = (job for status in ACTIVE for job in self._jobs.page(workspace_id, kind=INDEX_TUNING, status=status, limit=_ALL).items)
        return next((job.id for job in jobs if job.target.startswith(f"index/{index}/")), None)

    def trial(self, caller: Caller, index: str, tuning: str, trial: str | None) -> tuple[IndexTuning, TuningTrial]:
        """Return a search with one of its trials; None: the recommended one.

        Raises:
            TuningNotFoundError: there is no such search.
            InvalidInputError: it has not ended, or has no such trial.
        """
        found = self.get(caller, index, tuning)
        if found.status != "completed":
            raise InvalidInputError("The search has not ended yet.", remedy="Wait for its job.")
        wanted = trial or found.recommended
        one = next((each for each in found.trials if each.id == wanted), None)
        if one is None:
            raise InvalidInputError(
                f"The search has no trial {str(wanted)[:20]!r}.",
                remedy=f"It has c1 to c{len(found.trials)}.",
                location=Location(pointer="/trial"),
            )
        return found, one

    def flow(
        self, caller: Caller, tuning: IndexTuning, asks: tuple[str, str], variants: Sequence[TuningTrial], prompt: str
    ) -> dict[str, bytes]:
        """Return the files of a flow that answers as a search recommends: the one that answered, else the template about documents.

        Args:
            caller: in whose workspace the flow is.
            tuning: the search.
            asks: the index, and its version or label.
            variants: of the node that looks something up, the default one first.
            prompt: the default variant of its other node, ``${node.variant_id}``; empty: as it is.

        Raises:
            FlowNotFoundError, InvalidFlowError: the flow that answered is no longer there, or has errors now.
            InvalidInputError: it no longer looks something up in that node, or has no longer that variant.
        """
        if tuning.answers is None:
            return template_flow(*asks, variants)
        files, spec = self._answering.files(caller.workspace, tuning.answers.flow)
        lookup = lookup_of(spec, tuning.answers.flow)
        node, _, variant = prompt.removeprefix("${").removesuffix("}").partition(".")
        table = spec.node_variants.get(node)
        if prompt and (table is None or variant not in table.nodes):
            raise InvalidInputError(
                f"The flow {tuning.answers.flow!r} no longer has the variant {prompt}.", remedy="Search again, or choose another variant."
            )
        return with_lookups(files, spec.file, lookup, searches(*asks, variants), prompt)
