"""``promptflow.tracing``: spans of a user's own functions, in the trace of the flow that calls them."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, overload

from flowyard.flows.runtime.context import ActiveNode, active_node
from flowyard.flows.runtime.record import json_value
from flowyard.flows.runtime.streams import is_generator
from flowyard.tracing.recorder import LiveSpan, Recorder

__all__ = ["start_trace", "trace"]

F = TypeVar("F", bound=Callable[..., Any])


@overload
def trace(function: F, /) -> F: ...
@overload
def trace(*, name: str | None = None, **kwargs: Any) -> Callable[[F], F]: ...


def trace(function: Any = None, /, *, name: str | None = None, **kwargs: Any) -> Any:
    """Record each call of the decorated function, coroutine functions included, as a span below the node that makes it."""
    del kwargs

    def decorate(traced: Any) -> Any:
        title = name or traced.__qualname__
        if inspect.iscoroutinefunction(traced):

            @functools.wraps(traced)
            async def call_async(*args: Any, **kwargs: Any) -> Any:
                node = active_node()
                if node is None or node.recorder is None:
                    return await traced(*args, **kwargs)
                with _span(node.recorder, title, traced, args, kwargs) as span:
                    result = await traced(*args, **kwargs)
                    _keep(span, result)
                return result

            return call_async

        @functools.wraps(traced)
        def call(*args: Any, **kwargs: Any) -> Any:
            node = active_node()
            if node is None or node.recorder is None:
                return traced(*args, **kwargs)
            with _span(node.recorder, title, traced, args, kwargs) as span:
                result = traced(*args, **kwargs)
                _keep(span, result)
            return result

        return call

    return decorate if function is None else decorate(function)


def start_trace(**kwargs: Any) -> None:
    """Do nothing: traces are always on here."""
    del kwargs


def _span(recorder: Recorder, name: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> LiveSpan:
    node: ActiveNode | None = active_node()
    try:
        inputs = dict(inspect.signature(function).bind(*args, **kwargs).arguments)
    except (TypeError, ValueError):
        inputs = {"args": args, **kwargs}
    span = recorder.span(name, kind="function", node=node.record.node if node else None)
    span.attributes["flowyard.input"] = json_value(inputs)
    return span


def _keep(span: LiveSpan, result: Any) -> None:
    if not is_generator(result):
        span.attributes["flowyard.output"] = json_value(result)
