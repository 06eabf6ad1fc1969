"""Online endpoints as routes ask for them."""

from dataclasses import dataclass, replace

from flowyard.catalog.registry.service import ModelRegistry
from flowyard.catalog.service import Catalog
from flowyard.compute.errors import JobNotFoundError, SupervisorUnavailableError
from flowyard.compute.jobs.model import ACTIVE
from flowyard.compute.jobs.service import JobService
from flowyard.compute.model import ProcessStatus
from flowyard.compute.ports import ProcessHost
from flowyard.endpoints.errors import (
    DeploymentBusyError,
    DeploymentInvalidError,
    DeploymentUnknownError,
    ReplicaUnknownError,
    RevisionUnknownError,
)
from flowyard.endpoints.online.deploy import DEPLOYMENT, DeployArguments, FlowSources
from flowyard.endpoints.online.lookup import find_endpoint, unknown_endpoint
from flowyard.endpoints.online.model import DeploymentPlan, DeploymentRecord, EndpointRecord
from flowyard.endpoints.online.names import check_mirror, check_name, check_traffic
from flowyard.endpoints.online.ports import ConnectionNames, EndpointStore
from flowyard.endpoints.online.registered import registered
from flowyard.endpoints.online.scaling import is_scaled, within
from flowyard.endpoints.online.settings import MOST_INSTANCES, check_scale, check_settings
from flowyard.endpoints.online.specs import CODE
from flowyard.endpoints.online.views import show_endpoint, show_revision, show_scaling
from flowyard.flows.folders import safe_path
from flowyard.flows.model import FlowOptions
from flowyard.flows.rules import load_valid
from flowyard.flows.rules.init import check_init
from flowyard.flows.serving.requests import INIT_VARIABLE, init_config
from flowyard.foundation.clock import now_ns
from flowyard.foundation.codecs import plain
from flowyard.foundation.errors import Location, nearest
from flowyard.foundation.ids import new_id
from flowyard.identity.audit import audit_record
from flowyard.identity.model import Caller
from flowyard.wire.endpoints import DeploymentCreate, DeploymentSource, Endpoint, EndpointCreate, EndpointUpdate, LogLines, Revision
from flowyard.wire.jobs import Job
from flowyard.wire.scaling import DeploymentScale, Scaling

MOST_LINES = 5000


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to serve under a deployment's name. `made_of`: what its lineage names besides; `anyway`: although its gates are not met."""

    name: str
    plan: DeploymentPlan
    title: str
    made_of: tuple[str, ...] = ()
    anyway: bool = False


