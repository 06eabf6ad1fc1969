"""What a replica's process is told: the one place where secrets of the platform are chosen for user code."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flowyard.compute.model import ProcessSpec
from flowyard.compute.processes.users import FlowUsers
from flowyard.connections.model import ResolvedConnection
from flowyard.endpoints.collecting.settings import collector_spec
from flowyard.endpoints.local_models import LocalModels
from flowyard.endpoints.online.model import DeploymentPlan, DeploymentRecord, key_scope
from flowyard.endpoints.online.ports import Connections, ProcessKeys
from flowyard.endpoints.online.protocol import REPLICA_ENVIRONMENT, REPLICA_MODULE, VERSION
from flowyard.flows.environments import other_python
from flowyard.flows.environments.apart import Apart
from flowyard.flows.inspect import connections_of_tools, named_by_init
from flowyard.flows.model import FlowOptions, FlowSpec
from flowyard.flows.rules import load_valid
from flowyard.flows.runtime.cache_store import cache_spec
from flowyard.flows.serving.overrides import override_connections, serving_variables
from flowyard.flows.serving.requests import INIT_VARIABLE, init_config
from flowyard.flows.snapshots import SnapshotStore
from flowyard.foundation.codecs import plain, to_json
from flowyard.foundation.settings import Settings
from flowyard.identity.access import Holder
from flowyard.inference.providers import MODEL_TYPES

SCRIPT_MODULE = "flowyard.endpoints.online.scripts.replica"
#: Where a script's snapshot has its code, and what the script finds in ``AZUREML_MODEL_DIR``.
CODE = "code"
MODEL = "model"

_READY_WITHIN_S = 120
# Only what cannot be taken over: the platform's own settings are not for user code.
_PLATFORM_PREFIX = "FLOWYARD_"
#: ``${connection.key}`` as the value of an environment variable.
REFERENCE = re.compile(r"\$\{([A-Za-z0-9._-]+)\.[A-Za-z0-9_-]+\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where replicas find the rest: the gateway's URL (without ``/v1``), and the settings, for spans and kept results.

    `users`: whom replicas run as; None: as us.
    """

    gateway_url: str
    settings: Settings
    users: FlowUsers | None = None


