"""A supervised program that tries to see more than it should, and answers over HTTP what it found. For tests of isolation.

Its message names ``paths``: of each the answer has the text of a file, the names in a folder, or the error.
"""

import ctypes
import errno
import os
import signal
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from flowyard.compute.child import Child
from flowyard.foundation.codecs import to_json

_PTRACE_ATTACH = 16


def look(paths: list[str]) -> dict[str, Any]:
    """Return what this process finds: about `paths`, itself, and the process that started it."""
    parent, own = os.getppid(), Path("/proc/self/status").read_text(encoding="utf-8")
    facts = dict(line.split(":\t", 1) for line in own.splitlines() if ":\t" in line)
    folders = [os.environ["HOME"], os.environ.get("TMPDIR", "/tmp")] if "HOME" in os.environ else []  # noqa: S108
    folders += [str(Path(path).parent) for path in paths]
    folders.append(str(Path(os.environ.get("HOME", "/")).parent.parent))
    return {
        "uid": os.getuid(),
        "uids": list(os.getresuid()),
        "groups": os.getgroups(),
        "capabilities": facts["CapPrm"].strip(),
        "no_new_privileges": facts["NoNewPrivs"].strip(),
        "environment": dict(os.environ),
        "paths": {path: _tried(lambda path=path: _read(path)) for path in paths},
        "writes": {folder: _tried(lambda folder=folder: _write(folder)) for folder in dict.fromkeys(folders)},
        "handles": {handle.name: str(handle.readlink()) for handle in Path("/proc/self/fd").iterdir() if handle.is_symlink()},
        "parent": parent,
        "parent_files": {
            name: _tried(lambda name=name: _read(f"/proc/{parent}/{name}")) for name in ("environ", "mem", "maps", "fd", "cwd")
        },
        "ptrace": _trace(parent),
        "kill": _tried(lambda: str(os.kill(parent, signal.SIGCONT))),
    }


def _tried(action: Callable[[], str]) -> str:
    try:
        return action()
    except OSError as error:
        return type(error).__name__


def _read(path: str) -> str:
    if Path(path).is_dir():
        return " ".join(os.listdir(path))  # noqa: PTH208
    with Path(path).open("rb") as file:
        return file.read(64).decode("utf-8", "replace")


def _write(folder: str) -> str:
    file = Path(folder) / f"made-by-{os.getpid()}"
    file.write_text("x", encoding="utf-8")
    file.unlink()
    return "done"


def _trace(pid: int) -> str:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(_PTRACE_ATTACH, pid, None, None) == 0:
        return "attached"
    return errno.errorcode[ctypes.get_errno()]


class _Handler(BaseHTTPRequestHandler):
    child: Child

    def do_GET(self) -> None:
        body = to_json(look(self.child.message.get("paths", [])))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """Answer until it is stopped."""
    child = Child.start()
    _Handler.child = child
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler, bind_and_activate=False)
    if child.socket is not None:
        server.socket.close()
        server.socket = child.socket
        server.socket.setblocking(True)
    child.ready()
    server.serve_forever()


if __name__ == "__main__":
    main()
