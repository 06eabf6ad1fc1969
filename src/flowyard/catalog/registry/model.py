"""What the registry keeps."""

from dataclasses import dataclass, field
from typing import Any

from flowyard.wire.model_registry import RegisteredType, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryRecord:
    """One version. `digest` names its files (`RegistryFiles`), `model` the catalog's model; one of the two is None."""

    id: str
    workspace_id: str
    name: str
    version: str
    type: RegisteredType
    model: str | None
    digest: str | None
    fingerprint: str
    bytes: int
    files: int
    license: str
    stage: Stage
    created_ns: int
    created_by: str
    runs_code: bool = False
    archived: bool = False
    description: str | None = None
    aliases: tuple[str, ...] = ()
    flavors: tuple[str, ...] = ()
    tags: dict[str, str] = field(default_factory=dict[str, str])
    origin: dict[str, Any] = field(default_factory=dict[str, Any])
