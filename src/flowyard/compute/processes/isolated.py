"""Starting a program that runs other people's code: a clean environment, no handle but those that it is given, and a user id of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from flowyard.compute.processes.users import FlowUser

#: What a child has of our environment, besides what it is given.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ")

_PR_SET_DUMPABLE = 4

Stream = int | IO[bytes] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confines:
    """What a program finds: the rest of its environment, open handles, its folder, and the user that it runs as (None: ours)."""

    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    handles: Sequence[int] = ()
    folder: str | Path | None = None
    user: FlowUser | None = None


def popen_isolated(
    words: Sequence[str], confines: Confines, *, stdin: Stream = subprocess.DEVNULL, stdout: Stream = None, stderr: Stream = None
) -> "subprocess.Popen[bytes]":
    """Start a program in a session of its own.

    Of our environment it has `INHERITED` alone, of our handles those in `confines` and its standard streams. With a user it belongs
    to none of our groups, has that user's home folder, and what it makes is closed to others.

    Raises:
        OSError: there is no such program or folder.
    """
    user = confines.user
    own = user.environment if user is not None else {}
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ} | own | dict(confines.environment)
    return subprocess.Popen(  # noqa: S603  # what to run is the caller's to say
        words,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        cwd=confines.folder,
        env=environment,
        close_fds=True,
        pass_fds=tuple(confines.handles),
        start_new_session=True,
        user=user.uid if user is not None else None,
        group=user.uid if user is not None else None,
        extra_groups=[] if user is not None else None,
        umask=0o077 if user is not None else -1,
    )


def hide_process() -> None:
    """Keep other processes of our user from reading this one's memory and environment, and from tracing it. Linux only."""
    if sys.platform != "linux":
        return
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_DUMPABLE) failed")
