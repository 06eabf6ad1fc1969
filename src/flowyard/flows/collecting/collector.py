"""``Collector`` of ``azureml.ai.monitoring``, under that name: what a scoring script or a flow collects by itself."""

import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, cast

from flowyard.flows.collecting import keeper
from flowyard.foundation.errors import InvalidInputError
from flowyard.tracing.context import current

log = logging.getLogger(__name__)

# Turning a larger table into rows would hold its request up.
_MOST_CELLS = 200_000
_FRAME = "pandas.core.frame.DataFrame"


class CorrelationContext:
    """Joins what several collectors keep of one request."""

    def get_id(self) -> str:
        """Return the id that stands with the rows."""
        return ""

    def __str__(self) -> str:
        """Return the id."""
        return self.get_id()


class BasicCorrelationContext(CorrelationContext):
    """A context with an id of the caller's choice; without one that of the request's trace."""

    def __init__(self, id: str | None = None, timestamp: int | None = None, headers: Mapping[str, Any] | None = None) -> None:  # noqa: A002
        self.id = id or keeper.correlation_of(current())
        self.timestamp = timestamp or int(time.time())
        self.headers = dict(headers or {})

    def get_id(self) -> str:
        """Return the id that stands with the rows."""
        return self.id

    def get_timestamp(self) -> int:
        """Return when it was made, seconds since 1970."""
        return self.timestamp

    def get_headers(self) -> dict[str, Any]:
        """Return what stands with the rows besides."""
        return self.headers


def get_context() -> CorrelationContext:
    """Return a context for the request that is being answered."""
    return BasicCorrelationContext()


class Collector:
    """Collects data frames, or lists of objects, under a name.

    Where the deployment's ``data_collector`` does not enable that name, or in a process that is no deployment (``flow test``), nothing is
    kept and `on_error` is told. What cannot be kept costs the request nothing: without `on_error` the log says so once.
    """

    def __init__(self, *, name: str, on_error: Callable[[Exception], Any] | None = None) -> None:
        if not name:
            raise InvalidInputError("A collector needs a name.", remedy="Write Collector(name='model_inputs').")
        self.name = name
        self._on_error = on_error
        self._said: set[str] = set()

    def collect(self, data: Any, correlation_context: CorrelationContext | None = None) -> CorrelationContext:
        """Keep `data` and return the context, to be given to what is collected of the same request.

        Args:
            data: a ``pandas.DataFrame``, a list of objects, or one object.
            correlation_context: what an earlier `collect` of the request returned; None: that of the request.
        """
        context = correlation_context or get_context()
        kept = keeper.here()
        name = self.name.lower()
        if kept is None or name not in kept.spec.rates:
            self._failed(f"The collection {self.name!r} is not enabled by the deployment's data_collector; its rows are not kept.")
            return context
        if not kept.wants(name, context.get_id()):
            return context
        rows, reason = _rows(data)
        about: dict[str, Any] = {"collect_data_type": _type_name(data)}
        if isinstance(context, BasicCorrelationContext) and context.headers:
            about["headers"] = context.headers
        reason = kept.drop(name, reason) if reason else kept.keep(name, rows, context.get_id(), **about)
        if reason is not None:
            self._failed(f"Rows of the collection {self.name!r} are not kept: {_REASONS[reason]}")
        return context

    def _failed(self, message: str) -> None:
        if self._on_error is not None:
            self._on_error(RuntimeError(message))
        elif message not in self._said:
            self._said.add(message)
            log.warning("%s", message)


_REASONS = {
    "unfit": "expected a pandas.DataFrame, a list of objects or an object, with values that JSON has.",
    "too_large": f"a record has at most {keeper.LARGEST} bytes and {_MOST_CELLS} values.",
    "queue_full": "more is collected than can be written.",
}


def _rows(data: Any) -> tuple[list[Any], str | None]:
    """Return the rows of `data`, or why there are none."""
    if isinstance(data, Mapping):
        return [dict(cast("Mapping[str, Any]", data))], None
    if isinstance(data, list):
        found = cast("list[Any]", data)
        return (found, None) if all(isinstance(row, Mapping) for row in found) else ([], "unfit")
    if not hasattr(data, "to_json") or not hasattr(data, "columns"):
        return [], "unfit"
    if data.size > _MOST_CELLS:
        return [], "too_large"
    try:
        return json.loads(data.to_json(orient="records", date_format="iso")), None
    except (TypeError, ValueError, OverflowError):
        return [], "unfit"


def _type_name(data: Any) -> str:
    return _FRAME if hasattr(data, "columns") else f"python.{type(data).__qualname__}"
