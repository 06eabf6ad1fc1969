"""Isolation by user id: what a program of one workspace gets to, and what not, tried by a program that tries to see more."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flowyard.compute.errors import IsolationUnavailableError
from flowyard.compute.model import ProcessSpec
from flowyard.compute.processes.client import SupervisorHost
from flowyard.compute.processes.isolated import Confines, popen_isolated
from flowyard.compute.processes.users import FlowUsers, flow_users, open_flow_users
from flowyard.foundation.settings import read_settings
from flowyard.testing.process_host import supervisor_process
from support.open_python import open_folder, open_python

UIDS = (61_184, 61_199)
SECRET = "the-master-key-of-this-home"


@dataclass
class Setting:
    home: Path
    python: str
    host: SupervisorHost
    supervisor: int

    def pry(self, workspace: str, *paths: Path | str, reads: tuple[str, ...] = (), writes: tuple[str, ...] = ()) -> dict[str, Any]:
        """What a program of `workspace` gets of `paths` and of its supervisor."""
        spec = ProcessSpec(
            name=f"pry/{workspace}",
            module="flowyard.testing.prying_program",
            message={"paths": [str(path) for path in paths]},
            workspace_id=workspace,
            reads=reads,
            writes=writes,
        )
        status = self.host.ensure(spec)
        import urllib.request

        with urllib.request.urlopen(f"http://{status.address}/", timeout=20) as answer:
            found: dict[str, Any] = json.load(answer)
        self.host.stop(spec.name)
        return found


@pytest.fixture(scope="module")
def setting() -> Iterator[Setting]:
    with open_folder() as folder:
        python, home = open_python(folder / "python"), folder / "home"
        home.mkdir(mode=0o755)
        for name in ("master.key", "credentials.json", "supervisor.json", "metadata.db", "jobs.db", "made-by-a-later-version"):
            (home / name).write_text(SECRET)
        for path in ("workspaces/one/flows/a", "workspaces/two/flows/b", "storage/telemetry", "storage/snapshots/abc/deep", "spools/two"):
            (home / path).mkdir(parents=True)
            (home / path / "file").write_text(SECRET)
        settings = {
            "FLOWYARD_HOME": str(home),
            "FLOWYARD_ISOLATION": "uid",
            "FLOWYARD_ISOLATION_UIDS": f"{UIDS[0]}-{UIDS[1]}",
            "FLOWYARD_DATABASE_URL": "postgresql://user:hidden@nowhere/db",
            "AWS_SECRET_ACCESS_KEY": "hidden-too",
        }
        handle = os.open(home / "master.key", os.O_RDONLY)
        os.set_inheritable(handle, True)
        try:
            with supervisor_process(home / "logs", python=python, settings=settings) as (host, pid):
                yield Setting(home, python, host, pid)
        finally:
            os.close(handle)


def test_nothing_of_the_platform_is_readable(setting: Setting) -> None:
    home = setting.home
    secret = [home / name for name in ("master.key", "credentials.json", "supervisor.json", "metadata.db", "jobs.db", "flow-users.json")]
    secret += [home, home / "made-by-a-later-version", home / "logs", home / "storage", home / "storage/telemetry/file"]
    secret += [home / "storage/snapshots", home / "workspaces", home / "spools", home / "flow-homes"]
    found = setting.pry("one", *secret)
    assert found["paths"] == {str(path): "PermissionError" for path in secret}


def test_nothing_of_another_workspace_is_readable(setting: Setting) -> None:
    home = setting.home
    writes = (str(home / "spools/two"), str(home / "cache/two"))
    other = setting.pry("two", home / "workspaces/two/flows/b/file", reads=(str(home / "workspaces/two/flows"),), writes=writes)
    assert other["paths"] == {str(home / "workspaces/two/flows/b/file"): SECRET}
    paths = [home / "workspaces/two/flows/b/file", home / "workspaces/two", home / "spools/two/file", home / "cache/two"]
    paths += [home / "flow-homes/two", f"/proc/{setting.supervisor}/cwd"]
    found = setting.pry("one", *paths)
    assert found["paths"] == {str(path): "PermissionError" for path in paths}
    assert found["uid"] != other["uid"]
    assert UIDS[0] <= found["uid"] <= UIDS[1]


def test_its_own_things_are_there(setting: Setting) -> None:
    home = setting.home
    flow, snapshot, spool = home / "workspaces/one/flows/a/file", home / "storage/snapshots/abc/deep/file", home / "spools/one"
    found = setting.pry("one", flow, snapshot, reads=(str(flow.parent.parent), str(home / "storage/snapshots/abc")), writes=(str(spool),))
    assert found["paths"] == {str(flow): SECRET, str(snapshot): SECRET}
    assert found["writes"] == {
        str(home / "flow-homes/one"): "done",
        str(home / "flow-homes/one/tmp"): "done",
        str(flow.parent): "PermissionError",
        str(snapshot.parent): "PermissionError",
        str(home): "PermissionError",
    }
    assert (spool.stat().st_uid, spool.stat().st_mode & 0o777) == (found["uid"], 0o700)


def test_the_supervisor_cannot_be_looked_into(setting: Setting) -> None:
    found = setting.pry("one")
    assert found["parent"] == setting.supervisor
    assert found["parent_files"] == dict.fromkeys(("environ", "mem", "maps", "fd", "cwd"), "PermissionError")
    assert found["ptrace"] == "EPERM"
    assert found["kill"] == "PermissionError"


def test_nothing_is_inherited(setting: Setting) -> None:
    found = setting.pry("one")
    assert set(found["environment"]) <= {
        "PATH",
        "HOME",
        "TMPDIR",
        "LANG",
        "LC_ALL",
        "TZ",
        "PYTHONUNBUFFERED",
        "PYTHONDONTWRITEBYTECODE",
        "LC_CTYPE",
    }
    assert found["environment"]["HOME"] == str(setting.home / "flow-homes/one")
    assert "hidden" not in json.dumps(found["environment"])
    kinds = {target.partition(":")[0] for target in found["handles"].values()}
    assert kinds <= {"pipe", "socket", "anon_inode", "/dev/null"}
    assert found["groups"] == []
    assert found["uids"] == [found["uid"]] * 3
    assert int(found["capabilities"], 16) == 0
    assert found["no_new_privileges"] == "1"


def test_our_processes_are_hidden_from_the_same_user_too(setting: Setting) -> None:
    """Without isolation by user id a flow is of the platform's user; even then it cannot read the platform's memory, nor trace it."""
    program = """
