"""Patterns of JSON schemas as llama.cpp takes them.

It puts a ``pattern`` into its grammar as if the text were not within a JSON string. Where the pattern has a quotation mark or a line's end
the model writes it as it is, which is no JSON, and the server answers 500 ("The model produced output that does not match the expected
peg-native format"). So what JSON escapes is put into the pattern as JSON writes it: ``say "hi"`` becomes ``say (\\")hi(\\")``. Where the
pattern lets any sign stand (``.``, ``[^?]``) it is taken out instead: strings are a little narrower than the pattern, and always within it.
"""

import json
import re
from typing import Any, cast

#: What a JSON string cannot hold as it is (RFC 8259, section 7), as a class of a pattern writes it.
_ESCAPED = r'"\\\n\r\t'
_SIGN = r"\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\."
_PART = re.compile(rf"{_SIGN}|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_MEMBER = re.compile(rf"({_SIGN}|.)(?:-({_SIGN}|[^\]]))?", re.DOTALL)
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v"}
#: The signs that JSON escapes and that are none of control, in order, with a class's way to write those before and behind.
_MARKS = (('"', "!", "#"), ("\\", r"\[", r"\]"))


def with_patterns(schema: Any) -> Any:
    """Return a JSON schema whose patterns have a model write JSON where they say that a sign stands which JSON escapes."""
    if isinstance(schema, list):
        return [with_patterns(item) for item in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    known = cast("dict[str, Any]", schema)
    is_pattern = isinstance(known.get("pattern"), str)
    return {name: narrowed(value) if is_pattern and name == "pattern" else with_patterns(value) for name, value in known.items()}


def narrowed(pattern: str) -> str:
    """Return a pattern of what JSON writes for strings that fit the pattern, without what it escapes where any sign may stand."""
    return _PART.sub(lambda part: _narrowed(part.group()), pattern)


def _narrowed(part: str) -> str:
    if part == ".":
        return f"[^{_ESCAPED}]"
    if part.startswith("[^"):
        return f"{part[:-1]}{_ESCAPED}]"
    if part.startswith("[") and len(part) > 1:
        return _class(part)
    sign = _sign_of(part)
    return f"({_written(sign)})" if sign is not None and _is_escaped(sign) else part


def _class(part: str) -> str:
    """Return one of the signs that a class has: those that JSON escapes stand beside it."""
    rest: list[str] = []
    escaped: dict[str, None] = {}
    for first, last in _MEMBER.findall(part[1:-1]):
        low, high = _sign_of(first), _sign_of(last or first)
        if low is None or high is None:
            return part
        kept, out = _split(first, last, low, high)
        rest += kept
        escaped |= dict.fromkeys(out)
    if not escaped:
        return part
    beside = [f"[{''.join(rest)}]"] if rest else []
    return f"({'|'.join([*beside, *map(_written, escaped)])})"


def _split(first: str, last: str, low: str, high: str) -> tuple[list[str], list[str]]:
    """Return what stays of a member of a class, and which of its signs JSON escapes; of those of control only lines' ends and tabs."""
    if not last:
        return ([], [low]) if _is_escaped(low) else ([first], [])
    out = [sign for sign in "\n\r\t" if low <= sign <= high]
    if low < " ":
        low, first = " ", " "
    rest: list[str] = []
    for sign, before, behind in _MARKS:
        if low <= sign <= high:
            out.append(sign)
            rest += [f"{first}-{before}"] if low < sign else []
            low, first = chr(ord(sign) + 1), behind
    return [*rest, *([f"{first}-{last}"] if low <= high else [])], out


def _sign_of(text: str) -> str | None:
    """Return the sign that a part of a pattern stands for; None of those that stand for many, or for none."""
    if len(text) == 1:
        return text
    name = text[1]
    if len(text) > 2:
        return chr(int(text[2:], 16))
    return _CONTROLS.get(name, None if name.isalnum() else name)


def _is_escaped(sign: str) -> bool:
    return sign < " " or sign in '"\\'


def _written(sign: str) -> str:
    """Return the pattern of what JSON writes for a sign."""
    return json.dumps(sign)[1:-1].replace("\\", r"\\")
