"""A document's chunks."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from flowyard.rag.chunking.settings import ChunkSettings
from flowyard.rag.chunking.splitting import Part, split
from flowyard.rag.chunking.tokens import Tokenizer, TokenMap
from flowyard.rag.chunking.units import Unit, units
from flowyard.rag.model import BlockKind, Chunk, Document, Stretch
from flowyard.rag.pages import main_page, pages_within, starts_of

#: A section with fewer of a chunk's tokens than this part is joined with what comes after its end.
_SMALL_PART = 4
#: Blanks between a sentence and the next are fewer.
_NEAR = 100
_SENTENCE_ENDS = ".!?…\u3002\uff01\uff1f"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A chunk to be: its place, and what comes with it. ``joined``: the text before it belongs to it and was cut off."""

    start: int
    end: int
    kind: BlockKind
    headings: tuple[str, ...]
    prefix: str = ""
    joined: bool = False


class Chunker:
    """Cuts documents by one set of settings, counted by one model's tokens."""

    def __init__(self, settings: ChunkSettings, tokenizer: Tokenizer) -> None:
        self._settings = settings
        self._most = min(settings.max_tokens, tokenizer.longest or settings.max_tokens)
        self._overlap = min(settings.overlap_tokens, self._most // 2)
        self._tokenizer = tokenizer
        self._count = lru_cache(maxsize=256)(self._counted)  # of prefixes, which come again

    def _counted(self, text: str) -> int:
        return len(self._tokenizer.starts(text))

    def chunks(self, document: Document, tags: tuple[str, ...] = ()) -> list[Chunk]:
        """Return a document's chunks in the order of its text, with these access tags.

        All text but blanks is in at least one; the same document always gives the same chunks.
        """
        tokens = TokenMap(document.text, self._tokenizer)
        pieces = self._windows(document, tokens) if self._settings.strategy == "tokens" else self._structured(document, tokens)
        starts = starts_of(document.pages)
        seen: dict[tuple[str, str, tuple[str, ...]], int] = {}
        chunks = list[Chunk]()
        for piece in pieces:
            text = document.text[piece.start : piece.end]
            same = (text, piece.prefix, piece.headings)
            seen[same] = seen.get(same, 0) + 1
            chunks.append(
                Chunk(
                    id=_id(document.key, *same, seen[same]),
                    document=document.key,
                    ordinal=len(chunks),
                    text=text,
                    stretch=Stretch(piece.start, piece.end),
                    tokens=tokens.count(piece.start, piece.end) + (self._count(piece.prefix) if piece.prefix else 0),
                    kind=piece.kind,
                    page=main_page(pages_within(starts, Stretch(piece.start, piece.end))),
                    headings=piece.headings,
                    prefix=piece.prefix,
                    tags=tags,
                    metadata=document.metadata,
                )
            )
        return chunks

    def embedded(self, chunk: Chunk) -> str:
        """Return what of a chunk is embedded: all of it, below as much of its headings, from their end, as goes into the model, too."""
        path, longest = chunk.path, self._tokenizer.longest
        left = len(path) if longest is None else max(0, longest - chunk.tokens - 1)
        if len(path) <= left or self._count(path) <= left:
            return chunk.searched
        starts = self._tokenizer.starts(path)
        kept = f"{path[starts[len(starts) - left] :]}\n" if left else ""
        return kept + chunk.searched[len(path) + 1 :]

    def _structured(self, document: Document, tokens: TokenMap) -> Iterator[_Piece]:
        overlap = self._overlap
        before: _Piece | None = None
        for piece in self._packed(units(document), tokens):
            if piece.joined and before is not None and overlap:
                earliest = max(before.start + 1, tokens.back(piece.start, overlap))
                start = _clean_start(document.text, earliest, piece.start)
                yield _Piece(start, piece.end, piece.kind, piece.headings)
            else:
                yield piece
            before = piece

    def _packed(self, found: Iterable[Unit], tokens: TokenMap) -> Iterator[_Piece]:
        """Yield units together as far as they fit, and cut those that alone do not. Listings and tables leave no room for an overlap: they
        have none."""
        last: _Piece | None = None
        level, most = 0, self._most - self._overlap
        for unit in found:
            if last is not None and self._go_together(last, level, unit, tokens, most):
                kind = last.kind if last.kind == unit.kind else "text"
                last = _Piece(last.start, unit.end, kind, last.headings, joined=last.joined)
                continue
            joined = last is not None and unit.kind == "text" and not unit.level and last.headings == unit.headings
            small = tokens.count(last.start, last.end) if last is not None and not last.prefix else most
            room = most if unit.kind == "text" else self._most
            if last is not None and small < most // _SMALL_PART:  # a heading, mostly: it goes with the first part of what it is above
                first, *pieces = self._cut(unit, tokens, room - small, joined=joined)
                pieces = [_Piece(last.start, first.end, first.kind, first.headings), *pieces]
            else:
                if last is not None:
                    yield last
                pieces = self._cut(unit, tokens, room, joined=joined)
            *whole, last = pieces
            yield from whole
            level = unit.level
        if last is not None:
            yield last

    def _go_together(self, piece: _Piece, level: int, unit: Unit, tokens: TokenMap, most: int) -> bool:
        size = tokens.count(piece.start, piece.end)
        if piece.prefix or size + tokens.count(piece.end, unit.end) > most:
            return False
        within = not unit.level or (level and unit.level > level)
        return bool(within) or size < most // _SMALL_PART

    def _cut(self, unit: Unit, tokens: TokenMap, most: int, *, joined: bool) -> list[_Piece]:
        if tokens.count(unit.start, unit.end) <= most:
            return [_Piece(unit.start, unit.end, unit.kind, unit.headings, joined=joined)]
        parts: list[Part] = [part for part in split(unit, tokens, most, self._count) if part.end > part.start]
        return [
            _Piece(part.start, part.end, unit.kind, unit.headings, part.prefix, joined=unit.kind == "text" and (joined or index > 0))
            for index, part in enumerate(parts)
        ]

    def _windows(self, document: Document, tokens: TokenMap) -> Iterator[_Piece]:
        text, most, overlap = document.text, self._most, self._overlap
        paths = [(unit.start, unit.headings) for unit in units(document)]
        places = [place for place, _ in paths]
        start = len(text) - len(text.lstrip())
        while start < len(text):
            end = tokens.fits(start, most)
            end = end if end >= len(text) else _word_start(text, start, end)
            headings = paths[max(0, bisect_right(places, start) - 1)][1]
            stop = start + len(text[start:end].rstrip())
            if stop > start:
                yield _Piece(start, stop, "text", headings)
            if end >= len(text):
                return
            back = _word_start(text, start, tokens.back(end, overlap)) if overlap else end
            start = back if start < back <= end else end


def _word_start(text: str, start: int, at: int) -> int:
    """Return the last place from `at` backwards where a word begins; `at` itself where there is none after `start`."""
    place = at
    while place > start and not (text[place - 1].isspace() and not text[place].isspace()):
        place -= 1
    return place if place > start else at


def _clean_start(text: str, earliest: int, end: int) -> int:
    """Return where an overlap begins: after the first sentence's end from `earliest` on, or else at the first word."""
    first: int | None = None
    last = text[max(0, earliest - _NEAR) : earliest].rstrip()[-1:]
    for at in range(earliest, end):
        if text[at - 1].isspace() and not text[at].isspace():
            first = at if first is None else first
            if last and last in _SENTENCE_ENDS:
                return at
        last = last if text[at].isspace() else text[at]
    return end if first is None else first


def _id(key: str, text: str, prefix: str, headings: tuple[str, ...], which: int) -> str:
    digest = hashlib.sha256()
    for part in (key, *headings, prefix, text, str(which)):
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:32]
