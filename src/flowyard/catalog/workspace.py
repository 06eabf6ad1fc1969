"""The catalog as a workspace sees it: cards with the state of files, pulls and engines, and the pulls it asks for."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from flowyard.catalog.actions import actions_of
from flowyard.catalog.errors import ModelInUseError
from flowyard.catalog.filters import ModelQuery, select
from flowyard.catalog.fit.service import FitQuery
from flowyard.catalog.importing.workspace import ModelImports
from flowyard.catalog.jobs import MODEL_PULL
from flowyard.catalog.registry.rules import why_denied
from flowyard.catalog.reports import ReportStore
from flowyard.catalog.service import Catalog
from flowyard.catalog.verify.badges import badges
from flowyard.compute.errors import SupervisorUnavailableError
from flowyard.compute.jobs.model import ACTIVE
from flowyard.compute.jobs.service import JobService
from flowyard.compute.model import ProcessState
from flowyard.compute.ports import ProcessHost
from flowyard.connections.service import ConnectionService
from flowyard.identity.audit import AuditTrail
from flowyard.identity.model import Caller
from flowyard.inference.engines import engine_name
from flowyard.wire.jobs import Job
from flowyard.wire.model_fit import ModelFit
from flowyard.wire.model_registry import LicenseRules
from flowyard.wire.model_verifications import ModelBadge
from flowyard.wire.models import Model, ModelPage

log = logging.getLogger(__name__)

_EngineState = Literal["none", "stopped", "starting", "running", "failed"]

_ENGINE_STATES: dict[ProcessState, _EngineState] = {
    "starting": "starting",
    "restarting": "starting",
    "ready": "running",
    "failed": "failed",
    "stopped": "stopped",
}


def _no_rules(workspace_id: str) -> LicenseRules:
    del workspace_id
    return LicenseRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is kept beside the cards: what models were seen to do, imports under way, and which licenses a workspace deploys."""

    reports: ReportStore | None = None
    imports: ModelImports | None = None
    rules: Callable[[str], LicenseRules] = _no_rules


