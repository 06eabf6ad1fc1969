"""Patterns of JSON schemas as llama.cpp takes them.

It knows few of the ways to write a regular expression; of any other its log says "accepting any string", and the caller hears nothing. It
also puts a ``pattern`` into its grammar as if the text were not within a JSON string: where that has a quotation mark or a line's end the
model writes it as it is, which is no JSON, and the server answers 500 ("The model produced output that does not match the expected
peg-native format"). So a pattern is read (`regexes`) and written anew with what llama.cpp knows, and what JSON escapes is put as JSON
writes it: ``say "\\d"`` becomes ``say (\\")[0-9](\\")``. Where the pattern lets any sign stand (``.``, ``[^?]``, ``\\S``) it is taken out
instead: strings are a little narrower than the pattern, and always within it. What has no ``^`` or ``$`` may have up to 256 signs there.
"""

import json
from collections.abc import Iterable
from typing import Any, cast

from flowyard.foundation.errors import Location
from flowyard.inference.engines.regexes import LAST, Choice, End, Part, Ranges, Signs, Times, joined, others, read_pattern
from flowyard.inference.errors import PatternUnsupportedError

#: What a JSON string cannot hold as it is (RFC 8259, section 7), and halves of signs, which UTF-8 does not have.
_NOT_RAW: Ranges = ((0, 31), (34, 34), (92, 92), (0xD800, 0xDFFF))
_RAW = others(_NOT_RAW)
#: What is written in JSON's way where a class has it beside others: line ends, tab, quotation mark, backslash.
_ESCAPED: Ranges = ((9, 10), (13, 13), (34, 34), (92, 92))
_FREE = Times(Signs(_RAW), 0, 256)
_SPECIAL = frozenset(r"^$\.*+?()[]{}|")
#: Below these keywords of a schema stand values, and no schemas.
_VALUES = frozenset({"const", "enum", "default", "examples"})


def with_patterns(schema: Any, pointer: str = "") -> Any:
    """Return a JSON schema, or what holds some, with its patterns as llama.cpp takes them. `pointer` says where it stands in the request.

    Raises:
        PatternUnsupportedError: a pattern is no regular expression, or none that a grammar can say. Its location is the pattern's.
    """
    if isinstance(schema, list):
        return [with_patterns(item, f"{pointer}/{number}") for number, item in enumerate(cast("list[Any]", schema))]
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {}
    for name, value in cast("dict[str, Any]", schema).items():
        place = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
        if name == "pattern" and isinstance(value, str):
            made[name] = _narrowed_at(value, place)
        else:
            made[name] = value if name in _VALUES else with_patterns(value, place)
    return made


def narrowed(pattern: str) -> str:
    """Return a pattern in llama.cpp's words, of what JSON writes for strings that fit the pattern.

    Raises:
        PatternUnsupportedError: it is no regular expression, or none that a grammar can say.
    """
    ways = [_between_ends(way, pattern) for way in _ways(read_pattern(pattern))]
    written = "|".join(_sequence(way, pattern) for way in ways)
    return f"^{written}$" if len(ways) == 1 else f"^({written})$"


def _narrowed_at(pattern: str, pointer: str) -> str:
    try:
        return narrowed(pattern)
    except PatternUnsupportedError as error:
        error.location = Location(pointer=pointer)
        raise


def _ways(choice: Choice) -> Iterable[tuple[Part, ...]]:
    """Return the ways of a whole pattern; a group around all of one is none."""
    for way in choice.ways:
        if len(way) == 1 and isinstance(way[0], Choice):
            yield from _ways(way[0])
        else:
            yield way


def _between_ends(way: tuple[Part, ...], pattern: str) -> tuple[Part, ...]:
    """Return a way without its ends; where it has none, anything may stand."""
    begins, ends = way[:1] == (End("^"),), way[-1:] == (End("$"),)
    inner = way[1 if begins else 0 : -1 if ends else None]
    if any(_has_end(part) for part in inner):
        raise PatternUnsupportedError(f"The pattern {pattern!r} has '^' or '$' elsewhere than at its beginning and its end.")
    if not inner:
        return () if begins and ends else (_FREE,)
    before = () if begins or _is_free(inner[0]) else (_FREE,)
    behind = () if ends or _is_free(inner[-1]) else (_FREE,)
    return (*before, *inner, *behind)


def _has_end(part: Part) -> bool:
    if isinstance(part, Times):
        return _has_end(part.part)
    return isinstance(part, End) or (isinstance(part, Choice) and any(_has_end(inner) for way in part.ways for inner in way))


def _is_free(part: Part) -> bool:
    return isinstance(part, Times) and part.most is None and isinstance(part.part, Signs) and part.part.ranges[-1][1] == LAST


def _sequence(parts: tuple[Part, ...], pattern: str) -> str:
    return "".join(_part(part, pattern) for part in parts)


def _part(part: Part, pattern: str) -> str:
    match part:
        case Signs(ranges):
            return _signs(ranges, pattern)
        case Choice(ways):
            return f"({'|'.join(_sequence(way, pattern) for way in ways)})"
        case Times(inner, least, most):
            return f"{_part(inner, pattern)}{_times(least, most)}"
        case End():
            raise AssertionError(part)


def _times(least: int, most: int | None) -> str:
    signs: dict[tuple[int, int | None], str] = {(0, None): "*", (1, None): "+", (0, 1): "?"}
    known = signs.get((least, most))
    if known is not None:
        return known
    return f"{{{least}}}" if most == least else f"{{{least},{'' if most is None else most}}}"


def _signs(ranges: Ranges, pattern: str) -> str:
    """Return one of some signs: those that JSON escapes stand beside the others."""
    raw = _common(ranges, _RAW)
    if raw and raw[-1][1] == LAST:
        return f"[^{_members(others(raw))}]"
    escaped = _common(ranges, _ESCAPED) or (() if raw else _common(ranges, ((0, 31),)))
    ways = [_written(chr(code)) for low, high in escaped for code in range(low, high + 1)]
    if raw:
        single = raw[0][0] == raw[-1][1]
        ways.insert(0, _literal(chr(raw[0][0])) if single else f"[{_members(raw)}]")
    if not ways:
        raise PatternUnsupportedError(f"The pattern {pattern!r} has a class that no sign is in.")
    return ways[0] if raw and len(ways) == 1 else f"({'|'.join(ways)})"


def _common(one: Ranges, other: Ranges) -> Ranges:
    return others(joined(*others(one), *others(other)))


def _members(ranges: Ranges) -> str:
    return "".join(_member(low) if low == high else f"{_member(low)}-{_member(high)}" for low, high in ranges)


def _member(code: int) -> str:
    sign = chr(code)
    if sign in "[]\\":
        return f"\\{sign}"
    if sign not in "^-" and sign.isprintable():
        return sign
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _literal(sign: str) -> str:
    return f"\\{sign}" if sign in _SPECIAL else sign


def _written(sign: str) -> str:
    """Return the pattern of what JSON writes for a sign."""
    return json.dumps(sign)[1:-1].replace("\\", r"\\")
