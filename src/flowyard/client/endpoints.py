"""Real-time endpoints, from Python."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from flowyard.client.transport import Transport
from flowyard.foundation.codecs import decode, from_json, to_json
from flowyard.wire.deployment_checks import DeploymentCheckCreate, DeploymentChecks
from flowyard.wire.endpoint_keys import EndpointCredentials, EndpointKeyCreated, EndpointToken, KeyRegenerate, KeyType
from flowyard.wire.endpoint_metrics import EndpointMetrics, MetricsBy
from flowyard.wire.endpoints import (
    AuthMode,
    DeploymentCreate,
    DeploymentSource,
    Endpoint,
    EndpointCreate,
    EndpointUpdate,
    LogLines,
    Revision,
    Rollback,
    TrafficUpdate,
)
from flowyard.wire.index_uses import IndexUse
from flowyard.wire.jobs import Job
from flowyard.wire.scaling import DeploymentScale, Scaling
from flowyard.wire.shared import Page
from flowyard.wire.telemetry import Grain

if TYPE_CHECKING:
    from flowyard.flows.build.folder import Built

_PIN = "azureml-model-deployment"


class Endpoints:
    """The endpoints of the workspace: make them, deploy to them, call them."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> tuple[Endpoint, ...]:
        """Return all endpoints, by name."""
        return self._transport.get("endpoints", Page[Endpoint]).items

    def get(self, name: str) -> Endpoint:
        """Return one endpoint with its deployments and replicas."""
        return self._transport.get(_path(name), Endpoint)

    def create(
        self, name: str, *, description: str | None = None, tags: Mapping[str, str] | None = None, auth_mode: AuthMode = "key"
    ) -> Endpoint:
        """Make an endpoint without deployments."""
        body = EndpointCreate(name=name, description=description, tags=dict(tags or {}), auth_mode=auth_mode)
        return self._transport.post("endpoints", Endpoint, body=body)

    def update(self, name: str, change: EndpointUpdate) -> Endpoint:
        """Change an endpoint's description, tags, mirrored traffic or auth mode; what is None stays."""
        return self._transport.patch(_path(name), Endpoint, body=change)

    def credentials(self, name: str) -> EndpointCredentials:
        """Return how an endpoint is called, and which of its keys there are; never their secrets."""
        return self._transport.get(_path(name, "credentials"), EndpointCredentials)

    def regenerate_key(self, name: str, key_type: KeyType) -> EndpointKeyCreated:
        """Make one of the endpoint's two keys, or make it anew; the answer has it, this once. The other key stays valid."""
        return self._transport.post(_path(name, "regenerate-key"), EndpointKeyCreated, body=KeyRegenerate(key_type=key_type))

    def token(self, name: str) -> EndpointToken:
        """Return a token that calls the endpoint for an hour; only where its auth mode is ``aml_token``."""
        return self._transport.post(_path(name, "token"), EndpointToken)

    def delete(self, name: str) -> None:
        """Delete an endpoint with its deployments."""
        self._transport.delete(_path(name))

    def deploy(self, name: str, request: DeploymentCreate) -> Job:
        """Begin to deploy a flow, a snapshot or a model and return the job (``ws.jobs.wait`` follows it).

        Example::

            job = ws.endpoints.deploy("support", DeploymentCreate(flow="answers"))
            ws.jobs.wait(job.id)
        """
        return self._transport.post(_path(name, "deployments"), Job, body=request)

    def plan(self, name: str, request: DeploymentCreate) -> DeploymentSource:
        """Return what `deploy` would bring into service: of a registered model what its reference stands for now."""
        return self._transport.post(_path(name, "deployments", "plan"), DeploymentSource, body=request)

    def check(self, request: DeploymentCreate, *, test: bool = True, inputs: Mapping[str, Any] | None = None) -> DeploymentChecks:
        """Look at what is to be deployed: is it valid, does it answer a test, does its evaluation meet the gates of its settings.

        Deploy the `digest` that comes back (``replace(request, snapshot=checks.digest)``), and what was checked is what serves.

        Args:
            request: what is to be deployed.
            test: run its flow once.
            inputs: what it is run with; None: the last inputs that are known, else its defaults.
        """
        body = DeploymentCheckCreate(deployment=request, test=test, inputs=None if inputs is None else dict(inputs))
        return self._transport.post("deployment-checks", DeploymentChecks, body=body)

    def index_uses(self, *, index: str | None = None, endpoint: str | None = None) -> tuple[IndexUse, ...]:
        """Return which deployments ask which version of an index of documents: of one `index`, of one `endpoint`, or all."""
        return self._transport.get("index-uses", Page[IndexUse], params={"index": index, "endpoint": endpoint}).items

    def revisions(self, name: str, deployment: str) -> tuple[Revision, ...]:
        """Return what served under a deployment's name, the newest first."""
        return self._transport.get(_path(name, "deployments", deployment, "revisions"), Page[Revision]).items

    def rollback(self, name: str, deployment: str, *, to: int | None = None) -> Job:
        """Begin to bring revision `to` back (None: the one before what serves) and return the job."""
        return self._transport.post(_path(name, "deployments", deployment, "rollback"), Job, body=Rollback(revision=to))

    def build(
        self,
        name: str,
        output: Path,
        *,
        deployment: str = "blue",
        base: Literal["cpu", "cuda"] = "cpu",
        image: str | None = None,
        tag: str | None = None,
    ) -> "Built":
        """Write what serves as the context of a container image, with a Kubernetes manifest, into the folder `output`.

        Args:
            name: the endpoint.
            output: the folder; an earlier build in it is replaced.
            deployment: the deployment.
            base: ``cuda`` asks for an NVIDIA card.
            image: what to build on, with Python and pip; None: Python's own slim image.
            tag: what the image is called in the manifest.

        Raises:
            OutputExistsError: `output` holds something that no build made.
            RemoteError: nothing has served yet, or what serves cannot be taken along.
        """
        import zipfile

        from flowyard.flows.build.folder import MARK, Built, clear

        clear(output)
        with tempfile.TemporaryFile() as file:
            where = _path(name, "deployments", deployment, "build")
            self._transport.download(where, file, params={"base": base, "image": image, "tag": tag})
            with zipfile.ZipFile(file) as archive:
                archive.extractall(output)
                return replace(decode(archive.read(MARK), Built), output=str(output))

    def scale(self, name: str, deployment: str, change: DeploymentScale) -> Endpoint:
        """Change how many replicas of a deployment run, or how they are scaled; what is None stays."""
        return self._transport.patch(_path(name, "deployments", deployment, "scale"), Endpoint, body=change)

    def scalings(self, name: str, deployment: str) -> tuple[Scaling, ...]:
        """Return how the number of a deployment's replicas changed and why, the newest first."""
        return self._transport.get(_path(name, "deployments", deployment, "scalings"), Page[Scaling]).items

    def metrics(
        self,
        name: str,
        *,
        by: Sequence[MetricsBy] = ("deployment",),
        grain: Grain = "none",
        since: str | None = None,
        until: str | None = None,
    ) -> EndpointMetrics:
        """Return what an endpoint did from `since` (RFC 3339, or ``2h``, ``7d`` ago) to `until`, by groups and over time, and does now."""
        params = {"by": list(by), "grain": grain, "since": since, "until": until}
        return self._transport.get(_path(name, "metrics"), EndpointMetrics, params=params)

    def delete_deployment(self, name: str, deployment: str) -> None:
        """Delete a deployment that takes no traffic."""
        self._transport.delete(_path(name, "deployments", deployment))

    def set_traffic(self, name: str, traffic: Mapping[str, int]) -> Endpoint:
        """Split requests among the deployments, per cent; the sum is 0 or 100."""
        return self._transport.patch(_path(name, "traffic"), Endpoint, body=TrafficUpdate(traffic=dict(traffic)))

    def logs(self, name: str, *, deployment: str | None = None, replica: str | None = None, tail: int = 200) -> tuple[LogLines, ...]:
        """Return the last lines that the replicas wrote: of one deployment or of all, or of one replica, by its name or the end of it."""
        params = {"deployment": deployment, "replica": replica, "tail": tail}
        return self._transport.get(_path(name, "logs"), Page[LogLines], params=params).items

    def invoke(self, name: str, inputs: Any, *, deployment: str | None = None) -> Any:
        """Call an endpoint and return its answer: a flow's outputs, or a model's completion.

        Args:
            name: the endpoint.
            inputs: the flow's inputs by name, or the body of a model call.
            deployment: this one, whatever the traffic split says.

        Raises:
            RemoteError: the flow failed, or nothing answers; it says what the server said.
        """
        headers = {"Content-Type": "application/json"} | ({_PIN: deployment} if deployment else {})
        return from_json(self._transport.request("POST", _score(name), body=to_json(inputs), headers=headers).data)

    def invoke_stream(self, name: str, inputs: Any) -> Iterator[dict[str, Any]]:
        """Call a flow that streams and yield its outputs piece by piece."""
        for event in self._transport.stream(_score(name), method="POST", body=inputs):
            yield from_json(event.data)


def _score(name: str) -> str:
    return f"/endpoints/{quote(name, safe='')}/score"


def _path(name: str, *rest: str) -> str:
    return "/".join(("endpoints", *(quote(part, safe="") for part in (name, *rest))))