class WorkspaceModels:
    """What routes call. The files are the machine's; the jobs are the workspace's.

    Without `processes` (a control plane that no supervisor started) engines are not known and shown as stopped.
    """

    def __init__(
        self,
        catalog: Catalog,
        jobs: JobService,
        audit: AuditTrail,
        connections: ConnectionService,
        processes: ProcessHost | None = None,
        *,
        beside: Beside | None = None,
    ) -> None:
        beside = beside or Beside()
        self._reports, self._imports, self._rules = beside.reports, beside.imports, beside.rules
        self._catalog = catalog
        self._connections = connections
        self._jobs = jobs
        self._processes = processes
        self._audit = audit

    def get(self, caller: Caller, name: str) -> Model:
        """Return one model (ModelUnknownError when there is none)."""
        pulls = self._active(caller, name)
        model = _present(self._catalog.get(name), pulls[-1] if pulls else None, self._engines())
        return _complete(_ruled(model, self._rules(caller.workspace_id)), self._kinds(caller), self._badges(caller))

    def fit(self, name: str, query: FitQuery) -> ModelFit:
        """Return whether a model fits into this machine (see `Catalog.fit`)."""
        return self._catalog.fit(name, query)

    def pull(self, caller: Caller, name: str, *, connection: str | None = None, idempotency_key: str | None = None) -> Job:
        """Start to pull a model and return the job; while one runs in this workspace, that one.

        A model whose files are not known yet is imported from its place on the hub, with the token of `connection` where it is gated.

        Raises:
            ModelUnknownError: there is no such model.
            ModelNotLocalError: it is hosted.
            ConnectionNotFoundError: there is no such connection.
        """
        card = self._catalog.card(name)
        running = self._active(caller, name)
        if running:
            return running[-1]
        imported = self._imports.pull(caller, card, connection=connection) if self._imports is not None else None
        if imported is not None:
            return imported
        self._catalog.engine_settings(name)
        job = self._jobs.submit(
            caller,
            MODEL_PULL,
            {"model": name},
            title=f"Pull {card.display_name}",
            target=_target(name),
            idempotency_key=idempotency_key,
        )
        self._audit.record(caller, "model.pull", _target(name), {"job": job.id})
        return job

    def remove(self, caller: Caller, name: str) -> None:
        """Stop a model's engine and delete its files.

        Raises:
            ModelUnknownError: there is no such model.
            ModelInUseError: it is being pulled.
        """
        self._catalog.card(name)
        if self._active(caller, name):
            raise ModelInUseError(f"The model {name!r} is being pulled.", remedy="Cancel the job first, or wait for its end.")
        self._stop_engine(name)
        self._catalog.remove(name)
        self._audit.record(caller, "model.remove", _target(name))

    def verify(self, caller: Caller, name: str) -> Model:
        """Compare the hashes of a model's files (see `Catalog.verify`)."""
        self._catalog.verify(name)
        return self.get(caller, name)

    def _stop_engine(self, name: str) -> None:
        if self._processes is None:
            return
        try:
            self._processes.stop(engine_name(name))
        except SupervisorUnavailableError as error:
            # Engines end with their supervisor: none holds the files.
            log.warning("The engine of %s was not stopped: %s", name, error)

    def _active(self, caller: Caller, name: str | None = None) -> list[Job]:
        """Return the pulls that have not ended, newest first."""
        page = self._jobs.page(caller.workspace_id, kind=MODEL_PULL, target=_target(name) if name else None)
        imports = [] if self._imports is None else self._imports.active(caller, _target(name) if name else None)
        return [*(job for job in page.items if job.status in ACTIVE), *imports]

    def _engines(self) -> dict[str, _EngineState]:
        if self._processes is None:
            return {}
        try:
            found = self._processes.find(engine_name(""))
        except SupervisorUnavailableError:
            # A list of models is worth showing without it.
            return {}
        return {status.name: _ENGINE_STATES[status.state] for status in found}

    def _kinds(self, caller: Caller) -> dict[str, list[str]]:
        """Return the names of the workspace's connections by their type."""
        found: dict[str, list[str]] = {}
        for connection in self._connections.list(caller):
            found.setdefault(connection.type, []).append(connection.name)
        return found

    def list(self, caller: Caller, query: ModelQuery | None = None) -> ModelPage:
        """Return the models that fit, by name, with the counts of what further filters would leave."""
        pulls = {job.target: job for job in reversed(self._active(caller))}
        engines, kinds, rules = self._engines(), self._kinds(caller), self._rules(caller.workspace_id)
        models = [_present(model, pulls.get(_target(model.name)), engines) for model in self._catalog.list()]
        models = [_ruled(model, rules) for model in models]
        badges = self._badges(caller)
        return select([_complete(model, kinds, badges) for model in models], query or ModelQuery())

    def _badges(self, caller: Caller) -> Mapping[str, ModelBadge]:
        return {} if self._reports is None else badges(self._reports, caller.workspace_id)


def _target(name: str) -> str:
    return f"model/{name}"


def _present(model: Model, pull: Job | None, engines: dict[str, _EngineState]) -> Model:
    if pull is not None and model.state != "ready":
        return replace(model, state="pulling", pull_job=pull.id)
    if model.state == "ready":
        return replace(model, engine_state=engines.get(engine_name(model.name), "stopped"))
    return model


def _complete(model: Model, kinds: Mapping[str, Sequence[str]], verified: Mapping[str, ModelBadge]) -> Model:
    """Return a model with the connections it could be called through, what can be done with it, and what it was seen to do."""
    place = model.connection
    if place is not None:
        names = tuple(name for kind in place.types for name in kinds.get(kind, ()))
        call = f"{names[0]}/{place.model}" if names else None
        model = replace(model, connection=replace(place, connections=names), call=call)
    badge = verified.get(model.name) or (verified.get(model.call) if model.call else None)
    return replace(model, actions=actions_of(model), verified=badge)


def _ruled(model: Model, rules: LicenseRules) -> Model:
    """Return a model with the rule that keeps it from being deployed, if there is one."""
    reason = why_denied(rules, model.license, model.license_class)
    return model if reason is None else replace(model, license_denied=reason)
