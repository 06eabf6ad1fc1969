"""The edge where parsed JSON gets types: what is not of the expected kind becomes empty."""

from typing import Any, cast


def as_object(value: Any) -> dict[str, Any]:
    """Return `value` when it is an object, else an empty one."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """Return `value` when it is a list, else an empty one."""
    return cast("list[Any]", value) if isinstance(value, list) else []
