"""Indexes of documents: their services in the server, and the job that builds them."""

from flowyard.catalog.service import Catalog
from flowyard.catalog.verify.subjects import Subjects
from flowyard.catalog.workspace import WorkspaceModels
from flowyard.compute.jobs.service import JobService
from flowyard.compute.ports import JobKind
from flowyard.data.service import DataService
from flowyard.flows.authoring import FlowStore
from flowyard.flows.runs.job import RunJob
from flowyard.flows.runs.uploads import UploadStore
from flowyard.flows.snapshots import SnapshotStore
from flowyard.foundation.settings import Settings
from flowyard.rag.building.job import IndexBuildJob
from flowyard.rag.builds import IndexBuilds
from flowyard.rag.measuring.job import IndexMeasureJob
from flowyard.rag.measuring.service import MeasurementService
from flowyard.rag.models import EmbeddingModels
from flowyard.rag.previews import ChunkPreviewer
from flowyard.rag.questions.job import QuestionGenerationJob
from flowyard.rag.questions.service import QuestionService
from flowyard.rag.service import IndexService, IndexWork
from flowyard.rag.sources.service import DocumentSources
from flowyard.rag.tuning.answering.judging import Judges
from flowyard.rag.tuning.answering.plan import AnsweringFlows
from flowyard.rag.tuning.job import AnswerMeans, IndexTuningJob
from flowyard.rag.tuning.service import TuningService
from flowyard.rag.versions import IndexVersions
from flowyard.storage.sql.indexes import SqlIndexLedger
from flowyard.storage.sql.reports import SqlReportStore
from flowyard.storage.vectors.store import LanceVectors
from flowyard.wiring.core import Core


def open_indexes(
    settings: Settings, core: Core, catalog: Catalog, models: WorkspaceModels, jobs: JobService, data: DataService
) -> IndexService:
    """Return the service of the control plane."""
    subjects = Subjects(catalog, models, core.connections)
    questions = EmbeddingModels(catalog, subjects, core.keys, settings.url or "")
    measurements = MeasurementService(SqlReportStore(core.engine), jobs, core.audit, data, questions, core.access)
    sets = QuestionService(subjects, jobs, core.audit, core.access)
    flows = AnsweringFlows(FlowStore(core.places.workspaces), SnapshotStore(core.places.snapshots))
    tunings = TuningService(SqlReportStore(core.engine), jobs, core.audit, data, questions, core.access, flows)
    sources = _sources(core, data)
    work = IndexWork(measurements=measurements, question_sets=sets, tunings=tunings, previews=ChunkPreviewer(sources, questions))
    ledger = SqlIndexLedger(core.engine)
    builds = IndexBuilds(ledger, jobs, sources, questions, core.access)
    return IndexService(_vectors(settings, core), ledger, builds, questions, work, core.access, core.guards)


def index_jobs(
    settings: Settings, core: Core, catalog: Catalog, models: WorkspaceModels, data: DataService, runs: RunJob
) -> tuple[JobKind, ...]:
    """Return the code of the jobs; `runs` carries those of flows out that answer by an index."""
    subjects = Subjects(catalog, models, core.connections)
    embedding = EmbeddingModels(catalog, subjects, core.keys, settings.url or "")
    parts = (_sources(core, data), _vectors(settings, core), SqlIndexLedger(core.engine), embedding)
    writing = QuestionGenerationJob(data, *parts[1:], core.keys, core.places.making, settings.url or "")
    reports = SqlReportStore(core.engine)
    judges = Judges(keys=core.keys, price=subjects.price, gateway_url=settings.url or "", guards=core.guards)
    answering = AnswerMeans(runs=runs, uploads=UploadStore(core.places.uploads), judges=judges, guards=core.guards)
    return IndexBuildJob(*parts), IndexMeasureJob(*parts, reports), IndexTuningJob(*parts, reports, answering), writing


def index_versions(settings: Settings, core: Core) -> IndexVersions:
    """Return what looks versions up by their labels."""
    return IndexVersions(SqlIndexLedger(core.engine), _vectors(settings, core))


def _sources(core: Core, data: DataService) -> DocumentSources:
    return DocumentSources(data, core.datastores, core.places.making)


def _vectors(settings: Settings, core: Core) -> LanceVectors:
    if settings.storage_url is not None:
        return LanceVectors(f"{settings.storage_url.rstrip('/')}/indexes")
    return LanceVectors(str(core.places.indexes))
