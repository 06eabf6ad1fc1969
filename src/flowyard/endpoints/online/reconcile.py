"""Brings replicas to what the database says should run. The leading worker calls it about once a second."""

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from threading import Thread

from flowyard.compute.model import ProcessState, ProcessStatus
from flowyard.compute.ports import ProcessHost
from flowyard.endpoints.figures import FigureStore, merged, total
from flowyard.endpoints.online.model import (
    KEY_SCOPES,
    DeploymentRecord,
    ReplicaRecord,
    deployment_of,
    key_scope,
    replica_name,
    replica_prefix,
    revision_of,
)
from flowyard.endpoints.online.ports import EndpointStore, JobStates, ProcessKeys
from flowyard.endpoints.online.probes import Probes
from flowyard.endpoints.online.scaling import Autoscaler
from flowyard.endpoints.online.specs import ReplicaSpecs
from flowyard.foundation.clock import NANOSECONDS, now_ns
from flowyard.foundation.codecs import plain
from flowyard.foundation.errors import FlowyardError, UnavailableError
from flowyard.foundation.ids import new_secret
from flowyard.wire.endpoints import ReplicaState

log = logging.getLogger(__name__)

# Gateways need a moment to learn that a replica is no longer wanted, and a deploy to note its job.
_UNWANTED_FOR_S = 5.0
# A request that takes longer than this ends with the replica that is not wanted any more.
_DRAINED_WITHIN_S = 600.0
_BEGUN_WITHIN_S = 30.0
_TRY_AGAIN_S = 15.0
# What a gateway counted that has not told anything for so long is of no use to anybody.
_REMEMBERED_NS = 24 * 3600 * NANOSECONDS
_FORGET_EVERY_S = 3600.0
_REVOKE_EVERY_S = 30.0

_STATES: dict[ProcessState, ReplicaState] = {
    "starting": "starting",
    "ready": "ready",
    # It keeps its address, and callers wait for it in the backlog: it stays in service.
    "restarting": "ready",
    "failed": "failed",
    "stopped": "stopped",
}


