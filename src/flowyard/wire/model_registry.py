"""The registry of models: versions of models that a workspace keeps under a name, with their stage."""

from dataclasses import dataclass, field
from typing import Any, Literal

RegisteredType = Literal["catalog_model", "mlflow_model", "custom_model"]
#: MLflow's and Azure ML's words for how far a version is.
Stage = Literal["None", "Development", "Staging", "Production", "Archived"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredModel:
    """One version of a registered model. Its files never change; stage, aliases, tags, description and `archived` do.

    Attributes:
        reference: what names it in deployments: ``azureml:<name>:<version>``.
        model: the catalog's model that it stands for; None for a version with files of its own.
        fingerprint: SHA-256 over the names and contents of its files, or over the hashes on the catalog's card.
        flavors: of an MLflow model.
        runs_code: whether a file of it can run code when it is loaded: it is loaded in replicas only.
        origin: what it was made from: an upload, a catalog's card with its revision, or another workspace's version.
        versions: how many there are of this name.
    """

    name: str
    version: str
    type: RegisteredType
    reference: str
    model: str | None
    fingerprint: str
    bytes: int
    files: int
    license: str
    stage: Stage
    aliases: tuple[str, ...]
    description: str | None
    tags: dict[str, str]
    flavors: tuple[str, ...]
    runs_code: bool
    origin: dict[str, Any]
    archived: bool
    created_at: str
    created_by: str
    versions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredModelCreate:
    """A version to register: of a catalog's model (`model`), or of files that were uploaded (`upload`).

    `allow_code` takes files that can run code when they are loaded, as most MLflow models have: replicas load them, nothing else does.
    Without `version` the next whole number is taken.
    """

    name: str
    model: str | None = None
    upload: str | None = None
    version: str | None = None
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict[str, str])
    license: str | None = None
    stage: Stage = "None"
    allow_code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredModelUpdate:
    """What to change; None stays. `aliases` are all that the version shall have; one that another version had moves here."""

    stage: Stage | None = None
    description: str | None = None
    tags: dict[str, str] | None = None
    aliases: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPromotionCreate:
    """Where to copy a version to. The caller needs the right to write models in both workspaces.

    A signed-in user has it by their roles; a key belongs to one workspace, so with a key the other's is given as `target_key`.
    """

    workspace: str
    name: str | None = None
    stage: Stage = "None"
    target_key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenseRules:
    """Which licenses may be deployed in a workspace: names (``Apache-2.0``) or classes (``permissive``, ``unknown``).

    What is in `deny` is refused. When `allow` is not empty, all that is not in it is refused too.
    """

    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
