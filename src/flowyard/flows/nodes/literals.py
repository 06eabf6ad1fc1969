"""Literal inputs of a node: what stands in the YAML becomes what the tool's parameter wants."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flowyard.flows.errors import FlowError
from flowyard.flows.format.types import coerce
from flowyard.flows.model import Binding, Constant, FlowSpec, NodeSpec
from flowyard.flows.nodes.connections import Connections, argument
from flowyard.flows.nodes.errors import ImageError, NodeInputError
from flowyard.flows.nodes.images import ImageReader
from flowyard.flows.nodes.interface import Parameter
from flowyard.flows.nodes.modules import FlowModules
from flowyard.foundation.errors import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class MakingContext:
    """What the nodes of one loading of a flow are made with."""

    flow: FlowSpec
    modules: FlowModules
    connections: Connections
    images: ImageReader


def converted(context: MakingContext, node: NodeSpec, parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    """Return the literal inputs of `node` as its tool wants them. Empty ones are left out, those of no known parameter stay as they are.

    Raises:
        UnknownConnectionError: one names a connection that is not there.
        NodeInputError: one does not fit.
    """
    found: dict[str, Any] = {}
    for name, binding in node.inputs.items():
        if isinstance(binding.value, Constant) and binding.value.value not in (None, ""):
            found[name] = _converted(context, node, name, binding, parameters.get(name))
    return found


def _converted(context: MakingContext, node: NodeSpec, name: str, binding: Binding, parameter: Parameter | None) -> Any:
    value = binding.value.value if isinstance(binding.value, Constant) else None
    if parameter is None:
        return value
    place = Location(file=binding.place.file, line=binding.place.line, column=binding.place.column)
    if parameter.kind == "connection":
        return argument(node.name, name, str(value), context.connections, parameter.connections)
    if isinstance(value, str) and _names_connection(name, value, parameter, context.connections):
        return argument(node.name, name, value, context.connections, ())
    try:
        if parameter.kind == "image":
            return context.images.image(value)
        if parameter.kind == "assistant_definition":
            from flowyard.flows.nodes.assistants import assistant

            return assistant(context, node, str(value))
        return context.images.inside(coerce(value, parameter.kind))
    except ImageError as error:
        raise NodeInputError(
            f"Failed to load image for input {name!r} of node {node.name!r}: {error.message}", remedy=error.remedy, location=place
        ) from error
    except FlowError as error:
        raise NodeInputError(f"Input {name!r} of node {node.name!r}: {error.message}", remedy=error.remedy, location=place) from error
    except (ValueError, TypeError, OverflowError) as error:
        raise NodeInputError(
            f"Input {name!r} of node {node.name!r} is {value!r:.200}, which is not of type {parameter.kind}.",
            remedy=f"Write a value that can be read as {parameter.kind}.",
            location=place,
        ) from error


def _names_connection(name: str, value: str, parameter: Parameter, connections: Connections) -> bool:
    """A parameter called ``connection`` or ``..._connection`` that says nothing of its type takes a connection by name."""
    untyped = parameter.kind == "object" and not parameter.enum
    return untyped and (name == "connection" or name.endswith("_connection")) and value in connections
