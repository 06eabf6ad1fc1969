"""Server-sent events, as the OpenAI protocol uses them (WHATWG HTML, section 9.2): bytes in, the data of each event out."""

from collections.abc import AsyncGenerator, AsyncIterator


class EventParser:
    """Cuts a byte stream into events, whatever pieces it comes in. Line ends may be CR, LF or CRLF."""

    def __init__(self) -> None:
        self._rest = b""
        self._data: list[str] = []

    def feed(self, piece: bytes) -> list[str]:
        """Take the next piece and return the data of every event that it completed."""
        buffered = self._rest + piece
        if buffered.endswith(b"\r"):
            # The line feed of a CRLF may come with the next piece.
            held, buffered = b"\r", buffered[:-1]
        else:
            held = b""
        lines = buffered.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self._rest = lines.pop() + held
        events: list[str] = []
        for line in lines:
            if not line:
                if self._data:
                    events.append("\n".join(self._data))
                    self._data = []
            elif line.startswith(b"data:"):
                self._data.append(line[5:].removeprefix(b" ").decode("utf-8", "replace"))
        return events

    def end(self) -> list[str]:
        """Return the data of a last event that no empty line closed."""
        events = self.feed(b"\n\n")
        self._rest, self._data = b"", []
        return events


async def events(pieces: AsyncIterator[bytes]) -> AsyncGenerator[str, None]:
    """Yield the data of each event of a stream."""
    parser = EventParser()
    async for piece in pieces:
        for data in parser.feed(piece):
            yield data
    for data in parser.end():
        yield data
