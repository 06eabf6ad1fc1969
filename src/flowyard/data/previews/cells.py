"""Values as a preview shows them: what JSON has no form for becomes text, and what is long is cut."""

import json
import math
from typing import Any

_LONGEST = 16 * 1024
_SAFE_INT = 1 << 53


def shown(value: Any, longest: int = _LONGEST) -> Any:
    """Return a value as JSON has it; texts are cut after `longest` characters, integers beyond 2^53 are texts."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value if len(value) <= longest else f"{value[:longest]}… ({len(value)} characters)"
    if isinstance(value, int | float):
        exact = math.isfinite(value) if isinstance(value, float) else abs(value) <= _SAFE_INT
        return value if exact else str(value)
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, dict | list | tuple):
        return _nested(value, longest)
    return shown(value.isoformat() if hasattr(value, "isoformat") else str(value), longest)


def _nested(value: Any, longest: int) -> Any:
    try:
        text = json.dumps(value, default=lambda item: shown(item, longest), ensure_ascii=False)
        return json.loads(text, parse_constant=str) if len(text) <= longest else shown(text, longest)
    except (ValueError, TypeError, RecursionError):
        return shown(str(value), longest)


def type_of(value: Any) -> str | None:
    """Return the type of a value read from JSON, in Arrow's words; None for null."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int64"
    if isinstance(value, float):
        return "double"
    return "string" if isinstance(value, str) else "list" if isinstance(value, list) else "struct"


def joined(types: set[str]) -> str:
    """Return the type of a column that has values of these types."""
    if not types:
        return "null"
    if types == {"int64", "double"}:
        return "double"
    return next(iter(types)) if len(types) == 1 else "mixed"
