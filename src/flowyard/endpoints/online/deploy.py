"""The job that brings a flow or model into service: the new replicas get ready before the old ones stop."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Thread
from typing import Any

from flowyard.compute.errors import LeaseLostError, ProcessNotReadyError
from flowyard.compute.model import ProcessSpec
from flowyard.compute.ports import JobContext, ProcessHost
from flowyard.data.lineage.model import Thing
from flowyard.endpoints.errors import DeploymentUnknownError, ReplicaUnavailableError
from flowyard.endpoints.online.indexes import VersionOf, asked_indexes, nowhere
from flowyard.endpoints.online.model import DeploymentPlan, DeploymentRecord, ReplicaRecord, key_scope, replica_name, replica_prefix
from flowyard.endpoints.online.ports import EndpointStore, ProcessKeys
from flowyard.endpoints.online.scaling import is_scaled, within
from flowyard.endpoints.online.specs import ReplicaSpecs
from flowyard.flows.authoring import FlowStore
from flowyard.flows.snapshots import SnapshotStore
from flowyard.foundation.codecs import convert, plain
from flowyard.foundation.errors import FlowyardError
from flowyard.foundation.ids import new_secret

log = logging.getLogger(__name__)

#: The kind's name; its arguments are `DeployArguments`.
DEPLOYMENT = "deployment"
#: The name of threads that stop replicas which were replaced.
RETIRING = "retiring replicas"
STAGES = ("snapshot", "start", "ready", "switch")

# Gateways read the event log every 200 ms: who asks once the job is over gets the new revision's answer.
_SETTLE_S = 0.25
_LOOK_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployArguments:
    """What the job is told: the deployment, its workspace's name, what is to serve, who asked for it, and what lineage names besides."""

    deployment_id: str
    workspace: str
    plan: DeploymentPlan
    by: str = ""
    made_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowSources:
    """Where flows are: those of workspaces, and snapshots of them."""

    flows: FlowStore
    snapshots: SnapshotStore


