"""Indexes of documents: what they are made of, their versions, documents and chunks, and searches."""

from dataclasses import dataclass, field
from typing import Literal

from flowyard.wire.index_origins import DocumentOrigin

ChunkStrategy = Literal["structure", "tokens"]
IndexSearchKind = Literal["hybrid", "vector", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkRecipe:
    """How documents are cut.

    Attributes:
        strategy: ``structure``: at headings, paragraphs, rows of tables and definitions of code; ``tokens``: windows of one length.
        max_tokens: the most tokens of a chunk, as the embedding model counts them.
        overlap_tokens: how many of them a chunk has in common with the one before it, at most half of `max_tokens`.
    """

    strategy: ChunkStrategy = "structure"
    max_tokens: int = 256
    overlap_tokens: int = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRule:
    """Documents whose keys begin with `under` are found only by callers who have one of `tags`. The longest rule that fits counts."""

    under: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexBuild:
    """Build an index, or a new version of one.

    Attributes:
        source: the documents: ``azureml:<name>:<version>`` (or with a label), or an upload.
        origin: or where they are gathered from. Without both: what the version before was built of, as it is now: its origin, asked anew,
            or the newest version of its data asset.
        embedding_model: as ``/v1/embeddings`` knows it: a local model, or ``<connection>/<model>``. It stays the index's.
        language: whose word endings the search by words knows; None: words as they stand.
        chunks: how documents are cut. None: as for the version before; of a new index as `ChunkRecipe` says.
        access: who finds what. None: as for the version before; of a new index everybody everything.
    """

    name: str
    source: str | None = None
    origin: DocumentOrigin | None = None
    embedding_model: str | None = None
    language: str | None = "English"
    chunks: ChunkRecipe | None = None
    access: tuple[AccessRule, ...] | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexBuildResult:
    """What a build did. `made`: False when nothing differs from the version before, which `version` then names.

    Attributes:
        documents: how many the version has; unread ones are not among them.
        unread: files that could not be read; the version's list of documents says why.
        changed: documents that were cut and written in this build.
        removed: documents of the version before that are gone.
        embedded: chunks that were embedded; the others of `chunks` were there.
    """

    name: str
    version: str
    made: bool
    documents: int
    chunks: int
    unread: int = 0
    changed: int = 0
    removed: int = 0
    embedded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexVersion:
    """A version of an index, as far as the caller sees it. It never changes.

    It was built of `source`, which was gathered from `origin`, if from anywhere. `documents` and what follows count the documents that the
    caller sees; `embedded` is None for who does not see all. `proposed_chunking`: ways of cutting that a search for a better configuration
    tries unless others are asked for, its own among them.
    """

    name: str
    version: str
    source: str
    chunking: ChunkRecipe
    proposed_chunking: tuple[ChunkRecipe, ...]
    access: tuple[AccessRule, ...]
    documents: int
    unread: int
    chunks: int
    tokens: int
    embedded: int | None
    elapsed_s: float
    job: str
    created_at: str
    created_by: str
    labels: tuple[str, ...] = ()
    origin: DocumentOrigin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index of documents, and its newest version."""

    name: str
    embedding_model: str
    dimensions: int
    language: str | None
    versions: int
    latest: IndexVersion
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDocument:
    """A document of a version. One that could not be read has `why` and `message`, and no title and chunks.

    `tags`: those of its access tags that let the caller see it.
    """

    key: str
    title: str
    media_type: str
    chunks: int
    tokens: int
    pages: int
    why: str | None = None
    message: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStretch:
    """What of a chunk stands on one page: characters of the document's text from `start` up to, not including, `end`."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexChunk:
    """A chunk. `start` and `end` are characters of its document's text, counted from 0; `prefix` stands before `text`.

    `page` is the one that most of it stands on, `pages` are all of them; none where an index was built before these were kept.

    `metadata` is its document's: of a web page its `url`, of a row the columns that are no text.
    """

    id: str
    document: str
    ordinal: int
    text: str
    prefix: str
    start: int
    end: int
    page: int | None
    headings: tuple[str, ...]
    kind: Literal["text", "table", "code"]
    tokens: int
    tags: tuple[str, ...]
    metadata: dict[str, str | int | float | bool] = field(default_factory=dict[str, str | int | float | bool])
    pages: tuple[PageStretch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexQuery:
    """A search.

    Attributes:
        text: the question in words.
        version: a version, or a label; ``latest`` is the newest.
        kind: by vectors, by words (``text``), or both with their ranks fused.
        top_k: how many chunks, 1 to 100.
        vector_weight: the share of vectors in a hybrid search, 0 to 1; 0.5 is plain reciprocal rank fusion.
        under: only documents whose keys begin so.
        tags: the access tags of whoever the answer is for: only what both they and the caller see is found. None: what the caller sees.
        rerank: the reranking model that orders the best 30 anew, as ``/v1/rerank`` knows it: a local model, or ``<connection>/<model>``.
    """

    text: str
    version: str = "latest"
    kind: IndexSearchKind = "hybrid"
    top_k: int = 5
    vector_weight: float = 0.5
    under: str = ""
    tags: tuple[str, ...] | None = None
    rerank: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedScore:
    """A place in an order, from 1, and the score that gave it."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexHit:
    """A chunk that was found, with every score: cosine similarity (`vector`), BM25 (`words`), reciprocal rank fusion (`fused`).

    `reranked` is the reranking model's own score, which compares only within one answer.
    """

    chunk: IndexChunk
    title: str
    score: float
    vector: RankedScore | None = None
    words: RankedScore | None = None
    fused: RankedScore | None = None
    reranked: RankedScore | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexAnswer:
    """What a search found, the best first, in which version, and how long it took without the question's embedding and with it."""

    version: str
    hits: tuple[IndexHit, ...]
    search_ms: float
    elapsed_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexLabel:
    """Let a label stand on a version, wherever it stood: a roll-back is a label on an older version."""

    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDiff:
    """What lies between two versions: documents, and how many chunks."""

    before: str
    after: str
    documents_added: tuple[str, ...] = field(default=())
    documents_removed: tuple[str, ...] = field(default=())
    documents_changed: tuple[str, ...] = field(default=())
    chunks_added: int = 0
    chunks_removed: int = 0
