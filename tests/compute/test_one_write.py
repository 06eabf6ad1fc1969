"""What is written in one turn of the loop leaves in one piece, and nothing is held back longer."""

import asyncio
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from flowyard.compute.one_write import GatheringTransport, OneWriteProtocol, Outlet


class Wire(asyncio.Transport):
    """Keeps what is written to it."""

    protocol: Any

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []
        self.closing = False

    def write(self, data: object) -> None:
        self.sent.append(bytes(data))  # pyright: ignore[reportArgumentType]

    def writelines(self, list_of_data: object) -> None:
        self.sent.append(b"".join(list_of_data))  # pyright: ignore[reportArgumentType]

    def close(self) -> None:
        self.closing = True

    def is_closing(self) -> bool:
        return self.closing


def gathering() -> tuple[GatheringTransport, Wire]:
    wire = Wire()
    return GatheringTransport(wire, asyncio.get_running_loop()), wire


async def test_head_and_body_leave_together_at_the_end_of_the_turn() -> None:
    transport, wire = gathering()
    transport.write(b"head")
    transport.write(b"body")
    assert wire.sent == []
    await asyncio.sleep(0)
    assert wire.sent == [b"headbody"]
    transport.write(b"a piece")
    await asyncio.sleep(0)
    assert wire.sent == [b"headbody", b"a piece"]


async def test_much_does_not_wait() -> None:
    transport, wire = gathering()
    transport.write(b"head")
    transport.write(bytes(100_000))
    assert [len(piece) for piece in wire.sent] == [100_004]
    await asyncio.sleep(0)
    assert len(wire.sent) == 1


async def test_closing_sends_what_was_written_and_nothing_after() -> None:
    transport, wire = gathering()
    transport.write(b"last")
    transport.close()
    assert wire.sent == [b"last"]
    assert transport.is_closing()
    transport.write(b"late")
    await asyncio.sleep(0)
    assert wire.sent == [b"last"]


@pytest.mark.parametrize("request_line", [b"GET / HTTP/1.1", b"HEAD / HTTP/1.1"])
async def test_pieces_of_a_stream_leave_at_once_while_the_client_keeps_up(request_line: bytes) -> None:
    told: list[bool] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        outlet = Outlet.of(scope)
        assert outlet is not None
        told.append(outlet.is_open())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        told.append(outlet.is_open())
        if outlet.is_open():
            outlet.write(b"first")
            wire.protocol.pause_writing()
            told.append(outlet.is_open())
            wire.protocol.resume_writing()
        await send({"type": "http.response.body", "body": b"last", "more_body": False})
        told.append(outlet.is_open())

    config = uvicorn.Config(app, log_config=None, lifespan="off")
    config.load()
    wire = Wire()
    wire.protocol = OneWriteProtocol(config, ServerState(), {})
    wire.protocol.connection_made(wire)
    wire.protocol.data_received(request_line + b"\r\nhost: x\r\n\r\n")
    for _ in range(5):
        await asyncio.sleep(0)
    sent = b"".join(wire.sent)
    if request_line.startswith(b"GET"):
        assert told == [False, True, False, False]
        assert sent.endswith(b"\r\n\r\n5\r\nfirst\r\n4\r\nlast\r\n0\r\n\r\n")
    else:
        assert told == [False, False, False]
        assert sent.endswith(b"\r\n\r\n")
