"""Reads a JSON schema: what is no schema, or is not supported, is refused before a value is looked at."""

import re
from typing import Any, cast
from urllib.parse import unquote

from flowyard.evaluation.errors import EvaluatorSettingError
from flowyard.evaluation.schema.values import described
from flowyard.foundation.errors import Location

_REFUSED = ("$dynamicRef", "$recursiveRef", "unevaluatedProperties", "unevaluatedItems")
_TYPES = ("null", "boolean", "object", "array", "number", "integer", "string")
_ONE = ("not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "dependentSchemas", "$defs", "definitions")
_NUMBERS = (
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems",
    "minProperties", "maxProperties", "minContains", "maxContains",
)  # fmt: skip


def check_schema(schema: object, root: object, pointer: str = "") -> None:
    """Return when `schema`, which stands at `pointer` in `root`, can be used.

    Raises:
        EvaluatorSettingError: it cannot; the location is within the schema.
    """
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        raise _bad(pointer, f"A schema has to be an object or a boolean, got {described(schema)}.")
    rules = cast("dict[str, Any]", schema)
    for keyword in _REFUSED:
        if keyword in rules:
            raise _bad(f"{pointer}/{keyword}", f"{keyword!r} is not supported.")
    _check_values(rules, root, pointer)
    for place, part in _parts(rules, pointer):
        check_schema(part, root, place)


def _parts(rules: dict[str, Any], pointer: str) -> list[tuple[str, Any]]:
    """Return the schemas within a schema, each with its pointer."""
    found = [(f"{pointer}/{keyword}", rules[keyword]) for keyword in _ONE if keyword in rules]
    for keyword in _LISTS:
        found += [(f"{pointer}/{keyword}/{index}", part) for index, part in enumerate(_as(list, rules, keyword, pointer))]
    for keyword in _NAMED:
        found += [(f"{pointer}/{keyword}/{name}", part) for name, part in _as(dict, rules, keyword, pointer).items()]
    return found


def _check_values(rules: dict[str, Any], root: object, pointer: str) -> None:
    kinds = rules.get("type", [])
    for kind in cast("list[Any]", kinds) if isinstance(kinds, list) else [kinds]:
        if kind not in _TYPES:
            raise _bad(f"{pointer}/type", f"There is no type {kind!r}; the types are {', '.join(_TYPES)}.")
    if "pattern" in rules:
        _pattern(rules["pattern"], f"{pointer}/pattern")
    for name in _as(dict, rules, "patternProperties", pointer):
        _pattern(name, f"{pointer}/patternProperties")
    if "$ref" in rules:
        target(root, rules["$ref"], f"{pointer}/$ref")
    for keyword in _NUMBERS:
        if keyword in rules and (isinstance(rules[keyword], bool) or not isinstance(rules[keyword], int | float)):
            raise _bad(f"{pointer}/{keyword}", f"{keyword!r} has to be a number, got {described(rules[keyword])}.")
    for keyword in ("required", "enum"):
        _as(list, rules, keyword, pointer)


def _as(kind: type[Any], rules: dict[str, Any], keyword: str, pointer: str) -> Any:
    found = rules.get(keyword, kind())
    if not isinstance(found, kind):
        wanted = "a list" if kind is list else "an object"
        raise _bad(f"{pointer}/{keyword}", f"{keyword!r} has to be {wanted}, got {described(found)}.")
    return found


def _pattern(text: object, pointer: str) -> re.Pattern[str]:
    try:
        return re.compile(str(text))
    except re.error as error:
        raise _bad(pointer, f"{text!r} is no regular expression: {error}.") from error


def target(root: object, reference: object, pointer: str) -> Any:
    """Return the part of the schema that ``$ref`` names.

    Raises:
        EvaluatorSettingError: it is elsewhere, or not there.
    """
    if not isinstance(reference, str) or not (reference == "#" or reference.startswith("#/")):
        raise _bad(pointer, f"$ref has to lead to a place in this schema (#/$defs/NAME), got {reference!r}.")
    found: Any = root
    for step in reference[2:].split("/") if len(reference) > 1 else []:
        key = unquote(step).replace("~1", "/").replace("~0", "~")
        if isinstance(found, list) and key.isdigit() and int(key) < len(cast("list[Any]", found)):
            found = cast("list[Any]", found)[int(key)]
        elif isinstance(found, dict) and key in found:
            found = cast("dict[str, Any]", found)[key]
        else:
            raise _bad(pointer, f"$ref {reference!r} leads nowhere.")
    return found


def _bad(pointer: str, message: str) -> EvaluatorSettingError:
    return EvaluatorSettingError(
        f"The JSON schema cannot be used: {message}", remedy="Correct it there.", location=Location(pointer=pointer or "/")
    )
