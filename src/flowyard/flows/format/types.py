"""Types of flow inputs, and how a value becomes one."""

import json
from collections.abc import Callable, Mapping
from typing import Any, get_args

from flowyard.flows.errors import InputNotFoundError, InputParseError, InputTypeError
from flowyard.flows.model import InputSpec, ValueType

VALUE_TYPES: tuple[str, ...] = get_args(ValueType)


def _bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    raise ValueError("expected true or false")


def _list(value: Any) -> list[Any]:
    found = json.loads(value) if isinstance(value, str) else value
    if not isinstance(found, list):
        raise TypeError("expected a list, or its JSON text")
    return found  # pyright: ignore[reportUnknownVariableType]


def _object(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def _same(value: Any) -> Any:
    return value


_COERCE: dict[str, Callable[[Any], Any]] = {
    "int": int,
    "double": float,
    "bool": _bool,
    "string": str,
    "list": _list,
    "object": _object,
}


def coerce(value: Any, kind: str) -> Any:
    """Turn `value` into type `kind` by prompt flow's rules: int, double and string by Python's constructor, bool from true and
    false, list also from JSON text, object from JSON text where it is some.

    Raises:
        ValueError, TypeError: it cannot be done.
    """
    return _COERCE.get(kind, _same)(value)


def bind_inputs(specs: Mapping[str, InputSpec], given: Mapping[str, Any], *, history: str | None = None) -> dict[str, Any]:
    """Return one line's flow inputs: given values, else defaults, each of its declared type. Unknown names are left out.

    Args:
        specs: the declared inputs.
        given: the caller's values.
        history: the name of the chat history input, which is an empty list when absent.

    Raises:
        InputNotFoundError: an input without a default is missing.
        InputTypeError: a value does not fit.
    """
    bound: dict[str, Any] = {}
    for name, spec in specs.items():
        value: Any
        if name in given:
            value = given[name]
        elif spec.has_default:
            value = spec.default
        elif spec.in_code:
            continue
        elif name == history:
            value = []
        else:
            raise InputNotFoundError(
                f"The flow input {name!r} ({spec.type}) got no value and has no default.",
                remedy=f"Give it: --inputs {name}=..., or {{{name!r}: ...}} in the request. Given: {sorted(given) or 'nothing'}.",
                extra={"input": name},
            )
        bound[name] = value if type(value) is _AS_THEY_ARE.get(spec.type) else _typed(spec, value)
    return bound


#: Types whose values need no look.
_AS_THEY_ARE: dict[str, type[Any]] = {"string": str, "int": int}


def _typed(spec: InputSpec, value: Any) -> Any:
    try:
        return coerce(value, spec.type)
    except json.JSONDecodeError as error:
        raise InputParseError(
            f"The flow input {spec.name!r} must be of type {spec.type}, got {value!r}, which is no JSON: {error}.",
            remedy=f"Give a {spec.type}, or its JSON text.",
            extra={"input": spec.name},
        ) from error
    except (ValueError, TypeError, OverflowError) as error:
        raise InputTypeError(
            f"The flow input {spec.name!r} must be of type {spec.type}, got {value!r}.",
            remedy=f"Give a value that can be read as {spec.type}.",
            extra={"input": spec.name},
        ) from error
