"""Values and ids of OTLP as Python has them."""

from collections.abc import Iterable
from typing import Any

_DEPTH = 20


def attributes_of(pairs: Iterable[Any]) -> dict[str, Any]:
    """Return a list of ``KeyValue`` messages as a dict; of a key that comes twice the last value stays."""
    found: dict[str, Any] = {}
    for pair in pairs:
        value = pair.value
        # Most attributes are texts and numbers; where the value is of another kind, these are empty and 0.
        found[pair.key] = value.string_value or value.int_value or any_value(value)
    return found


def any_value(value: Any, depth: int = 0) -> Any:
    """Return an ``AnyValue`` message; bytes become hexadecimal text, what is nested deeper than 20 becomes text."""
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    held = getattr(value, kind)
    if kind not in {"array_value", "kvlist_value", "bytes_value"}:
        return held
    if kind == "bytes_value":
        return held.hex()
    if depth >= _DEPTH:
        return str(held)
    if kind == "array_value":
        return [any_value(item, depth + 1) for item in held.values]
    return {pair.key: any_value(pair.value, depth + 1) for pair in held.values}


def hex_id(data: bytes, length: int) -> str | None:
    """Return an id as text; None when it is absent, of another length, or all zero."""
    return data.hex() if len(data) == length and any(data) else None
