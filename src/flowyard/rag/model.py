"""What a document is once it has been read, and what is kept of it in an index."""

from dataclasses import dataclass, field
from typing import Literal

#: What a stretch of a document holds; what has several kinds is text.
BlockKind = Literal["text", "table", "code"]

#: Headings that are searched with a chunk have so many characters at most.
_HEADINGS = 200

#: A value that a search may filter by.
MetadataValue = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a document's text: characters ``start`` up to, not including, ``end``, counted from 0."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page as its reader counts it, from 1, and where its text stands."""

    number: int
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, its level from 1 (the document's title) down, and where it stands."""

    level: int
    title: str
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Block:
    """A table or a listing of code, which is not to be cut where that can be helped."""

    kind: BlockKind
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read.

    ``key`` names it within its source (a path, an address, a row's key) and stays the same when its content changes; ``fingerprint``
    changes with the content. Pages, headings and blocks are in the order of the text and may be none.
    """

    key: str
    title: str
    text: str
    fingerprint: str
    media_type: str
    pages: tuple[Page, ...] = ()
    headings: tuple[Heading, ...] = ()
    blocks: tuple[Block, ...] = ()
    metadata: dict[str, MetadataValue] = field(default_factory=dict[str, MetadataValue])


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is embedded and found as one.

    ``text`` is the document's text of ``stretch``, below ``prefix`` where a table's header or a definition's first line was repeated.
    ``id`` depends on the document's key, headings, prefix, text and which of equal ones it is: a change elsewhere leaves it as it was.
    ``page`` is the one that most of it stands on. ``tags`` are the access tags of its document: none means that everybody in the
    workspace may find it.
    """

    id: str
    document: str
    ordinal: int
    text: str
    stretch: Stretch
    tokens: int
    kind: BlockKind = "text"
    page: int | None = None
    headings: tuple[str, ...] = ()
    prefix: str = ""
    tags: tuple[str, ...] = ()
    metadata: dict[str, MetadataValue] = field(default_factory=dict[str, MetadataValue])

    @property
    def path(self) -> str:
        """The last of its headings, from the document's own down."""
        return " > ".join(self.headings)[-_HEADINGS:]

    @property
    def context(self) -> str:
        """What says what the text is about, to stand before it: its path, and its prefix."""
        return "".join(f"{part}\n" for part in (self.path, self.prefix.rstrip("\n")) if part)

    @property
    def searched(self) -> str:
        """What is searched by words, read by a reranker, and embedded as far as its headings go into the model (`Chunker.embedded`)."""
        return self.context + self.text
