"""Who may do what: the one table of roles and permissions."""

from typing import Literal, TypeAlias, get_args

from flowyard.wire.identity import Role

Permission: TypeAlias = Literal[
    "audit:read",
    "connections:read",
    "connections:write",
    "data:read",
    "data:write",
    "endpoints:invoke",
    "endpoints:read",
    "endpoints:write",
    "files:read",
    "flows:read",
    "flows:run",
    "flows:write",
    "indexes:read",
    "indexes:write",
    "jobs:read",
    "jobs:write",
    "keys:read",
    "keys:write",
    "metrics:read",
    "models:invoke",
    "models:read",
    "models:write",
    "overview:read",
    "runs:read",
    "runs:write",
    "telemetry:write",
    "traces:read",
    "traces:write",
    "users:read",
    "users:write",
    "workspaces:read",
    "workspaces:write",
]

PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

_INVOKER: frozenset[Permission] = frozenset({"endpoints:invoke", "models:invoke", "telemetry:write"})
_READER: frozenset[Permission] = frozenset(
    {
        "audit:read",
        "connections:read",
        "data:read",
        "endpoints:read",
        "files:read",
        "flows:read",
        "indexes:read",
        "jobs:read",
        "models:read",
        "overview:read",
        "runs:read",
        "traces:read",
        "users:read",
        "workspaces:read",
    }
)
_WRITER: frozenset[Permission] = frozenset(
    {
        "connections:write",
        "data:write",
        "endpoints:write",
        "flows:run",
        "flows:write",
        "indexes:write",
        "jobs:write",
        "keys:read",
        "keys:write",
        "models:write",
        "runs:write",
        "traces:write",
    }
)

ROLES: dict[Role, frozenset[Permission]] = {
    "owner": frozenset(PERMISSIONS),
    "contributor": _INVOKER | _READER | _WRITER,
    "reader": _READER,
    "invoker": _INVOKER,
    "monitor": frozenset({"metrics:read"}),
}


#: What keys of processes may do besides what their role may: read files of datastores, and search indexes. Such a key ends with its run,
#: session or deployment.
_PROCESS: frozenset[Permission] = frozenset({"files:read", "indexes:read"})
_PROCESSES = ("run:", "session:", "deployment:")


def allowed(role: Role, permission: Permission, scope: str = "") -> bool:
    """Return whether `role` has `permission`, in a key of `scope` (of people and their keys: empty)."""
    return permission in ROLES[role] or (permission in _PROCESS and scope.startswith(_PROCESSES))


def covers(holder: Role, granted: Role) -> bool:
    """Return whether `holder` has every permission of `granted`, so that they may give it away or take it back."""
    return ROLES[granted] <= ROLES[holder]
