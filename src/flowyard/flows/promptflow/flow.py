"""``Flow`` and ``AsyncFlow``: another flow, or a prompty, called from Python code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from flowyard.connections.inline import inline_connections
from flowyard.flows.errors import LineFailedError
from flowyard.flows.find import find_flow
from flowyard.flows.flow import LoadedFlow
from flowyard.flows.model import FlowOptions
from flowyard.flows.nodes.modules import from_caller
from flowyard.flows.process import connections_here
from flowyard.flows.promptflow.connections import Connection
from flowyard.flows.prompty.callable import AsyncPrompty, Prompty
from flowyard.flows.resolvers.direct import DirectResolver
from flowyard.flows.runtime import beside
from flowyard.flows.runtime.context import active_node
from flowyard.flows.runtime.line import Engine
from flowyard.flows.runtime.record import LineRecord
from flowyard.flows.runtime.secrets import scrubber
from flowyard.foundation.errors import InvalidInputError

Connections = Mapping[str, Mapping[str, Any]]

__all__ = ["AsyncFlow", "Flow", "FlowContext", "LineResult"]


@dataclass(frozen=True, slots=True)
class LineResult:
    """What a call of a flow gave: its outputs, and the record of all that happened."""

    output: dict[str, Any]
    run_info: LineRecord


@dataclass(kw_only=True)
class FlowContext:
    """What calls of a flow change of it.

    Attributes:
        connections: node to what is replaced in it: ``connection`` (a name, or an object), ``deployment_name``, ``model``.
        variant: ``${node.variant_id}``.
        overrides: paths to values: ``nodes.<node>.inputs.<input>``.
        environment_variables: win over the flow's own where the flow has a process to itself.
        streaming: taken for prompt flow's sake; an output that is a generator is whole here.
    """

    connections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    variant: str | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict[str, Any])
    environment_variables: Mapping[str, str] = field(default_factory=dict[str, str])
    streaming: bool = False

    def options(self) -> tuple[dict[str, dict[str, Any]], FlowOptions]:
        """Return the connections that it brings as objects, and what it changes.

        Raises:
            InvalidInputError: a path of `overrides` is no input of a node.
        """
        brought: dict[str, Any] = {}
        changed: dict[str, dict[str, str]] = {}
        for node, said in self.connections.items():
            for key, value in said.items():
                if isinstance(value, Connection):
                    brought[name := value.name or f"{node}_connection"] = value
                    value = name  # noqa: PLW2901 - the node gets its name
                changed.setdefault(node, {})[key] = value
        for path, value in self.overrides.items():
            parts = path.split(".")
            if len(parts) != 4 or (parts[0], parts[2]) != ("nodes", "inputs"):
                raise InvalidInputError(f"The override {path!r} is none.", remedy="Write nodes.<node>.inputs.<input>.")
            changed.setdefault(parts[1], {})[parts[3]] = value
        options = FlowOptions(variant=self.variant, overrides=changed, environment_variables=dict(self.environment_variables))
        return inline_connections(brought), options


class _FlowBase:
    """A flow in Python code.

    Called in a flow's node it is part of that node's trace and finds the models of the same connections.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        self._loaded: LoadedFlow | None = None
        self._context = FlowContext()

    @property
    def path(self) -> Path:
        """The flow's file."""
        return self._path

    @property
    def code(self) -> Path:
        """The folder that it is in."""
        return self._path.parent

    @property
    def context(self) -> FlowContext:
        """What its calls change of the flow as it stands in its files."""
        return self._context

    @context.setter
    def context(self, context: FlowContext) -> None:
        self._context, self._loaded = context, None

    def _flow(self, connections: Connections | None) -> LoadedFlow:
        """Return the flow, loaded at the first call; with connections of its own for this call alone."""
        own, options = self._context.options()
        connections = {**own, **(connections or {})} if own else connections
        if connections is not None or self._loaded is None:
            node = active_node()
            given = {**connections_here(), **(connections or {})}
            above = node.resolver if node else None
            resolver = DirectResolver(connections or given, beyond=above) if connections or above is None else above
            engine = Engine(resolver=resolver, recorder=node.recorder if node else None, scrub=scrubber(given))
            loaded = LoadedFlow.load(self._path, engine, given, options=options)
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