class DeploymentJob:
    """Implements `compute.ports.JobKind`."""

    name = DEPLOYMENT
    stages = STAGES

    def __init__(
        self,
        store: EndpointStore,
        host: ProcessHost,
        specs: ReplicaSpecs,
        sources: FlowSources,
        keys: ProcessKeys,
        indexes: VersionOf = nowhere,
    ) -> None:
        self._store = store
        self._host = host
        self._specs = specs
        self._sources = sources
        self._keys = keys
        self._indexes = indexes

    def run(self, context: JobContext, arguments: dict[str, Any]) -> Any:
        """Deploy and return the names of endpoint and deployment, the revision and the digest.

        Raises:
            DeploymentUnknownError: it was deleted meanwhile.
            ProcessFailedError: a replica could not start; what served before goes on serving.
            ProcessNotReadyError: a replica was not ready in time.
        """
        told = convert(arguments, DeployArguments)
        deployment = self._present(told.deployment_id)
        revision: int = context.step("revision", lambda: deployment.revision + 1)
        try:
            with context.stage("snapshot"):
                plan = self._sized(context, deployment, self._snapshot(context, told))
            if deployment.revision < revision:
                self._bring_up(context, deployment, plan, revision)
        except LeaseLostError:
            # Another worker runs this job now: what was begun is that one's.
            raise
        except BaseException as error:
            self._give_up(deployment, revision, error)
            raise
        with context.stage("switch") as report:
            self._store.switch(deployment.id, revision, plan, told.by, self._sources_of(deployment, told, plan))
            report.detail(f"revision {revision} serves")
            self._retire(deployment, revision)
        return {"endpoint": deployment.endpoint, "deployment": deployment.name, "revision": revision, "digest": plan.digest}

    def _snapshot(self, context: JobContext, told: DeployArguments) -> DeploymentPlan:
        plan = told.plan
        if plan.model is not None or plan.digest is not None:
            return plan

        def take() -> str:
            folder = self._sources.flows.folder(told.workspace, plan.flow or "")
            return self._sources.snapshots.take(folder, folder.parent).digest

        return replace(plan, digest=context.step("snapshot", take))

    def _sized(self, context: JobContext, deployment: DeploymentRecord, plan: DeploymentPlan) -> DeploymentPlan:
        """Return the plan with as many instances as run now, where that follows what they have to do."""
        if not is_scaled(plan):
            return plan
        now = deployment.wanted if deployment.revision else plan.instance_count
        return replace(plan, instance_count=context.step("instances", lambda: within(plan.settings.scale, now)))

    def _bring_up(self, context: JobContext, deployment: DeploymentRecord, plan: DeploymentPlan, revision: int) -> None:
        with context.stage("start") as report:
            started = [self._start(deployment, plan, revision, index, report.detail) for index in range(plan.instance_count)]
            report.progress(len(started), plan.instance_count, "replicas")
        with context.stage("ready") as report:
            for count, (record, spec) in enumerate(started):
                self._await_ready(context, record, spec)
                report.progress(count + 1, plan.instance_count, "replicas")

    def _start(
        self, deployment: DeploymentRecord, plan: DeploymentPlan, revision: int, index: int, progress: Callable[[str], None]
    ) -> tuple[ReplicaRecord, ProcessSpec]:
        record = ReplicaRecord(
            name=replica_name(deployment.id, revision, index),
            workspace_id=deployment.workspace_id,
            deployment_id=deployment.id,
            revision=revision,
            token=new_secret("rt"),
            state="starting",
        )
        spec = self._specs.make(deployment, plan, revision, record.name, record.token, progress)
        if not self._store.put_replica(record):
            raise DeploymentUnknownError("The deployment was deleted while it was deployed.")
        self._host.ensure(spec, wait_s=0)
        return record, spec

    def _await_ready(self, context: JobContext, record: ReplicaRecord, spec: ProcessSpec) -> None:
        deadline = time.monotonic() + spec.ready_timeout_s
        while True:
            context.check_canceled()
            try:
                status = self._host.ensure(spec, wait_s=_LOOK_S)
            except ProcessNotReadyError:
                if time.monotonic() > deadline:
                    raise
                continue
            if status.address is None:
                raise ReplicaUnavailableError(f"The replica {record.name!r} has no address.", remedy="Deploy again.")
            self._store.put_replica(replace(record, state="ready", address=status.address))
            return

    def _give_up(self, deployment: DeploymentRecord, revision: int, error: BaseException) -> None:
        """Stop what was started and note the reason. What served before goes on serving."""
        for index in range(self._most_instances(deployment, revision)):
            name = replica_name(deployment.id, revision, index)
            self._host.stop(name)
            self._store.forget_replica(name)
        self._keys.revoke_scope(deployment.workspace_id, key_scope(deployment.id, revision))
        told = error if isinstance(error, FlowyardError) else FlowyardError(f"The deploy failed: {type(error).__name__}: {error}")
        self._store.set_state(deployment.id, "healthy" if deployment.revision else "failed", plain(told.problem()))

    def _most_instances(self, deployment: DeploymentRecord, revision: int) -> int:
        now = self._store.deployment(deployment.id)
        return 1 + max((_index(replica.name) for replica in (now.replicas if now else ()) if replica.revision == revision), default=-1)

    def _retire(self, deployment: DeploymentRecord, revision: int) -> None:
        """Return once gateways have been told. Other revisions' replicas stop when their requests have ended, which nobody waits for."""
        kept = f"{replica_prefix(deployment.id)}{revision}-"
        old = [status.name for status in self._host.find(replica_prefix(deployment.id)) if not status.name.startswith(kept)]

        if old:
            time.sleep(_SETTLE_S)
        if deployment.revision != revision:
            Thread(target=self._stop_old, args=(deployment, old), name=RETIRING, daemon=True).start()

    def _stop_old(self, deployment: DeploymentRecord, names: list[str]) -> None:
        try:
            with ThreadPoolExecutor(max_workers=len(names) or 1) as pool:
                list(pool.map(self._host.stop, names))
            self._keys.revoke_scope(deployment.workspace_id, key_scope(deployment.id, deployment.revision))
        except FlowyardError as error:
            log.warning("replicas of %s/%s were not stopped; the reconciler will: %s", deployment.endpoint, deployment.name, error)

    def _sources_of(self, deployment: DeploymentRecord, told: DeployArguments, plan: DeploymentPlan) -> list[Thing]:
        """Return what lineage names besides the flow: what the deploy was told of, and the indexes that the flow asks, as they are now."""
        found = [Thing.parse(text) for text in told.made_of]
        if plan.digest is None or plan.script is not None:
            return found
        for asked in asked_indexes(self._sources.snapshots.folder(plan.digest)):
            version = self._indexes(deployment.workspace_id, asked.name, asked.version)
            found += [] if version is None else [Thing("index", asked.name, version)]
        return found

    def _present(self, deployment_id: str) -> DeploymentRecord:
        deployment = self._store.deployment(deployment_id)
        if deployment is None:
            raise DeploymentUnknownError("The deployment was deleted before it was deployed.")
        return deployment


def _index(name: str) -> int:
    return int(name.rpartition("-")[2])
