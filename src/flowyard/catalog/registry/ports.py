"""What the registry needs from others."""

from collections.abc import Sequence
from typing import Any, Protocol

from flowyard.catalog.registry.model import RegistryRecord
from flowyard.identity.model import AuditRecord
from flowyard.wire.model_registry import LicenseRules


class RegistryStore(Protocol):
    """Keeps versions of models, and the workspaces' rules."""

    def add(self, record: RegistryRecord, audit: AuditRecord) -> None:
        """Add a version.

        Raises:
            RegisteredModelExistsError: it is there.
        """
        ...

    def versions(self, workspace_id: str, name: str | None = None) -> Sequence[RegistryRecord]:
        """Return all versions of one model, or of all, the latest first."""
        ...

    def update(self, workspace_id: str, ids: Sequence[str], values: dict[str, Any], audit: AuditRecord) -> None:
        """Change stage, description, tags, aliases or `archived` of versions. Aliases are taken away from the model's other versions."""
        ...

    def rules(self, workspace_id: str) -> LicenseRules:
        """Return which licenses may be deployed; without rules, all."""
        ...

    def set_rules(self, workspace_id: str, rules: LicenseRules, audit: AuditRecord) -> None:
        """Replace the rules."""
        ...
