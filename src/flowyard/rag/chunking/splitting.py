"""Cutting a unit that is too long for a chunk: text between sentences, a table between rows, a listing where it is least indented."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from flowyard.rag.chunking.tokens import TokenMap
from flowyard.rag.chunking.units import Unit

_SENTENCE = re.compile(r"(?<=[.!?…])[\"')\]]*\s+|(?<=[\u3002\uff01\uff1f])|\n(?=\s*(?:[-*+•]|\d+[.)])\s)")
#: Lines that a table repeats: its names and the line below them.
_HEADER_LINES = 2
#: A prefix has no more than this part of a chunk.
_PREFIX_PART = 4


@dataclass(frozen=True, slots=True)
class Part:
    """Characters ``start`` to ``end``, and what stands before them in the chunk."""

    start: int
    end: int
    prefix: str = ""


#: Counts the tokens of a short text that is not part of the document's.
Count = Callable[[str], int]


def split(unit: Unit, tokens: TokenMap, most: int, count: Count) -> list[Part]:
    """Return the parts of a unit, each with `most` tokens or fewer, its prefix among them."""
    match unit.kind:
        case "text":
            return list(_packed(_edges(tokens.text, unit, _SENTENCE), tokens, most))
        case "table":
            return _table(unit, tokens, most, count)
        case "code":
            return _code(unit, tokens, most, count)


def _edges(text: str, unit: Unit, pattern: re.Pattern[str]) -> list[int]:
    """Return where pieces begin, and at last the end."""
    places = (found.end() for found in pattern.finditer(text, unit.start, unit.end))
    return [unit.start, *(place for place in places if unit.start < place < unit.end), unit.end]


def _packed(edges: Sequence[int], tokens: TokenMap, most: int) -> Iterator[Part]:
    """Yield as many pieces together as fit; a piece that alone does not is cut between words, or within one that is too long itself."""
    start = edges[0]
    for index in range(1, len(edges)):
        edge, after = edges[index], edges[index + 1] if index + 1 < len(edges) else None
        if after is not None and tokens.count(start, after) <= most:
            continue
        while tokens.count(start, edge) > most:
            cut = _between_words(tokens.text, start, tokens.fits(start, most))
            yield _bare(tokens.text, start, cut)
            start = cut
        if after is None or tokens.count(start, after) > most:
            yield _bare(tokens.text, start, edge)
            start = edge


def _between_words(text: str, start: int, end: int) -> int:
    """Return the last place before `end` where a word begins; `end` itself where the stretch is one word."""
    if end >= len(text) or text[end - 1].isspace() or text[end].isspace():
        return end
    at = end - 1
    while at > start and not text[at - 1].isspace():
        at -= 1
    return at if at > start and text[start:at].strip() else end


def _bare(text: str, start: int, end: int) -> Part:
    """Return a part without blanks at its ends; one of blanks alone stays as it is, and is no chunk."""
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return Part(start, end)


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return lines as places, each with its line feed."""
    found, at = list[tuple[int, int]](), start
    while at < end:
        feed = text.find("\n", at, end)
        after = end if feed < 0 else feed + 1
        found.append((at, after))
        at = after
    return found


def _table(unit: Unit, tokens: TokenMap, most: int, count: Count) -> list[Part]:
    rows = _lines(tokens.text, unit.start, unit.end)
    prefix = "".join(tokens.text[start:end] for start, end in rows[:_HEADER_LINES])
    cost = count(prefix)
    if len(rows) <= _HEADER_LINES or cost > most // _PREFIX_PART:
        prefix, cost = "", 0
    edges = [unit.start, *(start for start, _ in rows[_HEADER_LINES if prefix else 1 :]), unit.end]
    parts = [part for part in _packed(edges, tokens, most - cost) if part.end > part.start]
    return [parts[0], *(Part(part.start, part.end, prefix) for part in parts[1:])]


def _code(unit: Unit, tokens: TokenMap, most: int, count: Count) -> list[Part]:
    text = tokens.text
    rows = _lines(text, unit.start, unit.end)
    parts, first = list[Part](), 0
    while first < len(rows):
        prefix = _enclosing(text, rows, first)
        cost = count(prefix)
        prefix, cost = (prefix, cost) if cost <= most // _PREFIX_PART else ("", 0)
        room, last = most - cost, first + 1
        while last < len(rows) and tokens.count(rows[first][0], rows[last][1]) <= room:
            last += 1
        if last < len(rows):
            last = _gentlest(text, rows, first, last)
        stretch = [rows[first][0], rows[last - 1][1]]
        parts += [Part(part.start, part.end, prefix) for part in _packed(stretch, tokens, room) if part.end > part.start]
        first = last
    return parts


def _gentlest(text: str, rows: list[tuple[int, int]], first: int, last: int) -> int:
    """Return where to cut among the second half of lines: before the least indented, rather after a blank line, and rather late."""

    def badness(index: int) -> tuple[int, bool, int]:
        return _indent(text, rows[index]), bool(text[slice(*rows[index - 1])].strip()), -index

    later = [index for index in range(first + (last - first + 1) // 2, last + 1) if index > first and text[slice(*rows[index])].strip()]
    return min(later, key=badness, default=last)


def _indent(text: str, row: tuple[int, int]) -> int:
    line = text[slice(*row)].expandtabs(4)
    return len(line) - len(line.lstrip())


def _enclosing(text: str, rows: list[tuple[int, int]], at: int) -> str:
    """Return the lines above that the line `at` stands within, by their indentation: its class and function, say."""
    level, found = _indent(text, rows[at]), list[str]()
    for index in range(at - 1, -1, -1):
        line = text[slice(*rows[index])]
        if level == 0:
            break
        if line.strip() and _indent(text, rows[index]) < level:
            level = _indent(text, rows[index])
            found.append(line if line.endswith("\n") else line + "\n")
    return "".join(reversed(found))
