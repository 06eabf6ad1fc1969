"""Headings, tables and listings in Markdown (CommonMark 0.31, tables as GitHub's), found line by line with their places.

All formats become Markdown, so this is the one place that knows what a document is made of.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from flowyard.rag.model import Block, Heading, Stretch

_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)$")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")
_DELIMITERS = re.compile(r" {0,3}\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_MARKS = re.compile(r"[*_`]+")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


@dataclass(slots=True)
class _Line:
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(slots=True)
class _Scan:
    headings: list[Heading] = field(default_factory=list[Heading])
    blocks: list[Block] = field(default_factory=list[Block])


def front_matter(text: str) -> tuple[str, str]:
    """Return the YAML at the head of a Markdown file (empty where there is none), and the rest."""
    found = _FRONT_MATTER.match(text)
    return (found.group(1) or "", text[found.end() :]) if found else ("", text)


def structure(text: str) -> tuple[tuple[Heading, ...], tuple[Block, ...]]:
    """Return the headings of a Markdown text, and its tables and fenced listings, in the order of the text."""
    lines = list(_lines(text))
    scan = _Scan()
    index = 0
    while index < len(lines):
        index = _take(lines, index, scan)
    return tuple(scan.headings), tuple(scan.blocks)


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield _Line(start, text[start:end])
        start = end + 1


def _take(lines: list[_Line], index: int, scan: _Scan) -> int:
    """Take what begins at a line; return the index of the line after it."""
    line = lines[index]
    fence = _FENCE.match(line.text)
    if fence and not (fence.group(1)[0] == "`" and "`" in fence.group(2)):
        return _listing(lines, index, fence.group(1), scan)
    atx = _ATX.match(line.text)
    if atx:
        _heading(scan, len(atx.group(1)), atx.group(2) or "", line.start, line.end)
        return index + 1
    if index + 1 == len(lines) or not line.text.strip():
        return index + 1
    below = lines[index + 1]
    if "|" in line.text and "|" in below.text and _DELIMITERS.match(below.text):
        return _table(lines, index, scan)
    underline = _UNDERLINE.match(below.text)
    alone = index == 0 or not lines[index - 1].text.strip()
    if underline and alone and not line.text.lstrip().startswith(("-", "*", ">", "+", "|")):
        _heading(scan, 1 if underline.group(1)[0] == "=" else 2, line.text, line.start, below.end)
        return index + 2
    return index + 1


def _heading(scan: _Scan, level: int, title: str, start: int, end: int) -> None:
    plain = _MARKS.sub("", _LINK.sub(r"\1", title)).strip()
    if plain:
        scan.headings.append(Heading(level, plain, Stretch(start, end)))


def _listing(lines: list[_Line], index: int, fence: str, scan: _Scan) -> int:
    last = index + 1
    while last < len(lines):
        closing = _FENCE.match(lines[last].text)
        if closing and closing.group(1)[0] == fence[0] and len(closing.group(1)) >= len(fence) and not closing.group(2).strip():
            break
        last += 1
    end = min(last, len(lines) - 1)
    scan.blocks.append(Block("code", Stretch(lines[index].start, lines[end].end)))
    return end + 1


def _table(lines: list[_Line], index: int, scan: _Scan) -> int:
    last = index + 1
    while last + 1 < len(lines) and "|" in lines[last + 1].text:
        last += 1
    scan.blocks.append(Block("table", Stretch(lines[index].start, lines[last].end)))
    return last + 1
