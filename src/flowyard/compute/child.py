"""The child's side of supervision: what a supervised program calls first.

The supervisor hands over, by inheritance: the listening socket (``FLOWYARD_SOCKET_FD``), a pipe on which the child tells
that it is ready or why it is not (``FLOWYARD_READY_FD``), and one JSON message on standard input. ``FLOWYARD_PARENT_PID`` says who
must stay alive: when the supervisor ends, however it ends, the child is killed.

A child that was started before anybody knew what for (``FLOWYARD_HANDED``: `compute.processes.standby`) finds a socket as its standard
input, on which all of that comes once it is known: a `HandOver`, and the listening socket beside its first byte.

Needs the standard library and msgspec only, so it runs in a flow's own environment.
"""

import os
import signal
import socket
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flowyard.compute.errors import ChildProtocolError
from flowyard.foundation.codecs import decode, plain, to_json
from flowyard.foundation.errors import FlowyardError

SOCKET_FD = "FLOWYARD_SOCKET_FD"
READY_FD = "FLOWYARD_READY_FD"
LIFE_FD = "FLOWYARD_LIFE_FD"
PARENT_PID = "FLOWYARD_PARENT_PID"
HANDED = "FLOWYARD_HANDED"

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CHUNK = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """What a process that stood by is told when it is taken: what others have from their start, and the message."""

    environment: dict[str, str]
    arguments: tuple[str, ...]
    folder: str | None
    message: dict[str, Any] = field(repr=False)


class Child:
    """This process, as a child of the supervisor.

    Attributes:
        message: what the spec's ``message`` holds: configuration and secrets.
        socket: the listening socket, which the supervisor keeps over restarts; None where the spec has none.
    """

    def __init__(self, message: dict[str, Any], listener: socket.socket | None, ready_fd: int) -> None:
        self.message = message
        self.socket = listener
        self._ready_fd: int | None = ready_fd

    @classmethod
    def start(cls) -> "Child":
        """Tie this process to its supervisor and take what it hands over. Call it first, from the main thread.

        The variables of the protocol leave the environment, and no process started from here inherits the handles.

        Raises:
            ChildProtocolError: the process was not started by a supervisor.
            InvalidInputError: the message on standard input is no JSON object.
        """
        ready = os.environ.pop(READY_FD, None)
        parent = os.environ.pop(PARENT_PID, None)
        if ready is None or parent is None:
            raise ChildProtocolError(
                "This program is started by the supervisor, which hands it its socket and its secrets.", remedy="Run: flowyard up"
            )
        die_with(int(parent), os.environ.pop(LIFE_FD, None))
        os.set_inheritable(int(ready), False)
        if os.environ.pop(HANDED, None) is not None:
            return cls(*_take_over(), int(ready))
        listener = None
        handle = os.environ.pop(SOCKET_FD, None)
        if handle is not None:
            listener = socket.socket(fileno=int(handle))
            listener.set_inheritable(False)
        return cls(_read_message(), listener, int(ready))

    @property
    def address(self) -> str | None:
        """``host:port`` of the listening socket."""
        if self.socket is None:
            return None
        host, port = self.socket.getsockname()[:2]
        return f"{host}:{port}"

    def ready(self, address: str | None = None) -> None:
        """Tell the supervisor that calls can come. `address` (``host:port``) where this program bound its own socket."""
        self._tell({"ready": True, "address": address or self.address})

    def failed(self, error: FlowyardError) -> None:
        """Tell the supervisor why the program cannot start: the error reaches whoever asked for it. Then exit."""
        self._tell({"ready": False, "problem": plain(error.problem())})

    @contextmanager
    def reporting(self) -> Generator[None]:
        """Tell the supervisor of a `FlowyardError` raised in the block, print it, and exit with its exit code."""
        try:
            yield
        except FlowyardError as error:
            self.failed(error)
            sys.stderr.write(f"{error.code}: {error}\n")
            raise SystemExit(error.exit_code) from error

    def _tell(self, what: dict[str, Any]) -> None:
        if self._ready_fd is None:
            return
        handle, self._ready_fd = self._ready_fd, None
        with os.fdopen(handle, "wb") as pipe:
            pipe.write(to_json(what) + b"\n")


def _read_message() -> dict[str, Any]:
    with os.fdopen(0, "rb", closefd=False) as pipe:
        data = pipe.read()
    _leave_input()
    return decode(data or b"{}", dict[str, Any])


def _take_over() -> tuple[dict[str, Any], socket.socket | None]:
    """Wait until this process is taken, and become what it is told to be."""
    with socket.socket(fileno=os.dup(0)) as channel:
        data, handles, _, _ = socket.recv_fds(channel, _CHUNK, 1)
        parts = [data]
        while data := channel.recv(_CHUNK):
            parts.append(data)
    _leave_input()
    told = decode(b"".join(parts), HandOver)
    listener = socket.socket(fileno=handles[0]) if handles else None
    if listener is not None:
        listener.set_inheritable(False)
    os.environ.update(told.environment)
    sys.argv[1:] = told.arguments
    if told.folder is not None:
        os.chdir(told.folder)
    return told.message, listener


def _leave_input() -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def die_with(parent: int, life_fd: str | None = None) -> None:
    """End this process when process `parent` ends, however it ends. Call it early, from the main thread.

    Where it is not root's, no program that it starts has more rights than it has itself (``setuid`` bits do not count).
    """
    if sys.platform == "linux":
        _control(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getuid() != 0:
            _control(_PR_SET_NO_NEW_PRIVS, 1)
    elif life_fd is not None:
        os.set_inheritable(int(life_fd), False)
        threading.Thread(target=_watch_life, args=(int(life_fd),), name="supervisor-watch", daemon=True).start()
    if os.getppid() != parent:  # it ended before the line above took effect
        os.kill(os.getpid(), signal.SIGKILL)


def _control(option: int, value: int) -> None:
    import ctypes  # 5 ms that only Linux children need

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option}) failed")


def _watch_life(life_fd: int) -> None:
    while os.read(life_fd, 1):
        pass
    os.kill(os.getpid(), signal.SIGKILL)
