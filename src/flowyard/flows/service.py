"""What can be done with the flows of a workspace, as the server offers it."""

import asyncio
import functools
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from pathlib import Path

from flowyard.flows import inspect
from flowyard.flows.authoring import FlowStore
from flowyard.flows.errors import PreconditionMissingError, SessionDiedError
from flowyard.flows.find import FLOW_NAMES
from flowyard.flows.folders import flow_files
from flowyard.flows.history import FlowHistory
from flowyard.flows.model import PROMPTY_SUFFIX
from flowyard.flows.platform_ports import Audit
from flowyard.flows.sessions import Sessions, SessionTarget
from flowyard.flows.snapshots import SnapshotStore, pack, unpack
from flowyard.flows.templates import list_templates, template_folder
from flowyard.flows.versions import FlowVersions
from flowyard.flows.watching import FlowWatch
from flowyard.foundation.errors import InvalidInputError
from flowyard.foundation.ids import new_trace_id
from flowyard.identity.model import Caller
from flowyard.tracing.context import SpanContext, parse_traceparent
from flowyard.tracing.guarding import TraceGuards
from flowyard.wire.endpoints import Snapshot
from flowyard.wire.flows import Flow, FlowCreate, FlowFile, FlowFiles, FlowGraph, FlowTemplate

#: How long after a change on disk it becomes a version: what was written over the API is one already by then.
_SETTLED_S = 3.0


