"""Starting one process: its socket, its handles, a clean environment, and what it tells on its ready pipe."""

import asyncio
import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from flowyard.compute.child import HANDED, LIFE_FD, PARENT_PID, READY_FD, SOCKET_FD, HandOver
from flowyard.compute.errors import PortInUseError, ProcessFailedError
from flowyard.compute.model import ProcessSpec
from flowyard.compute.processes.isolated import INHERITED, Confines, popen_isolated
from flowyard.compute.processes.logs import ProcessLog
from flowyard.compute.processes.users import FlowUser
from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.errors import FlowyardError
from flowyard.tracing.process_log import VARIABLE, is_json

__all__ = ["INHERITED", "Spawned", "Terms", "Told", "bind", "spawn", "spawn_ahead"]

_CHUNK = 65_536
_BACKLOG = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a child told on its ready pipe. `problem` (problem details) is why it cannot start."""

    ready: bool
    address: str | None = None
    problem: dict[str, Any] | None = None


def bind(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """Return a listening socket. Connections wait in its backlog from now on, whoever serves them.

    Raises:
        PortInUseError: something else listens there, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise PortInUseError(
            f"Cannot listen on {host}:{port}: {error.strerror or error}.", remedy="Choose another with --port (and --host)."
        ) from error
    listener.setblocking(False)
    return listener


class Spawned:
    """A started process.

    Attributes:
        told: what it told on its ready pipe; None when it ended, or closed the pipe, without a word.
        ended: its exit code; minus the signal's number where one killed it.
    """

    def __init__(self, process: subprocess.Popen[bytes], log: ProcessLog, output: int, ready: int, life: int | None) -> None:
        loop = asyncio.get_running_loop()
        self.pid = process.pid
        self.told: asyncio.Future[Told | None] = loop.create_future()
        self.ended: asyncio.Future[int] = loop.create_future()
        self._process = process
        self._log = log
        self._output = output
        self._ready = ready
        self._life = life
        self._ready_data = b""
        self._output_over = asyncio.Event()
        self._pidfd = -1
        self._sending: asyncio.Task[None] | None = None
        os.set_blocking(output, False)
        os.set_blocking(ready, False)
        loop.add_reader(output, self._on_output)
        loop.add_reader(ready, self._on_ready)
        self._watch_end(loop)

    def has_ended(self) -> bool:
        """Whether it has ended, also when the event loop has not come to hear of it yet."""
        return self.ended.done() or (self._pidfd >= 0 and bool(select.select([self._pidfd], [], [], 0)[0]))

    def signal(self, signum: int) -> None:
        """Send a signal to the process, if it still runs."""
        if not self.ended.done():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signum)

    def lower_priority(self, niceness: int) -> None:
        """Give all its threads, and what it started, a lower priority than ours. Done once it is ready: a start is waited for."""
        if niceness > 0 and not self.ended.done():
            with suppress(ProcessLookupError, PermissionError):
                os.setpriority(os.PRIO_PGRP, self.pid, os.getpriority(os.PRIO_PROCESS, 0) + niceness)

    def kill(self) -> None:
        """Kill it and everything it started (its process group)."""
        if not self.ended.done():
            self._kill_group()

    def send(self, message: bytes, gate: asyncio.Event | None) -> None:
        """Send its message once `gate` is open, without holding anybody up. Called once, by `spawn`."""
        self._sending = asyncio.create_task(self._send(message, gate))

    def hand_over(self, channel: socket.socket, told: HandOver, listener: socket.socket | None, log: ProcessLog) -> None:
        """Tell a process that was started ahead what it is to be; what it writes from now on goes to `log`. Called once."""
        self._log = log
        self._sending = asyncio.create_task(asyncio.to_thread(_hand_over, channel, told, listener))

    async def output_over(self) -> None:
        """Wait until its last output has come, at most 0.5 s: something that left its group may hold the pipe."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._output_over.wait(), 0.5)
        self._close_output()

    async def _send(self, message: bytes, gate: asyncio.Event | None) -> None:
        pipe = self._process.stdin
        if pipe is None:
            return
        try:
            if gate is not None:
                await gate.wait()
            await asyncio.to_thread(pipe.write, message)
        except BrokenPipeError:
            return  # it has ended; why, it tells elsewhere
        finally:
            with suppress(BrokenPipeError):
                pipe.close()

    def _watch_end(self, loop: asyncio.AbstractEventLoop) -> None:
        if sys.platform == "linux":
            self._pidfd = os.pidfd_open(self.pid)
            loop.add_reader(self._pidfd, self._on_end)
        else:
            loop.run_in_executor(None, self._process.wait).add_done_callback(lambda _: self._finish())

    def _on_end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._pidfd)
        os.close(self._pidfd)
        self._pidfd = -1
        self._kill_group()  # before it is reaped: until then nobody else can have its number
        self._finish()

    def _finish(self) -> None:
        code = self._process.wait()
        if self._sending is not None:
            self._sending.cancel()
        while not self.told.done():
            self._on_ready()
        if self._life is not None:
            os.close(self._life)
        self.ended.set_result(code)

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def _on_output(self) -> None:
        with suppress(BlockingIOError):
            data = os.read(self._output, _CHUNK)
            if data:
                self._log.write(data)
            else:
                self._close_output()

    def _close_output(self) -> None:
        if not self._output_over.is_set():
            self._output_over.set()
            asyncio.get_running_loop().remove_reader(self._output)
            os.close(self._output)
            self._log.end_line()

    def _on_ready(self) -> None:
        try:
            data = os.read(self._ready, _CHUNK)
        except BlockingIOError:  # it ended, and something it started holds the pipe
            data = b""
        self._ready_data += data
        if not data or data.endswith(b"\n"):
            asyncio.get_running_loop().remove_reader(self._ready)
            os.close(self._ready)
            self.told.set_result(_understand(self._ready_data))


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a process is kept, besides its spec.

    Attributes:
        listener: the socket that it serves; the supervisor closes it when the process is stopped.
        persistent: start it again, with backoff, even when it never got ready.
        gate: its message is held back until this is set; until then it can load what it needs.
        user: the user that it runs as; None: ours.
    """

    listener: socket.socket | None = None
    persistent: bool = False
    gate: asyncio.Event | None = None
    user: FlowUser | None = None


