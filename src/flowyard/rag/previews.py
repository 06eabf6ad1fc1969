"""Ways of cutting shown on a document, before anything is built: read as builds read it, cut, and kept nowhere."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Protocol

from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.identity.access import EVERYTHING
from flowyard.rag.building.plan import path_of, paths_of
from flowyard.rag.chunking.preview import ChunkPreview as Cut
from flowyard.rag.chunking.preview import previews
from flowyard.rag.chunking.settings import ChunkSettings
from flowyard.rag.chunking.tokens import ApproximateTokenizer, Tokenizer
from flowyard.rag.cracking.crackers import Cracker
from flowyard.rag.cracking.model import CrackLimits, CrackTask, Unreadable, UnreadableError
from flowyard.rag.errors import DocumentNotFoundError, PreviewBusyError
from flowyard.rag.model import Document, Stretch
from flowyard.rag.pages import PageStarts, starts_of
from flowyard.rag.presenting import as_chunk
from flowyard.rag.sources.manifest import Manifest
from flowyard.wire.index_previews import ChunkPreview, ChunkPreviewCreate, PreviewedWay
from flowyard.wire.indexes import ChunkRecipe

_MIB = 1024 * 1024
#: Somebody waits for it, in a request: less than a build may take.
_LIMITS = CrackLimits(bytes=32 * _MIB, unpacked_bytes=256 * _MIB, text_characters=1_000_000, memory_mib=1024, seconds=30.0)
_MOST_WAYS, _LONGEST_CHUNK = 4, 8192
#: Characters of a page of a document that has none, and what is shown of one at most.
_PAGE, _LONGEST_PAGE = 6_000, 20_000
#: So many documents are read and cut at once; so many that were read last are kept, for other ways and pages of them.
_AT_ONCE, _KEPT = 2, 4
_WAIT_S = 20.0
_LISTED = 200


class Sources(Protocol):
    """Where documents are, as `sources.service.DocumentSources` has them."""

    def pin(self, workspace_id: str, text: str) -> str:
        """Return what names this very data for ever."""
        ...

    def resolve(self, workspace_id: str, text: str) -> Path:
        """Return the file or folder that a reference names."""
        ...


class Tokenizers(Protocol):
    """What counts the tokens of models, as `rag.models.EmbeddingModels` has it."""

    def tokenizer(self, model: str) -> Tokenizer:
        """Return what counts a model's tokens."""
        ...


class ChunkPreviewer:
    """Cuts documents of data. All methods block."""

    def __init__(self, sources: Sources, models: Tokenizers) -> None:
        self._sources = sources
        self._models = models
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        self._document = lru_cache(maxsize=_KEPT)(_read)

    def preview(self, workspace_id: str, data: str, model: str, asked: ChunkPreviewCreate) -> ChunkPreview:
        """Cut a document of `data` in the ways that are asked for, by the tokens of `model`.

        Raises:
            InvalidInputError: there is no way of cutting or too many, one is not valid, or the document has no such page.
            DataAssetNotFoundError, DataError: there is no such data.
            DocumentNotFoundError: the data has no such document.
            UnreadableError: the document cannot be read, or is too large for a preview.
            PreviewBusyError: others are being made.
            ModelNotPulledError: the model is not on this machine.
        """
        ways = _settings(asked.ways)
        source = self._sources.pin(workspace_id, data)
        path = _path(self._sources.resolve(workspace_id, source), asked.document, source)
        with self._turn():
            document = self._document(path, asked.document, path.stat().st_mtime_ns)
            tokenizer = self._models.tokenizer(model)
            page, pages, shown = _window(document, asked.page)
            made = previews(document, ways, tokenizer)
        return ChunkPreview(
            document=document.key,
            title=document.title,
            media_type=document.media_type,
            characters=len(document.text),
            pages=pages,
            page=page,
            start=shown.start,
            end=shown.end,
            embedding_model=model,
            exact=not isinstance(tokenizer, ApproximateTokenizer),
            ways=tuple(_told(way, cut, shown, starts_of(document.pages)) for way, cut in zip(asked.ways, made, strict=True)),
        )

    def documents(self, workspace_id: str, data: str, like: str) -> tuple[str, ...]:
        """Return the keys of the first 200 documents of `data` that have `like` in them, whatever its case.

        Raises:
            DataAssetNotFoundError, DataError: there is no such data.
        """
        root = self._sources.resolve(workspace_id, self._sources.pin(workspace_id, data))
        return tuple(islice((key for key, _ in paths_of(root) if like.lower() in key.lower()), _LISTED))

    @contextmanager
    def _turn(self) -> Generator[None]:
        if not self._turns.acquire(timeout=_WAIT_S):
            raise PreviewBusyError(f"{_AT_ONCE} other documents are being read and cut for previews.")
        try:
            yield
        finally:
            self._turns.release()


