"""Begins the processes of statements: each is a copy of one that has loaded DuckDB and Arrow, which takes most of a statement's time.

That process (``python -m flowyard.storage.telemetry.sql.copies``) never sees a statement or a row: a copy is told on a socket of its own,
by whoever asked for it. It starts no threads, and ends with the process that asks, or when nobody has asked for a while.
"""

import atexit
import gc
import os
import signal
import socket
import subprocess
import sys
import threading

MODULE = "flowyard.storage.telemetry.sql.copies"
_IDLE_S = 600.0
#: Of threads a copy would have the first only: NumPy and Arrow's allocator start none.
_NO_THREADS = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}


class Copies:
    """Asks for copies, for all threads of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._original: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def begin(self) -> socket.socket:
        """Return the socket on which a new copy is told its task, up to the end of what is sent, and answers.

        Raises:
            OSError: no process can be started.
        """
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            # The one there was has ended, when it does not answer.
            if not self._asked(theirs):
                self._start()
                if not self._asked(theirs):
                    ours.close()
                    raise OSError("The process that begins those of statements has ended.")
        return ours

    def end(self) -> None:
        """End the process that is copied, and with it its copies."""
        if self._control is not None:
            self._control.close()
        if self._original is not None:
            self._original.wait()
        self._control = self._original = None

    def _asked(self, theirs: socket.socket) -> bool:
        if self._control is None:
            return False
        try:
            socket.send_fds(self._control, [b"1"], [theirs.fileno()])
            return self._control.recv(1) != b""
        except OSError:
            return False

    def _start(self) -> None:
        self.end()
        # Nothing of this process's surroundings: no settings, no keys, no addresses.
        paths = os.pathsep.join(path for path in sys.path if path)
        environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": paths, "LANG": "C.UTF-8"} | _NO_THREADS
        nowhere = subprocess.DEVNULL
        self._control, theirs = socket.socketpair()
        with theirs:
            self._original = subprocess.Popen(  # noqa: S603 (this program, with nothing of the user's in its words)
                [sys.executable, "-m", MODULE],
                stdin=theirs.fileno(),
                stdout=nowhere,
                stderr=nowhere,
                env=environment,
                cwd="/",
                close_fds=True,
            )


def main() -> None:
    """Make a copy for each socket that comes on standard input."""
    from flowyard.storage.telemetry.sql import child

    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # A second handle: a copy's standard input is its own socket.
    with socket.socket(fileno=os.dup(0)) as control:
        control.settimeout(_IDLE_S)
        while sockets := _next(control):
            if os.fork() == 0:
                control.close()
                for stream in (0, 1):
                    os.dup2(sockets[0], stream)
                os.close(sockets[0])
                child.main()
                os._exit(0)
            os.close(sockets[0])
            control.sendall(b"1")


def _next(control: socket.socket) -> list[int]:
    """Return the next socket; none when whoever asks has ended, or has not asked for long."""
    try:
        return socket.recv_fds(control, 1, 1)[1]
    except TimeoutError:
        return []


copies = Copies()
atexit.register(copies.end)

if __name__ == "__main__":
    main()
