import asyncio
import time
from collections.abc import AsyncIterator, Callable

import pytest

from flowyard.endpoints.errors import UpstreamLostError, UpstreamTimeoutError
from flowyard.endpoints.gateway.loopback import LoopbackAnswer, LoopbackClient, request_head


class Scripted:
    """A raw TCP server that answers each request with the next pieces, with pauses; an empty piece closes the connection."""

    def __init__(self) -> None:
        self.connections = 0
        self.requests: list[bytes] = []
        self.script: Callable[[int], list[bytes | float]] = lambda number: []
        self.address = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                self.requests.append(await reader.readuntil(b"\r\n\r\n"))
                for piece in self.script(len(self.requests)):
                    if isinstance(piece, float):
                        await asyncio.sleep(piece)
                    elif not piece:
                        return
                    else:
                        writer.write(piece)
                        await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


@pytest.fixture
async def peer() -> AsyncIterator[Scripted]:
    scripted = Scripted()
    server = await asyncio.start_server(scripted.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    scripted.address = f"{host}:{port}"
    yield scripted
    server.close()


@pytest.fixture
async def client() -> AsyncIterator[LoopbackClient]:
    opened = LoopbackClient()
    yield opened
    opened.close()


async def get(client: LoopbackClient, address: str, timeout_s: float = 5) -> LoopbackAnswer:
    return await client.send(address, request_head("GET", "/", address, [], 0), b"", timeout_s=timeout_s)


async def whole(client: LoopbackClient, address: str) -> bytes:
    answer = await get(client, address)
    try:
        return await answer.read()
    finally:
        await answer.close()


async def test_a_connection_is_used_again(peer: Scripted, client: LoopbackClient) -> None:
    peer.script = lambda number: [b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n", b"%02d" % number]
    assert [await whole(client, peer.address) for _ in range(3)] == [b"01", b"02", b"03"]
    assert peer.connections == 1


@pytest.mark.parametrize(
    "pieces",
    [
        [b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\ntransfer-encod", 0.01, b"ing: chunked\r\n\r\n5\r\nhe", 0.01, b"llo\r\n0\r\n", 0.01, b"\r\n"],
        [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"],
        [b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhel", 0.01, b"lo", b""],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello", b""],
    ],
)
async def test_every_framing_is_read(peer: Scripted, client: LoopbackClient, pieces: list[bytes | float]) -> None:
    peer.script = lambda number: pieces
    assert await whole(client, peer.address) == b"hello"
    assert await whole(client, peer.address) == b"hello"


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\nA:  b \r\n\r\n",
        b"HTTP/1.1 499 \r\na: b\r\ncontent-length: 5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\na: b\r\nset-cookie: c\r\nset-cookie: d\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\na: b\r\n" + b"x: %b\r\n\r\n" % (b"y" * 5000),
    ],
)
async def test_an_answer_in_one_packet_and_one_in_two_read_the_same(peer: Scripted, client: LoopbackClient, head: bytes) -> None:
    peer.script = lambda number: [head + b"hello"] if number % 2 else [head[:20], 0.01, head[20:] + b"hello"]
    found: list[tuple[int, list[tuple[bytes, bytes]], bytes]] = []
    for _ in range(4):
        answer = await get(client, peer.address)
        found.append((answer.status, [(name, value.strip()) for name, value in answer.headers], await answer.read()))
        await answer.close()
    assert found == [found[0]] * 4
    assert found[0][2] == b"hello"
    assert (b"a", b"b") in found[0][1]
    assert peer.connections == 1


async def test_what_follows_an_answer_unasked_ends_the_connection(peer: Scripted, client: LoopbackClient) -> None:
    peer.script = lambda number: [b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno"]
    assert [await whole(client, peer.address) for _ in range(2)] == [b"ok", b"ok"]


async def test_an_old_connection_that_was_closed_is_replaced(peer: Scripted, client: LoopbackClient) -> None:
    peer.script = lambda number: [b""] if number == 2 else [b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"]
    assert await whole(client, peer.address) == b"ok"
    assert await whole(client, peer.address) == b"ok"
    assert (len(peer.requests), peer.connections) == (3, 2)


async def test_a_fresh_connection_that_breaks_says_whether_an_answer_had_begun(peer: Scripted, client: LoopbackClient) -> None:
    peer.script = lambda number: [b""]
    with pytest.raises(UpstreamLostError) as before:
        await whole(client, peer.address)
    peer.script = lambda number: [b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", b""]
    with pytest.raises(UpstreamLostError) as within:
        await whole(client, peer.address)
    assert (before.value.began, within.value.began) == (False, True)


async def test_silence_ends_a_request_before_and_within_the_answer(peer: Scripted, client: LoopbackClient) -> None:
    peer.script = lambda number: [5.0]
    begun = time.monotonic()
    with pytest.raises(UpstreamTimeoutError):
        await get(client, peer.address, 0.1)
    peer.script = lambda number: [b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", 0.07, b"1\r\na\r\n", 0.07, b"1\r\nb\r\n", 5.0]
    answer = await get(client, peer.address, 0.1)
    pieces = answer.pieces()
    assert [await anext(pieces), await anext(pieces)] == [b"a", b"b"]
    with pytest.raises(UpstreamTimeoutError):
        await anext(pieces)
    assert time.monotonic() - begun < 2


async def test_pieces_are_offered_where_they_are_read_and_what_is_not_taken_is_yielded_in_order(
    peer: Scripted, client: LoopbackClient
) -> None:
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    peer.script = lambda number: [head, *(part for letter in b"abcd" for part in (0.03, b"1\r\n%c\r\n" % letter)), 0.03, b"0\r\n\r\n"]
    offered: list[bytes] = []

    def take(piece: bytes) -> bool:
        offered.append(piece)
        return piece not in {b"b", b"c"}

    answer = await get(client, peer.address)
    yielded = [piece async for piece in answer.pieces(take)]
    assert (b"".join(offered), b"".join(yielded)) == (b"abcd", b"bc")
    await answer.close()
    assert await whole(client, peer.address)
    assert peer.connections == 1


async def test_a_reader_that_is_slow_holds_the_sender_back(peer: Scripted, client: LoopbackClient) -> None:
    size = 8 * 1024 * 1024
    peer.script = lambda number: [b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size, b"x" * size]
    answer = await get(client, peer.address)
    await asyncio.sleep(0.1)
    assert answer._connection._size < 4 * 1024 * 1024
    assert len(await answer.read()) == size


async def test_what_is_no_http_is_an_error(peer: Scripted, client: LoopbackClient) -> None:
    peer.script = lambda number: [b"nonsense\r\n\r\n"]
    with pytest.raises(UpstreamLostError, match="no HTTP"):
        await whole(client, peer.address)
