"""Notebook servers: one for each person and workspace, started when it is opened, stopped when nobody may or does use it."""

import hashlib
import threading
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from flowyard.compute.model import ProcessSpec
from flowyard.compute.ports import ProcessHost
from flowyard.compute.processes.users import FlowUsers
from flowyard.flows.environments import other_python
from flowyard.flows.environments.apart import Apart
from flowyard.flows.model import FlowOptions
from flowyard.flows.platform_ports import Audit
from flowyard.flows.rules import validate
from flowyard.foundation.clock import NANOSECONDS, now_ns
from flowyard.foundation.codecs import plain
from flowyard.foundation.errors import ForbiddenError, MissingExtraError
from flowyard.foundation.ids import new_secret
from flowyard.foundation.settings import Settings
from flowyard.identity.access import acts_for
from flowyard.identity.model import NOTEBOOK_SCOPE, Caller
from flowyard.notebooks.errors import NotebookStoppedError
from flowyard.notebooks.grants import Grant, Grants, Page
from flowyard.notebooks.jupyter import Jupyter
from flowyard.notebooks.message import NotebookMessage
from flowyard.notebooks.ports import NotebookKeys

#: A notebook in which nothing was done for so long, and nothing runs, is stopped, seconds.
IDLE_S = 7200.0
#: Where a workspace's notebooks are, beside its flows.
FOLDER = "notebooks"
_KEY_NS = 7 * 24 * 3600 * NANOSECONDS
_BUSY_EVERY_S = 60.0


@dataclass(slots=True)
class _Running:
    caller: Caller
    process: str
    token: str
    api_key: str
    expires_ns: int
    grants: set[Grant] = field(default_factory=set[Grant])
    lock: threading.Lock = field(default_factory=threading.Lock)
    looked_at: float = 0.0


