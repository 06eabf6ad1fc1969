"""What a worker is made of: the code of all jobs, and what keeps the platform as the database says."""

from collections.abc import Generator
from contextlib import contextmanager

from flowyard.catalog.jobs import ModelPullJob
from flowyard.catalog.workspace import WorkspaceModels
from flowyard.compute.jobs.service import JobService
from flowyard.compute.ports import JobKind, ProcessHost
from flowyard.compute.processes.users import flow_users
from flowyard.compute.worker import Worker
from flowyard.data.bookmarks import Bookmarks
from flowyard.data.imports.job import ImportJob
from flowyard.data.schedules.service import ScheduleDriver
from flowyard.data.service import DataService
from flowyard.data.splits.job import SplitJob
from flowyard.data.transforms.job import TransformJob
from flowyard.endpoints.local_models import CatalogModels
from flowyard.endpoints.online.deploy import DeploymentJob, FlowSources
from flowyard.endpoints.online.reconcile import Reconciler
from flowyard.endpoints.online.service import EndpointService
from flowyard.endpoints.online.specs import ReplicaSpecs, Surroundings
from flowyard.endpoints.online.usage import UsageSampler
from flowyard.endpoints.rollouts.drive import RolloutDriver
from flowyard.endpoints.rollouts.scoring import EvaluatorScorer
from flowyard.flows.authoring import FlowStore
from flowyard.flows.environments.code import CodeProcesses
from flowyard.flows.runs.job import RunJob, RunSurroundings
from flowyard.flows.runs.places import RunPlaces
from flowyard.flows.runs.uploads import UploadStore
from flowyard.flows.snapshots import SnapshotStore
from flowyard.foundation.settings import Settings
from flowyard.storage.sql.data import SqlDataAssetStore
from flowyard.storage.sql.endpoints import SqlEndpointStore
from flowyard.storage.sql.figures import SqlFigureStore
from flowyard.storage.sql.jobs import SqlJobStore
from flowyard.storage.sql.rollouts import SqlRolloutStore
from flowyard.storage.sql.runs import SqlRunIndex
from flowyard.storage.sql.schedules import SqlScheduleStore
from flowyard.storage.sql.usage import SqlUsageStore
from flowyard.storage.sql.workers import SqlWorkerStore
from flowyard.wiring.catalog import import_job, open_catalog
from flowyard.wiring.core import open_core
from flowyard.wiring.indexes import index_jobs, index_versions
from flowyard.wiring.jobs import JOB_STAGES
from flowyard.wiring.model_trials import trial_jobs


@contextmanager
def open_worker(settings: Settings, host: ProcessHost, *, secret: str) -> Generator[Worker]:
    """Yield the worker of this process; `host` is the supervisor, engines' keys are made of `secret`. The database must be migrated.

    Raises:
        DatabaseNewerError: a newer program migrated the database.
        DatabaseNotMigratedError: it has no tables, or older ones.
        DatabaseUnavailableError: it does not answer.
    """
    with open_core(settings) as core:
        places, jobs, endpoints = core.places, SqlJobStore(core.engine), SqlEndpointStore(core.engine)
        catalog = open_catalog(settings)
        sources = FlowSources(flows=FlowStore(places.workspaces), snapshots=SnapshotStore(places.snapshots))
        surroundings = Surroundings(gateway_url=settings.url or "", settings=settings, users=flow_users(settings))
        specs = ReplicaSpecs(sources.snapshots, core.connections, core.keys, CatalogModels(catalog, secret), surroundings)
        states = EndpointService(endpoints, JobService(jobs, JOB_STAGES), host, sources, catalog, core.connections)
        uploads = UploadStore(places.uploads)
        data = DataService(SqlDataAssetStore(core.engine), uploads, Bookmarks(core.datastores, places.fetched, places.manifests))
        models = WorkspaceModels(catalog, JobService(jobs, JOB_STAGES), core.audit, core.connections, host)
        run_places = RunPlaces(root=places.runs, data=data, uploads=uploads, flows=sources.flows, snapshots=sources.snapshots)
        around = RunSurroundings(gateway_url=settings.url or "", settings=settings, spools=places.spools, users=flow_users(settings))
        runs = RunJob(SqlRunIndex(core.engine), run_places, core.connections, core.keys, around, core.guards)
        kinds: tuple[JobKind, ...] = (
            ModelPullJob(catalog),
            import_job(settings, catalog, core.connections),
            *trial_jobs(core, catalog, JobService(jobs, JOB_STAGES), host, data, settings.url or ""),
            DeploymentJob(endpoints, host, specs, sources, core.keys, index_versions(settings, core).of),
            runs,
            SplitJob(data, places.making),
            ImportJob(data, core.datastores, places.making),
            *index_jobs(settings, core, catalog, models, data, runs),
            TransformJob(data, CodeProcesses(settings, flow_users(settings)), places.transforms),
        )
        figures = SqlFigureStore(core.engine)
        reconciler = Reconciler(endpoints, host, specs, core.keys, states, figures)
        rollouts = RolloutDriver(SqlRolloutStore(core.engine), endpoints, figures, EvaluatorScorer(core.connections))
        schedules = ScheduleDriver(SqlScheduleStore(core.engine), JobService(jobs, JOB_STAGES))
        yield Worker(
            jobs,
            SqlWorkerStore(core.engine),
            queue_url=settings.database_url or f"sqlite:///{places.queue}",
            kinds={kind.name: kind for kind in kinds},
            reconcilers=(reconciler, rollouts, UsageSampler(host, SqlUsageStore(core.engine)), schedules),
        )
