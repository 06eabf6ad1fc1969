"""What a connection is inside the platform."""

from dataclasses import dataclass, field

from flowyard.wire.connections import ConnectionType

#: The connection to the models of this installation; every workspace has it.
LOCAL = "local"
#: Given as a secret's value, these keep the present one.
KEEP = frozenset({"******", "<no-change>"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionRecord:
    """A connection as it is kept: `sealed` is the encrypted JSON object of its secrets, `secret_names` their keys."""

    id: str
    workspace_id: str
    name: str
    type: ConnectionType
    configs: dict[str, str]
    secret_names: tuple[str, ...]
    sealed: bytes = field(repr=False)
    created_ns: int
    updated_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedConnection:
    """A connection with its secrets in the clear. For the processes of the platform; it leaves no API."""

    workspace_id: str
    name: str
    type: ConnectionType
    configs: dict[str, str] = field(default_factory=dict[str, str])
    secrets: dict[str, str] = field(default_factory=dict[str, str], repr=False)
