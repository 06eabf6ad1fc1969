"""Ways of cutting a document, side by side, before anything is built."""

from dataclasses import dataclass

from flowyard.wire.indexes import ChunkRecipe, IndexChunk


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkPreviewCreate:
    """Cut one document in several ways.

    Attributes:
        document: its key: the path within the data, or as the index has it.
        ways: 1 to 4 ways of cutting, each with `max_tokens` of 8,192 at most.
        data: where the document is: ``azureml:<name>:<version>`` (or with a label), or an upload.
        index: or an index that has it, in `version`.
        version: of the index, or a label.
        embedding_model: whose tokens are counted. None: the index's, or of data the local one.
        page: whose chunks are shown. None: the first. A document without pages has one for each 6,000 characters.
    """

    document: str
    ways: tuple[ChunkRecipe, ...]
    data: str | None = None
    index: str | None = None
    version: str = "latest"
    embedding_model: str | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedWay:
    """What one way of cutting makes of the document.

    Attributes:
        count: of all its chunks.
        tokens: of all its chunks together; what overlaps counts as often as it is embedded.
        histogram: how many chunks have up to a tenth, two tenths, … of `max_tokens`; ten numbers.
        chunks: those that the page has a part of, in order.
    """

    way: ChunkRecipe
    count: int
    tokens: int
    histogram: tuple[int, ...]
    chunks: tuple[IndexChunk, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkPreview:
    """A document cut in several ways. Nothing of it is kept.

    Attributes:
        characters: of the document's text.
        pages: their numbers, as its reader counts them.
        page: the one that is shown: its characters from `start` up to `end`, of a long page the first 20,000.
        exact: tokens are counted by the model's own tokenizer; else they are estimated, as for a build by a connection's model.
    """

    document: str
    title: str
    media_type: str
    characters: int
    pages: tuple[int, ...]
    page: int
    start: int
    end: int
    embedding_model: str
    exact: bool
    ways: tuple[PreviewedWay, ...]
