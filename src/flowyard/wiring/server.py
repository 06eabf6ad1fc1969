"""The control plane's services."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from flowyard.catalog.importing.places import ImportPlaces
from flowyard.catalog.importing.workspace import ModelImports
from flowyard.catalog.registry.service import ModelRegistry
from flowyard.catalog.service import Catalog
from flowyard.catalog.workspace import Beside, WorkspaceModels
from flowyard.compute.jobs.service import JobService
from flowyard.compute.jobs.trouble import worker_trouble
from flowyard.compute.ports import ProcessHost
from flowyard.compute.processes.users import flow_users
from flowyard.connections.service import ConnectionService
from flowyard.data.bookmarks import Bookmarks
from flowyard.data.datastores.service import DatastoreService
from flowyard.data.jobs import DataJobs
from flowyard.data.lineage.service import LineageService
from flowyard.data.previews.runner import PreviewRunner
from flowyard.data.previews.service import PreviewService
from flowyard.data.schedules.service import ScheduleService
from flowyard.data.service import DataService
from flowyard.data.traces import TraceData
from flowyard.data.transforms.service import TransformService
from flowyard.data.uploads import Uploads
from flowyard.endpoints.building.service import ContextBuilder, Sources
from flowyard.endpoints.checking.evaluations import Evaluations
from flowyard.endpoints.checking.inputs import LastInputs
from flowyard.endpoints.checking.service import DeploymentChecker
from flowyard.endpoints.collecting.service import CollectedService
from flowyard.endpoints.gateways import GatewayService
from flowyard.endpoints.online.credentials import EndpointCredentialService
from flowyard.endpoints.online.deploy import FlowSources
from flowyard.endpoints.online.indexes import IndexUses
from flowyard.endpoints.online.metrics import EndpointMetricsService
from flowyard.endpoints.online.service import EndpointService
from flowyard.endpoints.rollouts.service import RolloutService
from flowyard.endpoints.routes.service import RouteService
from flowyard.flows.authoring import FlowStore
from flowyard.flows.environments.code import CodeProcesses
from flowyard.flows.runs.places import RunPlaces
from flowyard.flows.runs.prune import RunPruner
from flowyard.flows.runs.service import RunService
from flowyard.flows.runs.uploads import UploadStore
from flowyard.flows.service import FlowService
from flowyard.flows.sessions import Sessions
from flowyard.flows.snapshots import SnapshotStore
from flowyard.foundation.settings import Settings
from flowyard.identity.access import AccessTagService
from flowyard.identity.audit import AuditTrail
from flowyard.identity.idempotency import Idempotency
from flowyard.identity.keys import KeyService
from flowyard.identity.limits import LimitService
from flowyard.identity.model import Caller
from flowyard.identity.service import IdentityService
from flowyard.identity.sign_in import SignInService
from flowyard.inference.prices import price_of
from flowyard.monitoring.ports import IndexerState
from flowyard.monitoring.service import Monitoring
from flowyard.notebooks.listening import NotebookDoor
from flowyard.rag.service import IndexService
from flowyard.storage.objects import ObjectStore
from flowyard.storage.sql.data import SqlDataAssetStore
from flowyard.storage.sql.endpoints import SqlEndpointStore
from flowyard.storage.sql.figures import SqlFigureStore
from flowyard.storage.sql.gateways import SqlGatewayStore
from flowyard.storage.sql.idempotency import SqlIdempotencyStore
from flowyard.storage.sql.jobs import SqlJobStore
from flowyard.storage.sql.lineage import SqlLineageStore
from flowyard.storage.sql.monitoring import SqlInventory
from flowyard.storage.sql.reports import SqlReportStore
from flowyard.storage.sql.rollouts import SqlRolloutStore
from flowyard.storage.sql.routes import SqlRouteStore
from flowyard.storage.sql.runs import SqlRunIndex
from flowyard.storage.sql.saved_queries import SqlSavedQueryStore
from flowyard.storage.sql.schedules import SqlScheduleStore
from flowyard.storage.sql.snapshot_use import SqlSnapshotUse
from flowyard.storage.sql.telemetry_policies import SqlPolicyStore
from flowyard.storage.sql.usage import SqlUsageStore
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.store import LateQueries, TelemetryStore
from flowyard.tracing.figures import FigureService
from flowyard.tracing.otlp.spools import Backlog, OtlpSpools
from flowyard.tracing.policy import PolicyService
from flowyard.tracing.saved_queries import SavedQueryService
from flowyard.tracing.scores import ScoreService
from flowyard.tracing.service import TraceService
from flowyard.tracing.spool import SpoolSink
from flowyard.tracing.sql import SqlService
from flowyard.wiring.catalog import open_catalog, open_registry
from flowyard.wiring.core import Core, Places, open_core
from flowyard.wiring.indexes import index_versions, open_indexes
from flowyard.wiring.jobs import JOB_STAGES
from flowyard.wiring.model_trials import ModelTrials, open_trials
from flowyard.wiring.notebooks import open_notebooks


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What routes call, one field a noun."""

    settings: Settings
    identity: IdentityService
    sign_in: SignInService
    keys: KeyService
    access: AccessTagService
    limits: LimitService
    connections: ConnectionService
    audit: AuditTrail
    idempotency: Idempotency
    jobs: JobService
    catalog: WorkspaceModels
    model_imports: ModelImports
    registry: ModelRegistry
    trials: ModelTrials
    data: DataService
    data_jobs: DataJobs
    uploads: Uploads
    schedules: ScheduleService
    previews: PreviewService
    lineage: LineageService
    indexes: IndexService
    transforms: TransformService
    datastores: DatastoreService
    flows: FlowService
    runs: RunService
    pruner: RunPruner
    endpoints: EndpointService
    deployment_checks: DeploymentChecker
    index_uses: IndexUses
    contexts: ContextBuilder
    endpoint_credentials: EndpointCredentialService
    collected: CollectedService
    rollouts: RolloutService
    endpoint_metrics: EndpointMetricsService
    routes: RouteService
    gateways: GatewayService
    traces: TraceService
    telemetry: "Telemetry"
    telemetry_policy: PolicyService
    figures: FigureService
    sql: SqlService
    saved_queries: SavedQueryService
    scores: ScoreService
    trace_data: TraceData
    processes: ProcessHost
    notebooks: NotebookDoor
    monitoring: Monitoring


