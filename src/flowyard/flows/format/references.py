"""The reference grammar: ``${inputs.x}``, ``${node}``, ``${node.output.a[0]['k']}``, and everything else a literal."""

import re
from collections.abc import Callable
from typing import Any

from flowyard.flows.errors import ReferencePropertyError
from flowyard.flows.model import Constant, InputReference, NodeReference, Value

_TOKEN = re.compile(r"(\w+)|\['(.*?)'\]|\[(\d+)\]")
_INPUT_PREFIXES = ("inputs.", "flow.")


def parse_value(value: Any) -> Value:
    """Read what stands at a node input, an output's reference or a condition.

    A text that starts with ``${`` and ends with ``}`` is one reference, whatever stands between; there is no interpolation.
    """
    if not isinstance(value, str) or len(value) < 3 or not value.startswith("${") or not value.endswith("}"):
        return Constant(value)
    inner = value[2:-1]
    for prefix in _INPUT_PREFIXES:
        if inner.startswith(prefix):
            return InputReference(inner.removeprefix(prefix))
    node, dot, port = inner.partition(".")
    section, _, path = port.partition(".")
    return NodeReference(node, section, path) if dot else NodeReference(node)


def property_getter(reference: NodeReference) -> Callable[[Any], Any]:
    """Return the function that walks `reference`'s path: a word or ``['key']`` is a dict key or an attribute, ``[0]`` an index.

    The function raises ReferencePropertyError where the path ends early.
    """
    steps: tuple[str | int, ...] = tuple(int(index) if index else (word or key) for word, key, index in _TOKEN.findall(reference.path))
    if not steps:
        return _whole

    def get(value: Any) -> Any:
        current = value
        for step in steps:
            try:
                current = _step(current, step)
            except (KeyError, IndexError, AttributeError, TypeError) as error:
                kind: str = type(current).__name__
                raise ReferencePropertyError(
                    f"{reference} has no {step!r}: the value there is of type {kind}{_keys(current)}.",
                    remedy=f"Check what node {reference.node!r} returns, or correct the reference.",
                ) from error
        return current

    return get


def _step(value: Any, step: str | int) -> Any:
    if isinstance(step, int) or isinstance(value, dict):
        return value[step]  # pyright: ignore[reportUnknownVariableType] - any object of the user's
    return getattr(value, step)


def _keys(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    names = [str(key) for key in value][:8]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return f" with the keys {names}"


def _whole(value: Any) -> Any:
    return value