class FlowService:
    """Flows of workspaces: authoring folders, snapshots, test runs. All methods but `follow` block.

    Args:
        store: the authoring folders.
        snapshots: the snapshots.
        sessions: the processes that run tests.
        audit: the audit trail.
        guards: know what tests read of documents with access tags.
    """

    def __init__(self, store: FlowStore, snapshots: SnapshotStore, sessions: Sessions, audit: Audit, guards: TraceGuards) -> None:
        self._store = store
        self._snapshots = snapshots
        self._sessions = sessions
        self._audit = audit
        self._guards = guards
        self._watch = FlowWatch()
        self._history = FlowHistory(store.root)
        self._noting: dict[Path, asyncio.Task[None]] = {}
        self.versions = FlowVersions(store, self._history, audit)

    def list(self, caller: Caller) -> tuple[Flow, ...]:
        """Return the workspace's flows, by name."""
        return self._store.list(caller.workspace)

    def templates(self) -> tuple[FlowTemplate, ...]:
        """Return the flows to start from, with their graphs."""
        return tuple(_drawn(template) for template in list_templates())

    def get(self, caller: Caller, flow: str) -> Flow:
        """Return one flow.

        Raises:
            FlowNotFoundError: there is none of that name.
        """
        return self._store.get(caller.workspace, flow)

    def create(self, caller: Caller, request: FlowCreate) -> Flow:
        """Make a flow from a template.

        Raises:
            InvalidInputError: the name is none.
            FlowExistsError: it is taken.
            FlowNotFoundError: there is no such template.
        """
        made = self._store.create(caller.workspace, request.name, request.template, request.index)
        return self._made(caller, made, "flow.create", {"template": request.template})

    def check_free(self, caller: Caller, name: str) -> None:
        """Look whether a flow can be made under a name.

        Raises:
            InvalidInputError: the name is none.
            FlowExistsError: it is taken.
        """
        self._store.check_free(caller.workspace, name)

    def make(self, caller: Caller, name: str, files: dict[str, bytes], detail: dict[str, object]) -> Flow:
        """Make a flow of files; `detail` says in the audit what they come from.

        Raises:
            InvalidInputError: the name is none.
            FlowExistsError: it is taken.
        """
        return self._made(caller, self._store.add(caller.workspace, name, files), "flow.create", detail)

    def clone(self, caller: Caller, flow: str, name: str) -> Flow:
        """Make a flow of another's files, as they are.

        Raises:
            FlowNotFoundError: there is none of that name.
            InvalidInputError: the new name is none.
            FlowExistsError: it is taken.
        """
        folder = self._store.folder(caller.workspace, flow)
        made = self._store.add(caller.workspace, name, {path: file.read_bytes() for path, file in flow_files(folder)})
        return self._made(caller, made, "flow.clone", {"from": flow})

    def receive(self, caller: Caller, name: str, data: bytes) -> Flow:
        """Make a flow of a zip archive.

        Raises:
            InvalidInputError: it is no zip archive, or there is no flow in it, or the name is none.
            UnsafePathError, TooLargeError: it cannot be kept.
            FlowExistsError: the name is taken.
        """
        files = unpack(data)
        if not any(path in FLOW_NAMES or ("/" not in path and path.endswith(PROMPTY_SUFFIX)) for path in files):
            there = f"it has {', '.join(sorted(files)[:5])}" if files else "it is empty"
            raise InvalidInputError(
                f"There is no flow in the archive: {there}.",
                remedy=f"Send one flow's folder, with {', '.join(FLOW_NAMES)} or a {PROMPTY_SUFFIX} file at its top.",
            )
        return self._made(caller, self._store.add(caller.workspace, name, files), "flow.import", {"files": len(files)})

    def archive(self, caller: Caller, flow: str) -> bytes:
        """Return a flow as a zip archive, with what it includes from the workspace in its place.

        Raises:
            FlowNotFoundError: there is none of that name.
            TooLargeError: it is too large.
        """
        folder = self._store.folder(caller.workspace, flow)
        return pack(folder, folder.parent)

    def rename(self, caller: Caller, flow: str, name: str) -> Flow:
        """Give a flow another name, and stop its sessions. Runs and deployments made of it keep the old one.

        Raises:
            FlowNotFoundError: there is none of that name.
            InvalidInputError: the new name is none.
            FlowExistsError: it is taken.
        """
        folder = self._store.folder(caller.workspace, flow)
        renamed = self._store.rename(caller.workspace, flow, name)
        self._history.rename(folder, folder.with_name(name))
        self._audit.record(caller, "flow.rename", f"flows/{flow}", {"name": name})
        self._sessions.stop(caller.workspace, flow, caller.workspace_id)
        return renamed

    def _made(self, caller: Caller, made: Flow, action: str, detail: dict[str, object]) -> Flow:
        self._history.take(self._store.folder(caller.workspace, made.name), caller.actor)
        self._audit.record(caller, action, f"flows/{made.name}", detail)
        return made

    def delete(self, caller: Caller, flow: str) -> None:
        """Delete a flow and stop its sessions.

        Raises:
            FlowNotFoundError: there is none of that name.
        """
        folder = self._store.folder(caller.workspace, flow)
        self._store.delete(caller.workspace, flow)
        self._history.forget(folder)
        self._audit.record(caller, "flow.delete", f"flows/{flow}")
        self._sessions.stop(caller.workspace, flow, caller.workspace_id)

    def files(self, caller: Caller, flow: str) -> tuple[FlowFile, ...]:
        """Return the flow's files without their contents.

        Raises:
            FlowNotFoundError: there is none of that name.
        """
        return self._store.files(caller.workspace, flow)

    async def follow(self, folder: Path) -> AsyncIterator[FlowFiles]:
        """Yield the files in a flow's folder, at once and after every change, whoever made it, until the flow is gone."""
        async for files in self._watch.follow(folder):
            yield FlowFiles(files=files)
            if folder not in self._noting:
                self._noting[folder] = asyncio.create_task(self._note(folder))

    async def _note(self, folder: Path) -> None:
        """Keep what was changed on disk as a version, once the API has had the time to keep what it wrote itself."""
        await asyncio.sleep(_SETTLED_S)
        del self._noting[folder]
        await asyncio.to_thread(self._history.take_if_there, folder)

    def authoring(self, caller: Caller, flow: str) -> Path:
        """Return the folder that a flow is edited in.

        Raises:
            FlowNotFoundError: there is none of that name.
        """
        return self._store.folder(caller.workspace, flow)

    def read(self, caller: Caller, flow: str, path: str) -> FlowFile:
        """Return one file.

        Raises:
            FlowNotFoundError, FlowFileNotFoundError: it is not there.
            UnsafePathError: the path leaves the folder.
        """
        return self._store.read(caller.workspace, flow, path)

    def write(self, caller: Caller, flow: str, path: str, content: str, *, if_match: str | None, if_none_match: str | None) -> FlowFile:
        """Replace a file of the version `if_match` (``*``: any), or make one (`if_none_match` ``*``).

        Raises:
            PreconditionMissingError: neither is given.
            FlowNotFoundError: there is no such flow.
            FileChangedError: the file is another version, gone, or there although it should not be.
            UnsafePathError, TooLargeError: it cannot be kept.
        """
        absent = _unquoted(if_none_match) == "*"
        expected = _unquoted(if_match)
        if not absent and expected is None:
            raise PreconditionMissingError(
                "The write does not say which version of the file it replaces.",
                remedy="Send If-Match with the file's ETag, or If-None-Match: * for a new file.",
            )
        folder = self._store.folder(caller.workspace, flow)
        self._history.take(folder, None)
        written = self._store.write(
            caller.workspace, flow, path, content, expected=None if expected == "*" or absent else expected, absent=absent
        )
        self._history.take(folder, caller.actor)
        self._audit.record(caller, "flow.write", f"flows/{flow}", {"path": path, "etag": written.etag})
        return written

    def delete_file(self, caller: Caller, flow: str, path: str, *, if_match: str | None) -> None:
        """Delete a file, of the version `if_match` when that is given.

        Raises:
            FlowNotFoundError, FlowFileNotFoundError: it is not there.
            FileChangedError: it is another version.
            UnsafePathError: the path leaves the folder.
        """
        expected = _unquoted(if_match)
        folder = self._store.folder(caller.workspace, flow)
        self._history.take(folder, None)
        self._store.delete_file(caller.workspace, flow, path, expected=None if expected == "*" else expected)
        self._history.take(folder, caller.actor)
        self._audit.record(caller, "flow.delete_file", f"flows/{flow}", {"path": path})

    def graph(self, caller: Caller, flow: str) -> FlowGraph:
        """Return the flow as a graph, with all findings; none of its code runs.

        Raises:
            FlowNotFoundError: there is none of that name.
        """
        folder = self._store.folder(caller.workspace, flow)
        return inspect.graph(folder, folder.parent)

    def session(self, caller: Caller, flow: str) -> SessionTarget:
        """Return the caller's session of a flow, started when it does not run.

        Raises:
            FlowNotFoundError: there is none of that name.
            ProcessFailedError, ProcessNotReadyError: it cannot start.
        """
        return self._sessions.ensure(caller, flow, self._store.folder(caller.workspace, flow))

    def session_of(self, caller: Caller, flow: str, digest: str) -> SessionTarget:
        """Return the caller's session of a flow's snapshot: that of the flow itself while its files are the same.

        Raises:
            NotFoundError: there is no such snapshot.
            ProcessFailedError, ProcessNotReadyError: it cannot start.
        """
        if any(known.name == flow and known.digest == digest for known in self._store.list(caller.workspace)):
            return self.session(caller, flow)
        return self._sessions.ensure(caller, f"{flow}@{digest[:12]}", self._snapshots.folder(digest))

    def begin_test(
        self, caller: Caller, target: SessionTarget, *, traceparent: str | None = None, made_of: Iterable[str | None] = ()
    ) -> SpanContext:
        """Return in which trace a test runs: the caller's, or one of its own.

        It counts as having read what the caller's earlier tests of the flow read, whose answers may be its history or what nodes before
        it gave, and what the traces `made_of` did, from which its inputs are.
        """
        context = parse_traceparent(traceparent) or SpanContext(new_trace_id(), "")
        self._guards.converse(caller.workspace_id, context.trace_id, target.scope)
        for before in filter(None, made_of):
            self._guards.hand_on(caller.workspace_id, [(before, context.trace_id)])
        return context

    def session_died(self, target: SessionTarget) -> SessionDiedError:
        """Return how the process of a session ended that broke off."""
        return self._sessions.died(target)

    def receive_snapshot(self, caller: Caller, data: bytes) -> Snapshot:
        """Keep the files of a zip archive as a snapshot.

        Raises:
            InvalidInputError, UnsafePathError, TooLargeError: it cannot be kept.
        """
        found = self._snapshots.receive(data)
        self._audit.record(caller, "snapshot.create", f"snapshots/{found.digest}", {"files": found.files, "bytes": found.bytes})
        return found

    def take_snapshot(self, caller: Caller, flow: str) -> Snapshot:
        """Keep a flow as it is now.

        Raises:
            FlowNotFoundError: there is none of that name.
            TooLargeError: it is too large.
        """
        folder = self._store.folder(caller.workspace, flow)
        return self._snapshots.take(folder, folder.parent)

    def folder(self, digest: str) -> Path:
        """Return the folder of a snapshot.

        Raises:
            NotFoundError: there is none of this digest.
        """
        return self._snapshots.folder(digest)


@functools.cache
def _drawn(template: FlowTemplate) -> FlowTemplate:
    drawn = inspect.graph(template_folder(template.name))
    return replace(template, nodes=drawn.nodes, edges=drawn.edges)


def _unquoted(value: str | None) -> str | None:
    """Read an entity tag: ``"tag"``, ``W/"tag"``, or the bare tag."""
    return value.strip().removeprefix("W/").strip('"') if value else None
