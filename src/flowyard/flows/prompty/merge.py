"""A prompty's front matter with what its user says instead."""

from collections.abc import Mapping
from typing import Any, cast


def merged(values: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return `values` with those of `over` in their place; mappings are merged key by key, at any depth."""
    found = dict(values)
    for name, value in over.items():
        below = found.get(name)
        if isinstance(value, dict):
            under = cast("dict[str, Any]", below) if isinstance(below, dict) else {}
            found[name] = merged(under, cast("dict[str, Any]", value))
        else:
            found[name] = value
    return found
