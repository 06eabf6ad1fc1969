"""Server-sent events as they pass through: cut at event borders with as few copies as can be."""

_DATA = b"data:"
DONE = b"[DONE]"


class EventCutter:
    """Cuts a byte stream into whole events (each with the empty line that ends it), whatever pieces it comes in."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> list[bytes]:
        """Take the next piece and return the events it completed. ``b"".join`` of all results and `rest` is the stream."""
        if self._rest:
            piece = self._rest + piece
        if b"\r" in piece:
            return self._cut(piece, b"\r\n\r\n") if b"\r\n\r\n" in piece else self._keep(piece)
        return self._cut(piece, b"\n\n")

    def rest(self) -> bytes:
        """Return what no empty line has ended, once."""
        rest, self._rest = self._rest, b""
        return rest

    def _cut(self, piece: bytes, border: bytes) -> list[bytes]:
        if 0 <= piece.find(border) == len(piece) - len(border):  # one event, whole: as it mostly comes
            self._rest = b""
            return [piece]
        parts = piece.split(border)
        self._rest = parts.pop()
        return [part + border for part in parts]

    def _keep(self, piece: bytes) -> list[bytes]:
        # Carriage returns inside JSON are escaped, so a bare one is a line end: wait for the border.
        self._rest = piece
        return []


def data_of(event: bytes) -> bytes:
    """Return the data of an event whose data is on one line, as OpenAI's are; empty for comments."""
    start = event.find(_DATA)
    if start < 0 or (start > 0 and event[start - 1] != 0x0A):
        return b""
    end = event.find(b"\n", start)
    return event[start + len(_DATA) : end if end >= 0 else None].strip()


def encode(data: bytes) -> bytes:
    """Return `data` (without line breaks) as one event."""
    return _DATA + b" " + data + b"\n\n"