@contextmanager
def open_services(settings: Settings, host: ProcessHost) -> Generator[Services]:
    """Yield the services of a server whose supervisor is `host`, and index telemetry meanwhile. The database must be migrated.

    Raises:
        DatabaseNewerError: a newer program migrated the database.
        DatabaseNotMigratedError: it has no tables, or older ones.
        DatabaseUnavailableError: it does not answer.
    """
    with open_core(settings) as core:
        telemetry = TelemetryStore(core.engine, core.places.spools, _segment_files(settings, core.places), price_of=price_of)
        telemetry.start()
        sink, spools = SpoolSink(core.places.spools, "server"), OtlpSpools(core.places.spools)
        told = Telemetry(telemetry.queries, sink, spools, telemetry.indexer.backlog, telemetry.indexer.state)
        try:
            with open_notebooks(settings, core, host) as notebooks:
                yield _assemble(settings, core, host, told, notebooks)
        finally:
            spools.close()
            sink.close()
            telemetry.stop()


@dataclass(frozen=True, slots=True)
class Telemetry:
    """What is asked about telemetry, where the server's own goes, what comes by OTLP, the bytes of spools not read yet, and the indexer."""

    queries: LateQueries
    sink: SpoolSink
    spools: OtlpSpools
    backlog: Callable[[str], Backlog]
    indexer: Callable[[], IndexerState]


def _segment_files(settings: Settings, places: Places) -> SegmentFiles:
    if settings.storage_url is None:
        return SegmentFiles(places.segments)
    return SegmentFiles(places.segments, ObjectStore(f"{settings.storage_url.rstrip('/')}/telemetry"))


