"""A request that comes whole is read at sight, and answered by a call where there is one; whatever else comes goes the general way."""

import asyncio
import email.utils
import socket
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn

from flowyard.compute.connections import BoundedServer
from flowyard.compute.direct import DirectProtocol, Head, WholeProtocol, read_head
from flowyard.compute.one_write import Outlet, whole_answer

HEAD = b"POST /score HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


class App:
    """Says which way a request came."""

    direct_path = b"/score"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        answer = b"general " + scope["path"].encode() + b" " + body
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(answer))]})
        await send({"type": "http.response.body", "body": answer})

    def direct(self, headers: dict[bytes, bytes], body: bytes) -> bytes | None:
        if body == b"defect":
            raise LookupError("a defect")
        return None if body == b"leave it" else whole_answer(200, [(b"content-type", headers[b"content-type"])], b"direct " + body)


@contextmanager
def serving(app: Any, protocol: type[Any]) -> Generator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, http=protocol, log_config=None, access_log=False, lifespan="off", ws="none")
    server = BoundedServer(config, head_s=0.5, body_s=2.0)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(timeout=10)
    listening.close()


@pytest.fixture
def port() -> Iterator[int]:
    with serving(App(), DirectProtocol) as number:
        yield number


class Client:
    """One connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=8)
        self._data = b""

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, *parts: bytes) -> None:
        for number, part in enumerate(parts):
            if number:
                time.sleep(0.1)
            self._socket.sendall(part)

    def ended(self) -> bool:
        return self._socket.recv(1000) == b""

    def answer(self) -> tuple[bytes, bytes]:
        """Return the first line and the body of the next answer."""
        while b"\r\n\r\n" not in self._data:
            self._data += self._socket.recv(65536)
        head, _, self._data = self._data.partition(b"\r\n\r\n")
        size = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        while len(self._data) < size:
            self._data += self._socket.recv(65536)
        body, self._data = self._data[:size], self._data[size:]
        return head.split(b"\r\n")[0], body


def request(body: bytes, *more: bytes) -> bytes:
    return HEAD + b"".join(line + b"\r\n" for line in more) + b"Content-Length: %d\r\n\r\n" % len(body) + body


def head_of(port: int, body: bytes) -> dict[bytes, bytes]:
    with socket.create_connection(("127.0.0.1", port), timeout=8) as client:
        client.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        head = client.recv(65536).partition(b"\r\n\r\n")[0]
    return dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])


def test_both_ways_tell_the_date_and_what_the_server_tells_with_every_answer(port: int) -> None:
    direct, general = head_of(port, b"hello"), head_of(port, b"leave it")
    assert direct.keys() - {b"content-type"} == general.keys() == {b"date", b"server", b"content-length"}
    assert email.utils.parsedate_to_datetime(direct[b"date"].decode()).tzinfo is not None


def test_a_whole_request_is_answered_by_a_call_and_others_are_not(port: int) -> None:
    with Client(port) as client:
        for _ in range(2):
            client.send(request(b"a"))
            assert client.answer() == (b"HTTP/1.1 200 OK", b"direct a")
            client.send(request(b"leave it"))
            assert client.answer() == (b"HTTP/1.1 200 OK", b"general /score leave it")
            client.send(request(b"elsewhere").replace(b"/score", b"/other"))
            assert client.answer()[1] == b"general /other elsewhere"
            client.send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
            assert client.answer()[1] == b"general /score abc"


@pytest.mark.parametrize("place", [5, 30, len(request(b"abcdef")) - 6, len(request(b"abcdef")) - 3])
def test_a_request_that_comes_in_two_parts_goes_the_general_way(port: int, place: int) -> None:
    whole = request(b"abcdef")
    with Client(port) as client:
        client.send(whole[:place], whole[place:])
        assert client.answer()[1] == b"general /score abcdef"
        client.send(whole)
        assert client.answer()[1] == b"direct abcdef"


def test_requests_that_come_together_are_answered_in_turn(port: int) -> None:
    with Client(port) as client:
        client.send(request(b"1") + request(b"2") + request(b"3")[:40], request(b"3")[40:])
        assert [client.answer()[1] for _ in range(3)] == [b"general /score 1", b"general /score 2", b"general /score 3"]


def test_a_client_that_asks_for_the_end_gets_it(port: int) -> None:
    with Client(port) as client:
        client.send(request(b"a", b"Connection: close"))
        assert client.answer()[1] == b"general /score a"
        assert client.ended()


def test_a_connection_between_requests_is_not_taken_for_one_that_stalls(port: int) -> None:
    with Client(port) as client:
        client.send(request(b"a"))
        assert client.answer()[1] == b"direct a"
        time.sleep(2.5)
        client.send(request(b"b"))
        assert client.answer()[1] == b"direct b"
        client.send(request(b"c")[:20])
        assert client.ended()


def test_a_defect_is_an_answer_too(port: int) -> None:
    with Client(port) as client:
        client.send(request(b"defect"))
        assert client.answer()[0] == b"HTTP/1.1 500 Internal Server Error"
        client.send(request(b"a"))
        assert client.answer()[1] == b"direct a"


def head(*more: bytes) -> bytes:
    """The head of a request with one byte, up to the empty line."""
    return request(b"a", *more)[:-3]


@pytest.mark.parametrize(
    "data",
    [
        head(b"content-length: 1"),
        head(b"Expect: 100-continue"),
        head(b"Transfer-Encoding: chunked"),
        head(b"Upgrade: websocket"),
        head(b"Connection: close"),
        head(b"a folded: one", b"  and on"),
        head(b"x: a\nb: c"),
        head(b"x: \0"),
        head(b"x : y"),
        head().replace(b"Content-Length: 1", b"Content-Length: +1"),
        head().replace(b"Content-Length: 1", b"Content-Length: " + b"1" * 5000),
        head().replace(b"HTTP/1.1", b"HTTP/1.0"),
        head().replace(b"POST", b"GET"),
        head().replace(b"/score", b"/score?a=b"),
        head().replace(b"/score", b"/sc%6Fre"),
        head().replace(b"/score", b"http://x/score"),
        HEAD,
        b"POST /score HTTP/1.1\r\n",
        b"\r\n",
    ],
)
def test_what_is_not_plainly_a_post_with_a_body_is_left_alone(data: bytes) -> None:
    assert read_head(data) is None


@pytest.mark.parametrize("more", [b"a", b"X:  a: b ", b"Connection: Keep-Alive"])
def test_a_plain_head_is_read(more: bytes) -> None:
    name, _, value = more.partition(b":")
    headers = {b"host": b"x", b"content-type": b"application/json", name.lower(): value.strip(), b"content-length": b"2"}
    found = read_head(request(b"{}", more)[:-4])
    assert found == (Head(b"/score", headers, 2) if value else None)


class Telling:
    """Tells what it was given: path, query, headers and body; and once more in a stream, where it is asked to."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, message = b"", {"more_body": True}
        while message["more_body"]:
            message = await receive()
            body += message["body"]
        told = b"%s %s %s %s" % (scope["raw_path"], scope["query_string"], dict(scope["headers"])[b"x"], body)
        outlet = Outlet.of(scope)
        assert outlet is not None
        if body == b"unsafe":
            assert not outlet.answer(200, [(b"a", b"b\r\nc: d")], told)
        if body == b"stream" or not outlet.answer(200, [(b"content-type", b"text/plain")], told):
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(told))]})
            assert not outlet.answer(200, [], told)
            await send({"type": "http.response.body", "body": told})
        assert not outlet.answer(200, [], told)
        assert (await receive())["type"] == "http.disconnect"


def test_requests_that_come_whole_and_in_parts_look_the_same_to_an_application() -> None:
    with serving(Telling(), WholeProtocol) as port, Client(port) as client:
        for body in (b"whole", b"unsafe", b"stream", b"", b"whole"):
            asked = request(body, b"X: y")
            client.send(asked)
            assert client.answer() == (b"HTTP/1.1 200 OK", b"/score  y " + body)
            client.send(asked[:-1], asked[-1:])
            assert client.answer() == (b"HTTP/1.1 200 OK", b"/score  y " + body)
        client.send(request(b"one", b"X: y") + request(b"two", b"X: y"))
        assert [client.answer()[1][-3:] for _ in range(2)] == [b"one", b"two"]
        client.send(request(b"last", b"X: y", b"Accept: */*"))
        assert client.answer()[1] == b"/score  y last"


def test_an_answer_of_any_status_is_written() -> None:
    assert whole_answer(404, [(b"a", b"b")], b"c") == b"HTTP/1.1 404 Not Found\r\ncontent-length: 1\r\na: b\r\n\r\nc"
    assert whole_answer(499, [], b"").startswith(b"HTTP/1.1 499 \r\n")
