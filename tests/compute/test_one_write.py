"""What is written in one turn of the loop leaves in one piece, and nothing is held back longer."""

import asyncio

from flowyard.compute.one_write import GatheringTransport


class Wire(asyncio.Transport):
    """Keeps what is written to it."""

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
