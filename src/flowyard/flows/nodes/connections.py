"""From a connection's name in a node to the object that its tool gets."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from flowyard.flows.errors import UnknownConnectionError
from flowyard.flows.nodes.errors import NodeInputError
from flowyard.flows.promptflow.connections import (
    TYPES,
    AzureOpenAIConnection,
    Connection,
    CustomConnection,
    CustomStrongTypeConnection,
    OpenAIConnection,
    ServerlessConnection,
    TypedConnection,
)

Connections = Mapping[str, Mapping[str, Any]]
_MODELS = (OpenAIConnection, AzureOpenAIConnection, ServerlessConnection)


def connection_object(name: str, values: Mapping[str, Any], wanted: Sequence[type[Connection]] = ()) -> Connection:
    """Make the object of a connection given as ``{"type", "configs", "secrets"}``.

    A type of ours that prompt flow does not know (``local``, ``scripted``) becomes the model connection that the tool asks for.

    Args:
        name: what the flow calls it.
        values: its type, configs and secrets.
        wanted: the classes that the tool's parameter takes; none: any.
    """
    kind = str(values.get("type", "custom"))
    configs, secrets = dict(values.get("configs") or {}), dict(values.get("secrets") or {})
    found = TYPES.get(kind)
    if found is CustomConnection:
        custom = CustomConnection(secrets, configs, name=name)
        strong = [other for other in wanted if issubclass(other, CustomStrongTypeConnection)]
        return _strong(custom, strong[0]) if strong and CustomConnection not in wanted else custom
    if found is not None:
        return cast("type[TypedConnection]", found).made(name, configs, secrets)
    model = next((other for other in _MODELS if other in wanted), OpenAIConnection)
    made = model.made(name, {"api_base": configs.get("base_url"), **configs}, secrets)
    made.kind = kind
    return made


def _strong(custom: CustomConnection, wanted: type[CustomStrongTypeConnection]) -> Connection:
    said = custom.configs.get("promptflow.connection.custom_type") or custom.configs.get("custom_type")
    if said not in (None, wanted.__name__):
        return custom.convert_to_strong_type()
    return wanted(custom.secrets, custom.configs, name=custom.name)


def argument(node: str, parameter: str, name: str, connections: Connections, wanted: Sequence[type[Connection]]) -> Connection:
    """Return the object for an input that names a connection.

    Raises:
        UnknownConnectionError: there is none of that name.
        NodeInputError: it is of a class that the parameter does not take.
    """
    if name not in connections:
        raise UnknownConnectionError(name, known=tuple(connections))
    made = connection_object(name, connections[name], wanted)
    if wanted and not isinstance(made, tuple(wanted)):
        names = ", ".join(kind.__name__ for kind in wanted)
        raise NodeInputError(
            f"Input {parameter!r} of node {node!r} takes {names}; the connection {name!r} is a {type(made).__name__}.",
            remedy="Name a connection of one of these types.",
        )
    return made
