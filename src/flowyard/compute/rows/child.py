"""The process's side of a row map: takes rows from the socket, gives back what became of them.

Needs the standard library and msgspec only, so it runs in a flow's own environment.
"""

import os
import socket
import threading
from collections.abc import Callable
from typing import Protocol

from flowyard.compute.child import PARENT_PID, die_with
from flowyard.compute.errors import ChildProtocolError
from flowyard.compute.rows.ports import Row
from flowyard.compute.rows.wire import Board, Kind, Reader, decode_rows, encode, message
from flowyard.foundation.codecs import plain
from flowyard.foundation.errors import FlowyardError, Problem

SOCKET_FD = "FLOWYARD_ROWS_FD"
BOARD_FD = "FLOWYARD_BOARD_FD"
SLOTS = "FLOWYARD_ROWS_SLOTS"
_NOTHING = (-1, b"")


class RowHandler(Protocol):
    """What a program does with what the map sends. Called from the thread that reads the socket, except `call`."""

    def rows(self, rows: list[Row]) -> None:
        """Take rows; quick: they run elsewhere."""
        ...

    def limit(self, concurrency: int) -> None:
        """Run so many rows at once at most from now on."""
        ...

    def call(self, parts: list[bytes]) -> bytes:
        """Work on all parts together.

        Raises:
            FlowyardError: it failed; the map is told.
        """
        ...

    def stop(self) -> None:
        """Deliver what has ended, and finish."""
        ...


class RowChild:
    """This process, as one of a row map's. `setup` is the map's first message.

    Raises:
        ChildProtocolError: the process was not started by a row map.
    """

    def __init__(self) -> None:
        names = (SOCKET_FD, BOARD_FD, SLOTS, PARENT_PID)
        given = [os.environ.pop(name, None) for name in names]
        if None in given:
            raise ChildProtocolError("This program is started by a run, which hands it its rows.", remedy="Run: flowyard run create")
        descriptor, board, slots, parent = (int(value or 0) for value in given)
        die_with(parent)
        self._socket = socket.socket(fileno=descriptor)
        self._socket.set_inheritable(False)
        self._reader = Reader(self._socket)
        self._sending = threading.Lock()
        self.board = Board(board, slots)
        os.close(board)
        self._waiting: list[tuple[int, bytes]] = []
        kind, self.setup = self._next()
        if kind != Kind.SETUP:
            raise ChildProtocolError("The first message of a row map must be its setup.")

    def ready(self) -> None:
        """Say that rows can come."""
        self._send(Kind.READY)

    def refuse(self, problem: Problem) -> None:
        """Say why no row can be run."""
        self._send(Kind.REFUSED, encode(plain(problem)))

    def done(self, ids: list[int], chunk: bytes) -> None:
        """Say that rows ended. From any thread."""
        self._send(Kind.DONE, encode((ids, chunk)))

    def retire(self) -> None:
        """Ask to be replaced: no more rows are to come. From any thread."""
        self._send(Kind.RETIRE)

    def serve(self, handler: RowHandler) -> None:
        """Give what comes to `handler`, until the map says stop or goes away."""
        parts: list[bytes] = []
        while (found := self._next()) != _NOTHING:
            kind, payload = found
            match kind:
                case Kind.ROWS:
                    handler.rows(decode_rows(payload))
                case Kind.LIMIT:
                    handler.limit(int.from_bytes(payload, "little"))
                case Kind.PART:
                    parts.append(payload)
                case Kind.CALL:
                    given, parts = parts, []
                    self._answer(lambda given=given: handler.call(given))
                case Kind.STOP:
                    handler.stop()
                    return
                case _:
                    raise ChildProtocolError(f"A row map does not send messages of kind {kind}.")

    def _answer(self, work: Callable[[], bytes]) -> None:
        try:
            answer = work()
        except FlowyardError as error:
            self._send(Kind.FAILED, encode(plain(error.problem())))
        else:
            self._send(Kind.ANSWER, answer)

    def _next(self) -> tuple[int, bytes]:
        """Return the next message, or `_NOTHING` when the map has gone away."""
        while not self._waiting and not self._reader.ended:
            self._waiting = self._reader.read()
        return self._waiting.pop(0) if self._waiting else _NOTHING

    def _send(self, kind: Kind, payload: bytes = b"") -> None:
        with self._sending:
            self._socket.sendall(message(kind, payload))
