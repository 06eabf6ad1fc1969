"""Where chunks and their vectors are kept, and what orders them anew.

`flowyard.testing.vector_store` holds every backend to what is said here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from flowyard.identity.access import Access
from flowyard.rag.model import Chunk
from flowyard.rag.search.filters import Filter

#: Vectors in the order of their chunks; a float32 matrix of numpy is one too.
Vectors = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class IndexKey:
    """An index within its workspace. Both are letters, digits, ``_``, ``-`` and ``.``, and begin with a letter or digit."""

    workspace_id: str
    name: str


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """What makes the vectors of an index: those of another name, fingerprint (of its files, "" where unknown) or length do not compare."""

    name: str
    dimensions: int
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexInfo:
    """An index as it is.

    Attributes:
        embedding: what its vectors are made by.
        language: whose endings and filler words the search by words knows ("English"), or None: words as they stand.
        chunks: how many it has at its head.
        versions: the names of published versions, the first published first.
    """

    embedding: EmbeddingModel
    language: str | None
    chunks: int
    versions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is written at once: all of it is there afterwards, or nothing.

    Attributes:
        key: tells a repetition. A step whose key was written already changes nothing, whatever it holds.
        embedding: what made `vectors`.
        chunks: are added, or take the place of those of the same id.
        vectors: one for each chunk, finite numbers.
        documents: documents whose chunks go, besides those of this step: `chunks` is all that is left of them.
        gone: ids of single chunks that go.
    """

    key: str
    embedding: EmbeddingModel
    chunks: Sequence[Chunk] = ()
    vectors: Vectors = ()
    documents: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a step did. `repeated`: its key had been written before, so nothing."""

    repeated: bool
    added: int = 0
    replaced: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document of an index, and how many chunks of it may be seen."""

    document: str
    chunks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDifference:
    """How a version differs from another: ids of chunks, keys of documents, sorted.

    A chunk is changed when anything of it but its vector is another under the same id; a document when it is in both and one of its
    chunks was added, removed or changed.
    """

    chunks_added: tuple[str, ...]
    chunks_removed: tuple[str, ...]
    chunks_changed: tuple[str, ...]
    documents_added: tuple[str, ...]
    documents_removed: tuple[str, ...]
    documents_changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A chunk that one kind of search found: where it stands for `IndexReader.read`, and its score, higher is nearer.

    The score of a vector is its cosine similarity, -1 to 1; that of words is BM25, 0 or more.
    """

    place: int
    score: float


class IndexReader(Protocol):
    """One state of an index, which nothing that is written later changes. A call may run beside another in a second thread.

    Every question takes the caller's `Access`, which the store applies itself before anything is counted or cut to a limit.
    """

    embedding: EmbeddingModel

    def nearest(self, vector: Sequence[float], access: Access, where: Filter, limit: int) -> list[Found]:
        """Return up to `limit` chunks whose vectors are nearest, the nearest first. Large indexes are searched approximately.

        Raises:
            EmbeddingMismatchError: the vector has another length, or holds what is no finite number.
        """
        ...

    def matching(self, text: str, access: Access, where: Filter, limit: int) -> list[Found]:
        """Return up to `limit` chunks that have a word of `text`, the best by BM25 first. `text` is words, no query language."""
        ...

    def both(self, vector: Sequence[float], text: str, access: Access, where: Filter, limit: int) -> tuple[list[Found], list[Found]]:
        """Return what `nearest` and what `matching` give, asked for at once.

        Raises:
            EmbeddingMismatchError: the vector has another length, or holds what is no finite number.
        """
        ...

    def read(self, places: Sequence[int], access: Access) -> dict[int, Chunk]:
        """Return the chunks of places that `nearest` or `matching` of this reader gave; those that `access` does not allow are left out."""
        ...

    def count(self, access: Access, where: Filter) -> int:
        """Return how many chunks there are."""
        ...

    def documents(self, access: Access, where: Filter, *, after: str = "", limit: int = 100) -> list[DocumentEntry]:
        """Return documents in the order of their keys, those behind `after`."""
        ...

    def chunks_of(self, document: str, access: Access) -> list[Chunk]:
        """Return a document's chunks in its order."""
        ...

    def vectors(self, ids: Sequence[str]) -> dict[str, Sequence[float]]:
        """Return the vectors of chunks by id, of those that are there: what is unchanged need not be embedded anew."""
        ...