def missing(document: str, where: str) -> DocumentNotFoundError:
    """Return the error of a document that is not there, or not for the caller: the two are told alike."""
    return DocumentNotFoundError(
        f"There is no document {document[:200]!r} in {where}.",
        remedy="Give its path within the data, with '/' between folders; files that begin with a dot are none.",
    )


def _settings(ways: tuple[ChunkRecipe, ...]) -> list[ChunkSettings]:
    place = Location(pointer="/ways")
    if not 1 <= len(ways) <= _MOST_WAYS:
        raise InvalidInputError(f"A preview shows 1 to {_MOST_WAYS} ways of cutting; {len(ways)} are asked for.", location=place)
    longest = max(way.max_tokens for way in ways)
    if longest > _LONGEST_CHUNK:
        raise InvalidInputError(
            f"A preview shows chunks of up to {_LONGEST_CHUNK:,} tokens; {longest:,} are asked for.",
            remedy="Hardly any embedding model reads more.",
            location=place,
        )
    return [ChunkSettings.of(way) for way in ways]


def _path(root: Path, key: str, source: str) -> Path:
    entry = Manifest.read(root).entries.get(key)
    if entry is not None and entry.problem is not None:
        raise UnreadableError("unreachable", entry.problem)
    path = path_of(root, key)
    if path is None:
        raise missing(key, source)
    return path


def _read(path: Path, key: str, changed_ns: int) -> Document:
    with Cracker(_LIMITS) as cracker:
        found = cracker.crack(CrackTask(path=str(path), key=key, fingerprint=str(changed_ns)))
    if isinstance(found, Unreadable):
        error = UnreadableError(found.why, found.message)
        if found.why in {"too_large", "too_slow"}:
            error.remedy = "Preview another document: a build takes longer for each, and reads larger ones."
        raise error
    return found


def _window(document: Document, wanted: int | None) -> tuple[int, tuple[int, ...], Stretch]:
    """Return the number of the page to show, those that there are, and where its text stands."""
    pages = {page.number: page.stretch for page in document.pages} or {
        number: Stretch(start, min(start + _PAGE, len(document.text)))
        for number, start in enumerate(range(0, len(document.text), _PAGE), start=1)
    }
    number = next(iter(pages)) if wanted is None else wanted
    found = pages.get(number)
    if found is None:
        raise InvalidInputError(
            f"The document has no page {number}.", remedy=f"Its pages are {min(pages)} to {max(pages)}.", location=Location(pointer="/page")
        )
    return number, tuple(pages), Stretch(found.start, min(found.end, found.start + _LONGEST_PAGE))


def _told(way: ChunkRecipe, cut: Cut, shown: Stretch, starts: PageStarts) -> PreviewedWay:
    return PreviewedWay(
        way=way,
        count=len(cut.chunks),
        tokens=cut.tokens,
        histogram=cut.histogram,
        chunks=tuple(
            as_chunk(chunk, EVERYTHING, starts)
            for chunk in cut.chunks
            if chunk.stretch.start < shown.end and chunk.stretch.end > shown.start
        ),
    )
