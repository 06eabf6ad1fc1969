"""Brings datastores, data assets, endpoints and deployments to what their files say."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowyard.client.applying.data import apply_data, apply_datastore
from flowyard.client.applying.data_files import DataFile, DatastoreFile
from flowyard.client.applying.errors import ApplyFailedError, refused
from flowyard.client.applying.files import DeploymentFile, Described, EndpointFile, read_file
from flowyard.client.applying.model import Action, Applied, shown
from flowyard.foundation.errors import nearest
from flowyard.wire.deployment_checks import DeploymentCheck
from flowyard.wire.endpoints import Deployment, DeploymentCreate, Endpoint, EndpointUpdate
from flowyard.wire.flows import Finding
from flowyard.wire.jobs import Job

if TYPE_CHECKING:
    from flowyard.client.workspace import Workspace


def apply(
    ws: "Workspace",
    files: Sequence[str | Path],
    *,
    dry_run: bool = False,
    anyway: bool = False,
    follow: Callable[[Job], Any] | None = None,
) -> tuple[Applied, ...]:
    """Make or change what the files describe, and return what was done (with `dry_run`: what would be).

    All files are read before anything is changed. Datastores come first, then data assets, endpoints, deployments, one after the other, and
    traffic last.

    Args:
        ws: the workspace.
        files: Azure ML's YAML files of datastores, data assets, online endpoints and deployments.
        dry_run: change nothing; `Applied.gates` has what the gates of a deployment would say.
        anyway: deploy what does not meet the gates of its file too; the audit trail says so.
        follow: waits for a job and raises where it does not complete.

    Raises:
        ApplyInvalidError: a file cannot be read or applied; `findings` has everything that is wrong.
        ApplyFailedError: a deploy did not complete.
        RemoteError: the server refuses a change; ``GateUnmet``: an evaluation does not meet a gate.
    """
    read = _read(files)
    done: dict[str, Applied] = _data(ws, read, dry_run=dry_run)
    if not any(isinstance(entry, EndpointFile | DeploymentFile) for entry in read):
        return tuple(done.values())
    work = _Work(ws, dry_run, anyway, follow or (lambda job: _completed(ws, job)))
    endpoints = [entry for entry in read if isinstance(entry, EndpointFile)]
    for entry in endpoints:
        done[entry.name] = work.endpoint(entry)
    for entry in read:
        if isinstance(entry, DeploymentFile):
            done[f"{entry.endpoint}/{entry.name}"] = work.deployment(entry)
    for entry in endpoints:
        done[entry.name] = work.traffic(entry, done[entry.name])
    return tuple(done.values())


def _read(files: Sequence[str | Path]) -> list[Described]:
    findings: list[Finding] = []
    read: list[Described] = []
    for file in files:
        found, wrong = read_file(Path(file))
        findings += wrong
        if found is not None:
            read.append(found)
    if findings:
        raise refused(findings)
    return read


def _data(ws: "Workspace", read: list[Described], *, dry_run: bool) -> dict[str, Applied]:
    stores = {
        f"datastore {entry.write.name}": apply_datastore(ws, entry, dry_run=dry_run) for entry in read if isinstance(entry, DatastoreFile)
    }
    assets = [apply_data(ws, entry, dry_run=dry_run) for entry in read if isinstance(entry, DataFile)]
    return stores | {f"data {number}": asset for number, asset in enumerate(assets)}


class _Work:
    def __init__(self, ws: "Workspace", dry_run: bool, anyway: bool, follow: Callable[[Job], Any]) -> None:
        self._ws = ws
        self._dry_run = dry_run
        self._anyway = anyway
        self._follow = follow
        self._present = {endpoint.name: endpoint for endpoint in ws.endpoints.list()}

    def endpoint(self, wanted: EndpointFile) -> Applied:
        present = self._present.get(wanted.name)
        if present is None:
            if not self._dry_run:
                mode = wanted.auth_mode or "key"
                self._ws.endpoints.create(wanted.name, description=wanted.description, tags=wanted.tags, auth_mode=mode)
            return Applied(kind="endpoint", name=wanted.name, action="created", notes=wanted.notes)
        change = EndpointUpdate(description=wanted.description, tags=wanted.tags, auth_mode=wanted.auth_mode)
        changes = _changes(present, asdict(change))
        if changes and not self._dry_run:
            self._ws.endpoints.update(wanted.name, change)
        return Applied(kind="endpoint", name=wanted.name, action=_action(changes), changes=changes, notes=wanted.notes)

    def deployment(self, wanted: DeploymentFile) -> Applied:
        name = f"{wanted.endpoint}/{wanted.name}"
        create = self._create(wanted)
        endpoint = self._present.get(wanted.endpoint)
        present = next((item for item in endpoint.deployments if item.name == wanted.name), None) if endpoint is not None else None
        changes = () if present is None else _deployment_changes(present, self._resolved(wanted.endpoint, create))
        if present is not None and not changes:
            return Applied(kind="deployment", name=name, action="unchanged", notes=wanted.notes)
        gated = self._dry_run and bool(create.settings.gates)
        if wanted.source.files is not None and (gated or not self._dry_run):
            self._ws.flows.upload(wanted.source.archive())
        if not self._dry_run:
            self._follow(self._ws.endpoints.deploy(wanted.endpoint, create))
        action: Action = "updated" if present else "created"
        gates = self._gates(create) if gated else None
        return Applied(kind="deployment", name=name, action=action, changes=changes, notes=wanted.notes, gates=gates)

    def traffic(self, wanted: EndpointFile, so_far: Applied) -> Applied:
        present = self._present.get(wanted.name)
        if not self._dry_run:
            present = self._ws.endpoints.get(wanted.name)
        changes: list[str] = []
        for key, shares in (("traffic", wanted.traffic), ("mirror_traffic", wanted.mirror_traffic)):
            now: dict[str, int] = getattr(present, key) if present is not None else {}
            if shares is None or _served(now) == _served(shares):
                continue
            changes.append(f"{key}: {shown(now)} → {shown(shares)}")
            if self._dry_run:
                continue
            if key == "traffic":
                self._ws.endpoints.set_traffic(wanted.name, shares)
            else:
                self._ws.endpoints.update(wanted.name, EndpointUpdate(mirror_traffic=_served(shares)))
        if not changes:
            return so_far
        action: Action = "updated" if so_far.action == "unchanged" else so_far.action
        return Applied(kind="endpoint", name=wanted.name, action=action, changes=(*so_far.changes, *changes), notes=so_far.notes)

    def _create(self, wanted: DeploymentFile) -> DeploymentCreate:
        source = wanted.source
        flow, model = source.flow, None
        if source.name is not None:
            flow, model = self._named(source.name)
        settings = wanted.settings if model is None else replace(wanted.settings, data_collector=None)
        return DeploymentCreate(
            name=wanted.name,
            flow=flow,
            snapshot=source.digest,
            model=model,
            script=source.script,
            instance_count=wanted.instance_count,
            environment_variables=wanted.environment_variables,
            settings=settings,
            anyway=self._anyway,
        )

    def _gates(self, create: DeploymentCreate) -> DeploymentCheck | None:
        checks = self._ws.endpoints.check(create, test=False).checks
        return next((check for check in checks if check.name == "evaluation"), None)

    def _resolved(self, endpoint: str, create: DeploymentCreate) -> DeploymentCreate:
        """Return the deployment with what the reference of a registered model, or the name of a flow, stands for now."""
        if create.flow is not None and create.snapshot is None:
            return replace(create, snapshot=self._ws.flows.get(create.flow).digest)
        if not (create.model or "").startswith("azureml:"):
            return create
        source = self._ws.endpoints.plan(endpoint, create)
        return replace(create, model=source.model, snapshot=source.digest, script=source.script)

    def _named(self, reference: str) -> tuple[str | None, str | None]:
        """Return what ``<name>:<version or label>`` stands for: a registered model, or a flow or model of that name."""
        name = reference.partition(":")[0]
        if name in {model.name for model in self._ws.registry.list()}:
            return None, f"azureml:{reference}"
        models = {model.name for model in self._ws.models.list()}
        if name in models:
            return None, name
        flows = {flow.name for flow in self._ws.flows.list()}
        if name in flows:
            return name, None
        near = nearest(name, models | flows)
        raise ApplyFailedError(
            f"There is no model and no flow {name!r} here.",
            remedy=f"Did you mean {near!r}?" if near else "See: flowyard model list, flowyard flow list; or give model: {path: …}.",
        )


def _completed(ws: "Workspace", job: Job) -> None:
    ended = ws.jobs.wait(job.id)
    if ended.status != "completed":
        error = ended.error or {}
        raise ApplyFailedError(str(error.get("detail") or f"{ended.title}: {ended.status}."), remedy=error.get("remedy"))


def _changes(present: Endpoint, wanted: dict[str, Any]) -> tuple[str, ...]:
    return tuple(
        f"{key}: {shown(getattr(present, key))} → {shown(value)}"
        for key, value in wanted.items()
        if value is not None and getattr(present, key) != value
    )


def _deployment_changes(present: Deployment, wanted: DeploymentCreate) -> tuple[str, ...]:
    """Return how the deployment differs."""
    differing = {
        "snapshot": (present.digest, wanted.snapshot),
        "model": (present.model, wanted.model),
        "script": (present.script, wanted.script),
        "flow": (present.flow, wanted.flow),
        "instance_count": (present.instance_count, present.instance_count if _is_scaled(wanted) else wanted.instance_count),
        "scale_settings": (present.settings.scale, wanted.settings.scale),
        "environment_variables": (present.environment_variables, wanted.environment_variables),
        **_pairs(asdict(present.settings.request), asdict(wanted.settings.request)),
        "ready_within_s": (present.settings.ready_within_s, wanted.settings.ready_within_s),
        "data_collector": (present.settings.data_collector, wanted.settings.data_collector),
        "liveness_probe": (present.settings.liveness_probe, wanted.settings.liveness_probe),
        "description": (present.settings.description, wanted.settings.description),
        "tags": (present.settings.tags, wanted.settings.tags),
        "gates": (present.settings.gates, wanted.settings.gates),
        "evaluation": (present.settings.evaluation, wanted.settings.evaluation),
    }
    changes = tuple(f"{key}: {shown(old)} → {shown(new)}" for key, (old, new) in differing.items() if old != new)
    if not changes and present.state in {"failed", "unhealthy"}:
        return (f"state: {present.state}, so it is deployed again",)
    return changes


def _is_scaled(wanted: DeploymentCreate) -> bool:
    return wanted.settings.scale.type != "default"


def _pairs(old: dict[str, Any], new: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {key: (value, new[key]) for key, value in old.items()}


def _action(changes: Sequence[str]) -> Action:
    return "updated" if changes else "unchanged"


def _served(shares: dict[str, int]) -> dict[str, int]:
    return {name: share for name, share in shares.items() if share}