class EndpointService:
    """Endpoints by name, within the caller's workspace."""

    def __init__(
        self,
        store: EndpointStore,
        jobs: JobService,
        host: ProcessHost,
        sources: FlowSources,
        catalog: Catalog,
        connections: ConnectionNames,
        registry: ModelRegistry | None = None,
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._host = host
        self._flows = sources.flows
        self._snapshots = sources.snapshots
        self._catalog = catalog
        self._connections = connections
        self._registry = registry

    def list(self, caller: Caller) -> tuple[Endpoint, ...]:
        """Return the endpoints, by name."""
        processes = self._processes()
        return tuple(show_endpoint(record, processes) for record in self._store.find(caller.workspace_id))

    def get(self, caller: Caller, name: str) -> Endpoint:
        """Return one endpoint.

        Raises:
            EndpointUnknownError: there is none of this name.
        """
        return show_endpoint(find_endpoint(self._store, caller, name), self._processes())

    def create(self, caller: Caller, request: EndpointCreate) -> Endpoint:
        """Make an endpoint without deployments.

        Raises:
            NameInvalidError: the name is none.
            EndpointTakenError: it is taken.
        """
        now = now_ns()
        record = EndpointRecord(
            id=new_id(),
            workspace_id=caller.workspace_id,
            name=check_name("endpoint", request.name),
            description=request.description,
            traffic={},
            auth_mode=request.auth_mode,
            tags=request.tags,
            created_ns=now,
            updated_ns=now,
        )
        self._store.add(record, audit_record(caller, "endpoint.create", f"endpoints/{record.name}"))
        return show_endpoint(record, {})

    def delete(self, caller: Caller, name: str) -> None:
        """Delete an endpoint with its deployments; their replicas are stopped within seconds.

        Raises:
            EndpointUnknownError: there is none of this name.
        """
        if not self._store.delete(caller.workspace_id, name, audit_record(caller, "endpoint.delete", f"endpoints/{name}")):
            raise unknown_endpoint(self._store, caller, name)

    def update(self, caller: Caller, name: str, change: EndpointUpdate) -> Endpoint:
        """Change description, tags, mirrored traffic or the auth mode; another mode revokes the endpoint's own keys and tokens at once.

        Raises:
            EndpointUnknownError: there is none of this name.
            TrafficInvalidError: the mirrored traffic names more than one deployment, or one that does not exist or takes traffic.
        """
        record = find_endpoint(self._store, caller, name)
        mirror = record.mirror_traffic
        if change.mirror_traffic is not None:
            mirror = check_mirror(change.mirror_traffic, record.traffic, [deployment.name for deployment in record.deployments])
        changed = replace(
            record,
            description=record.description if change.description is None else change.description,
            tags=record.tags if change.tags is None else change.tags,
            mirror_traffic=mirror,
            auth_mode=change.auth_mode or record.auth_mode,
        )
        if not self._store.update(changed, audit_record(caller, "endpoint.update", f"endpoints/{name}", plain(change))):
            raise unknown_endpoint(self._store, caller, name)
        return self.get(caller, name)

    def set_traffic(self, caller: Caller, name: str, traffic: dict[str, int]) -> Endpoint:
        """Replace the split. It takes effect within a second.

        Raises:
            EndpointUnknownError: there is none of this name.
            TrafficInvalidError: it does not sum to 0 or 100, or names a deployment that does not exist.
        """
        record = find_endpoint(self._store, caller, name)
        check_traffic(traffic, [deployment.name for deployment in record.deployments])
        check_mirror(record.mirror_traffic, traffic, record.mirror_traffic)
        audit = audit_record(caller, "endpoint.traffic", f"endpoints/{name}", {"before": record.traffic, "after": traffic})
        if not self._store.set_traffic(caller.workspace_id, name, traffic, audit):
            raise unknown_endpoint(self._store, caller, name)
        return self.get(caller, name)

    def deploy(self, caller: Caller, name: str, request: DeploymentCreate, *, made_of: tuple[str, ...] = ()) -> Job:
        """Begin to bring a flow or model into service, and return the job. What serves now serves until the new is ready.

        `made_of`: what its lineage names besides, such as the run that it was evaluated in.

        Raises:
            EndpointUnknownError: there is no such endpoint.
            NameInvalidError: the deployment's name is none.
            DeploymentInvalidError: not exactly one of flow, snapshot and model is named, or the number of instances is out of range.
            DeploymentBusyError: another deploy of it is under way.
            NotFoundError: there is no such flow, snapshot or model.
            InvalidFlowError: the flow has errors; `findings` has all of them.
            InitInvalidError: the flow cannot be made with `init`.
            InitConfigError: the variable ``PF_FLOW_INIT_CONFIG`` is no JSON object.
            ModelNotPulledError: the model is not on this machine.
        """
        endpoint = find_endpoint(self._store, caller, name)
        check_name("deployment", request.name)
        plan = self.planned(caller, request)
        what = plan.model or plan.script or plan.flow or "a flow"
        title = f"Deploy {what} to {name}/{request.name}"
        return self._begin(caller, endpoint, _Wanted(request.name, plan, title, made_of=made_of, anyway=request.anyway))

    def plan(self, caller: Caller, name: str, request: DeploymentCreate) -> DeploymentSource:
        """Return what a deploy would bring into service: of a registered model what its reference stands for now.

        Raises:
            As `deploy`, but for another deploy that is under way.
        """
        find_endpoint(self._store, caller, name)
        plan = self.planned(caller, request)
        return DeploymentSource(flow=plan.flow, digest=plan.digest, model=plan.model, script=plan.script)

    def revisions(self, caller: Caller, name: str, deployment: str) -> tuple[Revision, ...]:
        """Return what served under a deployment's name, the newest first.

        Raises:
            EndpointUnknownError: there is no such endpoint.
            DeploymentUnknownError: it has no such deployment.
        """
        record = self._deployment(find_endpoint(self._store, caller, name), deployment)
        return tuple(show_revision(revision, record.revision) for revision in self._store.revisions(record.id))

    def record(self, caller: Caller, name: str, deployment: str) -> DeploymentRecord:
        """Return a deployment as it is kept.

        Raises:
            EndpointUnknownError: there is no such endpoint.
            DeploymentUnknownError: it has no such deployment.
        """
        return self._deployment(find_endpoint(self._store, caller, name), deployment)

    def rollback(self, caller: Caller, name: str, deployment: str, to: int | None) -> Job:
        """Begin to bring revision `to` back (None: the one before what serves), and return the job. What serves now serves until then.

        Raises:
            EndpointUnknownError: there is no such endpoint.
            DeploymentUnknownError: it has no such deployment.
            RevisionUnknownError: it has no such revision, or none before.
            DeploymentBusyError: a deploy of it is under way.
        """
        endpoint = find_endpoint(self._store, caller, name)
        record = self._deployment(endpoint, deployment)
        kept = self._store.revisions(record.id)
        found = next((entry for entry in kept if (entry.revision < record.revision if to is None else entry.revision == to)), None)
        if found is None:
            what = f"no revision {to}" if to is not None else "no revision before the one that serves"
            raise RevisionUnknownError(
                f"The deployment {deployment!r} has {what}.",
                remedy=f"It has: {', '.join(str(entry.revision) for entry in kept) or 'none'}.",
            )
        title = f"Roll {name}/{deployment} back to revision {found.revision}"
        return self._begin(caller, endpoint, _Wanted(deployment, found.plan, title))

    def _begin(self, caller: Caller, endpoint: EndpointRecord, wanted: "_Wanted") -> Job:
        name, plan = wanted.name, wanted.plan
        present = endpoint.deployment(name)
        if present is not None and present.state == "deploying" and self.is_active(caller.workspace_id, present.job_id):
            raise DeploymentBusyError(
                f"The deployment {name!r} is being deployed by job {present.job_id}.", remedy="Wait for the job, or cancel it."
            )
        target = f"endpoints/{endpoint.name}/{name}"
        told = {"flow": plan.flow, "model": plan.model, "script": plan.script, "digest": plan.digest}
        told |= {"anyway": True} if wanted.anyway else {}
        begun = self._store.begin_deploy(endpoint, name, plan, audit_record(caller, "deployment.deploy", target, told))
        arguments = DeployArguments(deployment_id=begun.id, workspace=caller.workspace, plan=plan, by=caller.actor, made_of=wanted.made_of)
        job = self._jobs.submit(caller, DEPLOYMENT, plain(arguments), title=wanted.title, target=target)
        self._store.set_job(begun.id, job.id)
        return job

    def scale(self, caller: Caller, name: str, deployment: str, change: DeploymentScale) -> Endpoint:
        """Change how many replicas run, or how they are scaled, without a new revision. No request is dropped.

        Raises:
            EndpointUnknownError: there is no such endpoint.
            DeploymentUnknownError: it has no such deployment.
            DeploymentInvalidError: nothing is to be changed, or a number is out of its range.
            DeploymentBusyError: a deploy of it is under way, or nothing serves yet.
        """
        record = self._deployment(find_endpoint(self._store, caller, name), deployment)
        if change == DeploymentScale():
            raise DeploymentInvalidError("Nothing is to be changed.", remedy="Give instance_count, scale, or both.")
        plan = record.plan
        if change.instance_count is not None:
            plan = replace(plan, instance_count=_check_count(change.instance_count))
        if change.scale is not None:
            plan = replace(plan, settings=replace(plan.settings, scale=check_scale(change.scale)))
        reason = f"{plan.instance_count} instances from now on."
        if is_scaled(plan):
            bounds = plan.settings.scale
            reason = f"Between {bounds.min_instances} and {bounds.max_instances} instances from now on."
            count = record.wanted if change.instance_count is None else change.instance_count
            plan = replace(plan, instance_count=within(plan.settings.scale, count))
        audit = audit_record(caller, "deployment.scale", f"endpoints/{name}/{deployment}", plain(change))
        if record.state == "deploying" or record.revision == 0 or not self._store.resize(record, plan, reason, audit):
            raise DeploymentBusyError(
                f"The deployment {deployment!r} is changed at this moment, or nothing serves under its name yet.",
                remedy=f"Wait for its deploy, and look: flowyard endpoint show {name}",
            )
        return self.get(caller, name)

    def scalings(self, caller: Caller, name: str, deployment: str) -> tuple[Scaling, ...]:
        """Return how the number of replicas changed and why, the newest first.

        Raises:
            EndpointUnknownError: there is no such endpoint.
            DeploymentUnknownError: it has no such deployment.
        """
        record = self._deployment(find_endpoint(self._store, caller, name), deployment)
        return tuple(show_scaling(change) for change in self._store.scalings(record.id))

    def delete_deployment(self, caller: Caller, name: str, deployment: str) -> None:
        """Delete a deployment that takes no traffic.

        Raises:
            EndpointUnknownError: there is no such endpoint.
            DeploymentUnknownError: it has no such deployment.
            DeploymentBusyError: it takes traffic.
        """
        endpoint = find_endpoint(self._store, caller, name)
        record = self._deployment(endpoint, deployment)
        share = endpoint.traffic.get(deployment, 0)
        if share:
            raise DeploymentBusyError(
                f"The deployment {deployment!r} takes {share} % of the traffic.",
                remedy=f"Move it first: flowyard endpoint update {name} --traffic {deployment}=0",
            )
        self._store.delete_deployment(record.id, audit_record(caller, "deployment.delete", f"endpoints/{name}/{deployment}"))

    def logs(
        self, caller: Caller, name: str, *, deployment: str | None = None, replica: str | None = None, tail: int = 200
    ) -> tuple[LogLines, ...]:
        """Return the last lines of every replica, of one deployment or of all; or of the one `replica`, by its name or the end of it.

        Raises:
            EndpointUnknownError: there is no such endpoint.
            DeploymentUnknownError: it has no such deployment.
            ReplicaUnknownError: there is no such replica.
            SupervisorUnavailableError: the supervisor does not answer.
        """
        endpoint = find_endpoint(self._store, caller, name)
        chosen = endpoint.deployments if deployment is None else (self._deployment(endpoint, deployment),)
        bounded = min(max(tail, 1), MOST_LINES)
        names = [entry.name for record in chosen for entry in record.replicas]
        wanted = [entry for entry in names if replica in {None, entry, entry.rpartition("/")[2]}]
        if replica is not None and not wanted:
            raise ReplicaUnknownError(f"There is no replica {replica!r}.", remedy=f"There are: {', '.join(names) or 'none'}.")
        return tuple(LogLines(replica=entry, lines=tuple(self._host.logs(entry, tail=bounded))) for entry in wanted)

    def is_active(self, workspace_id: str, job_id: str | None) -> bool:
        """Whether a job goes on."""
        if job_id is None:
            return False
        try:
            return self._jobs.get(workspace_id, job_id).status in ACTIVE
        except JobNotFoundError:
            return False

    def planned(self, caller: Caller, request: DeploymentCreate) -> DeploymentPlan:
        """Return what a deploy would bring into service, as it is kept.

        Raises:
            As `deploy`, but for what an endpoint may have against it.
        """
        if self._registry is not None and request.model:
            request = registered(self._registry, self._catalog, self._snapshots, caller.workspace_id, request)
        given = [value for value in (request.flow, request.snapshot, request.model) if value]
        if request.script and given != [request.snapshot]:
            raise DeploymentInvalidError("A script comes with a snapshot and nothing else.", remedy="Upload its files: POST /snapshots.")
        # A snapshot may come with the name that the flow is to be shown by.
        named_snapshot = bool(request.flow and request.snapshot and not request.model)
        if len(given) != 1 and not named_snapshot:
            raise DeploymentInvalidError(
                f"Expected one of flow, snapshot and model, got {len(given)}.",
                remedy="Give the flow's name, a snapshot, or a model's name.",
            )
        _check_count(request.instance_count)
        if request.init and (request.model or request.script or INIT_VARIABLE in request.environment_variables):
            raise DeploymentInvalidError(
                f"A {'model' if request.model else 'script'} takes no init."
                if request.model or request.script
                else f"Both init and the environment variable {INIT_VARIABLE} are given.",
                remedy="Leave init out.",
                location=Location(pointer="/init"),
            )
        if request.model:
            if request.settings.data_collector is not None:
                raise DeploymentInvalidError(
                    "A catalog model's deployment collects nothing: its prompts and answers are in the traces.",
                    remedy="Leave data_collector out; make data of traces with: flowyard data from-traces NAME",
                    location=Location(pointer="/settings/data_collector"),
                )
            self._catalog.folder(request.model)
        elif request.script:
            self._check_script(request.snapshot or "", request.script)
        else:
            self._check_flow(caller, request)
        return DeploymentPlan(
            instance_count=request.instance_count,
            flow=request.flow,
            digest=request.snapshot,
            model=request.model,
            script=request.script,
            environment_variables=request.environment_variables,
            init=request.init,
            settings=check_settings(request.settings),
        )

    def _check_flow(self, caller: Caller, request: DeploymentCreate) -> None:
        if request.snapshot:
            folder = root = self._snapshots.folder(request.snapshot)
        else:
            folder = self._flows.folder(caller.workspace, request.flow or "")
            root = folder.parent
        init = request.init or init_config(request.environment_variables)
        flow = load_valid(folder, FlowOptions(root=root, init=init))
        check_init(flow, init, [connection.name for connection in self._connections.list(caller)])

    def _check_script(self, snapshot: str, script: str) -> None:
        folder = self._snapshots.folder(snapshot) / CODE
        if not (folder / safe_path(script)).is_file():
            raise DeploymentInvalidError(
                f"The snapshot has no script {script!r} below {CODE}/.",
                remedy="Give the path of the script from the folder of its code.",
                location=Location(pointer="/script"),
            )

    def _deployment(self, endpoint: EndpointRecord, name: str) -> DeploymentRecord:
        record = endpoint.deployment(name)
        if record is None:
            names = [deployment.name for deployment in endpoint.deployments]
            near = nearest(name, names)
            raise DeploymentUnknownError(
                f"The endpoint {endpoint.name!r} has no deployment {name!r}.",
                remedy=f"Did you mean {near!r}?" if near else f"It has: {', '.join(names) or 'none'}.",
            )
        return record

    def _processes(self) -> dict[str, ProcessStatus]:
        try:
            return {status.name: status for status in self._host.find("replica/")}
        except SupervisorUnavailableError:
            # Endpoints are worth showing without it.
            return {}


def _check_count(count: int) -> int:
    if not 1 <= count <= MOST_INSTANCES:
        raise DeploymentInvalidError(
            f"instance_count is {count}, expected 1 to {MOST_INSTANCES}.", location=Location(pointer="/instance_count")
        )
    return count