def spawn(spec: ProcessSpec, log: ProcessLog, terms: Terms) -> Spawned:
    """Start the process of `spec` on `terms`. Its message is sent once their gate is open.

    Call it in the main thread, with a running loop: Linux kills a child when the *thread* that started it ends.

    Raises:
        ProcessFailedError: there is no such program or folder.
    """
    spawned = _start(spec, log, terms, subprocess.PIPE)
    spawned.send(to_json(spec.message), terms.gate)
    return spawned


def spawn_ahead(spec: ProcessSpec, log: ProcessLog) -> tuple[Spawned, socket.socket]:
    """Start a process that loads what `spec` names and waits; return it and the socket over which it is told the rest (`hand_over`).

    Raises:
        ProcessFailedError: there is no such program or folder.
    """
    ours, its = socket.socketpair()
    with its:
        ahead = replace(spec, environment={**spec.environment, HANDED: "1"})
        try:
            return _start(ahead, log, Terms(), its), ours
        except ProcessFailedError:
            ours.close()
            raise


def _start(spec: ProcessSpec, log: ProcessLog, terms: Terms, stdin: int | socket.socket) -> Spawned:
    output, output_end = os.pipe()
    ready, ready_end = os.pipe()
    ends = [output_end, ready_end]
    handed = {READY_FD: ready_end}
    life: int | None = None
    if sys.platform != "linux":
        life_end, life = os.pipe()
        ends.append(life_end)
        handed[LIFE_FD] = life_end
    if terms.listener is not None:
        handed[SOCKET_FD] = terms.listener.fileno()
    try:
        confines = Confines(
            environment=_environment(spec) | {name: str(handle) for name, handle in handed.items()},
            handles=tuple(handed.values()),
            folder=spec.working_directory,
            user=terms.user,
        )
        process = popen_isolated(
            [spec.python or sys.executable, "-P", "-m", spec.module, *spec.arguments],
            confines,
            stdin=stdin if isinstance(stdin, int) else stdin.fileno(),
            stdout=output_end,
            stderr=output_end,
        )
    except OSError as error:
        for handle in (output, ready, life):
            if handle is not None:
                os.close(handle)
        raise ProcessFailedError(f"{spec.name!r} cannot be started: {error}.", extra={"name": spec.name, "log": []}) from error
    finally:
        for handle in ends:
            os.close(handle)
    return Spawned(process, log, output, ready, life)


def _hand_over(channel: socket.socket, told: HandOver, listener: socket.socket | None) -> None:
    data = to_json(told)
    with channel, suppress(BrokenPipeError, ConnectionResetError):  # it has ended; why, it tells elsewhere
        sent = socket.send_fds(channel, [data[:_CHUNK]], [listener.fileno()] if listener is not None else [])
        channel.sendall(data[sent:])


def _environment(spec: ProcessSpec) -> dict[str, str]:
    log_format = {VARIABLE: "json"} if is_json() else {}
    return {"PYTHONUNBUFFERED": "1"} | log_format | spec.environment | {PARENT_PID: str(os.getpid())}


def _understand(data: bytes) -> Told | None:
    if not data.endswith(b"\n"):
        return None
    try:
        return decode(data, Told)
    except FlowyardError as error:
        return Told(ready=False, problem={"detail": f"It spoke the readiness protocol wrongly: {error}"})
