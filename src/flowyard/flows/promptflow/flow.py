"""``Flow`` and ``AsyncFlow``: another flow, or a prompty, called from Python code."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from flowyard.flows.errors import LineFailedError
from flowyard.flows.find import find_flow
from flowyard.flows.flow import LoadedFlow
from flowyard.flows.nodes.modules import from_caller
from flowyard.flows.process import connections_here
from flowyard.flows.prompty.callable import AsyncPrompty, Prompty
from flowyard.flows.resolvers.direct import DirectResolver
from flowyard.flows.runtime import beside
from flowyard.flows.runtime.context import active_node
from flowyard.flows.runtime.line import Engine
from flowyard.flows.runtime.record import LineRecord
from flowyard.flows.runtime.secrets import scrubber
from flowyard.foundation.errors import InvalidInputError

Connections = Mapping[str, Mapping[str, Any]]

__all__ = ["AsyncFlow", "Flow", "LineResult"]


@dataclass(frozen=True, slots=True)
class LineResult:
    """What a call of a flow gave: its outputs, and the record of all that happened."""

    output: dict[str, Any]
    run_info: LineRecord


class _FlowBase:
    """A flow in Python code.

    Called in a flow's node it is part of that node's trace and finds the models of the same connections.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        self._loaded: LoadedFlow | None = None

    @property
    def path(self) -> Path:
        """The flow's file."""
        return self._path

    @property
    def code(self) -> Path:
        """The folder that it is in."""
        return self._path.parent

    def _flow(self, connections: Connections | None) -> LoadedFlow:
        """Return the flow, loaded at the first call; with connections of its own for this call alone."""
        if connections is not None or self._loaded is None:
            node = active_node()
            given = {**connections_here(), **(connections or {})}
            above = node.resolver if node else None
            resolver = DirectResolver(connections or given, beyond=above) if connections or above is None else above
            engine = Engine(resolver=resolver, recorder=node.recorder if node else None, scrub=scrubber(given))
            loaded = LoadedFlow.load(self._path, engine, given)
            if connections is not None:
                return loaded
            self._loaded = loaded
        return self._loaded


def _keywords(args: tuple[Any, ...]) -> None:
    if args:
        raise InvalidInputError("A flow takes keywords only.", remedy="Write flow(question=...).")


def _result(record: LineRecord) -> LineResult:
    if record.error is not None:
        raise LineFailedError(record.error)
    return LineResult(record.outputs, record)


class Flow(_FlowBase):
    """A flow as a function: ``Flow.load(path)(question=...)`` gives its outputs."""

    @classmethod
    def load(cls, source: str | Path, **over: Any) -> "Self | Prompty":
        """Return the flow at `source`, a folder or a file; a `Prompty` when it is one, with `over` in place of its front matter.

        Raises:
            FlowNotFoundError: there is no flow.
        """
        found = find_flow(from_caller(Path(source)))
        return Prompty.load(found.path, **over) if found.kind == "prompty" else cls(found.path)

    def __call__(self, *args: Any, **inputs: Any) -> dict[str, Any]:
        """Run one line and return its outputs.

        Raises:
            InputNotFoundError, InputTypeError: an input is missing or does not fit.
            LineFailedError: a node failed.
        """
        _keywords(args)
        return self.invoke(inputs).output

    def invoke(self, inputs: Mapping[str, Any], connections: Connections | None = None, **kwargs: Any) -> LineResult:
        """Run one line, with `connections` besides those that are known here, and return its result.

        Raises:
            InputNotFoundError, InputTypeError: an input is missing or does not fit.
            LineFailedError: a node failed.
        """
        del kwargs
        flow = self._flow(connections)
        if flow.plan.is_async:
            return _result(beside.run(flow.run_async(inputs, aggregate=False)))
        return _result(flow.run(inputs, aggregate=False))


class AsyncFlow(_FlowBase):
    """A flow as a coroutine function."""

    @classmethod
    def load(cls, source: str | Path, **over: Any) -> "Self | AsyncPrompty":
        """Return the flow at `source`, a folder or a file; an `AsyncPrompty` when it is one.

        Raises:
            FlowNotFoundError: there is no flow.
        """
        found = find_flow(from_caller(Path(source)))
        return AsyncPrompty.load(found.path, **over) if found.kind == "prompty" else cls(found.path)

    async def __call__(self, *args: Any, **inputs: Any) -> dict[str, Any]:
        """Run one line on this loop and return its outputs.

        Raises:
            InputNotFoundError, InputTypeError: an input is missing or does not fit.
            LineFailedError: a node failed.
        """
        _keywords(args)
        return (await self.invoke(inputs)).output

    async def invoke(self, inputs: Mapping[str, Any], *, connections: Connections | None = None, **kwargs: Any) -> LineResult:
        """Run one line on this loop and return its result.

        Raises:
            InputNotFoundError, InputTypeError: an input is missing or does not fit.
            LineFailedError: a node failed.
        """
        del kwargs
        return _result(await self._flow(connections).run_async(inputs, aggregate=False))
