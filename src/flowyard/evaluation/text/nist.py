"""The international tokenizer of NIST's mteval script as NLTK has it: text in any language to words."""

import re
import sys
import unicodedata
from functools import cache
from typing import NamedTuple

_ASCII = re.compile(r"([\x00-\x7f]+)")
# What is written with ideographs or syllables has no letters in NLTK's tables.
_IDEOGRAPHIC = ((0x2E80, 0x2FD5), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAD9))
_PLANE = 0x10000
_ESCAPES = (("&apos;", "'"), ("&quot;", '"'), ("&#124;", "|"), ("&#91;", "["), ("&#93;", "]"), ("&gt;", ">"), ("&lt;", "<"), ("&amp;", "&"))


class _Patterns(NamedTuple):
    mark_after: re.Pattern[str]
    mark_before: re.Pattern[str]
    symbol: re.Pattern[str]


def words(text: str) -> list[str]:
    """Return the words and marks of `text`; marks between digits stay with them.

    The tables of characters are Unicode's categories within the first plane, as in NLTK: an emoji beyond it stays with its word.
    """
    patterns = _patterns()
    text = text.replace("<skipped>", "").replace("\u2028", " ")
    for escape, character in _ESCAPES:
        text = text.replace(escape, character)
    text = _ASCII.sub(r" \1 ", text)
    text = patterns.mark_after.sub(r"\1 \2 ", text)
    text = patterns.mark_before.sub(r" \1 \2", text)
    return patterns.symbol.sub(r" \1 ", text).split()


@cache
def _patterns() -> _Patterns:
    found: dict[str, list[int]] = {"P": [], "S": [], "other": []}
    for code in range(min(_PLANE, sys.maxunicode)):
        kind = unicodedata.category(chr(code))[0]
        if kind in "LMPS" and not any(low <= code <= high for low, high in _IDEOGRAPHIC):
            found["other"].append(code)
            if kind in "PS":
                found[kind].append(code)
    marks, symbols, others = (_class(found[name]) for name in ("P", "S", "other"))
    return _Patterns(re.compile(f"({others})({marks})"), re.compile(f"({marks})({others})"), re.compile(f"({symbols})"))


def _class(codes: list[int]) -> str:
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "[" + "".join(f"\\u{low:04x}-\\u{high:04x}" for low, high in ranges) + "]"