import os, sys
from pathlib import Path
from flowyard.compute.processes.isolated import hide_process
if sys.argv[1] == "hide":
    hide_process()
reading, writing = os.pipe()
if os.fork() == 0:
    try:
        found = Path(f"/proc/{os.getppid()}/environ").read_bytes()[:5].decode()
    except OSError as error:
        found = type(error).__name__
    os.write(writing, found.encode())
    os._exit(0)
os.wait()
sys.stdout.write(os.read(reading, 100).decode())
"""
    found: dict[str, str] = {}
    for what in ("hide", "show"):
        done = subprocess.run(
            [setting.python, "-c", program, what],
            user=UIDS[0],
            group=UIDS[0],
            extra_groups=[],
            cwd="/",
            env={"NAMED": "1"},
            capture_output=True,
            text=True,
            check=True,
        )
        found[what] = done.stdout
    assert found == {"hide": "PermissionError", "show": "NAMED"}


def test_user_ids_are_kept_and_never_shared(tmp_path: Path) -> None:
    users = FlowUsers(tmp_path, (61_184, 61_186))
    first = [users.of(name).uid for name in ("a", "b")]
    assert len(set(first)) == 2
    assert [FlowUsers(tmp_path, (61_184, 61_186)).of(name).uid for name in ("b", "a")] == first[::-1]
    users.of("c")
    with pytest.raises(IsolationUnavailableError, match="FLOWYARD_ISOLATION_UIDS"):
        users.of("d")
    assert (tmp_path / "flow-users.json").stat().st_mode & 0o777 == 0o600


def test_several_processes_assign_user_ids_at_once(tmp_path: Path) -> None:
    program = """