def _assemble(settings: Settings, core: Core, host: ProcessHost, telemetry: Telemetry, notebooks: NotebookDoor) -> Services:
    places, traces = core.places, TraceService(telemetry.queries, core.guards)
    jobs, catalog = JobService(SqlJobStore(core.engine), JOB_STAGES, partial(worker_trouble, host)), open_catalog(settings)
    registry = open_registry(core, catalog, uploads := UploadStore(places.uploads))
    imports = ModelImports(catalog, jobs, core.audit, core.connections, ImportPlaces(uploads, settings.data_roots))
    models = _models(core, host, jobs, catalog, Beside(reports=SqlReportStore(core.engine), imports=imports, rules=registry.rules))
    flows, snapshots = FlowStore(places.workspaces), SnapshotStore(places.snapshots)
    data = DataService(SqlDataAssetStore(core.engine), uploads, bookmarks := Bookmarks(core.datastores, places.fetched, places.manifests))
    run_places = RunPlaces(root=places.runs, data=data, uploads=uploads, flows=flows, snapshots=snapshots)
    sources = FlowSources(flows=flows, snapshots=snapshots)
    endpoints = EndpointService(SqlEndpointStore(core.engine), jobs, host, sources, catalog, core.connections, registry)
    return Services(
        settings=settings,
        identity=core.identity,
        sign_in=core.sign_in,
        keys=core.keys,
        access=core.access,
        limits=core.limits,
        connections=core.connections,
        audit=core.audit,
        idempotency=Idempotency(SqlIdempotencyStore(core.engine)),
        jobs=jobs,
        catalog=models,
        model_imports=imports,
        registry=registry,
        trials=open_trials(core, catalog, models, jobs, data),
        data=data,
        uploads=Uploads(places.incoming, uploads),
        data_jobs=(data_jobs := DataJobs(data, core.datastores, jobs)),
        schedules=ScheduleService(SqlScheduleStore(core.engine), data_jobs),
        previews=PreviewService(data, bookmarks, PreviewRunner(places.previews)),
        transforms=TransformService(data, jobs, CodeProcesses(settings, flow_users(settings)), places.transforms),
        lineage=LineageService(SqlLineageStore(core.engine), SqlDataAssetStore(core.engine)),
        indexes=open_indexes(settings, core, catalog, models, jobs, data),
        datastores=core.datastores,
        flows=(flow_service := FlowService(flows, snapshots, _sessions(settings, core, host), core.audit, core.guards)),
        runs=(runs := RunService(SqlRunIndex(core.engine), jobs, run_places, core.audit, core.guards)),
        pruner=RunPruner(SqlRunIndex(core.engine), runs, run_places, SqlSnapshotUse(core.engine), places.home / "runs"),
        endpoints=endpoints,
        deployment_checks=_deployment_checks(core, catalog, endpoints, flow_service, traces, runs),
        index_uses=IndexUses(SqlEndpointStore(core.engine), snapshots, index_versions(settings, core).of),
        contexts=_contexts(settings, core, endpoints, snapshots, catalog),
        endpoint_credentials=EndpointCredentialService(SqlEndpointStore(core.engine), core.keys),
        collected=CollectedService(telemetry.queries, SqlEndpointStore(core.engine), data, core.guards),
        endpoint_metrics=_endpoint_metrics(core, telemetry),
        rollouts=RolloutService(SqlRolloutStore(core.engine), SqlEndpointStore(core.engine)),
        gateways=GatewayService(SqlGatewayStore(core.engine)),
        routes=_routes(core, catalog),
        traces=traces,
        telemetry=telemetry,
        telemetry_policy=PolicyService(SqlPolicyStore(core.engine)),
        sql=SqlService(telemetry.queries, core.guards),
        saved_queries=SavedQueryService(SqlSavedQueryStore(core.engine)),
        figures=FigureService(telemetry.queries, core.guards),
        scores=(scores := ScoreService(telemetry.sink, telemetry.queries, core.guards)),
        trace_data=TraceData(data, traces, scores),
        processes=host,
        notebooks=notebooks,
        monitoring=_monitoring(settings, core, host, telemetry),
    )


def _sessions(settings: Settings, core: Core, host: ProcessHost) -> Sessions:
    return Sessions(host, core.keys, core.connections, lambda: settings.url or "", settings, flow_users(settings))


def _deployment_checks(
    core: Core, catalog: Catalog, endpoints: EndpointService, flows: FlowService, traces: TraceService, runs: RunService
) -> DeploymentChecker:
    lineage = LineageService(SqlLineageStore(core.engine), SqlDataAssetStore(core.engine))
    return DeploymentChecker(endpoints, flows, Evaluations(lineage, runs), LastInputs(traces, runs), catalog, core.connections)


def _models(core: Core, host: ProcessHost, jobs: JobService, catalog: Catalog, beside: Beside) -> WorkspaceModels:
    return WorkspaceModels(catalog, jobs, core.audit, core.connections, host, beside=beside)


def _contexts(settings: Settings, core: Core, endpoints: EndpointService, snapshots: SnapshotStore, catalog: Catalog) -> ContextBuilder:
    users = flow_users(settings)
    sources = Sources(snapshots=snapshots, connections=core.connections, catalog=catalog, settings=settings, users=users)
    return ContextBuilder(endpoints, sources)


def _routes(core: Core, catalog: Catalog) -> RouteService:
    def connections(caller: Caller) -> list[str]:
        return [connection.name for connection in core.connections.list(caller)]

    return RouteService(SqlRouteStore(core.engine), lambda: list(catalog.names()), connections)


def _endpoint_metrics(core: Core, telemetry: Telemetry) -> EndpointMetricsService:
    engine = core.engine
    figures = FigureService(telemetry.queries, core.guards)
    return EndpointMetricsService(SqlEndpointStore(engine), figures, SqlFigureStore(engine), SqlUsageStore(engine))


def _monitoring(settings: Settings, core: Core, host: ProcessHost, telemetry: Telemetry) -> Monitoring:
    return Monitoring(
        host,
        SqlInventory(core.engine),
        telemetry.indexer,
        home=settings.home,
        spools=core.places.spools,
        folders={"home": settings.home, "telemetry": core.places.segments},
    )
