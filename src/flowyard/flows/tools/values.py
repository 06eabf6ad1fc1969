"""What a form offers for an input of a package tool: ``dynamic_list``, and ``generated_by`` with its way back. Prompt flow's definitions.

Which function that is, and with which arguments, is read here; it is called by a process of user code only: a session, or a probe.
"""

import importlib
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flowyard.flows.errors import ToolError
from flowyard.flows.runtime.record import json_value
from flowyard.foundation.errors import InvalidInputError, Location, NotFoundError, nearest
from flowyard.wire.flows import ToolScenario, ToolValue, ToolValues, ToolValuesQuery

_REFERENCE = re.compile(r"\$\{inputs\.([^}]+)\}")
_KEYS: dict[ToolScenario, tuple[str, str]] = {
    "dynamic_list": ("dynamic_list", "func_path"),
    "generated_by": ("generated_by", "func_path"),
    "reverse_generated_by": ("generated_by", "reverse_func_path"),
}


class ToolUnknownError(NotFoundError):
    """No installed package has such a tool, or the tool has no such input, or nothing is offered for it."""

    code = "ToolNotFound"
    title = "No such tool"


class ToolValuesError(ToolError):
    """The package's function failed, or returned something else than its scenario is about."""

    code = "RetrieveToolFuncResultError"
    title = "The tool's values cannot be had"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """A function of a tool package to call: ``module.function`` and its arguments by name; `value` goes to its first parameter."""

    path: str
    arguments: dict[str, Any]
    value: Any = None


def call_for(tools: Mapping[str, Mapping[str, Any]], query: ToolValuesQuery) -> ToolCall:
    """Return what `query` asks to be called, by the definitions of `tools`. Only functions that a definition names can be called.

    Raises:
        ToolUnknownError: there is no such tool or input, or nothing of the kind is offered for it.
        InvalidInputError: an input that the function needs is not given.
    """
    definition = _named(tools, query.tool, "tool", "/tool")
    inputs = cast("Mapping[str, Mapping[str, Any]]", definition.get("inputs") or {})
    key, function = _KEYS[query.scenario]
    said = cast("Mapping[str, Any]", _named(inputs, query.input, f"input of {query.tool!r}", "/input").get(key) or {})
    if not said.get(function):
        raise ToolUnknownError(
            f"The input {query.input!r} of {query.tool!r} has no {query.scenario}.",
            remedy=f"These have: {', '.join(name for name, spec in inputs.items() if spec.get(key)) or 'none'}.",
            location=Location(pointer="/input"),
        )
    if query.scenario == "reverse_generated_by":
        return ToolCall(path=str(said[function]), arguments={}, value=query.inputs.get(query.input))
    return ToolCall(path=str(said[function]), arguments=_arguments(said.get("func_kwargs") or [], query.inputs))


def values_of(call: ToolCall, scenario: ToolScenario) -> ToolValues:
    """Call the function, in this process, and return what it offers.

    Raises:
        ToolValuesError: it is not there, failed, or returned something else.
    """
    module, _, name = call.path.rpartition(".")
    try:
        function = cast("Callable[..., Any]", getattr(importlib.import_module(module), name))
        arguments = dict(call.arguments)
        if scenario == "reverse_generated_by":
            arguments[next(iter(inspect.signature(function).parameters))] = call.value
        result = function(**arguments)
    except (Exception, SystemExit) as error:
        raise ToolValuesError(
            f"{call.path} failed: {type(error).__name__}: {error}", remedy="See the package's own documentation."
        ) from error
    return checked(call.path, scenario, result)


def checked(path: str, scenario: ToolScenario, result: Any) -> ToolValues:
    """Return the result of `path` as its scenario has it.

    Raises:
        ToolValuesError: it is something else.
    """
    if scenario == "dynamic_list":
        if not isinstance(result, list):
            raise _wrong(path, result, "a list of mappings with 'value'")
        return ToolValues(values=tuple(_value(path, item) for item in cast("list[Any]", result)))
    if scenario == "reverse_generated_by" and not isinstance(result, dict):
        raise _wrong(path, result, "a mapping of inputs")
    return ToolValues(result=json_value(result))


def _value(path: str, item: Any) -> ToolValue:
    if not isinstance(item, dict) or "value" not in item:
        raise _wrong(path, item, "mappings with 'value' in its list")
    said = cast("dict[str, Any]", item)
    texts = {key: str(said[key]) for key in ("display_value", "hyperlink", "description") if said.get(key) is not None}
    return ToolValue(value=json_value(said["value"]), **texts)


def sources_of(said: list[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the inputs from which the arguments of a form's function (its ``func_kwargs``) come."""
    return tuple(_source(parameter) for parameter in said)


def _source(parameter: Mapping[str, Any]) -> str:
    reference = _REFERENCE.fullmatch(str(parameter.get("reference") or ""))
    return reference.group(1) if reference else str(parameter["name"])


def _arguments(said: list[Mapping[str, Any]], inputs: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for parameter in said:
        name, source = str(parameter["name"]), _source(parameter)
        if inputs.get(source) is not None:
            found[name] = inputs[source]
        elif parameter.get("default") is not None:
            found[name] = parameter["default"]
        elif not parameter.get("optional"):
            raise InvalidInputError(
                f"The function needs the input {source!r}.",
                remedy=f"Give it, as {source}=value.",
                location=Location(pointer=f"/inputs/{source}"),
            )
    return found


def _named(found: Mapping[str, Mapping[str, Any]], name: str, what: str, pointer: str) -> Mapping[str, Any]:
    if name in found:
        return found[name]
    near = nearest(name, list(found))
    raise ToolUnknownError(
        f"There is no {what} {name!r}.",
        remedy=f"Did you mean {near!r}?" if near else f"There are: {', '.join(sorted(found)[:20]) or 'none'}.",
        location=Location(pointer=pointer),
    )


def _wrong(path: str, result: Any, expected: str) -> ToolValuesError:
    return ToolValuesError(
        f"{path} returned {type(result).__name__} ({result!r:.100}), expected {expected}.", remedy="Correct the package."
    )
