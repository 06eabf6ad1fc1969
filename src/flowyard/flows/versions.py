"""What can be done with the history of a workspace's flows, as the server offers it."""

from pathlib import Path

from flowyard.flows.authoring import FlowStore
from flowyard.flows.history import FlowHistory, VersionRecord
from flowyard.flows.platform_ports import Audit
from flowyard.foundation.errors import InvalidInputError
from flowyard.identity.model import Caller
from flowyard.wire.flow_history import FlowDiff, FlowVersion

#: What a diff may be made against besides a version's id: the version before, and the files as they are now.
PREVIOUS, CURRENT = "previous", "current"
#: The most characters of a version's name.
MOST_NAME = 100


class FlowVersions:
    """Versions of flows: listed, compared, named, brought back. All methods block.

    Args:
        store: the authoring folders.
        history: their versions.
        audit: the audit trail.
    """

    def __init__(self, store: FlowStore, history: FlowHistory, audit: Audit) -> None:
        self._store = store
        self._history = history
        self._audit = audit

    def list(self, caller: Caller, flow: str) -> tuple[FlowVersion, ...]:
        """Return a flow's versions, the newest first, which is what is there now.

        Raises:
            FlowNotFoundError: there is no such flow.
        """
        return self._history.versions(self._current(caller, flow)[0])

    def diff(self, caller: Caller, flow: str, version: str, against: str = PREVIOUS) -> FlowDiff:
        """Return what differs between a version and another: from the one before to it, or from it to `against`.

        Args:
            caller: who asks.
            flow: the flow's name.
            version: the version's id, or ``current``.
            against: ``previous``, ``current``, or a version's id.

        Raises:
            FlowNotFoundError, NotFoundError: there is no such flow or version.
        """
        folder, now = self._current(caller, flow)
        one = now if version == CURRENT else self._history.get(folder, version)
        if against == PREVIOUS:
            return self._history.diff(folder, one, self._history.before(folder, one.id))
        return self._history.diff(folder, now if against == CURRENT else self._history.get(folder, against), one)

    def restore(self, caller: Caller, flow: str, version: str) -> FlowVersion:
        """Bring a version's files back, as a new version: what is there now stays in the history. Files too large to be kept stay.

        Raises:
            FlowNotFoundError, NotFoundError: there is no such flow or version.
        """
        folder, now = self._current(caller, flow)
        wanted = self._history.get(folder, version)
        contents = self._history.contents(folder, wanted)
        kept = self._history.contents(folder, now)
        files: dict[str, bytes | None] = {path: None for path, content in kept.items() if path not in contents and content is not None}
        files |= {path: content for path, content in contents.items() if content is not None and content != kept.get(path)}
        self._store.replace(caller.workspace, flow, files)
        made = self._history.take(folder, caller.actor, restored=wanted.id)
        self._audit.record(caller, "flow.restore", f"flows/{flow}", {"version": wanted.id})
        return self._history.shown(folder, made.id)

    def name(self, caller: Caller, flow: str, version: str, name: str | None) -> FlowVersion:
        """Name a version (``current``: what is there now), so that it is kept for good; None takes the name away.

        Raises:
            FlowNotFoundError, NotFoundError: there is no such flow or version.
            InvalidInputError: the name is blank or has more than 100 characters.
        """
        if name is not None and not 0 < len(name.strip()) <= MOST_NAME:
            raise InvalidInputError(
                f"A version's name has 1 to {MOST_NAME} characters; this has {len(name.strip())}.", remedy="Send null to take a name away."
            )
        folder, now = self._current(caller, flow)
        named = self._history.name(folder, now.id if version == CURRENT else version, name)
        self._audit.record(caller, "flow.name_version", f"flows/{flow}", {"version": named.id, "name": name})
        return named

    def _current(self, caller: Caller, flow: str) -> tuple[Path, VersionRecord]:
        folder = self._store.folder(caller.workspace, flow)
        return folder, self._history.take(folder, None)
