"""What a flex flow's class is made with: given values, else the sample's, else defaults; connections and model configurations by name."""

import inspect
from collections.abc import Mapping
from typing import Any, cast

from flowyard.flows.errors import UnknownConnectionError
from flowyard.flows.flex.errors import EntryInitError, ModelConfigurationError
from flowyard.flows.flex.signature import Parameter, signature_of
from flowyard.flows.model import EntrySpec
from flowyard.flows.nodes.connections import Connections, connection_object
from flowyard.flows.promptflow.connections import TYPES
from flowyard.flows.promptflow.model_configuration import (
    AzureOpenAIModelConfiguration,
    ModelConfiguration,
    OpenAIModelConfiguration,
)
from flowyard.foundation.errors import FlowyardError, Location, nearest

_LOCAL = "local"
_CONFIGURATIONS: dict[str, type[AzureOpenAIModelConfiguration | OpenAIModelConfiguration]] = {
    "AzureOpenAIModelConfiguration": AzureOpenAIModelConfiguration,
    "OpenAIModelConfiguration": OpenAIModelConfiguration,
}


def make_entry(made: type[Any], entry: EntrySpec, values: Mapping[str, Any], connections: Connections) -> Any:
    """Make the object of a flex flow's class with `values`.

    Raises:
        UnknownConnectionError: a value names a connection that is not there.
        EntryInitError: the class does not take these values, or raised.
    """
    parameters = {it.name: it for it in signature_of(made)[0]} if "__init__" in dir(made) else {}
    try:
        resolved = {name: _resolved(name, value, parameters.get(name), entry, connections) for name, value in values.items()}
        return made(**resolved)
    except FlowyardError:
        raise
    except (Exception, SystemExit) as error:
        wrong = next((name for name in values if name not in parameters), None) if isinstance(error, TypeError) else None
        near = nearest(wrong, list(parameters)) if wrong else None
        raise EntryInitError(
            f"The class {entry.name!r} cannot be made with {', '.join(values) or 'nothing'}: {type(error).__name__}: {error}",
            remedy=f"Did you mean {near!r}?" if near else f"It takes {', '.join(parameters) or 'nothing'}; give it with --init name=value.",
            location=Location(file=entry.place.file, line=entry.place.line, column=entry.place.column),
        ) from error


def _resolved(name: str, value: Any, parameter: Parameter | None, entry: EntrySpec, connections: Connections) -> Any:
    declared = entry.init[name].type if name in entry.init else ""
    kind = (parameter.type if parameter else "") or declared
    if kind in _CONFIGURATIONS:
        return _configuration(name, value, _CONFIGURATIONS[kind], connections)
    if kind.endswith("Connection") and isinstance(value, str):
        if value not in connections:
            raise UnknownConnectionError(value, known=tuple(connections))
        wanted = [cls for cls in TYPES.values() if cls.__name__ == kind]
        return connection_object(value, connections[value], wanted)
    return value


def _configuration(
    name: str, value: Any, kind: type[AzureOpenAIModelConfiguration | OpenAIModelConfiguration], connections: Connections
) -> ModelConfiguration:
    """Return the configuration that `value` is or describes; one that names a connection has that connection's values instead.

    That of this installation's own models has no values that a flow could get: its name stays, and a prompty finds it by that.
    """
    try:
        made: Any = kind(**cast("dict[str, Any]", value)) if isinstance(value, dict) else value
    except TypeError as error:
        raise ModelConfigurationError(
            f"{name!r} is no {kind.__name__}: {error}.", remedy=f"Give {', '.join(inspect.signature(kind).parameters)}."
        ) from error
    if not isinstance(made, kind):
        raise ModelConfigurationError(
            f"{name!r} must be a {kind.__name__}, or a mapping of its values; got {type(cast('object', value)).__name__}.",
            remedy=f"Give for instance {{connection: <name>, {'azure_deployment' if kind.TYPE == 'azure_open_ai' else 'model'}: <model>}}.",
        )
    if not made.connection or (made.connection == _LOCAL and _LOCAL not in connections):
        return made
    if made.connection not in connections:
        raise UnknownConnectionError(made.connection, known=tuple(connections))
    found = connection_object(made.connection, connections[made.connection])
    if isinstance(made, AzureOpenAIModelConfiguration):
        return AzureOpenAIModelConfiguration.from_connection(found, made.azure_deployment)
    return OpenAIModelConfiguration.from_connection(found, made.model)
