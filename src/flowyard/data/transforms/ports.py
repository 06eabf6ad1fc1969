"""What transforms need of others."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from flowyard.compute.processes.users import FlowUser


class CodeProcesses(Protocol):
    """Where the code of steps runs: with which packages, as which user."""

    def python(self, workspace_id: str, folder: Path, tell: Callable[[str], None]) -> str | None:
        """Return the interpreter that has what the ``requirements.txt`` of the code's folder asks for; None: this process's own.

        Blocks as long as an installation takes; `tell` is told how it goes, a line at a time.

        Raises:
            FlowyardError: the packages cannot be had.
        """
        ...

    def user(self, workspace_id: str, *, reads: tuple[Path, ...], writes: Path) -> FlowUser | None:
        """Return the user that steps of a workspace run as, once it gets to what it reads and writes; None: ours."""
        ...
