"""What a build of an index did, step by step: small samples of what each step gave."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFile:
    """A file that was found."""

    key: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePage:
    """The beginning of a document, or of one of its pages, in Markdown; `page` counts from 1, None where it has none."""

    document: str
    media_type: str
    page: int | None
    markdown: str
    cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleChunk:
    """A chunk, and the first numbers of its vector of `dimensions`, none before it has one; `reused`: it is that of the version before."""

    id: str
    document: str
    headings: tuple[str, ...]
    text: str
    cut: bool
    tokens: int
    vector: tuple[float, ...] = ()
    dimensions: int = 0
    reused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleUnread:
    """A file that could not be read, and why."""

    key: str
    why: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexBuildSamples:
    """What the steps of a build gave, a few of each.

    Attributes:
        job: the build.
        source: the version of the data asset that was read; None until that is known.
        files: of those that are new or changed, the first.
        changed: how many are new or changed; None, as for the two that follow, for who does not see all documents.
        kept: how many are as the version before has them.
        gone: how many of the version before are no more.
        pages: what reading gave.
        chunks: what cutting and embedding gave.
        unread: the first files that could not be read.
    """

    job: str
    source: str | None = None
    files: tuple[SampleFile, ...] = ()
    changed: int | None = 0
    kept: int | None = 0
    gone: int | None = 0
    pages: tuple[SamplePage, ...] = ()
    chunks: tuple[SampleChunk, ...] = ()
    unread: tuple[SampleUnread, ...] = ()
