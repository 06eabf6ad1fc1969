"""Contexts of deployments, as routes ask for them."""

import shutil
import sys
import tempfile
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from flowyard.catalog.service import Catalog
from flowyard.compute.processes.users import FlowUsers
from flowyard.endpoints.building import kubernetes, program
from flowyard.endpoints.building.context import Deployed, write_flow_context, write_model_context, write_script_context
from flowyard.endpoints.errors import DeploymentInvalidError
from flowyard.endpoints.online.model import DeploymentPlan, DeploymentRecord
from flowyard.endpoints.online.ports import Connections
from flowyard.endpoints.online.service import EndpointService
from flowyard.flows.build.docker import Image
from flowyard.flows.build.folder import BuildFolder, Built
from flowyard.flows.environments import other_python
from flowyard.flows.environments.apart import Apart
from flowyard.flows.model import FlowOptions, FlowSpec
from flowyard.flows.rules import load_valid
from flowyard.flows.serving.requests import init_config
from flowyard.flows.snapshots import SnapshotStore
from flowyard.foundation.settings import Settings
from flowyard.identity.model import Caller

Base = Literal["cpu", "cuda"]

_MEMORY_MIB = 256
# What a model takes besides: for each byte of its files, and for the contexts of its requests at least.
_MODEL_TIMES, _CONTEXTS_MIB = 1.5, 384
# Where the deployment does not say how many replicas there may be: so many times its own.
_MOST_TIMES = 4
_MIB = 1024 * 1024
_START_S = 120
_MODEL_START_S = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextOptions:
    """What is asked for: the kind of machine, another image to build on, and what the image is to be called in a registry."""

    base: Base = "cpu"
    image: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where what was deployed is. `users` are those of flow processes; None: they run as we do."""

    snapshots: SnapshotStore
    connections: Connections
    catalog: Catalog
    settings: Settings
    users: FlowUsers | None = None


class ContextBuilder:
    """Writes the context of a deployment: what served last, with the packages that it was deployed with."""

    def __init__(self, endpoints: EndpointService, sources: Sources) -> None:
        self._endpoints = endpoints
        self._sources = sources

    def archive(self, caller: Caller, name: str, deployment: str, options: ContextOptions) -> Path:
        """Return a zip archive of the context, in a temporary folder that the caller removes.

        Raises:
            EndpointUnknownError: there is no such endpoint.
            DeploymentUnknownError: it has no such deployment.
            DeploymentInvalidError: nothing has served under its name yet.
            BuildError: what serves cannot be taken along.
            NotFoundError: its snapshot is gone.
        """
        record = self._endpoints.record(caller, name, deployment)
        if record.revision == 0:
            raise DeploymentInvalidError(
                f"Nothing has served as {name}/{deployment} yet.",
                remedy=f"Deploy first: flowyard endpoint deploy {name} --deployment {deployment} --flow DIR",
            )
        folder = Path(tempfile.mkdtemp(prefix="flowyard-context-"))
        try:
            return self._archived(record, options, folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def _archived(self, record: DeploymentRecord, options: ContextOptions, folder: Path) -> Path:
        context = BuildFolder(folder / "context")
        tag = options.tag or f"{record.endpoint}-{record.name}:{record.revision}".lower()
        built = self._write(context, record, tag, options)
        context.write(kubernetes.FILE, kubernetes.manifest(self._workload(record, built, tag, options)))
        context.finish(built.format, built.packages, built.variables, built.dropped)
        target = folder / "context.zip"
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted({*context.files}):
                archive.write(context.output / path, path)
        return target

    def _write(self, context: BuildFolder, record: DeploymentRecord, tag: str, options: ContextOptions) -> Built:
        plan = record.plan
        image = Image(name=tag, base=options.image, gpu=options.base == "cuda", start_s=_start_s(plan))
        if plan.model is not None:
            deployed = Deployed(folder=context.output, python=Path(sys.executable), variables=plan.environment_variables)
            return write_model_context(context, self._sources.catalog.card(plan.model), deployed, image)
        folder = self._sources.snapshots.folder(plan.digest or "")
        if plan.script is not None:
            deployed = self._deployed(record, folder, None)
            threads = plan.settings.request.max_concurrent_requests_per_instance or 1
            told = program.Script(script=plan.script, threads=threads, endpoint=record.endpoint, deployment=record.name)
            return write_script_context(context, told, deployed, image)
        spec = load_valid(folder, FlowOptions(root=folder, init=plan.init or init_config(plan.environment_variables)))
        connections = list(self._sources.connections.resolve_all(record.workspace_id))
        return write_flow_context(context, spec, self._deployed(record, folder, spec), connections, image)

    def _deployed(self, record: DeploymentRecord, folder: Path, spec: FlowSpec | None) -> Deployed:
        users = self._sources.users
        apart = Apart(users, record.workspace_id) if users is not None else None
        python = other_python(folder, spec, self._sources.settings.home, apart=apart)
        plan = record.plan
        return Deployed(folder=folder, python=Path(python or sys.executable), variables=plan.environment_variables, init=plan.init)

    def _workload(self, record: DeploymentRecord, built: Built, tag: str, options: ContextOptions) -> kubernetes.Workload:
        plan = record.plan
        memory = _MEMORY_MIB
        if plan.model is not None:
            memory += _CONTEXTS_MIB + round(self._sources.catalog.card(plan.model).bytes_total * _MODEL_TIMES / _MIB)
        scale, count = plan.settings.scale, plan.instance_count
        scaled = scale.type == "target_utilization"
        told = {"revision": str(record.revision), "digest": plan.digest, "model": plan.model}
        workload = kubernetes.Workload(
            name=f"{record.endpoint}-{record.name}".lower(),
            image=tag,
            replicas=scale.min_instances if scaled else count,
            most=scale.max_instances if scaled else count * _MOST_TIMES,
            variables=built.variables,
            callers=f"for {program.KEY} as a bearer token" if plan.model else "for no key",
            annotations={f"flowyard/{key}": value for key, value in told.items() if value},
            gpu=options.base == "cuda",
            memory_mib=memory,
            start_s=_start_s(plan),
        )
        probe = plan.settings.liveness_probe
        return workload if probe is None else replace(workload, liveness=probe)


def _start_s(plan: DeploymentPlan) -> int:
    return plan.settings.ready_within_s or (_MODEL_START_S if plan.model else _START_S)
