"""Validates values against JSON Schema, draft 2020-12 (json-schema.org/draft/2020-12), with references within the schema.

Not here: ``$dynamicRef``, ``unevaluatedProperties``, ``unevaluatedItems``, references to other documents (each refused when the schema is
read), and ``format``, which the specification leaves to be a note.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flowyard.evaluation.schema.reading import check_schema, target
from flowyard.evaluation.schema.values import counted, described, equal, is_type, kind_of

_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Misfit:
    """Where a value does not fit (a JSON pointer into it; empty: the whole), and why."""

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.message}"


Check = Callable[["_Run", Any, Any, "_Place"], Iterator[Misfit]]


@dataclass(frozen=True, slots=True)
class _Place:
    """The schema object at hand, where the value stands, how deep."""

    schema: Mapping[str, Any]
    pointer: str
    depth: int

    def at(self, key: object) -> str:
        """Return the pointer of a part of the value."""
        return f"{self.pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


class Schema:
    """A schema that was read.

    Raises:
        EvaluatorSettingError: it is none, or uses what is not supported; the location is within the schema.
    """

    def __init__(self, schema: object) -> None:
        self._schema = schema
        check_schema(schema, schema)

    def misfits(self, value: Any) -> list[Misfit]:
        """Return everything in `value` that does not fit."""
        return list(_Run(self._schema).apply(self._schema, value, "", 0))


class _Run:
    def __init__(self, root: object) -> None:
        self.root = root

    def apply(self, schema: Any, value: Any, pointer: str, depth: int) -> Iterator[Misfit]:
        """Yield what of `value` does not fit `schema`."""
        if schema is True:
            return
        if schema is False:
            yield Misfit(pointer, "nothing is allowed here")
            return
        if depth > _DEEPEST:
            yield Misfit(pointer, f"the schema refers to itself more than {_DEEPEST} levels deep")
            return
        rules = cast("Mapping[str, Any]", schema)
        place = _Place(rules, pointer, depth + 1)
        for keyword, rule in rules.items():
            check = CHECKS.get(keyword)
            if check is not None:
                yield from check(self, rule, value, place)

    def fits(self, schema: Any, value: Any, place: _Place) -> bool:
        """Say whether `value` fits `schema`."""
        return next(self.apply(schema, value, place.pointer, place.depth), None) is None


def _ref(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    yield from run.apply(target(run.root, rule, "/$ref"), value, place.pointer, place.depth)


def _type(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    del run
    kinds = cast("list[str]", rule if isinstance(rule, list) else [rule])
    if not any(is_type(value, kind) for kind in kinds):
        yield Misfit(place.pointer, f"expected {' or '.join(kinds)}, got {described(value)}")


def _enum(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    del run
    if not any(equal(value, allowed) for allowed in rule):
        yield Misfit(place.pointer, f"expected one of {', '.join(repr(allowed) for allowed in rule)}, got {described(value)}")


def _const(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    del run
    if not equal(value, rule):
        yield Misfit(place.pointer, f"expected {rule!r}, got {described(value)}")


def _bound(kind: str, fits: Callable[[Any, Any], bool], words: str) -> Check:
    def check(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
        del run
        if kind_of(value) == kind and not fits(counted(value), rule):
            yield Misfit(place.pointer, f"{words} {rule:g}, got {described(value)}")

    return check


def _multiple(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    del run
    if kind_of(value) == "number" and rule:
        exact = isinstance(value, int) and isinstance(rule, int)
        if (value % rule != 0) if exact else not (value / rule).is_integer():
            yield Misfit(place.pointer, f"expected a multiple of {rule:g}, got {described(value)}")


def _matches(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    del run
    if isinstance(value, str) and not re.search(rule, value):
        yield Misfit(place.pointer, f"expected text that fits {rule!r}, got {described(value)}")


def _required(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    del run
    if isinstance(value, dict):
        for name in rule:
            if name not in value:
                yield Misfit(place.pointer, f"{name!r} is missing")


def _dependent_required(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    if isinstance(value, dict):
        for name, needed in rule.items():
            if name in value:
                yield from _required(run, needed, value, place)


def _properties(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    if isinstance(value, dict):
        for name, part in rule.items():
            if name in value:
                yield from run.apply(part, value[name], place.at(name), place.depth)


def _pattern_properties(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    if isinstance(value, dict):
        for pattern, part in rule.items():
            for name, item in cast("dict[str, Any]", value).items():
                if re.search(pattern, name):
                    yield from run.apply(part, item, place.at(name), place.depth)


def _additional(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    if not isinstance(value, dict):
        return
    named, patterns = place.schema.get("properties", {}), place.schema.get("patternProperties", {})
    for name, item in cast("dict[str, Any]", value).items():
        if name in named or any(re.search(pattern, name) for pattern in patterns):
            continue
        if rule is False:
            yield Misfit(place.at(name), "is not allowed")
        else:
            yield from run.apply(rule, item, place.at(name), place.depth)


def _names(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    for name in cast("dict[str, Any]", value) if isinstance(value, dict) else ():
        yield from run.apply(rule, name, place.at(name), place.depth)


def _dependent_schemas(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    for name, part in rule.items() if isinstance(value, dict) else ():
        if name in value:
            yield from run.apply(part, value, place.pointer, place.depth)


def _prefix(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    for index, (part, item) in enumerate(zip(rule, cast("list[Any]", value), strict=False)) if isinstance(value, list) else ():
        yield from run.apply(part, item, place.at(index), place.depth)


def _items(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    start = len(place.schema.get("prefixItems", ()))
    for index, item in enumerate(cast("list[Any]", value)[start:] if isinstance(value, list) else (), start):
        yield from run.apply(rule, item, place.at(index), place.depth)


def _contains(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    if not isinstance(value, list):
        return
    found = sum(run.fits(rule, item, place) for item in cast("list[Any]", value))
    least, most = place.schema.get("minContains", 1), place.schema.get("maxContains", len(cast("list[Any]", value)))
    if not least <= found <= most:
        yield Misfit(place.pointer, f"{found} items fit 'contains', expected {least} to {most}")


def _unique(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    del run
    items = cast("list[Any]", value) if isinstance(value, list) and rule else []
    for index, item in enumerate(items):
        if any(equal(item, before) for before in items[:index]):
            yield Misfit(place.at(index), "is there twice")


def _all(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    for part in rule:
        yield from run.apply(part, value, place.pointer, place.depth)


def _any(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    if not any(run.fits(part, value, place) for part in rule):
        yield Misfit(place.pointer, "fits none of 'anyOf'")


def _one(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    fitting = sum(run.fits(part, value, place) for part in rule)
    if fitting != 1:
        yield Misfit(place.pointer, f"fits {fitting} of 'oneOf', expected exactly one")


def _not(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    if run.fits(rule, value, place):
        yield Misfit(place.pointer, "fits what 'not' excludes")


def _if(run: _Run, rule: Any, value: Any, place: _Place) -> Iterator[Misfit]:
    branch = "then" if run.fits(rule, value, place) else "else"
    yield from run.apply(place.schema.get(branch, True), value, place.pointer, place.depth)


CHECKS: dict[str, Check] = {
    "$ref": _ref,
    "type": _type,
    "enum": _enum,
    "const": _const,
    "minimum": _bound("number", lambda value, limit: value >= limit, "expected at least"),
    "maximum": _bound("number", lambda value, limit: value <= limit, "expected at most"),
    "exclusiveMinimum": _bound("number", lambda value, limit: value > limit, "expected more than"),
    "exclusiveMaximum": _bound("number", lambda value, limit: value < limit, "expected less than"),
    "multipleOf": _multiple,
    "minLength": _bound("string", lambda value, limit: value >= limit, "expected a length of at least"),
    "maxLength": _bound("string", lambda value, limit: value <= limit, "expected a length of at most"),
    "pattern": _matches,
    "minItems": _bound("array", lambda value, limit: value >= limit, "expected a number of items of at least"),
    "maxItems": _bound("array", lambda value, limit: value <= limit, "expected a number of items of at most"),
    "uniqueItems": _unique,
    "prefixItems": _prefix,
    "items": _items,
    "contains": _contains,
    "minProperties": _bound("object", lambda value, limit: value >= limit, "expected a number of properties of at least"),
    "maxProperties": _bound("object", lambda value, limit: value <= limit, "expected a number of properties of at most"),
    "required": _required,
    "dependentRequired": _dependent_required,
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional,
    "propertyNames": _names,
    "dependentSchemas": _dependent_schemas,
    "allOf": _all,
    "anyOf": _any,
    "oneOf": _one,
    "not": _not,
    "if": _if,
}
