"""The job that searches over configurations: builds indexes for it, lets it search, and keeps the report."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flowyard.catalog.reports import ReportRecord, ReportStore
from flowyard.compute.errors import JobCanceledError
from flowyard.compute.ports import JobContext, StageReport
from flowyard.flows.runs.uploads import UploadStore
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.codecs import convert
from flowyard.identity.access import EVERYTHING
from flowyard.rag.building.job import Sources
from flowyard.rag.building.model import Recipe, VersionRecord
from flowyard.rag.building.plan import files_of
from flowyard.rag.building.ports import IndexLedger
from flowyard.rag.building.writing import Counters
from flowyard.rag.errors import IndexVersionNotFoundError
from flowyard.rag.measuring.job import SearchModels
from flowyard.rag.ports import IndexKey, VectorStore
from flowyard.rag.presenting import as_hit
from flowyard.rag.questions.model import read_questions
from flowyard.rag.reports import with_needs
from flowyard.rag.tool.entities import entity_of
from flowyard.rag.tuning.answering.asking import Answering, AnswerRuns, Found
from flowyard.rag.tuning.answering.judging import Judges, Judging
from flowyard.rag.tuning.answering.plan import AnswerPlan
from flowyard.rag.tuning.budget import Budget
from flowyard.rag.tuning.indexing import Built, TrialIndexes, drop_trials
from flowyard.rag.tuning.searching import Asked, ConfigurationSearch
from flowyard.rag.tuning.service import INDEX_TUNING, REPORT, STAGES
from flowyard.rag.tuning.space import Arm, arm_of
from flowyard.tracing.guarding import TraceGuards
from flowyard.wire.index_tunings import IndexConfiguration, IndexTuning, TuningIndex, TuningMeasure


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningArguments:
    """What the job is told: what is meant by number, and what is tried, the present configuration first.

    Attributes:
        calls: of each reranking model, the name that it is called by.
        answers: what answers are tried with; None: none are.
        by, acts_for: who began it, and by whose access tags a flow that answers sees documents.
    """

    index: str
    version: str
    data: str
    measure: TuningMeasure
    configurations: tuple[IndexConfiguration, ...]
    space: int
    most_questions: int
    seconds: float
    seed: int
    calls: dict[str, str]
    answers: AnswerPlan | None = None
    by: str = ""
    acts_for: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMeans:
    """What carries runs of flows that answer out, where their rows are kept, what answers are judged with and withheld for."""

    runs: AnswerRuns
    uploads: UploadStore
    judges: Judges
    guards: TraceGuards


class IndexTuningJob:
    """Implements `compute.ports.JobKind`. It sees every document of the version, as those do who may begin it.

    Args:
        sources: where documents and question sets are.
        vectors: where chunks are.
        ledger: where versions are kept.
        models: what embeds and reranks.
        reports: where reports are kept.
        answering: what answers need.
    """

    name = INDEX_TUNING
    stages = STAGES

    def __init__(
        self,
        sources: Sources,
        vectors: VectorStore,
        ledger: IndexLedger,
        models: SearchModels,
        reports: ReportStore,
        answering: AnswerMeans,
    ) -> None:
        self._sources = sources
        self._vectors = vectors
        self._ledger = ledger
        self._models = models
        self._reports = reports
        self._answering = answering

    def run(self, context: JobContext, arguments: dict[str, Any]) -> Any:
        """Search, keep the report, and return its id and what it recommends.

        Raises:
            InvalidInputError: the data has no questions.
            FlowyardError: a model does not answer. The job can be resumed.
        """
        told = convert(arguments, TuningArguments)
        try:
            found = self._found(context, told)
        except JobCanceledError:
            self._reports.delete(context.workspace_id, REPORT, context.job_id)
            drop_trials(self._vectors, context.workspace_id, told.index, context.job_id)
            raise
        drop_trials(self._vectors, context.workspace_id, told.index, context.job_id)
        return {"id": found.id, "index": found.index, "recommended": found.recommended}

    def _found(self, context: JobContext, told: TuningArguments) -> IndexTuning:
        with context.stage("prepare") as report:
            began = context.step("began", now_ns)
            versions = self._ledger.versions(context.workspace_id, told.index)
            version = next((one for one in versions if one.version == told.version), None)
            if version is None:
                raise IndexVersionNotFoundError(
                    f"Version {told.version} of {told.index!r} is no longer there.", remedy="Search over a version that is."
                )
            read = read_questions(self._sources.resolve(context.workspace_id, told.data), told.most_questions)
            if told.answers is not None:
                told.answers.check(read.questions)
            asked = Asked.of(read.questions, told.seed)
            root = self._sources.resolve(context.workspace_id, version.source)
            files = files_of(root, lambda count: report.progress(count, None, "documents"))
            begun = IndexTuning(
                id=context.job_id,
                status="running",
                index=told.index,
                version=told.version,
                data=told.data,
                measure=told.measure,
                started_at=to_rfc3339(began),
                questions=asked.chosen_by,
                held_out=len(asked.questions) - asked.chosen_by,
                space=told.space,
                configurations=len(told.configurations),
                warnings=read.told,
            )
            self._keep(context, begun, began, version.recipe)
        budget = Budget(told.seconds)
        indexes = TrialIndexes(context, self._vectors, version, files, budget)
        with self._models.reranking(context, told.calls) as rerankers:
            search = ConfigurationSearch(context, asked, told.measure, rerankers, budget)
            built = self._built(context, told, version, indexes, (search, asked))
            with context.stage("search") as report:
                search.run(told.configurations, report)
            with context.stage("answer") as report:
                found = self._answered(context, told, version, (search, asked), search.reported(begun, last=told.answers is None), report)
        with context.stage("report"):
            ended = to_rfc3339(context.step("ended", now_ns))
            found = replace(found, status="completed", ended_at=ended, indexes=built)
            self._keep(context, found, began, version.recipe)
        return found

    def _answered(
        self,
        context: JobContext,
        told: TuningArguments,
        version: VersionRecord,
        of: tuple[ConfigurationSearch, Asked],
        found: IndexTuning,
        report: StageReport,
    ) -> IndexTuning:
        """Return the report with answers by the best configurations, where they were asked for."""
        if told.answers is None:
            report.detail("not asked for")
            return found
        search, asked = of
        index = f"{told.index}:{told.version}"

        def passages(places: Sequence[int], number: int) -> list[Found]:
            every = search.hits(places, number)
            heads = self._ledger.heads(version.id, sorted({hit.chunk.document for hits in every for hit in hits}))
            return [
                Found(
                    [entity_of(as_hit(hit, heads, EVERYTHING), index) for hit in hits],
                    frozenset(tuple(sorted(hit.chunk.tags)) for hit in hits if hit.chunk.tags),
                )
                for hits in every
            ]

        answering = Answering(
            context=context,
            plan=told.answers,
            by=told.by,
            acts_for=told.acts_for,
            runs=self._answering.runs,
            uploads=self._answering.uploads,
            guards=self._answering.guards,
            passages=passages,
        )
        finalists = search.finalists(told.answers.max_finalists)
        if told.answers.judge is None:
            return answering(found, finalists, asked, report)
        with self._answering.judges.asking(context, told.answers.judge.subject) as asks:
            judging = Judging(context, told.answers.judge, asks, self._answering.judges.price)
            return replace(answering, judging=judging)(found, finalists, asked, report)

    def _built(
        self,
        context: JobContext,
        told: TuningArguments,
        version: VersionRecord,
        indexes: TrialIndexes,
        into: tuple[ConfigurationSearch, Asked],
    ) -> tuple[TuningIndex, ...]:
        """Build an index for each arm but the present one, give it to the search, and return what was built."""
        search, asked = into
        texts = [question.text for question in asked.questions]
        vectors: dict[str, list[list[float]]] = {}
        present, *others = dict.fromkeys(arm_of(one) for one in told.configurations)
        found = [_index(present, Built(chunks=version.chunks, tokens=version.tokens, seconds=0.0), reused=True)]
        with Counters(context, indexes.files * len(others)) as counters:
            for number, arm in enumerate([present, *others]):
                with self._models.embedder(context, arm.embedding_model) as embedder:
                    if number:
                        tools = embedder, self._models.tokenizer(arm.embedding_model)
                        built = indexes.build(arm, number, tools, counters)
                        if built is None:
                            continue
                        found.append(_index(arm, built, reused=False))
                    if arm.embedding_model not in vectors:
                        vectors[arm.embedding_model] = embedder.embed(texts)
                reader = indexes.open(number) if number else self._vectors.open(IndexKey(context.workspace_id, told.index), told.version)
                search.open(arm, reader, vectors[arm.embedding_model])
        return tuple(found)

    def _keep(self, context: JobContext, found: IndexTuning, began: int, recipe: Recipe) -> None:
        self._reports.put(
            ReportRecord(
                id=found.id,
                workspace_id=context.workspace_id,
                kind=REPORT,
                target=found.index,
                completed=found.status == "completed",
                created_ns=began,
                document=with_needs(found, recipe, EVERYTHING),
            )
        )


def _index(arm: Arm, built: Built, *, reused: bool) -> TuningIndex:
    return TuningIndex(
        chunks=arm.chunks,
        embedding_model=arm.embedding_model,
        reused=reused,
        count=built.chunks,
        tokens=built.tokens,
        seconds=round(built.seconds, 2),
    )
