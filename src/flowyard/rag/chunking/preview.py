"""One document cut in several ways, side by side, before anything is built."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from flowyard.rag.chunking.chunker import Chunker
from flowyard.rag.chunking.settings import ChunkSettings
from flowyard.rag.chunking.tokens import Tokenizer
from flowyard.rag.model import Chunk, Document

_BARS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkPreview:
    """What one way of cutting makes of a document.

    Attributes:
        chunks: all of them, in order.
        tokens: of all chunks together; what overlaps counts as often as it is embedded.
        histogram: how many chunks have up to a tenth, two tenths, … of ``max_tokens``.
    """

    settings: ChunkSettings
    chunks: tuple[Chunk, ...]
    tokens: int
    histogram: tuple[int, ...]


def previews(document: Document, ways: Sequence[ChunkSettings], tokenizer: Tokenizer) -> list[ChunkPreview]:
    """Return what each way of cutting makes of a document."""
    counted = _Counted(document.text, tokenizer)
    return [_preview(settings, Chunker(settings, counted).chunks(document)) for settings in ways]


def _preview(settings: ChunkSettings, chunks: list[Chunk]) -> ChunkPreview:
    bars = [0] * _BARS
    for chunk in chunks:
        bars[min(_BARS - 1, max(0, chunk.tokens - 1) * _BARS // settings.max_tokens)] += 1
    return ChunkPreview(settings=settings, chunks=tuple(chunks), tokens=sum(chunk.tokens for chunk in chunks), histogram=tuple(bars))


class _Counted:
    """Counts the tokens of one text once, however often it is asked."""

    def __init__(self, text: str, tokenizer: Tokenizer) -> None:
        self._text = text
        self._starts = tokenizer.starts(text)
        self._tokenizer = tokenizer
        self.longest = tokenizer.longest

    def starts(self, text: str) -> "array[int]":
        return self._starts if text == self._text else self._tokenizer.starts(text)
