"""Runs one PostgreSQL server for all processes of a test run, and ends it when the last of them is gone.

`database_server` returns its address. The first caller starts the keeper (this file as a program), which starts the server and watches
the callers' process ids: however they end, the server ends too, and its files go.
"""

import ctypes
import fcntl
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg

START_TIMEOUT_S = 60
_UNPRIVILEGED = ("postgres", "nobody")
# Held so that they are not collected while they run: they outlive this process by half a second.
_keepers: list["subprocess.Popen[bytes]"] = []


def database_server(folder: Path) -> str:
    """Return ``postgresql://…`` (without a database) of the server that is kept in `folder`, which all workers of a run share."""
    users = folder / "users"
    users.mkdir(parents=True, exist_ok=True)
    (users / str(os.getpid())).touch()
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = folder / "state.json"
        if not state.exists():
            with (folder / "keeper.log").open("wb") as log:
                command = [sys.executable, __file__, str(folder)]
                _keepers.append(subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log))
        deadline = time.monotonic() + START_TIMEOUT_S
        while not state.exists():
            if time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'keeper.log').read_text()}")
            time.sleep(0.05)
        return json.loads(state.read_text())["url"]


def binaries() -> list[Path]:
    """Return folders with PostgreSQL's programs: the system's, then the wheel's."""
    found = [Path(path).resolve().parent for path in (shutil.which("initdb"),) if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found += [Path(entry) / "pgserver/pginstall/bin" for entry in sys.path]
    return [folder for folder in found if (folder / "initdb").is_file() and (folder / "postgres").is_file()]


def _account() -> tuple[int, int] | None:
    """PostgreSQL refuses to run as root: return an unprivileged account to run it as, or None when this process has one."""
    if os.geteuid() != 0:
        return None
    for name in _UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise RuntimeError(f"none of the users {_UNPRIVILEGED} exists")


def _become(account: tuple[int, int] | None) -> None:
    # Dies with the keeper, whatever happens to that.
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    if account is not None:
        os.setgroups([])
        os.setgid(account[1])
        os.setuid(account[0])


def _start(folder: Path) -> tuple[subprocess.Popen[bytes], str, Path]:
    account = _account()
    errors = ""
    for programs in binaries():
        data = Path("/tmp") / f"flowyard-test-pg-{os.getpid()}"
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(mode=0o700)
        if account is not None:
            os.chown(data, *account)
        made = subprocess.run(
            [programs / "initdb", "-D", data / "data", "-U", "flowyard", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
            capture_output=True,
            check=False,
            cwd="/",
            preexec_fn=lambda: _become(account),
        )
        if made.returncode != 0:
            errors += made.stderr.decode()
            shutil.rmtree(data, ignore_errors=True)
            continue
        port = _free_port()
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "port": port,
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": 300,
            "shared_buffers": "64MB",
        }
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        server = subprocess.Popen([programs / "postgres", "-D", data / "data", *words], cwd="/", preexec_fn=lambda: _become(account))  # noqa: PLW1509 (one thread)
        _wait(server, port)
        return server, f"postgresql://flowyard@127.0.0.1:{port}", data
    raise RuntimeError(f"no usable PostgreSQL: run scripts/setup-tests.sh\n{errors}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            # It listens before it takes connections: until then it says that it is starting up.
            psycopg.connect(f"postgresql://flowyard@127.0.0.1:{port}/postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not listen (exit {server.poll()})")


def _alive(users: Path) -> bool:
    return any(_runs(int(entry.name)) for entry in users.iterdir())


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _keep(folder: Path) -> None:
    server, url, data = _start(folder)
    try:
        waiting = folder / "state.tmp"
        waiting.write_text(json.dumps({"url": url}))
        waiting.rename(folder / "state.json")
        while _alive(folder / "users") and server.poll() is None:
            time.sleep(0.5)
    finally:
        (folder / "state.json").unlink(missing_ok=True)
        server.send_signal(signal.SIGQUIT)
        server.wait(timeout=30)
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    _keep(Path(sys.argv[1]))
