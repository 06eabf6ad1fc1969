"""A load generator, a process of its own that is told on standard input. One request after another on each of `clients` connections.

It parses no more of an answer than it must to find its end, so that it takes little of the cores that it shares with what it measures.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

import uvloop

_END = b"\r\n\r\n"
_OK, _BUSY = b"HTTP/1.1 200", b"HTTP/1.1 429"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A POST of `body` to `path` at `address` (``host:port``): JSON, unless `headers` say otherwise; Latin-1 is for any bytes.

    At the places `fresh`, in rising order, each request has eight random bytes in the place of those of `body`.
    """

    address: str
    path: str
    body: str
    headers: dict[str, str]
    encoding: str = "utf-8"
    fresh: tuple[int, ...] = ()

    def request(self) -> bytes:
        """Return the bytes of the request."""
        body = self.body.encode(self.encoding)
        named = {"Host": self.address, "Content-Type": "application/json", "Content-Length": str(len(body)), **self.headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        return f"POST {self.path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body

    def requests(self) -> Iterator[bytes]:
        """Yield the bytes of one request after another."""
        whole = self.request()
        before = len(whole) - len(self.body.encode(self.encoding))
        return freshened(whole, [before + place for place in self.fresh])


def freshened(data: bytes, places: Sequence[int]) -> Iterator[bytes]:
    """Yield `data` again and again, each time with eight random bytes at each of `places`, which rise."""
    if not places:
        yield from repeat(data)
    fixed = [data[end:begin] for end, begin in zip([0, *(place + 8 for place in places)], [*places, len(data)], strict=True)]
    while True:
        random = os.urandom(8 * len(places))
        yield b"".join(part for number, piece in enumerate(fixed) for part in (piece, random[8 * number : 8 * number + 8]))


def requests_a_second(target: Target, *, clients: int, seconds: float) -> float:
    """Return how many requests a second `target` answers to so many clients, measured for so long by a child process.

    A client that is answered 429 sends its request again after the time of Retry-After, as exporters do.

    Raises:
        RuntimeError: an answer was not 200, or the target closed a connection before its answer.
    """
    told = json.dumps({**asdict(target), "clients": clients, "seconds": seconds})
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=told,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
        timeout=seconds + 60,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{target.address}{target.path}: {done.stderr[-2000:]}")
    return float(done.stdout)


def send_once(targets: Sequence[Target], senders: int = 4) -> None:
    """Send each target once, from so many threads.

    Raises:
        RuntimeError: an answer was not 200.
    """
    with ThreadPoolExecutor(senders) as pool:
        list(pool.map(_send_once, targets))


def _send_once(target: Target) -> None:
    request = urllib.request.Request(
        f"http://{target.address}{target.path}", data=target.body.encode(target.encoding), headers=target.headers, method="POST"
    )
    try:
        urllib.request.urlopen(request, timeout=120).close()
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{target.address}: HTTP {error.code}: {error.read()[:500]!r}") from error


class _Connection(asyncio.Protocol):
    """A connection of one client, which sends the next request where an answer ends, or lets go of it when the other side closes it."""

    def __init__(self, client: "_Client") -> None:
        self._client = client
        self._buffer = b""
        self._transport: Any = None
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._transport.write(next(self._client.requests))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(_END)
        if not end:
            return
        fields = head.lower()
        if len(body) < int(fields.partition(b"content-length:")[2].partition(b"\r\n")[0]):
            return
        if head.startswith(_BUSY):
            self._buffer = b""
            asyncio.get_running_loop().call_later(float(fields.partition(b"retry-after:")[2].partition(b"\r\n")[0]), self._send)
            return
        if not head.startswith(_OK):
            self._finish(RuntimeError(self._buffer[:500].decode("latin-1")))
            return
        self._buffer = b""
        self._client.done += 1
        if b"connection: close" in fields:
            self._finish()
        else:
            self._send()

    def _send(self) -> None:
        if time.perf_counter() >= self._client.until:
            self._finish()
        else:
            self._transport.write(next(self._client.requests))

    def connection_lost(self, exc: Exception | None) -> None:
        self._finish(RuntimeError(f"the connection was closed before the answer: {exc}"))

    def _finish(self, error: RuntimeError | None = None) -> None:
        if self.over.done():
            return
        if error is None:
            self.over.set_result(None)
        else:
            self.over.set_exception(error)


@dataclass(slots=True)
class _Client:
    """Sends one of `requests` after another to an address until the time `until`; `done` counts the answers."""

    host: str
    port: int
    requests: Iterator[bytes]
    until: float
    done: int = 0

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        while time.perf_counter() < self.until:
            transport, connection = await loop.create_connection(lambda: _Connection(self), self.host, self.port)
            try:
                await connection.over
            finally:
                transport.abort()


async def _generate(target: Target, clients: int, seconds: float) -> float:
    host, _, port = target.address.rpartition(":")
    begun = time.perf_counter()
    crowd = [_Client(host, int(port), target.requests(), begun + seconds) for _ in range(clients)]
    async with asyncio.timeout(seconds + 30):
        await asyncio.gather(*(client.run() for client in crowd))
    return sum(client.done for client in crowd) / (time.perf_counter() - begun)


def _main() -> None:
    told = json.loads(sys.stdin.read())
    clients, seconds = told.pop("clients"), told.pop("seconds")
    print(uvloop.run(_generate(Target(**told), clients, seconds)))


if __name__ == "__main__":
    _main()
