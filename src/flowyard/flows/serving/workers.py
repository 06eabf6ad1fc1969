"""Several processes that serve one socket: for flows that compute, which would use one core in one process."""

import os
import select
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

OnReady = Callable[[], None]

_RESTART_AFTER_S = 1.0
_LOOK_EVERY_S = 0.2
_FAILED = 1


class Workers:
    """Runs `work` in `count` processes made by fork. Make it before any thread is started.

    `work` is given what it calls when it is ready. A process that ends by itself after that is started again; one that never got
    ready ends them all.
    """

    def __init__(self, work: Callable[[OnReady], None], count: int) -> None:
        self._work = work
        self._count = count
        self._pids: set[int] = set()
        self._told, self._tell = os.pipe()
        self._stopping = False
        self._code = 0

    def run(self, on_ready: OnReady) -> int:
        """Return when all have ended: 0 after SIGINT or SIGTERM, else the exit code of the one that could not start."""
        for _ in range(self._count):
            self._start()
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, self._on_signal)
        ready = 0
        while self._pids:
            if select.select([self._told], [], [], _LOOK_EVERY_S)[0]:
                ready += len(os.read(self._told, 1))
                if ready == self._count:
                    on_ready()
            self._reap(all_ready=ready >= self._count)
        return self._code

    def _start(self) -> None:
        pid = os.fork()
        if pid == 0:
            self._be_worker()
        self._pids.add(pid)
        if self._stopping:  # told so while it was forked
            os.kill(pid, signal.SIGTERM)

    def _reap(self, *, all_ready: bool) -> None:
        for pid in tuple(self._pids):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            self._pids.discard(pid)
            code = os.waitstatus_to_exitcode(status)
            if self._stopping:
                self._code = self._code or max(code, 0)
            elif all_ready:
                sys.stderr.write(f"Process {pid} ended with {code}; another takes its place.\n")
                time.sleep(_RESTART_AFTER_S)
                if not self._stopping:
                    self._start()
            else:
                self._code = code if code > 0 else _FAILED
                self._stop()

    def _on_signal(self, signum: int, frame: FrameType | None) -> None:
        del signum, frame
        self._stop()

    def _stop(self) -> None:
        self._stopping = True
        for pid in self._pids:
            os.kill(pid, signal.SIGTERM)

    def _be_worker(self) -> None:
        """Do the work and end; nothing of the parent's code after the fork is run."""
        code = _FAILED
        try:
            for signum in (signal.SIGINT, signal.SIGTERM):
                signal.signal(signum, signal.SIG_DFL)
            os.close(self._told)
            self._work(self._tell_ready)
            code = 0
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else _FAILED
        except Exception as error:  # noqa: BLE001  # told here: there is nobody above
            sys.excepthook(type(error), error, error.__traceback__)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _tell_ready(self) -> None:
        os.write(self._tell, b"+")
