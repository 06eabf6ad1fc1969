"""The model registry, from Python."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from flowyard.client.runs import Runs
from flowyard.client.transport import Transport
from flowyard.wire.model_registry import (
    LicenseRules,
    ModelPromotionCreate,
    RegisteredModel,
    RegisteredModelCreate,
    RegisteredModelUpdate,
    Stage,
)
from flowyard.wire.shared import Page


class ModelRegistry:
    """The registered models of the workspace: versions under a name, with stage, tags and aliases.

    Example::

        ws.registry.register("support", model="smollm2-135m", tags={"team": "support"})
        ws.registry.update("support", "1", stage="Production", aliases=["champion"])
        ws.endpoints.deploy("support", model="azureml:support@champion")
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, archived: bool = False) -> tuple[RegisteredModel, ...]:
        """Return the latest version of each model."""
        return self._transport.get("registered-models", Page[RegisteredModel], params={"archived": "true"} if archived else None).items

    def versions(self, name: str) -> tuple[RegisteredModel, ...]:
        """Return all versions of a model, the latest first."""
        return self._transport.get(_path(name, "versions"), Page[RegisteredModel]).items

    def get(self, name: str, version: str = "latest") -> RegisteredModel:
        """Return a version by its number, an alias, a stage, or ``latest``."""
        return self._transport.get(_path(name, "versions", version), RegisteredModel)

    def register(
        self,
        name: str,
        path: str | Path | None = None,
        *,
        model: str | None = None,
        tags: Mapping[str, str] | None = None,
        license: str | None = None,  # noqa: A002 - the field's word
        allow_code: bool = False,
    ) -> RegisteredModel:
        """Register a version: of files (`path`, uploaded; an MLflow model's folder or any other), or of a catalog's `model`.

        Args:
            name: of the registered model.
            path: a file or folder of this machine, or ``upload:<digest>``.
            model: a model of the catalog.
            tags: by name.
            license: of the files, where they are not of the catalog.
            allow_code: take files that can run code when they are loaded (pickles); only replicas load them.

        Raises:
            RemoteError: the server refuses it; the problem says why.
        """
        upload = None
        if path is not None:
            upload = str(path) if str(path).startswith("upload:") else Runs(self._transport).upload(path)
        order = RegisteredModelCreate(
            name=name,
            model=model,
            upload=upload,
            tags=dict(tags or {}),
            license=license,
            allow_code=allow_code,
        )
        return self._transport.post("registered-models", RegisteredModel, body=order)

    def update(
        self,
        name: str,
        version: str,
        *,
        stage: Stage | None = None,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        aliases: Sequence[str] | None = None,
    ) -> RegisteredModel:
        """Change stage, description, tags or aliases of a version; None stays, an alias that another version had moves."""
        change = RegisteredModelUpdate(
            stage=stage,
            description=description,
            tags=None if tags is None else dict(tags),
            aliases=None if aliases is None else tuple(aliases),
        )
        return self._transport.patch(_path(name, "versions", version), RegisteredModel, body=change)

    def archive(self, name: str, version: str | None = None) -> None:
        """Archive a version, or all of a model."""
        self._transport.request("POST", _path(name, "archive"), params={"version": version} if version else None)

    def restore(self, name: str, version: str | None = None) -> None:
        """Restore what was archived."""
        self._transport.request("POST", _path(name, "restore"), params={"version": version} if version else None)

    def promote(
        self, name: str, version: str, workspace: str, *, as_name: str | None = None, stage: Stage = "None", target_key: str | None = None
    ) -> RegisteredModel:
        """Copy a version to another workspace and return the copy. A key belongs to one workspace, so give the other's too."""
        order = ModelPromotionCreate(workspace=workspace, name=as_name, stage=stage, target_key=target_key)
        return self._transport.post(_path(name, "versions", version, "promote"), RegisteredModel, body=order)

    def licenses(self) -> LicenseRules:
        """Return which licenses the workspace deploys."""
        return self._transport.get("registered-models/licenses", LicenseRules)

    def set_licenses(self, *, allow: Sequence[str] = (), deny: Sequence[str] = ()) -> LicenseRules:
        """Replace which licenses the workspace deploys: names or classes."""
        return self._transport.put("registered-models/licenses", LicenseRules, body=LicenseRules(allow=tuple(allow), deny=tuple(deny)))


def _path(name: str, *rest: str) -> str:
    return "/".join(("registered-models", *(quote(part, safe="") for part in (name, *rest))))
