"""The current span, carried by a context variable, and its form on the wire: W3C Trace Context."""

import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar

import msgspec

from flowyard.foundation.ids import new_span_id, new_trace_id

_FORM = re.compile(r"(?P<version>[0-9a-f]{2})-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})(?P<more>-.*)?")
_NO_TRACE = "0" * 32
_NO_SPAN = "0" * 16


class SpanContext(msgspec.Struct, frozen=True, gc=False):
    """Which span of which trace. `sampled` is what the caller said of their own recording; it is passed on, ours is always on.

    An empty `span_id`: a trace that has an id and no span yet.
    """

    trace_id: str
    span_id: str
    sampled: bool = True

    def traceparent(self) -> str:
        """Return the W3C ``traceparent`` header (version 00) that makes the next process's spans children of this one."""
        return f"00-{self.trace_id}-{self.span_id}-{'01' if self.sampled else '00'}"


_current: ContextVar[SpanContext | None] = ContextVar("flowyard_span", default=None)


#: Returns the span that is open here, or None.
current: Callable[[], SpanContext | None] = _current.get
#: Makes a span the open one here, for whoever need not know which it replaces.
set_current: Callable[[SpanContext | None], object] = _current.set


def make_current(context: SpanContext | None) -> SpanContext | None:
    """Make `context` the open span here and return the one it replaces, to be put back later the same way."""
    previous = _current.get()
    _current.set(context)
    return previous


@contextmanager
def activate(context: SpanContext | None) -> Generator[None]:
    """Make `context` the parent of spans begun within the block: for work that another thread or process asked for."""
    previous = make_current(context)
    try:
        yield
    finally:
        make_current(previous)


def new_context(parent: SpanContext | None = None) -> SpanContext:
    """Return the context of a new span: in `parent`'s trace, or the first of a new trace."""
    if parent is None:
        return SpanContext(new_trace_id(), new_span_id())
    return SpanContext(parent.trace_id, new_span_id(), parent.sampled)


def parse_traceparent(header: str | None) -> SpanContext | None:
    """Read a W3C ``traceparent`` header; one that breaks the rules is ignored as the specification demands: None.

    Versions above 00 are read by the fields of 00, as the specification says; ``ff`` and all-zero ids are not valid.
    """
    if not header:
        return None
    found = _FORM.fullmatch(header.strip(" \t"))
    if found is None:
        return None
    version, trace_id, span_id, flags, more = found.group("version", "trace", "span", "flags", "more")
    if version == "ff" or (version == "00" and more) or trace_id == _NO_TRACE or span_id == _NO_SPAN:
        return None
    return SpanContext(trace_id, span_id, bool(int(flags, 16) & 1))