class VectorStore(Protocol):
    """Indexes of chunks. Any process may be killed at any moment and several may write: nothing acknowledged is lost.

    Every method but `create`, `labels` and `drop` raises `IndexNotFoundError` for an index that is not there, and every method raises
    `IndexStoreError` when the disk or object store refuses.
    """

    def create(self, key: IndexKey, embedding: EmbeddingModel, *, language: str | None = "English") -> None:
        """Make an empty index; it is no error that the same one is there.

        Raises:
            InvalidInputError: a name, the language or the number of dimensions cannot be.
            IndexConflictError: there is one with another embedding model or language.
        """
        ...

    def describe(self, key: IndexKey) -> IndexInfo:
        """Return what the index is."""
        ...

    def write(self, key: IndexKey, step: Step) -> Written:
        """Do a step, as a whole or not at all; when this returns it is durable. Two writers take turns.

        Raises:
            EmbeddingMismatchError: the vectors are another model's, or of another length.
            ChunkError: a chunk or its vector cannot be kept; nothing was written.
        """
        ...

    def publish(self, key: IndexKey, version: str) -> None:
        """Name the present state; it stays as it is until it is withdrawn. Repeating it is no error.

        Raises:
            InvalidInputError: it is no name for a version.
            IndexConflictError: the version is there and was published of another state.
        """
        ...

    def withdraw(self, key: IndexKey, version: str) -> None:
        """Give up a version, so that `optimise` frees what only it needs.

        Raises:
            IndexVersionNotFoundError: there is no such version.
            IndexConflictError: a label stands on it.
        """
        ...

    def label(self, key: IndexKey, label: str, version: str) -> None:
        """Let a label stand on a version, wherever it stood before: a roll-back is a label on an older version.

        Raises:
            IndexVersionNotFoundError: there is no such version.
        """
        ...

    def labels(self, key: IndexKey) -> dict[str, str]:
        """Return label → version; an index that is not there has none."""
        ...

    def restore(self, key: IndexKey, version: str) -> None:
        """Make the head what a version is; steps that came after it are forgotten with their keys. Versions and labels stay.

        Raises:
            IndexVersionNotFoundError: there is no such version.
        """
        ...

    def open(self, key: IndexKey, version: str | None = None) -> IndexReader:
        """Return a reader of a version, of a label's present version, or of the head's present state (None).

        A reader of the head can be used for as long as `optimise` keeps states; one of a version until that is withdrawn.

        Raises:
            IndexVersionNotFoundError: there is no such version or label.
        """
        ...

    def diff(self, key: IndexKey, before: str | None, after: str | None, access: Access) -> IndexDifference:
        """Return what lies between two versions or labels (None: the head), as a caller sees both.

        Raises:
            IndexVersionNotFoundError: there is no such version or label.
        """
        ...

    def optimise(self, key: IndexKey, *, keep_s: float = 3600.0) -> None:
        """Bring files together, bring what searches use up to date, free states older than `keep_s` seconds that no version holds.

        Searches see all that is written without it, but take longer the more steps there were since. What is there does not change.
        """
        ...

    def drop(self, key: IndexKey) -> None:
        """Remove the index with its versions; it is no error that there is none."""
        ...


class Reranker(Protocol):
    """A model that reads query and text together."""

    def rerank(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return how relevant each text is, higher is more.

        Raises:
            RerankError: the model does not answer.
        """
        ...
