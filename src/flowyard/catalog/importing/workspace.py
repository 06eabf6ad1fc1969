"""Imports as a workspace asks for them: checked before a job is made of them."""

from dataclasses import replace

from flowyard.catalog.cards import Card
from flowyard.catalog.importing.places import ImportPlaces
from flowyard.catalog.importing.service import check_name, hub_order, name_of
from flowyard.catalog.jobs import MODEL_IMPORT
from flowyard.catalog.service import Catalog
from flowyard.compute.jobs.model import ACTIVE
from flowyard.compute.jobs.service import JobService
from flowyard.connections.service import ConnectionService
from flowyard.identity.audit import AuditTrail
from flowyard.identity.model import Caller
from flowyard.wire.jobs import Job
from flowyard.wire.models import ModelImportCreate


class ModelImports:
    """What routes call to bring models from elsewhere. The files are the machine's; the jobs are the workspace's."""

    def __init__(self, catalog: Catalog, jobs: JobService, audit: AuditTrail, connections: ConnectionService, places: ImportPlaces) -> None:
        self._catalog = catalog
        self._jobs = jobs
        self._audit = audit
        self._connections = connections
        self._places = places

    def create(self, caller: Caller, order: ModelImportCreate) -> Job:
        """Start to import a model and return the job; while one of the same name runs in this workspace, that one.

        Raises:
            AddressInvalidError: the source or the name has not the form that it should have.
            ModelNameTakenError: the catalog has another model of this name.
            ConnectionNotFoundError, UploadNotFoundError, SourceFailedError: there is no such thing.
        """
        return self._start(caller, order, f"Import {order.source}")

    def pull(self, caller: Caller, card: Card, *, connection: str | None = None) -> Job | None:
        """Start to bring a model whose place on the hub is known and whose files are not; None for all others."""
        order = hub_order(card)
        return None if order is None else self._start(caller, replace(order, connection=connection), f"Pull {card.display_name}")

    def active(self, caller: Caller, target: str | None) -> list[Job]:
        """Return the imports that have not ended, newest first: all, or those of one target."""
        page = self._jobs.page(caller.workspace_id, kind=MODEL_IMPORT, target=target)
        return [job for job in page.items if job.status in ACTIVE]

    def _start(self, caller: Caller, order: ModelImportCreate, title: str) -> Job:
        path = self._places.path(caller.workspace_id, order.source)
        name = order.name or name_of(order.source)
        check_name(self._catalog, name, order.source)
        if order.connection is not None:
            self._connections.get(caller, order.connection)
        target = f"model/{name}"
        running = self.active(caller, target)
        if running:
            return running[-1]
        arguments = {
            "source": order.source, "path": None if path is None else str(path), "name": name, "files": list(order.files),
            "connection": order.connection, "license": order.license, "asked_by": caller.actor,
        }  # fmt: skip
        job = self._jobs.submit(caller, MODEL_IMPORT, arguments, title=title[:200], target=target)
        self._audit.record(caller, "model.import", target, {"job": job.id, "source": order.source})
        return job
