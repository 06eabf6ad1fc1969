"""What a document consists of, as far as cutting goes: paragraphs, tables and listings in order, each below its headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flowyard.rag.model import Block, BlockKind, Document, Heading

_BLANK = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Unit:
    """Characters ``start`` to ``end``, without blanks at their ends.

    ``headings`` are those above it, ``level`` that of the heading that it begins with, and 0 for none.
    """

    start: int
    end: int
    kind: BlockKind
    headings: tuple[str, ...]
    level: int = 0


def units(document: Document) -> Iterator[Unit]:
    """Yield the units of a document: together they have all of its text but blanks."""
    path: list[Heading] = []
    edges = [*document.headings, None]
    yield from _section(document, 0, edges[0].stretch.start if edges[0] else len(document.text), (), 0)
    for heading, after in zip(document.headings, edges[1:], strict=True):
        while path and path[-1].level >= heading.level:
            path.pop()
        path.append(heading)
        end = after.stretch.start if after else len(document.text)
        yield from _section(document, heading.stretch.start, end, tuple(one.title for one in path), heading.level)


def _section(document: Document, start: int, end: int, headings: tuple[str, ...], level: int) -> Iterator[Unit]:
    """Yield what is between a heading and the next; the first has the heading's level."""
    at = start
    for block in _within(document.blocks, start, end):
        for part in _paragraphs(document.text, at, block.stretch.start):
            yield Unit(*part, "text", headings, level)
            level = 0
        yield from (Unit(*part, block.kind, headings, level) for part in _trimmed(document.text, block.stretch.start, block.stretch.end))
        level, at = 0, block.stretch.end
    for part in _paragraphs(document.text, at, end):
        yield Unit(*part, "text", headings, level)
        level = 0


def _within(blocks: tuple[Block, ...], start: int, end: int) -> Iterator[Block]:
    return (block for block in blocks if start <= block.stretch.start < end)


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for blank in _BLANK.finditer(text, start, end):
        yield from _trimmed(text, at, blank.start())
        at = blank.end()
    yield from _trimmed(text, at, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    part = text[start:end]
    if part.strip():
        yield start + len(part) - len(part.lstrip()), start + len(part.rstrip())
