"""What became of what files describe."""

from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

from flowyard.wire.deployment_checks import DeploymentCheck
from flowyard.wire.endpoints import DataCollector, Probe
from flowyard.wire.flows import Finding

Action = Literal["created", "updated", "unchanged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What became of one thing; `notes` say what its file asks for in vain, `gates` what the gates of a deployment say of a dry run.

    `name` is ``<endpoint>``, ``<endpoint>/<deployment>``, the datastore's, or ``<data asset>:<version>``.
    """

    kind: Literal["endpoint", "deployment", "datastore", "data"]
    name: str
    action: Action
    changes: tuple[str, ...] = ()
    notes: tuple[Finding, ...] = ()
    gates: DeploymentCheck | None = None


def shown(value: Any) -> str:
    """Return a value in a few words."""
    if isinstance(value, Probe):
        value = asdict(value)
    if isinstance(value, DataCollector):
        value = {name: collection.enabled for name, collection in value.collections.items()}
    if isinstance(value, tuple):
        return ", ".join(map(str, cast("tuple[object, ...]", value))) or "none"
    if isinstance(value, dict):
        return " ".join(f"{key}={item}" for key, item in value.items()) or "none"  # pyright: ignore[reportUnknownVariableType]
    text = "none" if value is None else str(value)
    return text[:12] if len(text) == 64 and text.isalnum() else text
