"""Time limits for calls that nothing can interrupt: they run on a thread of their own, which is left behind when the time is up."""

import contextvars
import queue
import threading
import time
from collections.abc import Callable, Generator
from copy import copy
from typing import Any, Literal, cast

from flowyard.flows.errors import NodeTimeoutError
from flowyard.flows.runtime.context import ActiveNode, active_node, set_active
from flowyard.flows.runtime.record import NodeRecord

Told = tuple[Literal["value", "piece", "end", "error"], Any]

_PIECES_AHEAD = 64
_LOOK_S = 0.2

_lock = threading.Lock()
_left_behind: list[threading.Thread] = []


def abandoned_threads() -> int:
    """Return how many threads of this process still run a call whose node failed by its time limit: a reason to start a fresh process."""
    if not _left_behind:
        return 0
    with _lock:
        _left_behind[:] = [thread for thread in _left_behind if thread.is_alive()]
        return len(_left_behind)


def timeout_error(node: str, limit_s: float) -> NodeTimeoutError:
    """Return the error of a call that took longer than `limit_s` seconds."""
    return NodeTimeoutError(
        f"Its call took longer than {limit_s:g} s.",
        remedy=f"Raise timeout_s of node {node!r}, or find out what it waits for.",
    )


def call_within(limit_s: float, node: str, call: Callable[[], Any]) -> Any:
    """Return what `call` returns. The pieces of a generator come under the same limit, counted from the call's start.

    Raises:
        NodeTimeoutError: it takes longer; its thread goes on, and nothing that it prints or logs counts any more.
        Exception: whatever `call` raises.
    """
    running = _Running(limit_s, node, call)
    kind, value = running.told()
    if kind == "error":
        raise value
    return value if kind == "value" else running.pieces((kind, value))


class _Running:
    """A call on a thread of its own, and what it tells."""

    def __init__(self, limit_s: float, node: str, call: Callable[[], Any]) -> None:
        self._limit_s = limit_s
        self._node = node
        self._call = call
        self._deadline = time.monotonic() + limit_s
        self._told: queue.Queue[Told] = queue.Queue(_PIECES_AHEAD)
        self._given_up = threading.Event()
        active = active_node()
        self._active: ActiveNode | None = copy(active) if active is not None else None
        run = contextvars.copy_context().run
        self._thread = threading.Thread(target=run, args=(self._run,), name=f"flowyard-timed-{node}", daemon=True)
        self._thread.start()

    def told(self) -> Told:
        """Return what it tells next.

        Raises:
            NodeTimeoutError: nothing in time.
        """
        try:
            return self._told.get(timeout=max(self._deadline - time.monotonic(), 0.0))
        except queue.Empty:
            self._abandon()
            raise timeout_error(self._node, self._limit_s) from None

    def pieces(self, first: Told) -> Generator[Any]:
        """Yield the pieces of a generator, the first of which has come."""
        kind, value = first
        try:
            while kind == "piece":
                yield value
                kind, value = self.told()
        finally:
            self._given_up.set()
        if kind == "error":
            raise value

    def _run(self) -> None:
        if self._active is not None:
            set_active(self._active)
        try:
            value = self._call()
            if not isinstance(value, Generator):
                self._tell(("value", value))
                return
            pieces = cast("Generator[Any]", value)
            for piece in pieces:
                if not self._tell(("piece", piece)):
                    pieces.close()
                    return
            self._tell(("end", None))
        except (Exception, SystemExit) as error:  # noqa: BLE001  # told to whoever waits
            self._tell(("error", error))

    def _tell(self, what: Told) -> bool:
        """Hand `what` over; False when nobody takes it."""
        while not self._given_up.is_set() and time.monotonic() < self._deadline:
            try:
                self._told.put(what, timeout=_LOOK_S)
            except queue.Full:
                continue
            return True
        return False

    def _abandon(self) -> None:
        self._given_up.set()
        if self._active is not None:
            self._active.record = NodeRecord(node=self._node, kind=self._active.record.kind)
            self._active.metrics = {}
        with _lock:
            _left_behind.append(self._thread)
