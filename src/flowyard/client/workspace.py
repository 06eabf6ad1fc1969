"""The entry to the SDK."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowyard.client.credentials import find_credentials
from flowyard.client.transport import Transport
from flowyard.foundation.settings import read_settings

if TYPE_CHECKING:
    from flowyard.client.access_tags import Access
    from flowyard.client.applying import Applied
    from flowyard.client.audit import Audit
    from flowyard.client.collected_data import CollectedDataOf
    from flowyard.client.connections import Connections
    from flowyard.client.data import Data
    from flowyard.client.datastores import Datastores
    from flowyard.client.endpoints import Endpoints
    from flowyard.client.evaluators import Evaluators
    from flowyard.client.flows import Flows
    from flowyard.client.indexes import Indexes
    from flowyard.client.jobs import Jobs
    from flowyard.client.keys import Keys
    from flowyard.client.limits import WorkspaceLimit
    from flowyard.client.lineage import Lineage
    from flowyard.client.logs import Logs
    from flowyard.client.model_registry import ModelRegistry
    from flowyard.client.models import Models
    from flowyard.client.notebooks import Notebooks
    from flowyard.client.rollouts import Rollouts
    from flowyard.client.routes import Routes
    from flowyard.client.runs import Runs
    from flowyard.client.scores import Scores
    from flowyard.client.telemetry import Telemetry
    from flowyard.client.traces import Traces
    from flowyard.client.transforms import Transforms
    from flowyard.client.users import Users
    from flowyard.wire.identity import Me
    from flowyard.wire.jobs import Job


class Workspace:
    """A workspace on a running server.

    ``Workspace()`` finds the server that runs on this machine; pass `url` and `api_key`, or set ``FLOWYARD_URL`` and
    ``FLOWYARD_API_KEY``, for another.

    Example::

        from flowyard import Workspace

        ws = Workspace()
        print(ws.endpoints.invoke("support", {"question": "Where is my parcel?"}))
    """

    def __init__(
        self, *, url: str | None = None, api_key: str | None = None, home: Path | None = None, workspace: str | None = None
    ) -> None:
        settings = read_settings(home=home)
        found = find_credentials(replace(settings, url=url or settings.url, api_key=api_key or settings.api_key))
        self.transport = Transport(found.url, found.api_key, workspace or found.workspace)

    def me(self) -> "Me":
        """Return whose key this is, and the workspaces it opens."""
        from flowyard.wire.identity import Me

        return self.transport.get("/api/v1/me", Me)

    def apply(
        self,
        files: Sequence[str | Path],
        *,
        dry_run: bool = False,
        anyway: bool = False,
        follow: "Callable[[Job], Any] | None" = None,
    ) -> "tuple[Applied, ...]":
        """Make or change what Azure ML's YAML files of endpoints and deployments describe; see `flowyard.client.applying.apply`."""
        from flowyard.client.applying import apply

        return apply(self, files, dry_run=dry_run, anyway=anyway, follow=follow)

    @cached_property
    def models(self) -> "Models":
        """The model catalog."""
        from flowyard.client.models import Models

        return Models(self.transport)

    @cached_property
    def registry(self) -> "ModelRegistry":
        """Registered models: versions under a name, with stage, tags and aliases."""
        from flowyard.client.model_registry import ModelRegistry

        return ModelRegistry(self.transport)

    @cached_property
    def flows(self) -> "Flows":
        """The flows of the workspace."""
        from flowyard.client.flows import Flows

        return Flows(self.transport)

    @cached_property
    def collected_data(self) -> "CollectedDataOf":
        """What deployments collected of their requests."""
        from flowyard.client.collected_data import CollectedDataOf

        return CollectedDataOf(self.transport)

    @cached_property
    def endpoints(self) -> "Endpoints":
        """Online endpoints and their deployments."""
        from flowyard.client.endpoints import Endpoints

        return Endpoints(self.transport)

    @cached_property
    def evaluators(self) -> "Evaluators":
        """What scores answers."""
        from flowyard.client.evaluators import Evaluators

        return Evaluators(self.transport)

    @cached_property
    def notebooks(self) -> "Notebooks":
        """Jupyter beside the flows."""
        from flowyard.client.notebooks import Notebooks

        return Notebooks(self.transport)

    @cached_property
    def rollouts(self) -> "Rollouts":
        """Traffic of endpoints, moved in steps."""
        from flowyard.client.rollouts import Rollouts

        return Rollouts(self.transport)

    @cached_property
    def routes(self) -> "Routes":
        """Routes of the gateway."""
        from flowyard.client.routes import Routes

        return Routes(self.transport)

    @cached_property
    def runs(self) -> "Runs":
        """Flows over many rows of data."""
        from flowyard.client.runs import Runs

        return Runs(self.transport)

    @cached_property
    def jobs(self) -> "Jobs":
        """Durable work."""
        from flowyard.client.jobs import Jobs

        return Jobs(self.transport)

    @cached_property
    def traces(self) -> "Traces":
        """What ran, with prompts, tokens and times."""
        from flowyard.client.traces import Traces

        return Traces(self.transport)

    @cached_property
    def scores(self) -> "Scores":
        """What people, programs and evaluators think of traces."""
        from flowyard.client.scores import Scores

        return Scores(self.transport)

    @cached_property
    def logs(self) -> "Logs":
        """SQL over telemetry."""
        from flowyard.client.logs import Logs

        return Logs(self.transport)

    @cached_property
    def telemetry(self) -> "Telemetry":
        """Tokens, costs, times and errors, by groups and over time."""
        from flowyard.client.telemetry import Telemetry

        return Telemetry(self.transport)

    @cached_property
    def data(self) -> "Data":
        """Named data, in versions."""
        from flowyard.client.data import Data

        return Data(self.transport)

    @cached_property
    def indexes(self) -> "Indexes":
        """Indexes of documents, in versions."""
        from flowyard.client.indexes import Indexes

        return Indexes(self.transport)

    @cached_property
    def lineage(self) -> "Lineage":
        """What was made of what."""
        from flowyard.client.lineage import Lineage

        return Lineage(self.transport)

    @cached_property
    def transforms(self) -> "Transforms":
        """Versions of data assets made from others by steps."""
        from flowyard.client.transforms import Transforms

        return Transforms(self.transport)

    @cached_property
    def datastores(self) -> "Datastores":
        """Named places with files, and what is in them."""
        from flowyard.client.datastores import Datastores

        return Datastores(self.transport)

    @cached_property
    def connections(self) -> "Connections":
        """Named endpoints and their secrets."""
        from flowyard.client.connections import Connections

        return Connections(self.transport)

    @cached_property
    def keys(self) -> "Keys":
        """API keys."""
        from flowyard.client.keys import Keys

        return Keys(self.transport)

    @cached_property
    def limits(self) -> "WorkspaceLimit":
        """What the workspace as a whole may use."""
        from flowyard.client.limits import WorkspaceLimit

        return WorkspaceLimit(self.transport)

    @cached_property
    def users(self) -> "Users":
        """The people in the workspace."""
        from flowyard.client.users import Users

        return Users(self.transport)

    @cached_property
    def access(self) -> "Access":
        """Access tags: who may see which documents of indexes."""
        from flowyard.client.access_tags import Access

        return Access(self.transport)

    @cached_property
    def audit(self) -> "Audit":
        """Who changed what."""
        from flowyard.client.audit import Audit

        return Audit(self.transport)
