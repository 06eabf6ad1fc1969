"""What a build works with."""

from dataclasses import dataclass, field

from flowyard.identity.access import Access
from flowyard.rag.cracking.model import Unread
from flowyard.rag.model import MetadataValue
from flowyard.rag.pages import PageStarts
from flowyard.wire.index_origins import DocumentOrigin
from flowyard.wire.indexes import AccessRule, ChunkRecipe

#: What of a version somebody sees: what documents' keys begin with, the longest first, and whether those are seen. The first that fits
#: counts, others are seen. Without any, all documents are seen.
SeenRules = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """All that decides what an index's chunks are, besides its documents; `origin` is where these are gathered from, if they are."""

    embedding_model: str
    language: str | None
    chunks: ChunkRecipe
    access: tuple[AccessRule, ...] = ()
    origin: DocumentOrigin | None = None

    def tags(self, key: str) -> tuple[str, ...]:
        """Return the access tags of a document: those of the longest rule that fits."""
        fitting = [rule for rule in self.access if key.startswith(rule.under)]
        return max(fitting, key=lambda rule: len(rule.under)).tags if fitting else ()

    def seen_by(self, access: Access) -> SeenRules:
        """Return what of a version is seen so; it is empty when all of it is."""
        rules = sorted(self.access, key=lambda rule: -len(rule.under))
        told = tuple((rule.under, access.allows(rule.tags)) for rule in rules)
        return () if all(seen for _, seen in told) else told


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file of a source: its key (the path within the source), where it is on this machine, and its content's and metadata's hash.

    `problem`: it was named by the source, and could not be had.
    """

    key: str
    path: str
    fingerprint: str
    bytes: int
    metadata: dict[str, MetadataValue] = field(default_factory=dict[str, MetadataValue])
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """What a version has of one file. `page_starts`: where its pages begin, none where a version before did not keep that yet.
    `why` and `message`: it could not be read.
    """

    key: str
    fingerprint: str
    title: str = ""
    media_type: str = ""
    chunks: int = 0
    tokens: int = 0
    pages: int = 0
    page_starts: PageStarts = ()
    why: Unread | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentHead:
    """A document's title, and where its pages begin."""

    title: str = ""
    page_starts: PageStarts = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCounts:
    """How much of a version somebody sees: documents that were read and files that were not, chunks, and their tokens."""

    documents: int
    unread: int
    chunks: int
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRecord:
    """A version as it is kept."""

    id: str
    workspace_id: str
    name: str
    version: str
    source: str
    recipe: Recipe
    dimensions: int
    documents: int
    unread: int
    chunks: int
    tokens: int
    embedded: int
    elapsed_ms: int
    job_id: str
    created_ns: int
    created_by: str
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildPlan:
    """What a build has to do, and what stays.

    Attributes:
        kept: what the version before has of files that did not change.
        changed: files that are new or changed, in the order of their keys.
        gone: keys of the version before that are no more.
    """

    kept: tuple[LedgerEntry, ...] = ()
    changed: tuple[SourceFile, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether the version before has it all."""
        return not self.changed and not self.gone

    @property
    def told(self) -> str:
        """How many files are new or changed, gone, and as they were, in a few words; what there is none of is left out."""
        counts = {"new or changed": len(self.changed), "gone": len(self.gone), "as they were": len(self.kept)}
        return ", ".join(f"{count} {how}" for how, count in counts.items() if count)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What became of a batch of files."""

    entries: tuple[LedgerEntry, ...]
    embedded: int = 0