import json, sys
from pathlib import Path
from flowyard.compute.processes.users import FlowUsers
users = FlowUsers(Path(sys.argv[1]), (61184, 61300))
sys.stdout.write(json.dumps({str(n): users.of(str(n)).uid for n in range(int(sys.argv[2]), 30)}))
"""
    running = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path), start], stdout=subprocess.PIPE) for start in "0369"]
    found: dict[str, int] = {}
    for process in running:
        for name, uid in json.loads(process.communicate(timeout=60)[0]).items():
            assert found.setdefault(name, uid) == uid
    assert len(set(found.values())) == len(found) == 30


def test_a_file_that_is_elsewhere_too_is_not_given_away(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_text(SECRET)
    folder = tmp_path / "spools/one"
    folder.mkdir(parents=True)
    os.link(tmp_path / "master.key", folder / "linked")
    (folder / "pointing").symlink_to(tmp_path / "master.key")
    (folder / "own").write_text("x")
    users = FlowUsers(tmp_path, UIDS)
    user = users.of("one")
    users.let_write(user, folder)
    assert (tmp_path / "master.key").stat().st_uid == 0
    assert (folder / "own").stat().st_uid == user.uid


def test_without_root_it_is_refused_at_start_with_the_reason(tmp_path: Path) -> None:
    program = "import os, sys; os.setuid(61184); from flowyard.cli.entry import main; main(sys.argv[1:])"
    with open_folder() as folder:
        python = open_python(folder / "python")
        home = folder / "home"
        home.mkdir()
        os.chown(home, 61_184, 61_184)
        environment = {**os.environ, "FLOWYARD_HOME": str(home), "FLOWYARD_ISOLATION": "uid", "HOME": str(home)}
        words = [python, "-c", program, "up", "--port", "0", "--no-browser"]
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60, cwd="/", check=False)
    assert done.returncode == 2
    assert "only root may" in done.stderr


def test_a_home_folder_that_others_do_not_get_to_is_refused_at_start(tmp_path: Path) -> None:
    home = tmp_path / "closed" / "home"
    home.mkdir(parents=True)
    home.parent.chmod(0o700)
    umask = os.umask(0o077)
    try:
        with pytest.raises(IsolationUnavailableError, match="cannot run"):
            open_flow_users(read_settings({"FLOWYARD_ISOLATION": "uid"}, home=home))
    finally:
        os.umask(umask)
    assert flow_users(read_settings({}, home=home)) is None
    assert open_flow_users(read_settings({}, home=home)) is None


def test_a_program_is_started_with_what_it_is_given_alone(setting: Setting) -> None:
    users = FlowUsers(setting.home, UIDS)
    user = users.of("one")
    reading, writing = os.pipe()
    os.set_inheritable(reading, True)
    program = f"""
import json, os, sys
os.write({writing}, b"told")
handles = sorted(int(name) for name in os.listdir("/proc/self/fd"))
json.dump([dict(os.environ), os.getuid(), os.getgid(), os.getgroups(), os.umask(0), os.getcwd(), handles], sys.stdout)
"""
    confines = Confines(environment={"GIVEN": "1"}, handles=(writing,), folder=user.home, user=user)
    process = popen_isolated([setting.python, "-c", program], confines, stdout=subprocess.PIPE)
    os.close(writing)
    environment, *ids, groups, umask, folder, handles = json.loads(process.communicate(timeout=20)[0])
    assert os.read(reading, 100) == b"told"
    os.close(reading)
    assert environment["GIVEN"] == "1"
    assert environment["HOME"] == folder == str(user.home)
    assert not [name for name in environment if name.startswith(("FLOWYARD", "PYTEST"))]
    assert (ids, groups, umask) == ([user.uid, user.uid], [], 0o077)
    assert set(handles) - {3} == {0, 1, 2, writing} - {3}  # 3 is the handle on the list itself
