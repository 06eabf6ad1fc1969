"""What is said of a flow that is brought over."""

from dataclasses import dataclass
from typing import Literal

from flowyard.wire.flows import Finding, FlowKind, FlowPurpose

PackageState = Literal["installed", "to install", "not needed"]
ParityState = Literal["equal", "differs", "not comparable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededPackage:
    """A line of the flow's list of packages. ``to install``: an environment is built with it; ``not needed``: we provide it."""

    requirement: str
    file: str
    line: int
    state: PackageState


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededConnection:
    """A connection that the flow names. `type` as far as its files tell it; `keys` are those to give; `given`: it was."""

    name: str
    type: str | None
    keys: tuple[str, ...]
    nodes: tuple[str, ...]
    given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededTool:
    """A tool of an installed package that a node uses."""

    node: str
    tool: str
    available: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowParity:
    """One row of a past run: `reason` says why it is not comparable, `differences` what is not the same."""

    line: int
    state: ParityState
    reason: str | None = None
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parity:
    """A past run against a run of the same inputs here."""

    run: str
    equal: int
    different: int
    not_comparable: int
    rows: tuple[RowParity, ...]
    metrics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowReport:
    """A flow that is brought over.

    Attributes:
        path: the flow's file, from the folder or archive that was given.
        runs: it has no errors.
        nodes: how many of each type.
        features: what of the format it uses.
        differs: what it will meet here that is not as it was.
        variables: environment variables that its files read or set.
        copied_to: where it was copied.
    """

    path: str
    name: str
    kind: FlowKind
    purpose: FlowPurpose | None
    runs: bool
    nodes: dict[str, int]
    features: tuple[str, ...]
    differs: tuple[str, ...]
    packages: tuple[NeededPackage, ...]
    connections: tuple[NeededConnection, ...]
    tools: tuple[NeededTool, ...]
    variables: tuple[str, ...]
    findings: tuple[Finding, ...]
    copied_to: str | None = None
    parity: Parity | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """What has to be given or installed before the flow runs here, in words."""
        connections = (f"connection {found.name}" for found in self.connections if not found.given)
        tools = (f"tool {found.tool} (node {found.node})" for found in self.tools if not found.available)
        return (*connections, *tools)