class Notebooks:
    """Keeps notebook servers. All methods block.

    Args:
        host: runs processes.
        keys: makes the keys with which notebooks call the platform.
        grants: who may use them.
        audit: the audit trail.
        settings: the home folder and the gateway's address.
        users: whom a workspace's processes run as; None: as us.
    """

    def __init__(
        self, host: ProcessHost, keys: NotebookKeys, grants: Grants, audit: Audit, settings: Settings, users: FlowUsers | None = None
    ) -> None:
        self._host = host
        self._keys = keys
        self._audit = audit
        self._settings = settings
        self._users = users
        self._running: dict[str, _Running] = {}
        self._lock = threading.Lock()
        self.grants = grants

    @property
    def used(self) -> bool:
        """Whether there ever was a notebook in this home folder."""
        return self._home.is_dir()

    def ticket(self, caller: Caller, grant: Grant, page: Page | None) -> str:
        """Return what opens the caller's notebook server once, within two minutes, at `page`.

        Raises:
            MissingExtraError: Jupyter is not installed; the remedy is the command that installs it.
            ForbiddenError: the key is a process's own.
        """
        if install_command() is not None:
            raise MissingExtraError("A notebook", "notebook")
        if caller.scope:
            raise ForbiddenError("The key of a process opens no notebook.", remedy="Use your own key, or the studio.")
        self._home.mkdir(parents=True, exist_ok=True)
        return self.grants.ticket(grant, page)

    def ensure(self, grant: Grant) -> Jupyter:
        """Return the notebook server of who has the grant, started when it does not run.

        Raises:
            NotebookClosedError: the grant opens nothing any more.
            ProcessFailedError, ProcessNotReadyError: it cannot start; the message has its last log lines.
        """
        caller = self.grants.caller(grant)
        key = notebook_id(caller)
        with self._lock:
            running = self._running.get(key)
            if running is None or running.expires_ns - now_ns() < _KEY_NS // 12:
                running = self._running[key] = self._begin(caller, key)
            running.grants.add(grant)
        with running.lock:
            status = self._host.ensure(self._spec(running, key))
            self._host.touch(running.process)
        if status.address is None:
            raise NotebookStoppedError("The notebook has no address.", remedy="Open it again; its log says more.")
        return Jupyter(status.address, f"/{key}/", running.token)

    def provide(self, grant: Grant, flow: Path) -> None:
        """Have the packages of the flow in the folder `flow` installed where they are not yet, so that its kernel starts with them.

        Raises:
            NotebookClosedError: the grant opens nothing any more.
            FlowyardError: a package cannot be had, as `flows.environments.other_python` tells it.
        """
        caller = self.grants.caller(grant)
        apart = Apart(self._users, caller.workspace_id) if self._users is not None else None
        other_python(flow, validate(flow, FlowOptions(root=flow.parent))[0], self._settings.home, apart=apart)

    def find(self, grant: Grant) -> Jupyter | None:
        """Return the notebook server of who has the grant, if it runs.

        Raises:
            NotebookClosedError: the grant opens nothing any more.
        """
        key = notebook_id(self.grants.caller(grant))
        running = self._running.get(key)
        status = None if running is None else self._host.get(running.process)
        if running is None or status is None or status.address is None:
            return None
        running.grants.add(grant)
        return Jupyter(status.address, f"/{key}/", running.token)

    def touch(self, grant: Grant) -> None:
        """Put off the idle stop: something was done."""
        running = self._running.get(notebook_id(self.grants.caller(grant)))
        if running is not None:
            self._host.touch(running.process)

    def runs(self, caller: Caller) -> bool:
        """Return whether the caller's notebook server runs."""
        running = self._running.get(notebook_id(caller))
        return running is not None and self._host.get(running.process) is not None

    def stop(self, caller: Caller) -> None:
        """Stop the caller's notebook server, with its kernels, and take its key back. None that runs is no error."""
        self._end(notebook_id(caller))

    def begin(self) -> None:
        """End what a server that is no more left running: its secrets are lost."""
        for status in self._host.find("notebook/"):
            self._host.stop(status.name)
        for workspace_id, scope in self._keys.scopes(NOTEBOOK_SCOPE):
            self._keys.revoke_scope(workspace_id, scope)

    def sweep(self) -> None:
        """Stop those that nobody may use any more, take back the keys of those that ended, and let those that compute go on."""
        for key, running in list(self._running.items()):
            running.grants = {grant for grant in running.grants if self.grants.alive(grant)}
            if not running.grants:
                self._end(key)
            elif running.lock.acquire(blocking=False):
                try:
                    gone = self._host.get(running.process) is None
                finally:
                    running.lock.release()
                if gone:
                    self._end(key)
                else:
                    self._keep_busy(key, running)

    def _keep_busy(self, key: str, running: _Running) -> None:
        now = time.monotonic()
        if now - running.looked_at < _BUSY_EVERY_S:
            return
        running.looked_at = now
        status = self._host.get(running.process)
        if status is not None and status.address is not None and Jupyter(status.address, f"/{key}/", running.token).busy():
            self._host.touch(running.process)

    def _begin(self, caller: Caller, key: str) -> _Running:
        expires = now_ns() + _KEY_NS
        # Never an owner's rights: code of the workspace's other people may run under the same system user and read it.
        api_key = self._keys.issue(
            caller.workspace_id, f"notebook/{key}", "contributor", scope=NOTEBOOK_SCOPE + key, expires_ns=expires, acts_for=acts_for(caller)
        )
        self._audit.record(caller, "notebook.start", f"notebooks/{key}")
        return _Running(caller, f"notebook/{caller.workspace}/{key}", new_secret("nbt"), api_key, expires)

    def _spec(self, running: _Running, key: str) -> ProcessSpec:
        caller, settings = running.caller, self._settings
        workspace, own = settings.home / "workspaces" / caller.workspace, self._home / key
        message = NotebookMessage(
            base=f"/{key}/",
            token=running.token,
            root=str(workspace / FOLDER),
            flows=str(workspace / "flows"),
            home=str(own),
            environments=str(settings.home if self._users is None else self._users.of(caller.workspace_id).home),
            url=settings.url or "",
            api_key=running.api_key,
            user=caller.actor,
        )
        return ProcessSpec(
            name=running.process,
            module="flowyard.notebooks.process",
            message=plain(message),
            working_directory=str(_made(workspace / FOLDER)),
            ready_timeout_s=60,
            idle_timeout_s=IDLE_S,
            stop_timeout_s=5,
            niceness=5,
            workspace_id=caller.workspace_id,
            reads=(str(_made(workspace / "flows")),),
            writes=(str(workspace / FOLDER), str(_made(own))),
        )

    def _end(self, key: str) -> None:
        with self._lock:
            running = self._running.pop(key, None)
        if running is not None:
            with running.lock:
                self._host.stop(running.process)
            self._keys.revoke_scope(running.caller.workspace_id, NOTEBOOK_SCOPE + key)
            self._audit.record(running.caller, "notebook.stop", f"notebooks/{key}")

    @property
    def _home(self) -> Path:
        return self._settings.home / "notebooks"


def notebook_id(caller: Caller) -> str:
    """Return the name of a caller's notebook server in addresses: 20 hex digits, one for each person (or key) and workspace."""
    return hashlib.sha256(f"{caller.workspace_id}/{caller.kind}/{caller.id}".encode()).hexdigest()[:20]


def install_command() -> str | None:
    """Return the command that installs what notebooks need; None: it is installed."""
    return None if find_spec("jupyterlab") is not None else 'pip install "flowyard[notebook]"'


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
