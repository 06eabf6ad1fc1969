"""Patterns of JSON schemas as llama.cpp takes them.

It puts a ``pattern`` into its grammar as if the text were not within a JSON string. Where the pattern lets any sign stand (``.``,
``[^?]``) the model may write a quotation mark or a line's end there, which is no JSON, and the server answers 500 ("The model produced
output that does not match the expected peg-native format"). So what would have to be escaped in JSON is taken out of such places: strings
are a little narrower than the pattern, and always within it.
"""

import re
from typing import Any, cast

#: What a JSON string cannot hold as it is (RFC 8259, section 7), as a class of a pattern writes it.
_ESCAPED = r'"\\\n\r\t'
_PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\.", re.DOTALL)
_MARK = re.compile(r'"|\\\\')


def with_patterns(schema: Any) -> Any:
    """Return a JSON schema whose patterns leave no sign that has to be escaped to a place where any may stand."""
    if isinstance(schema, list):
        return [with_patterns(item) for item in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    known = cast("dict[str, Any]", schema)
    is_pattern = isinstance(known.get("pattern"), str)
    return {name: narrowed(value) if is_pattern and name == "pattern" else with_patterns(value) for name, value in known.items()}


def narrowed(pattern: str) -> str:
    """Return a pattern without quotation marks, backslashes and ends of lines where any sign may stand."""
    return _PART.sub(lambda part: _narrowed(part.group()), pattern)


def _narrowed(part: str) -> str:
    if part == ".":
        return f"[^{_ESCAPED}]"
    if part.startswith("[^"):
        return f"{part[:-1]}{_ESCAPED}]"
    if part.startswith("["):
        rest = _MARK.sub("", part[1:-1])
        return f"[{rest}]" if rest else part
    return part
