"""Which deployments ask which version of an index."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexUse:
    """A node of a deployed flow that asks an index.

    `asked` is what the flow names, a version (`pinned`: it finds the same until another is deployed) or a label, which is followed.
    `version` is what that stands for now, None where the index has it no more. `traffic` is the deployment's share, per cent.
    """

    endpoint: str
    deployment: str
    node: str
    index: str
    asked: str
    version: str | None
    pinned: bool
    traffic: int = 0
