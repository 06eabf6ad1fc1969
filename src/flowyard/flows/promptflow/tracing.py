"""``promptflow.tracing``: spans of a user's own functions, in the trace of the flow that calls them."""

import contextvars
import functools
import inspect
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar, cast, overload

from flowyard.flows.runtime.context import active_node
from flowyard.flows.runtime.record import json_value
from flowyard.tracing.context import make_current
from flowyard.tracing.recorder import LiveSpan

__all__ = ["ThreadPoolExecutorWithContext", "start_trace", "trace"]

_END = object()

F = TypeVar("F", bound=Callable[..., Any])


@overload
def trace(function: F, /) -> F: ...
@overload
def trace(*, name: str | None = None, **kwargs: Any) -> Callable[[F], F]: ...


def trace(function: Any = None, /, *, name: str | None = None, **kwargs: Any) -> Any:
    """Record each call of the decorated function as a span below the node that makes it.

    It may be a plain function, a coroutine function, or a generator of either kind, whose span lasts until its last piece.
    """
    del kwargs

    def decorate(traced: Any) -> Any:
        title = name or traced.__qualname__
        if inspect.isasyncgenfunction(traced):
            return _pieces_traced(traced, title)
        return _awaitable_traced(traced, title) if inspect.iscoroutinefunction(traced) else _traced(traced, title)

    return decorate if function is None else decorate(function)


def _traced(traced: Any, title: str) -> Any:
    @functools.wraps(traced)
    def call(*args: Any, **kwargs: Any) -> Any:
        span = _span(title, traced, args, kwargs)
        if span is None:
            return traced(*args, **kwargs)
        with _inside(span):
            result = traced(*args, **kwargs)
        return _followed(span, result)

    return call


def _awaitable_traced(traced: Any, title: str) -> Any:
    @functools.wraps(traced)
    async def call(*args: Any, **kwargs: Any) -> Any:
        span = _span(title, traced, args, kwargs)
        if span is None:
            return await traced(*args, **kwargs)
        with _inside(span):
            result = await traced(*args, **kwargs)
        return _followed(span, result)

    return call


def _pieces_traced(traced: Any, title: str) -> Any:
    @functools.wraps(traced)
    async def call(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, None]:
        span = _span(title, traced, args, kwargs)
        source = traced(*args, **kwargs)
        async for piece in source if span is None else _async_pieces(span, source):
            yield piece

    return call


class ThreadPoolExecutorWithContext(ThreadPoolExecutor):
    """Threads whose work belongs to the node and the span that hand it over."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Hand over work."""
        return super().submit(contextvars.copy_context().run, fn, *args, **kwargs)


def start_trace(**kwargs: Any) -> None:
    """Do nothing: traces are always on here."""
    del kwargs


def _span(name: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> LiveSpan | None:
    """Open the span of a call, or return None when nobody records."""
    node = active_node()
    if node is None or node.recorder is None:
        return None
    try:
        inputs = dict(inspect.signature(function).bind(*args, **kwargs).arguments)
    except (TypeError, ValueError):
        inputs = {"args": args, **kwargs}
    span = node.recorder.span(name, kind="function", node=node.record.node)
    span.attributes["flowyard.input"] = json_value(inputs)
    return span


@contextmanager
def _inside(span: LiveSpan) -> Generator[None, None, None]:
    """Make `span` the current one for a block, which leaves it open, unless it fails."""
    before = make_current(span.context)
    try:
        yield
    except BaseException as error:
        span.fail_with(error)
        span.end()
        raise
    finally:
        make_current(before)


def _followed(span: LiveSpan, result: Any) -> Any:
    """Return a call's result, its span closed; that of a generator closes with it."""
    if isinstance(result, Generator):
        return _pieces(span, cast("Generator[Any, Any, Any]", result))
    if isinstance(result, AsyncGenerator):
        return _async_pieces(span, cast("AsyncGenerator[Any, Any]", result))
    span.attributes["flowyard.output"] = json_value(result)
    span.end()
    return result


def _pieces(span: LiveSpan, source: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
    told: list[Any] = []
    try:
        while True:
            with _inside(span):
                piece = next(source, _END)
            if piece is _END:
                return
            told.append(piece)
            yield piece
    finally:
        source.close()
        span.attributes["flowyard.output"] = json_value(told)
        span.end()


async def _async_pieces(span: LiveSpan, source: AsyncGenerator[Any, Any]) -> AsyncGenerator[Any, Any]:
    told: list[Any] = []
    try:
        while True:
            with _inside(span):
                piece = await anext(source, _END)
            if piece is _END:
                return
            told.append(piece)
            yield piece
    finally:
        await source.aclose()
        span.attributes["flowyard.output"] = json_value(told)
        span.end()
