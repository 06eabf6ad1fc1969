"""Session processes: one for each user and flow, started at the first test, stopped when nobody tests."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowyard.compute.model import ProcessSpec
from flowyard.compute.ports import ProcessHost
from flowyard.compute.processes.users import FlowUsers
from flowyard.flows.environments import other_python
from flowyard.flows.environments.apart import Apart
from flowyard.flows.errors import SessionDiedError, SessionError
from flowyard.flows.inspect import tool_connections
from flowyard.flows.model import FlowOptions
from flowyard.flows.platform_ports import ConnectionSource, ProcessKeys
from flowyard.flows.rules import validate
from flowyard.flows.runtime.cache_store import cache_spec
from flowyard.flows.session_message import SessionMessage
from flowyard.foundation.clock import NANOSECONDS, now_ns
from flowyard.foundation.codecs import plain
from flowyard.foundation.ids import new_secret
from flowyard.foundation.settings import Settings
from flowyard.identity.access import acts_for
from flowyard.identity.model import SESSION_SCOPE, Caller

IDLE_S = 1800.0
#: More sessions than this at once: the one that rested longest is stopped.
LIMIT = 24
#: How long it may take until it is known how a process ended, seconds.
_DEATH_S = 2.0
#: A key's name and scope have so many characters at most.
_LONGEST = 200
_KEY_NS = 24 * 3600 * NANOSECONDS


@dataclass(frozen=True, slots=True)
class SessionTarget:
    """A running session: where it listens, the token that opens it, and how often its process was started again so far."""

    name: str
    address: str
    token: str
    restarts: int = 0

    @property
    def scope(self) -> str:
        """That of the key with which it calls the platform: one for each person and flow."""
        return _scope(self.name)


@dataclass(frozen=True, slots=True)
class _Secrets:
    token: str
    api_key: str
    expires_ns: int


class Sessions:
    """Keeps sessions running.

    Args:
        host: runs processes.
        keys: makes the keys with which sessions call the gateway.
        connections: what Python nodes get.
        gateway_url: the gateway's address, asked for when a session starts.
        settings: say where the home folder is, of which sessions get to their workspace's spools and cache.
        users: whom sessions run as; None: as us.
    """

    def __init__(
        self,
        host: ProcessHost,
        keys: ProcessKeys,
        connections: ConnectionSource,
        gateway_url: Callable[[], str],
        settings: Settings,
        users: FlowUsers | None = None,
    ) -> None:
        self._host = host
        self._keys = keys
        self._connections = connections
        self._gateway_url = gateway_url
        self._settings = settings
        self._users = users
        self._secrets: OrderedDict[str, _Secrets] = OrderedDict()
        self._lock = threading.Lock()

    def ensure(self, caller: Caller, flow: str, folder: Path) -> SessionTarget:
        """Return the caller's session of a flow, started when it does not run. Blocks.

        Raises:
            ProcessFailedError, ProcessNotReadyError: it cannot start; the message has its last log lines.
        """
        # The end of the id keeps those apart whose names look alike: a session sees documents as its user does.
        name = f"session/{caller.workspace}/{_slug(caller.actor)[:80]}-{caller.id[-8:]}/{flow}"
        secrets = self._secrets_of(name, caller)
        known = {found.name: found for found in self._connections.resolve_all(caller.workspace_id)}
        named = sorted(tool_connections(folder, known, folder.parent))
        apart = Apart(self._users, caller.workspace_id) if self._users is not None else None
        python = other_python(folder, validate(folder, FlowOptions(root=folder.parent))[0], self._settings.home, apart=apart)
        spools, cache = (
            self._settings.home / "spools" / caller.workspace_id,
            cache_spec(self._settings, caller.workspace_id, known.values()),
        )
        message = SessionMessage(
            folder=str(folder),
            flow=flow,
            workspace_id=caller.workspace_id,
            gateway_url=self._gateway_url(),
            api_key=secrets.api_key,
            token=secrets.token,
            spools=str(spools),
            cache=cache,
            connections={
                key: {"type": known[key].type, "configs": dict(known[key].configs), "secrets": dict(known[key].secrets)} for key in named
            },
            user_id=caller.actor,
        )
        status = self._host.ensure(
            ProcessSpec(
                name=name,
                module="flowyard.flows.session",
                python=python,
                message=plain(message),
                working_directory=str(folder),
                ready_timeout_s=30,
                idle_timeout_s=IDLE_S,
                stop_timeout_s=3,
                workspace_id=caller.workspace_id,
                reads=(
                    str(folder.parent),
                    *((str(Path(python).parent.parent),) if python else ()),
                ),  # what it includes may be in the workspace's other flows
                writes=(str(spools), cache.folder),
            )
        )
        self._host.touch(name)
        self._stop_surplus()
        if status.address is None:
            raise SessionError(f"The session {name!r} has no address.", remedy="Try again; its log says more.")
        return SessionTarget(name, status.address, secrets.token, status.restarts)

    def died(self, target: SessionTarget) -> SessionDiedError:
        """Return how the process of a session ended that broke off. It is started again meanwhile. Blocks for a moment."""
        until = time.monotonic() + _DEATH_S
        while time.monotonic() < until:
            status = self._host.get(target.name)
            if status is None:
                return SessionDiedError("was stopped")
            if status.error is not None or status.restarts > target.restarts:
                told: dict[str, Any] = (status.error or {}).get("extra") or {}
                return SessionDiedError(str(told.get("how") or "ended"), tuple(told.get("log") or ()))
            time.sleep(0.02)
        return SessionDiedError()

    def stop(self, workspace: str, flow: str, workspace_id: str) -> None:
        """Stop all sessions of a flow, and take their keys back."""
        for status in self._host.find(f"session/{workspace}/"):
            if status.name.rpartition("/")[2] == flow:
                self._host.stop(status.name)
                with self._lock:
                    self._secrets.pop(status.name, None)
                self._keys.revoke_scope(workspace_id, _scope(status.name))

    def _secrets_of(self, name: str, caller: Caller) -> _Secrets:
        """Return the session's secrets: the same ones as long as its key lives, so that its process is kept."""
        with self._lock:
            found = self._secrets.get(name)
            if found is None or found.expires_ns - now_ns() < _KEY_NS // 12:
                expires = now_ns() + _KEY_NS
                works_for = acts_for(caller)
                key = self._keys.issue(
                    caller.workspace_id, name[:_LONGEST], "invoker", scope=_scope(name), expires_ns=expires, acts_for=works_for
                )
                found = _Secrets(new_secret("ses"), key, expires)
                self._secrets[name] = found
            self._secrets.move_to_end(name)
            return found

    def _stop_surplus(self) -> None:
        with self._lock:
            surplus = [self._secrets.popitem(last=False)[0] for _ in range(len(self._secrets) - LIMIT)]
        for name in surplus:
            self._host.stop(name)


def _scope(name: str) -> str:
    """Return the scope of a session's key: its name, or of a long one its digest, as a key's scope has a length."""
    scope = f"{SESSION_SCOPE}{name}"
    return scope if len(scope) <= _LONGEST else f"{SESSION_SCOPE}{hashlib.sha256(name.encode()).hexdigest()}"


def _slug(actor: str) -> str:
    return "".join(char if char.isalnum() or char in "-_." else "-" for char in actor)