class Reconciler:
    """Re-creates replicas that should run and do not, notes how the others are, and stops those that nobody wants. Safe to repeat."""

    def __init__(
        self, store: EndpointStore, host: ProcessHost, specs: ReplicaSpecs, keys: ProcessKeys, jobs: JobStates, figures: FigureStore
    ) -> None:
        self._store = store
        self._host = host
        self._specs = specs
        self._keys = keys
        self._jobs = jobs
        self._figures = figures
        self._scaler = Autoscaler(store, figures)
        self._unwanted: dict[str, float] = {}
        self._not_before: dict[str, float] = {}
        self._not_added_before: dict[str, float] = {}
        self._probes = Probes()
        self._ending: dict[str, Thread] = {}
        self._forget_at = 0.0
        self._revoke_at = 0.0

    def tick(self) -> None:
        """Look once, and do what is needed."""
        self._ending = {name: thread for name, thread in self._ending.items() if thread.is_alive()}
        processes = {status.name: status for status in self._host.find("replica/")}
        scopes = self._scopes_now_and_then()
        endpoints = self._store.find()
        if self._scaler.tick(endpoints):
            endpoints = self._store.find()
        wanted: set[str] = set()
        for endpoint in endpoints:
            for deployment in endpoint.deployments:
                wanted |= self._look(deployment, processes)
        self._probes.forget(wanted)
        self._sweep(processes, wanted)
        self._revoke(scopes, {one.id: one for endpoint in endpoints for one in endpoint.deployments}, processes)
        if time.monotonic() >= self._forget_at:
            self._forget_at = time.monotonic() + _FORGET_EVERY_S
            self._figures.forget_before(now_ns() - _REMEMBERED_NS)

    def _look(self, deployment: DeploymentRecord, processes: dict[str, ProcessStatus]) -> set[str]:
        """Bring one deployment to its desired state and return the processes that it wants."""
        wanted: set[str] = set()
        if deployment.state == "deploying":
            if self._is_deployed(deployment):
                wanted |= {replica.name for replica in deployment.replicas if replica.revision > deployment.revision}
            else:
                self._close_deploy(deployment)
        if deployment.revision == 0:
            return wanted
        every = [replica_name(deployment.id, deployment.revision, index) for index in range(deployment.wanted)]
        # What is being stopped is started again once it has ended.
        names = [name for name in every if name not in self._ending]
        kept = {replica.name: replica for replica in deployment.replicas}
        self._let_go([name for name, replica in kept.items() if replica.revision == deployment.revision and name not in every])
        present = [name for name in names if name in processes and name in kept]
        for name in present:
            self._note(kept[name], processes[name])
            self._end_if_hung(deployment, kept[name], processes[name])
        if deployment.state in {"healthy", "unhealthy"}:
            self._judge(deployment, [processes.get(name) for name in names])
        self._add(deployment, [name for name in names if name not in kept])
        gone = [name for name in names if name in kept and (name not in present or processes[name].state in {"failed", "stopped"})]
        if gone:
            self._recreate(deployment, gone, all_gone=len(gone) == len(every))
        return wanted.union(every)

    def _is_deployed(self, deployment: DeploymentRecord) -> bool:
        fresh = deployment.job_id is None and now_ns() - deployment.updated_ns < _BEGUN_WITHIN_S * NANOSECONDS
        return fresh or self._jobs.is_active(deployment.workspace_id, deployment.job_id)

    def _close_deploy(self, deployment: DeploymentRecord) -> None:
        """End a deploy whose job is over without having said so: it was canceled while it waited, or never began."""
        error = plain(UnavailableError("The deploy was canceled or never began.", remedy="Deploy again.").problem())
        # What the job ended with stands, where it did end by itself.
        now = self._store.deployment(deployment.id)
        if now is not None and now.state == "deploying":
            self._store.set_state(deployment.id, "healthy" if deployment.revision else "failed", error)

    def _recreate(self, deployment: DeploymentRecord, names: list[str], *, all_gone: bool) -> None:
        """Start replicas anew, with a new token and key each: the old ones were known to processes that are gone."""
        if self._not_before.get(deployment.id, 0.0) > time.monotonic():
            return
        self._not_before[deployment.id] = time.monotonic() + _TRY_AGAIN_S
        try:
            if all_gone:
                self._keys.revoke_scope(deployment.workspace_id, key_scope(deployment.id, deployment.revision))
            for name in names:
                log.info("replica %s of %s/%s is started again", name, deployment.endpoint, deployment.name)
                self._start(deployment, name)
        except FlowyardError as error:
            log.warning("replicas of %s/%s cannot be started: %s", deployment.endpoint, deployment.name, error)
            self._store.set_state(deployment.id, "unhealthy", plain(error.problem()))

    def _add(self, deployment: DeploymentRecord, names: list[str]) -> None:
        """Start replicas that there have not been yet: there are to be more of them."""
        if not names or self._not_added_before.get(deployment.id, 0.0) > time.monotonic():
            return
        try:
            for name in names:
                log.info("replica %s of %s/%s is added", name, deployment.endpoint, deployment.name)
                self._start(deployment, name)
        except FlowyardError as error:
            self._not_added_before[deployment.id] = time.monotonic() + _TRY_AGAIN_S
            log.warning("a replica of %s/%s cannot be added: %s", deployment.endpoint, deployment.name, error)
            self._store.set_state(deployment.id, "unhealthy", plain(error.problem()))

    def _let_go(self, names: list[str]) -> None:
        """Give replicas that are too many nothing more. Their processes end once what they answer has ended."""
        for name in names:
            log.info("replica %s is one too many", name)
            self._store.forget_replica(name)

    def _start(self, deployment: DeploymentRecord, name: str) -> None:
        record = ReplicaRecord(
            name=name,
            workspace_id=deployment.workspace_id,
            deployment_id=deployment.id,
            revision=deployment.revision,
            token=new_secret("rt"),
            state="starting",
        )
        spec = self._specs.make(deployment, deployment.plan, deployment.revision, name, record.token)
        if self._store.put_replica(record):
            self._host.ensure(spec, wait_s=0)

    def _note(self, record: ReplicaRecord, process: ProcessStatus) -> None:
        state: ReplicaState = _STATES[process.state] if process.address else "starting"
        if (record.state, record.address) != (state, process.address):
            self._store.put_replica(replace(record, state=state, address=process.address))

    def _end_if_hung(self, deployment: DeploymentRecord, record: ReplicaRecord, process: ProcessStatus) -> None:
        """Stop a replica that runs and does not answer: its requests go to others, and it is started again."""
        probe = deployment.plan.settings.liveness_probe
        if probe is None or not self._probes.is_hung(process, probe):
            return
        log.warning("replica %s does not answer its liveness probe and is started again", record.name)
        # Gateways send it nothing more while it is stopped, which takes as long as it may drain.
        self._store.put_replica(replace(record, state="failed", address=None))
        thread = self._ending[record.name] = Thread(target=self._host.stop, args=(record.name,), name="end-hung", daemon=True)
        thread.start()

    def _judge(self, deployment: DeploymentRecord, processes: list[ProcessStatus | None]) -> None:
        """Note whether all replicas are well. A process that starts or restarts is given the benefit of the doubt once it has served."""
        failed = next((process for process in processes if process is not None and process.state == "failed"), None)
        if failed is not None:
            error = failed.error or plain(UnavailableError(f"The replica {failed.name!r} failed.").problem())
            if deployment.state != "unhealthy" or deployment.error != error:
                self._store.set_state(deployment.id, "unhealthy", error)
        elif deployment.state == "unhealthy" and all(process is not None and process.state == "ready" for process in processes):
            self._store.set_state(deployment.id, "healthy", None)

    def _sweep(self, processes: dict[str, ProcessStatus], wanted: set[str]) -> None:
        now = time.monotonic()
        self._unwanted = {name: self._unwanted.get(name, now) for name in processes if name not in wanted}
        due = {name: now - since for name, since in self._unwanted.items() if now - since >= _UNWANTED_FOR_S}
        busy: Mapping[str, int] = self._busy(due) if due else {}
        for name, since_s in due.items():
            if not busy.get(name) or since_s >= _DRAINED_WITHIN_S:
                log.info("replica %s is not wanted any more", name)
                self._host.stop(name)

    def _scopes_now_and_then(self) -> Sequence[tuple[str, str]]:
        """Return the scopes of replicas' keys, twice a minute: whoever deploys revokes what it replaced, unless it is killed before."""
        if time.monotonic() < self._revoke_at:
            return []
        self._revoke_at = time.monotonic() + _REVOKE_EVERY_S
        return self._keys.scopes(KEY_SCOPES)

    def _revoke(
        self, scopes: Iterable[tuple[str, str]], deployments: Mapping[str, DeploymentRecord], processes: Mapping[str, ProcessStatus]
    ) -> None:
        """Revoke the keys of revisions that neither serve nor come, and have no process left. `scopes` were read before the rest."""
        for workspace_id, scope in scopes:
            deployment_id, revision = revision_of(scope)
            now = deployments.get(deployment_id)
            wanted = now is not None and (revision == now.revision or (now.state == "deploying" and revision > now.revision))
            prefix = f"{replica_prefix(deployment_id)}{revision}-"
            if not wanted and not any(name.startswith(prefix) for name in processes):
                count = self._keys.revoke_scope(workspace_id, scope)
                log.info("%d keys of revision %d of deployment %s were left over and are revoked", count, revision, deployment_id)

    def _busy(self, names: Iterable[str]) -> Mapping[str, int]:
        """Return how many requests gateways still have at replicas, by name."""
        rows = self._figures.read({deployment_of(name) for name in names})
        return merged(total(found) for found in rows.values()).replicas
