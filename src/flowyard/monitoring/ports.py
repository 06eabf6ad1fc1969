"""What monitoring reads of the rest of the installation."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """A deployment: the replicas that it should have, and how many it has in each state."""

    id: str
    workspace_id: str
    endpoint: str
    deployment: str
    state: str
    wanted: int
    replicas: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The segments of a signal in a workspace."""

    workspace_id: str
    signal: str
    segments: int
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What the database says of the whole installation.

    Attributes:
        workspaces: names by id, the oldest first.
        jobs: how many, by workspace id, kind and status.
        deployments: all of them.
        segments: all of them, added up.
    """

    workspaces: dict[str, str]
    jobs: dict[tuple[str, str, str], int] = field(default_factory=dict[tuple[str, str, str], int])
    deployments: tuple[Deployed, ...] = ()
    segments: tuple[Stored, ...] = ()


class InventorySource(Protocol):
    """Reads the inventory. Blocks."""

    def read(self) -> Inventory:
        """Return it as it is now.

        Raises:
            FlowyardError: the database does not answer.
        """
        ...

    def first_workspace(self) -> str | None:
        """Return the id of the installation's first workspace, None before there is one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexerState:
    """How the indexer is: bytes it has not read, what it took in and refused since its start, and its tail."""

    backlog_bytes: int
    rows: dict[str, int]
    refused_rows: int
    damaged_bytes: int
    tail_rows: int
    tail_bytes: int
    tail_age_s: float
