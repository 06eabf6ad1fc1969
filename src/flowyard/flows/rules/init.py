"""Whether a flow can be made with given `init` values, without running any of it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any, cast

from flowyard.flows.errors import InitInvalidError
from flowyard.flows.flex.signature import MODEL_CONFIGURATIONS
from flowyard.flows.flex.spec import init_values
from flowyard.flows.format.types import coerce
from flowyard.flows.model import EntrySpec, FlowSpec, InitSpec
from flowyard.flows.promptflow.model_configuration import AzureOpenAIModelConfiguration, OpenAIModelConfiguration
from flowyard.flows.prompty.read import KEYS
from flowyard.flows.rules.entry import entry_signature
from flowyard.foundation.errors import InvalidInputError, Location, nearest

_SECRET = re.compile(r"(?i)(.*_)?(api_?key|secret|password|token|credential)s?")
_CONFIGURATIONS = {kind.__name__: kind for kind in (AzureOpenAIModelConfiguration, OpenAIModelConfiguration)}
_LOCAL = "local"


def check_init(flow: FlowSpec, init: Mapping[str, Any], connections: Collection[str]) -> None:
    """Return when the flow can be made with `init`, as far as its files tell.

    A class that inherits what it takes, or takes any name, is known only once its code runs: of it only connections are checked.

    Args:
        flow: the flow, with what the source of its entry says.
        init: the values; where it is empty, the sample's and defaults count.
        connections: the names that there are; ``local`` need not be among them.

    Raises:
        InitInvalidError: the flow takes no values, not this one, not of this type, lacks one, or it names no connection that is there.
        InvalidInputError: a value is a secret.
    """
    refuse_secrets(init)
    if flow.kind == "prompty":
        for name in init:
            if name not in KEYS:
                raise _unknown(name, KEYS, "A prompty")
        _check_prompt_connections(flow, init, connections)
        return
    if flow.entry is None:
        if init:
            raise _wrong(f"A flow of nodes takes no init; got {', '.join(init)}.", next(iter(init)), "Give inputs with each request.")
        return
    _check_entry(flow, flow.entry, init, connections)


def refuse_secrets(value: Any, name: str = "init") -> None:
    """Return when no value is a secret. What a run or a deployment is told is kept and shown; a connection keeps its secrets to itself.

    Raises:
        InvalidInputError: one is, by its name.
    """
    for key, item in cast("dict[str, Any]", value).items() if isinstance(value, dict) else ():
        if _SECRET.fullmatch(key) and isinstance(item, str) and item and not item.startswith("${"):
            raise InvalidInputError(
                f"{name}.{key} is a secret, and what a run or a deployment is told is kept.",
                remedy='Put it into a connection and name that: {"connection": "my_connection"}.',
                location=Location(pointer=f"/{name.replace('.', '/')}/{key}"),
            )
        refuse_secrets(item, f"{name}.{key}")


def _check_entry(flow: FlowSpec, entry: EntrySpec, init: Mapping[str, Any], connections: Collection[str]) -> None:
    signature = entry_signature(flow)
    if signature is not None and not signature.is_class and init:
        raise _wrong(f"The entry {entry.name!r} is a function, which takes no init.", next(iter(init)), "Leave init out.")
    values = init_values(entry, init)
    if signature is not None and not signature.init_open:
        known = [it.name for it in signature.init]
        for name in values:
            if name not in known:
                raise _unknown(name, known, f"The class {entry.name!r}")
        missing = [it.name for it in signature.init if not it.optional and it.name not in values]
        if missing:
            raise _wrong(
                f"The class {entry.name!r} needs {', '.join(missing)}.",
                missing[0],
                "Give them in init; from the command line with --init name=value.",
            )
    for name, value in values.items():
        spec = entry.init.get(name)
        if spec is not None:
            _check_value(spec, value, connections)


def _check_value(spec: InitSpec, value: Any, connections: Collection[str]) -> None:
    if value is None:
        return
    if spec.type in MODEL_CONFIGURATIONS:
        _check_configuration(spec, value, connections)
    elif spec.type.endswith("Connection"):
        if not isinstance(value, str):
            raise _wrong(
                f"{spec.name!r} must be a connection's name, got {type(value).__name__}.", spec.name, "See: flowyard connection list"
            )
        _check_connection(value, spec.name, connections)
    else:
        try:
            coerce(value, spec.type)
        except (ValueError, TypeError) as error:
            raise _wrong(f"{spec.name!r} must be of type {spec.type}, got {value!r}: {error}", spec.name, f"Give a {spec.type}.") from error


def _check_configuration(spec: InitSpec, value: Any, connections: Collection[str]) -> None:
    kind = _CONFIGURATIONS[spec.type]
    takes = [field.name for field in fields(kind)]
    if not isinstance(value, dict):
        raise _wrong(
            f"{spec.name!r} must be a mapping for {spec.type}, got {type(value).__name__}.", spec.name, f"It takes {', '.join(takes)}."
        )
    given = cast("dict[str, Any]", value)
    for key in given:
        if key not in takes:
            raise _unknown(key, takes, f"{spec.name!r}, a {spec.type},", f"{spec.name}/{key}")
    model = takes[0]
    if not given.get(model):
        raise _wrong(f"{spec.name!r} says no {model}.", spec.name, f"Give {{connection: <name>, {model}: <name>}}.")
    _check_connection(given.get("connection"), f"{spec.name}/connection", connections)


def _check_prompt_connections(flow: FlowSpec, init: Mapping[str, Any], connections: Collection[str]) -> None:
    """Check the connection that `init` names; the prompty's own is checked where its calls are made, as that of any LLM node."""
    model = init.get("model")
    configuration = cast("dict[str, Any]", model).get("configuration") if isinstance(model, dict) else None
    if model is not None and not isinstance(model, dict):
        raise _wrong(f"`model` of {flow.name!r} must be a mapping, got {type(model).__name__}.", "model", "Give {configuration: {…}}.")
    if isinstance(configuration, dict):
        _check_connection(cast("dict[str, Any]", configuration).get("connection"), "model/configuration/connection", connections)


def _check_connection(name: Any, pointer: str, connections: Collection[str]) -> None:
    if not name or name == _LOCAL or name in connections:
        return
    near = nearest(str(name), list(connections))
    raise _wrong(
        f"There is no connection {name!r}.",
        pointer,
        f"Did you mean {near!r}?" if near else "Create it: flowyard connection create --file FILE.yaml",
    )


def _unknown(name: str, known: Collection[str], what: str, pointer: str | None = None) -> InitInvalidError:
    near = nearest(name, list(known))
    return _wrong(
        f"{what} takes no {name!r}.", pointer or name, f"Did you mean {near!r}?" if near else f"It takes {', '.join(known) or 'nothing'}."
    )


def _wrong(message: str, pointer: str, remedy: str) -> InitInvalidError:
    return InitInvalidError(message, remedy=remedy, location=Location(pointer=f"/init/{pointer}"))
