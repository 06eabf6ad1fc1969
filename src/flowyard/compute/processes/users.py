"""User ids for flow processes: one for each workspace, and which folders of the home folder it gets to.

With ``FLOWYARD_ISOLATION=uid`` whatever the platform itself makes is closed to other users (its umask), and opened here, on the way to a
flow process: its flow to read, its workspace's spool and cache to write, a home folder of its own. Everything else stays closed.
The home folder itself and the folders on the way may be passed through, and not listed. What lies in ``SHARED`` has its hash for a
name, and is readable for whoever knows that name.
"""

import fcntl
import os
import stat
import subprocess
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flowyard.compute.errors import IsolationUnavailableError
from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.settings import Settings

TABLE = "flow-users.json"
HOMES = "flow-homes"
SHARED = ("storage/snapshots", "environments")
#: Folders of the home folder that lead to something that flow processes get to, and in which they see nothing by that alone.
_PASSED = ("workspaces", "spools", "cache", "storage", "storage/snapshots", "environments", HOMES)
_PROBE = "import os, flowyard.compute.child; os.chdir(os.environ['HOME'])"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowUser:
    """The user id of a workspace's flow processes, its group of the same number, and its home folder."""

    uid: int
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead to the home folder."""
        return {"HOME": str(self.home), "TMPDIR": str(self.home / "tmp"), "PYTHONDONTWRITEBYTECODE": "1"}


class FlowUsers:
    """The users of one home folder. Safe to use from several processes; all of them run as root.

    Args:
        home: the home folder.
        uids: the first and the last user id to take.
    """

    def __init__(self, home: Path, uids: tuple[int, int]) -> None:
        self._home = home
        self._uids = uids
        self._known: dict[str, int] = {}

    def of(self, workspace_id: str) -> FlowUser:
        """Return the user of a workspace, with a home folder that is there: always the same, and nobody else's.

        Raises:
            IsolationUnavailableError: all user ids are taken.
        """
        uid = self._known.get(workspace_id)
        if uid is None:
            uid = self._known[workspace_id] = self._assign(workspace_id)
        user = FlowUser(uid=uid, home=self._home / HOMES / workspace_id)
        self.let_write(user, user.home)
        self.let_write(user, user.home / "tmp")
        return user

    def let_write(self, user: FlowUser, folder: Path) -> None:
        """Make `folder` the user's own; what was in it before becomes so too. Nobody else but root sees it."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._let_pass(folder)
        if folder.lstat().st_uid == user.uid:
            return
        for path in (*folder.rglob("*"), folder):
            if not path.is_symlink() and (path.is_dir() or path.stat().st_nlink == 1):
                os.chown(path, user.uid, user.uid, follow_symlinks=False)
        folder.chmod(0o700)

    def let_read(self, user: FlowUser, path: Path) -> None:
        """Let the user read a file or a whole folder of ours, and nobody else. Of what is `SHARED`, whoever knows its name reads all."""
        if path.is_relative_to(user.home):
            return
        self._let_pass(path)
        for shared in (self._home / name for name in SHARED):
            if path.is_relative_to(shared):
                _open_to_all(shared / path.relative_to(shared).parts[0])
                return
        for each in (path, *path.rglob("*")) if path.is_dir() else (path,):
            state = each.lstat()
            if stat.S_ISLNK(state.st_mode):
                continue
            mode = stat.S_IMODE(state.st_mode) & 0o740 | (0o050 if stat.S_ISDIR(state.st_mode) else 0o040)
            if state.st_gid != user.uid:
                os.chown(each, -1, user.uid, follow_symlinks=False)
            if stat.S_IMODE(state.st_mode) != mode:
                each.chmod(mode)

    def close(self) -> None:
        """Close what is in the home folder, from whenever it may be, to all users; done once, before anything else starts.

        Raises:
            OSError: it cannot be done.
        """
        self._home.chmod(0o711)
        passed = {self._home / name for name in _PASSED}
        for folder in (self._home, *(self._home / name for name in _PASSED if name != "storage/snapshots")):
            for entry in folder.iterdir() if folder.is_dir() else ():
                if not entry.is_symlink() and entry not in passed and entry.parent != self._home / HOMES:
                    entry.chmod(stat.S_IMODE(entry.stat().st_mode) & (0o711 if folder.name == "workspaces" else 0o700))
        for flow in (self._home / "workspaces").glob("*/flows/*"):
            if not flow.is_symlink():
                flow.chmod(stat.S_IMODE(flow.stat().st_mode) & 0o700)
        for folder in passed:
            if folder.is_dir():
                folder.chmod(0o711)

    def probe(self) -> None:
        """Try to start a flow process as the last of the user ids.

        Raises:
            IsolationUnavailableError: it cannot be started, or does not get to what it needs.
        """
        user = FlowUser(uid=self._uids[1], home=self._home)
        environment = {"PATH": os.environ.get("PATH", ""), **user.environment}
        try:
            done = subprocess.run(  # noqa: S603  # our own program
                [sys.executable, "-P", "-c", _PROBE],
                user=user.uid,
                group=user.uid,
                extra_groups=[],
                env=environment,
                cwd="/",
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            failed = done.stderr.strip().rpartition("\n")[2] if done.returncode else None
        except (OSError, subprocess.SubprocessError) as error:
            failed = str(error)
        if failed is not None:
            raise IsolationUnavailableError(
                f"A process of user id {user.uid} cannot run {sys.executable} with the home folder {self._home}: {failed}",
                remedy="Install Python, Flowyard and the home folder where other users get to, such as /opt and /srv; not below /root.",
            )

    def _assign(self, workspace_id: str) -> int:
        with _locked(self._home / f"{TABLE}.lock"):
            table = self._home / TABLE
            taken = decode(table.read_bytes(), dict[str, int]) if table.is_file() else {}
            if workspace_id in taken:
                return taken[workspace_id]
            uid = _free(self._uids, taken.values())
            fresh = table.with_suffix(".partial")
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(to_json({**taken, workspace_id: uid}))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(table)
            return uid

    def _let_pass(self, path: Path) -> None:
        """Let all users pass through the folders between the home folder and `path`."""
        for folder in path.parents:
            if folder == self._home or not folder.is_relative_to(self._home):
                return
            state = folder.lstat()
            mode = stat.S_IMODE(state.st_mode)
            if state.st_uid == os.geteuid() and mode & 0o011 != 0o011:
                folder.chmod(mode | 0o011)


def flow_users(settings: Settings) -> FlowUsers | None:
    """Return the users of the settings' home folder; None where flow processes run as our own user."""
    return FlowUsers(settings.home, settings.isolation_uids) if settings.isolation == "uid" else None


def open_flow_users(settings: Settings) -> FlowUsers | None:
    """Return as `flow_users` does, with the home folder closed and everything tried out; from now on this process closes what it makes.

    Raises:
        IsolationUnavailableError: it cannot work here; the message says why.
    """
    users = flow_users(settings)
    if users is None:
        return None
    if sys.platform != "linux" or os.geteuid() != 0:
        raise IsolationUnavailableError(
            "FLOWYARD_ISOLATION=uid starts flow processes under other user ids, which only root may, on Linux.",
            remedy="Start Flowyard as root (in a container, say), or unset FLOWYARD_ISOLATION and trust whoever may edit flows.",
        )
    os.umask(0o077)
    users.close()
    users.probe()
    return users


def _free(uids: tuple[int, int], taken: Iterable[int]) -> int:
    import pwd

    used = set(taken) | {entry.pw_uid for entry in pwd.getpwall()}
    for uid in range(uids[0], uids[1] + 1):
        if uid not in used:
            return uid
    raise IsolationUnavailableError(
        f"All user ids from {uids[0]} to {uids[1]} are taken by other workspaces.", remedy="Widen FLOWYARD_ISOLATION_UIDS."
    )


def _open_to_all(path: Path) -> None:
    """Let all users read `path`; a folder last, so that an open one is open in all its depth."""
    mode = stat.S_IMODE(path.lstat().st_mode)
    if path.is_symlink() or (path.is_dir() and mode & 0o055 == 0o055):
        return
    if path.is_dir():
        for entry in path.iterdir():
            _open_to_all(entry)
        path.chmod(mode | 0o055)
    else:
        path.chmod(mode | 0o044 | (0o011 if mode & 0o100 else 0))


@contextmanager
def _locked(path: Path) -> Generator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        with suppress(OSError):
            os.close(handle)
