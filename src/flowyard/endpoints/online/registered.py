"""Deployments of registered models: what a reference to one stands for, and whether the workspace's license rules let it serve."""

from dataclasses import replace

from flowyard.catalog.registry.service import ModelRegistry
from flowyard.catalog.service import Catalog
from flowyard.endpoints.errors import DeploymentInvalidError
from flowyard.flows.mlflow_models import SCRIPT, mlflow_files
from flowyard.flows.snapshots import SnapshotStore
from flowyard.wire.endpoints import DeploymentCreate


def registered(
    registry: ModelRegistry, catalog: Catalog, snapshots: SnapshotStore, workspace_id: str, request: DeploymentCreate
) -> DeploymentCreate:
    """Return a deployment with the model or the snapshot that its reference stands for; one without a reference is checked and returned.

    Raises:
        LicenseDeniedError: a rule of the workspace denies the model's license.
        ModelUnknownError, RegisteredModelUnknownError: there is no such model.
        DeploymentInvalidError: nothing here serves such a model without a scoring script.
        FlowNotFoundError: it is an MLflow model without ``python_function`` or without its requirements.
    """
    text = request.model or ""
    found = registry.resolve(workspace_id, text)
    if found is None or found.model is not None:
        name = text if found is None or found.model is None else found.model
        registry.require_license(workspace_id, catalog.card(name))
        return replace(request, model=name)
    if found.type != "mlflow_model" or found.folder is None:
        raise DeploymentInvalidError(
            f"{text} is a {found.type.replace('_', ' ')}, which nothing here serves by itself.",
            remedy="Write a scoring script, and give the model's files with it: code_configuration and model: {path: …}.",
        )
    snapshot = snapshots.keep(mlflow_files(found.folder, name=found.name))
    return replace(request, model=None, snapshot=snapshot.digest, script=SCRIPT)
