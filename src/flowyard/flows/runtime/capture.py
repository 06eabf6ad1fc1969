"""What nodes print becomes part of their records. Only flow processes install this: it replaces the process's standard streams."""

import sys
from typing import Any, TextIO

from flowyard.flows.runtime.context import active_node

#: A node's record keeps so many characters of what it prints; all of it goes on to the process's own stream.
LOG_LIMIT = 200_000


class _NodeWriter:
    def __init__(self, behind: TextIO, own: TextIO) -> None:
        self._behind = behind
        self.own = own

    def write(self, text: str) -> int:
        node = active_node()
        size = len(text)
        if node is not None and node.scrub is not None:
            text = node.scrub(text)
        if node is not None and node.printed < LOG_LIMIT:
            node.printed += size
            node.record.logs.append(text[:LOG_LIMIT])
        self._behind.write(text)
        return size

    def __getattr__(self, name: str) -> Any:
        return getattr(self._behind, name)


def install(*, passthrough: TextIO | None = None) -> None:
    """Capture what nodes print, on standard output and standard error alike.

    Args:
        passthrough: where all of it also goes; None: to the stream that it was written to.
    """
    if isinstance(sys.stdout, _NodeWriter):
        return
    # They quack as text streams; what they do not know themselves, the stream behind them does.
    sys.stdout = _NodeWriter(passthrough or sys.stdout, sys.stdout)  # pyright: ignore[reportAttributeAccessIssue]
    sys.stderr = _NodeWriter(passthrough or sys.stderr, sys.stderr)  # pyright: ignore[reportAttributeAccessIssue]


def remove() -> None:
    """Give the process its own standard streams back."""
    if isinstance(sys.stdout, _NodeWriter):
        sys.stdout = sys.stdout.own
    if isinstance(sys.stderr, _NodeWriter):
        sys.stderr = sys.stderr.own