class ReplicaSpecs:
    """Makes the process specs of replicas."""

    def __init__(
        self, snapshots: SnapshotStore, connections: Connections, keys: ProcessKeys, models: LocalModels, surroundings: Surroundings
    ) -> None:
        self._snapshots = snapshots
        self._connections = connections
        self._keys = keys
        self._models = models
        self._surroundings = surroundings

    def make(
        self,
        deployment: DeploymentRecord,
        plan: DeploymentPlan,
        revision: int,
        name: str,
        token: str,
        progress: Callable[[str], None] | None = None,
    ) -> ProcessSpec:
        """Return the spec of the replica `name`, which answers to who knows `token`.

        Blocks while the environment of the flow's packages is built, where that is not there; `progress` is told of it.

        Raises:
            RequirementsError, EnvironmentBuildError: the flow's packages cannot be had.
            NotFoundError: the snapshot is gone.
            InvalidFlowError: the flow has errors; `findings` has all of them.
            ModelUnknownError: the catalog has no such model.
            ModelNotPulledError: the model is not on this machine.
        """
        if plan.model is not None:
            return self._engine(plan.model, plan, name, token)
        if plan.script is not None:
            return self._script(deployment, plan, plan.script, name, token, progress)
        return self._flow(deployment, plan, revision, name, token, progress)

    def _flow(
        self,
        deployment: DeploymentRecord,
        plan: DeploymentPlan,
        revision: int,
        name: str,
        token: str,
        progress: Callable[[str], None] | None,
    ) -> ProcessSpec:
        folder = self._snapshots.folder(plan.digest or "")
        init = plan.init or init_config(plan.environment_variables)
        flow = load_valid(folder, FlowOptions(root=folder, init=init))
        settings = self._surroundings.settings
        python = self._python(folder, flow, deployment.workspace_id, progress)
        variables = serving_variables(flow, plan.environment_variables, {})
        known, direct = overridden(self._connections.resolve_all(deployment.workspace_id), variables)
        spools, cache = settings.home / "spools" / deployment.workspace_id, cache_spec(settings, deployment.workspace_id, known)
        scope = key_scope(deployment.id, revision)
        name_of_key, works_for = f"{deployment.endpoint}/{deployment.name}", str(Holder("endpoint", deployment.endpoint_id))
        key = self._keys.issue(deployment.workspace_id, name_of_key, "invoker", scope=scope, acts_for=works_for)
        return ProcessSpec(
            name=name,
            module=REPLICA_MODULE,
            python=python,
            environment=replica_environment(plan.environment_variables, plan.init),
            message={
                "version": VERSION,
                "folder": str(folder),
                "flow": plan.flow or (deployment.endpoint if flow.name == folder.name else flow.name),
                "endpoint": deployment.endpoint,
                "deployment": deployment.name,
                "workspace_id": deployment.workspace_id,
                "connections": handed_over(flow, known, init, direct),
                "direct": sorted(direct),
                "calls_models": any(node.type not in {"python", "prompt"} for node in flow.nodes),
                "gateway_url": self._surroundings.gateway_url,
                "api_key": key,
                "token": token,
                "spools": str(spools),
                "collector": plain(collector_spec(plan.settings.data_collector)),
                "cache": plain(cache),
            },
            ready_timeout_s=float(plan.settings.ready_within_s or _READY_WITHIN_S),
            stop_timeout_s=15.0,
            workspace_id=deployment.workspace_id,
            reads=(str(folder), *((str(Path(python).parent.parent),) if python else ())),
            writes=(str(spools), cache.folder),
        )

    def _engine(self, model: str, plan: DeploymentPlan, name: str, token: str) -> ProcessSpec:
        engine = self._models.engine(model).process
        within = plan.settings.ready_within_s or engine.ready_timeout_s
        message = {**engine.message, "api_key": token}
        return replace(engine, name=name, message=message, idle_timeout_s=None, ready_timeout_s=float(within))

    def _script(
        self,
        deployment: DeploymentRecord,
        plan: DeploymentPlan,
        script: str,
        name: str,
        token: str,
        progress: Callable[[str], None] | None,
    ) -> ProcessSpec:
        folder = self._snapshots.folder(plan.digest or "")
        python = self._python(folder, None, deployment.workspace_id, progress)
        spools = self._surroundings.settings.home / "spools" / deployment.workspace_id
        return ProcessSpec(
            name=name,
            module=SCRIPT_MODULE,
            python=python,
            environment=replica_environment(plan.environment_variables),
            message={
                "version": VERSION,
                "code": str(folder / CODE),
                "script": script,
                "model": str(folder / MODEL),
                "threads": plan.settings.request.max_concurrent_requests_per_instance or 1,
                "endpoint": deployment.endpoint,
                "deployment": deployment.name,
                "workspace_id": deployment.workspace_id,
                "token": token,
                "spools": str(spools),
                "collector": plain(collector_spec(plan.settings.data_collector)),
            },
            ready_timeout_s=float(plan.settings.ready_within_s or _READY_WITHIN_S),
            stop_timeout_s=15.0,
            workspace_id=deployment.workspace_id,
            reads=(str(folder), *((str(Path(python).parent.parent),) if python else ())),
            writes=(str(spools),),
        )

    def _python(self, folder: Path, flow: FlowSpec | None, workspace_id: str, progress: Callable[[str], None] | None) -> str | None:
        users = self._surroundings.users
        apart = Apart(users, workspace_id) if users is not None else None
        return other_python(folder, flow, self._surroundings.settings.home, progress=progress, apart=apart)


def replica_environment(variables: dict[str, str], init: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Return the whole environment of a replica: the deployment's own variables, without any of the platform's; and its `init`."""
    own = {name: value for name, value in variables.items() if not name.startswith(_PLATFORM_PREFIX)}
    if init:
        own[INIT_VARIABLE] = to_json(init).decode()
    return {**REPLICA_ENVIRONMENT, **own}


def handed_over(
    flow: FlowSpec,
    connections: Iterable[ResolvedConnection],
    init: Mapping[str, Any] | None = None,
    direct: Collection[str] = (),
) -> dict[str, dict[str, Any]]:
    """Return the connections that the flow's Python nodes and environment variables, and `init`, name, with their secrets.

    LLM nodes need none: they call the gateway, but for those of `direct`.
    """
    known = {connection.name: connection for connection in connections}
    named = {found for value in flow.environment_variables.values() for found in REFERENCE.findall(str(value))}
    named |= connections_of_tools(flow, known) | named_by_init(init or {}) | set(direct)
    return {
        connection.name: {"type": connection.type, "configs": connection.configs, "secrets": connection.secrets}
        for connection in known.values()
        if connection.name in named
    }


def overridden(connections: Iterable[ResolvedConnection], variables: Mapping[str, str]) -> tuple[list[ResolvedConnection], set[str]]:
    """Return the connections as `variables` change them by ``<CONNECTION>_<KEY>``, and the names of changed ones that have models.

    The gateway knows nothing of what one deployment changes: its replicas call such a connection's models themselves.
    """
    found: list[ResolvedConnection] = []
    changed: set[str] = set()
    for connection in connections:
        values = {"type": connection.type, "configs": dict(connection.configs), "secrets": dict(connection.secrets)}
        now = override_connections({connection.name: values}, variables)[connection.name]
        if now != values and connection.type in MODEL_TYPES:
            changed.add(connection.name)
        found.append(replace(connection, configs=now["configs"], secrets=now["secrets"]))
    return found, changed
