"""Clients that hold connections: silent, slow, too large, too many."""

import asyncio
import contextlib
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from flowyard.compute import connections
from flowyard.compute.connections import BoundedProtocol, BoundedServer

GET = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"


async def echo(scope: Any, receive: Any, send: Any) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def port() -> Iterator[int]:
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    config = uvicorn.Config(echo, http=BoundedProtocol, log_config=None, access_log=False, lifespan="off", ws="none")
    server = BoundedServer(config, head_s=1.0, body_s=1.5)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(timeout=10)
    listening.close()


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=8)


def ended_after(held: socket.socket) -> float:
    """Return how long it took until the server ended the connection without an answer."""
    begun = time.monotonic()
    with contextlib.suppress(ConnectionResetError):
        assert held.recv(1000) == b""
    return time.monotonic() - begun


def test_a_client_that_sends_nothing_or_drips_its_head_is_broken_off(port: int) -> None:
    with connect(port) as silent, connect(port) as slow:
        slow.sendall(GET[:10])
        assert ended_after(silent) < 4
        assert ended_after(slow) < 4


def test_a_body_that_stalls_is_broken_off_and_one_that_trickles_is_not(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 6\r\n\r\n"
    with connect(port) as stalled, connect(port) as trickling:
        stalled.sendall(head + b"a")
        trickling.sendall(head)
        for letter in b"abcdef":
            time.sleep(0.5)
            trickling.sendall(bytes([letter]))
        assert trickling.recv(1000).endswith(b"abcdef")
        assert ended_after(stalled) < 4


def test_a_head_that_is_too_large_is_refused(port: int) -> None:
    with connect(port) as large:
        large.sendall(b"GET / HTTP/1.1\r\n")
        with pytest.raises(OSError, match=r"reset|pipe"):  # noqa: PT012
            for _ in range(200):
                large.sendall(b"x: " + b"y" * 1000 + b"\r\n")
                time.sleep(0.001)
    with connect(port) as after:
        after.sendall(GET)
        assert b"200 OK" in after.recv(1000)


def test_a_connection_is_used_again_and_kept_after_its_answer(port: int) -> None:
    with connect(port) as kept:
        for _ in range(2):
            kept.sendall(GET)
            assert b"200 OK" in kept.recv(1000)
            time.sleep(2.5)


MANY = """
import asyncio, socket
import uvicorn
from flowyard.compute import connections

async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})

connections.allow_connections(10_000)
config = uvicorn.Config(app, http=connections.BoundedProtocol, log_config=None, lifespan="off", ws="none", timeout_keep_alive=600)
listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
print(listening.getsockname()[1], connections.most_connections(), flush=True)
with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
    runner.run(connections.BoundedServer(config, head_s=600).serve(sockets=[listening]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads memory in /proc")
def test_ten_thousand_idle_connections_cost_little_and_others_are_answered() -> None:
    connections.allow_connections(10_000)
    with subprocess.Popen([sys.executable, "-c", MANY], stdout=subprocess.PIPE) as process, contextlib.ExitStack() as held:
        held.callback(process.kill)
        assert process.stdout is not None
        port, most = map(int, process.stdout.readline().split())
        count = min(10_000, most - 100, connections.most_connections())
        one = held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
        one.sendall(GET)
        assert b"200 OK" in one.recv(1000)
        before = resident_kb(process.pid)
        for _ in range(count):
            held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
        one.sendall(GET)
        assert b"200 OK" in one.recv(1000)
        assert (resident_kb(process.pid) - before) / count < 12


def test_there_are_no_more_connections_than_files_allow(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "most_connections", lambda: 3)
    held = [connect(port) for _ in range(5)]
    held[0].sendall(GET)
    assert b"200 OK" in held[0].recv(1000)
    assert ended_after(held[4]) < 0.5
    for one in held:
        one.close()


def test_the_bound_leaves_files_for_others() -> None:
    assert connections.most_connections() <= resource.getrlimit(resource.RLIMIT_NOFILE)[0]


LIMITED = """
import logging, resource
from flowyard.compute.connections import allow_connections, most_connections

logging.basicConfig(format="%(message)s")
hard = min(5000, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
resource.setrlimit(resource.RLIMIT_NOFILE, (1000, hard))
allow_connections(10_000)
print(hard - most_connections())
"""


def test_the_limit_of_files_is_raised_as_far_as_it_may_and_the_log_says_what_is_missing() -> None:
    done = subprocess.run([sys.executable, "-c", LIMITED], capture_output=True, text=True, check=True)
    assert done.stdout == "512\n"
    assert "raise the hard limit (ulimit -Hn, or LimitNOFILE= of the service) to 10512" in done.stderr


def resident_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


IDLE = """
import asyncio, socket, sys
import uvicorn
from flowyard.compute import connections

async def app(scope, receive, send):
    pass

connections._TICK_S = 600.0
config = uvicorn.Config(app, http=connections.BoundedProtocol, log_config=None, lifespan="off", ws="none", loop=sys.argv[1])
server = connections.BoundedServer(config)
listening = socket.create_server(("127.0.0.1", 0))

async def serve():
    asyncio.get_running_loop().call_later(0.5, lambda: print("idle", flush=True))
    await server.serve(sockets=[listening])

with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
    runner.run(serve())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts wake-ups in /proc")
@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_an_idle_server_sleeps_and_wakes_for_the_signal_that_ends_it(loop: str) -> None:
    with subprocess.Popen([sys.executable, "-c", IDLE, loop], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"idle\n"
        before = wake_ups(process.pid)
        time.sleep(1.0)
        assert wake_ups(process.pid) - before <= 3
        process.terminate()
        assert process.wait(30) == -signal.SIGTERM


def wake_ups(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches"))
