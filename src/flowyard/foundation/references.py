"""References to versioned things: our own form and the two that Azure ML users write."""

import re
from dataclasses import dataclass

from flowyard.foundation.errors import InvalidInputError

_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_OWN = re.compile(rf"flowyard://(?P<workspace>{_NAME})/(?P<kind>[a-z_-]+)/(?P<name>{_NAME})(?:/(?P<version>{_NAME}))?")
_SHORT = re.compile(rf"(?P<kind>[a-z_-]+)/(?P<name>{_NAME})(?:/(?P<version>{_NAME}))?")
_AZURE = re.compile(rf"azureml:(?P<name>{_NAME})(?::(?P<version>{_NAME})|@(?P<label>{_NAME}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One version (or label, default ``latest``) of a named thing. `kind` or `workspace` is None where the text has none."""

    name: str
    kind: str | None = None
    workspace: str | None = None
    version: str | None = None
    label: str | None = None

    def __str__(self) -> str:
        short = "/".join(part for part in (self.kind, self.name, self.version or self.label) if part)
        return f"flowyard://{self.workspace}/{short}" if self.workspace else short


def parse_reference(text: str, *, kind: str | None = None) -> Reference:
    """Read ``flowyard://<workspace>/<kind>/<name>[/<version>]``, ``<kind>/<name>[/<version>]``, ``azureml:<name>:<version>`` or
    ``azureml:<name>@<label>``. `kind` fills in for the forms that carry none.

    Raises:
        InvalidInputError: `text` has none of these forms.
    """
    for pattern in (_OWN, _SHORT, _AZURE):
        found = pattern.fullmatch(text)
        if found:
            parts = found.groupdict()
            label = parts.get("label") or (None if parts.get("version") else "latest")
            return Reference(
                name=parts["name"],
                kind=parts.get("kind") or kind,
                workspace=parts.get("workspace"),
                version=parts.get("version"),
                label=label,
            )
    raise InvalidInputError(
        f"{text!r} is no reference.",
        remedy="Write flowyard://<workspace>/<kind>/<name>/<version>, <kind>/<name>/<version> or azureml:<name>:<version>.",
    )
