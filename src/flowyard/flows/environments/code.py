"""Where code that is no flow runs, that of transforms: with the packages that it asks for, as its workspace's user."""

from collections.abc import Callable
from pathlib import Path

from flowyard.compute.processes.users import FlowUser, FlowUsers
from flowyard.flows.environments.apart import Apart
from flowyard.flows.environments.resolve import other_python
from flowyard.foundation.settings import Settings


class CodeProcesses:
    """Implements `data.transforms.ports.CodeProcesses` with the environments of flows.

    Args:
        settings: the installation's.
        users: whom a workspace's processes run as; None: as us.
    """

    def __init__(self, settings: Settings, users: FlowUsers | None) -> None:
        self._settings = settings
        self._users = users

    def python(self, workspace_id: str, folder: Path, tell: Callable[[str], None]) -> str | None:
        """See `data.transforms.ports.CodeProcesses.python`."""
        apart = Apart(self._users, workspace_id) if self._users is not None else None
        return other_python(folder, None, self._settings.home, progress=tell, apart=apart)

    def user(self, workspace_id: str, *, reads: tuple[Path, ...], writes: Path) -> FlowUser | None:
        """See `data.transforms.ports.CodeProcesses.user`."""
        if self._users is None:
            return None
        user = self._users.of(workspace_id)
        for path in reads:
            if path.is_relative_to(self._settings.home):
                self._users.let_read(user, path)
        self._users.let_write(user, writes)
        return user
