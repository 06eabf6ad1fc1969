"""JSON values: their types, their equality, how they are told of."""

from typing import Any, cast

_KINDS: tuple[tuple[type[Any] | tuple[type[Any], ...], str], ...] = (
    (type(None), "null"),
    (bool, "boolean"),
    ((int, float), "number"),
    (str, "string"),
    (list, "array"),
    (dict, "object"),
)


def kind_of(value: Any) -> str:
    """Return the JSON type of `value`: null, boolean, number, string, array or object; another type's name for what JSON has not."""
    return next((name for kind, name in _KINDS if isinstance(value, kind)), type(value).__name__)


def is_type(value: Any, name: str) -> bool:
    """Say whether `value` is of a schema's type; ``integer`` is a number without a fraction, 1.0 too."""
    if name == "integer":
        return kind_of(value) == "number" and float(value).is_integer()
    return kind_of(value) == name


def equal(one: Any, other: Any) -> bool:
    """Compare as JSON does: 1 equals 1.0, and neither equals true."""
    if kind_of(one) != kind_of(other):
        return False
    if isinstance(one, list):
        left, right = cast("list[Any]", one), cast("list[Any]", other)
        return len(left) == len(right) and all(equal(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(one, dict):
        here, there = cast("dict[str, Any]", one), cast("dict[str, Any]", other)
        return here.keys() == there.keys() and all(equal(item, there[name]) for name, item in here.items())
    return bool(one == other)


def counted(value: Any) -> Any:
    """Return what a bound is about: a number itself, the length of everything else."""
    return value if kind_of(value) == "number" else len(value)


def described(value: Any) -> str:
    """Return `value` as messages tell of it, cut where it is long."""
    text = repr(value)
    return f"{kind_of(value)} {text if len(text) <= 60 else text[:57] + '...'}"
