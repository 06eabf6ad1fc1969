"""Finds what a name means now: in memory, and where that says no, once in the database: what was just made works at once."""

import asyncio
import logging

from flowyard.catalog.errors import ModelUnknownError
from flowyard.connections.model import ResolvedConnection
from flowyard.endpoints.errors import DeploymentUnknownError, EndpointUnknownError, NoTrafficError
from flowyard.endpoints.gateway.balance import Look, choose_deployment
from flowyard.endpoints.gateway.directory import Directory
from flowyard.endpoints.gateway.ports import DeploymentRoute, EndpointRoute
from flowyard.foundation.errors import nearest

log = logging.getLogger(__name__)

# A request that lost its replica waits for the database so long at most.
_RENEWED_WITHIN_S = 0.5


class Finder:
    """Looks names up within a workspace."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    async def deployment(self, workspace_id: str, name: str, pinned: str | None) -> tuple[EndpointRoute, DeploymentRoute]:
        """Return an endpoint and the deployment of it that takes the request.

        Raises:
            EndpointUnknownError: there is no such endpoint.
            DeploymentUnknownError: the pinned deployment does not exist.
            NoTrafficError: none was pinned and the split is empty.
        """
        try:
            endpoint, deployment = self._choose(workspace_id, name, pinned)
            if deployment.replicas:
                return endpoint, deployment
        except (EndpointUnknownError, DeploymentUnknownError, NoTrafficError):
            await asyncio.to_thread(self._directory.refresh_endpoints, workspace_id)
            return self._choose(workspace_id, name, pinned)
        await asyncio.to_thread(self._directory.refresh_endpoints, workspace_id)
        return self._choose(workspace_id, name, pinned)

    async def endpoint(self, workspace_id: str, name: str) -> EndpointRoute | None:
        """Return an endpoint; None when there is none."""
        if self._directory.endpoint(workspace_id, name) is None:
            await asyncio.to_thread(self._directory.refresh_endpoints, workspace_id)
        return self._directory.endpoint(workspace_id, name)

    def look(self, endpoint: EndpointRoute, deployment: DeploymentRoute) -> Look:
        """Return a function that returns the deployment as it is known when it is called."""

        def now() -> DeploymentRoute | None:
            found = self._directory.endpoint(endpoint.workspace_id, endpoint.name)
            return found.deployments.get(deployment.name) if found is not None else None

        return now

    async def renewed(self, endpoint: EndpointRoute, deployment: DeploymentRoute) -> DeploymentRoute:
        """Return the deployment as it is now: a replica that is gone was often replaced. Where nobody can tell, as it is known."""
        try:
            async with asyncio.timeout(_RENEWED_WITHIN_S):
                await asyncio.to_thread(self._directory.refresh_endpoints, endpoint.workspace_id)
        except Exception:
            log.exception("What serves %s cannot be read; going on with what is known", endpoint.name)
        return self.look(endpoint, deployment)() or deployment

    async def connection(self, workspace_id: str, name: str) -> ResolvedConnection:
        """Return a connection.

        Raises:
            ModelUnknownError: there is no such connection.
        """
        found = self._directory.connection(workspace_id, name)
        if found is None:
            await asyncio.to_thread(self._directory.refresh_connections, workspace_id)
            found = self._directory.connection(workspace_id, name)
        if found is None:
            near = nearest(name, [entry.name for entry in self._directory.connections(workspace_id)])
            remedy = f"Did you mean {near!r}?" if near else "See: flowyard connection list"
            raise ModelUnknownError(f"There is no connection {name!r} in this workspace.", remedy=remedy)
        return found

    def _choose(self, workspace_id: str, name: str, pinned: str | None) -> tuple[EndpointRoute, DeploymentRoute]:
        endpoint = self._directory.endpoint(workspace_id, name)
        if endpoint is None:
            near = nearest(name, [entry.name for entry in self._directory.endpoints(workspace_id)])
            remedy = f"Did you mean {near!r}?" if near else f"Make one with: flowyard endpoint create {name}"
            raise EndpointUnknownError(f"There is no endpoint {name!r} in this workspace.", remedy=remedy)
        return endpoint, choose_deployment(endpoint, pinned)
