"""What can go wrong with indexes and searches."""

from flowyard.foundation.errors import ConflictError, InvalidInputError, NotFoundError, UnavailableError


class IndexNotFoundError(NotFoundError):
    """There is no index of that name in the workspace."""

    code = "IndexNotFound"
    title = "No such index"
    advice = "Build it first, or check the name."


class IndexVersionNotFoundError(NotFoundError):
    """The index has no version or label of that name."""

    code = "IndexVersionNotFound"
    title = "No such version of the index"


class DocumentNotFoundError(NotFoundError):
    """There is no such document, or it is not open to the caller."""

    code = "DocumentNotFound"
    title = "No such document"


class PreviewBusyError(UnavailableError):
    """As many documents are being cut for a preview as are at once."""

    code = "PreviewBusy"
    title = "Other previews are being made"
    advice = "Try again in a moment."


class IndexBuildNotFoundError(NotFoundError):
    """The index has no such build."""

    code = "IndexBuildNotFound"
    title = "No such build"
    advice = "flowyard job list shows builds, by their target."


class IndexConflictError(ConflictError):
    """The index, or its version, is there already and is another one."""

    code = "IndexConflict"
    title = "The index is another one"


class EmbeddingMismatchError(InvalidInputError):
    """Vectors come from another embedding model than those of the index, or have another length: they cannot be compared."""

    code = "EmbeddingMismatch"
    title = "The vectors do not fit the index"


class ChunkError(InvalidInputError):
    """A chunk or its vector cannot be kept as it is."""

    code = "InvalidChunk"
    title = "A chunk cannot be kept"


class FilterError(InvalidInputError):
    """A filter asks for what no chunk can have."""

    code = "InvalidFilter"
    title = "The filter is not valid"


class RerankError(UnavailableError):
    """A reranking model does not answer as it should."""

    code = "RerankFailed"
    title = "The reranking model does not answer"


class IndexStoreError(UnavailableError):
    """The place of the indexes does not do what is asked."""

    code = "IndexStoreUnavailable"
    title = "The place of the indexes cannot be used"
    advice = "Check the disk or the object store, then try again: a step that is repeated is done once."


class IndexEmptyError(InvalidInputError):
    """A source has no document that could be read."""

    code = "IndexEmpty"
    title = "There is nothing to index"


class IndexBusyError(ConflictError):
    """Another build of the index runs."""

    code = "IndexBusy"
    title = "The index is being built"


class MLIndexError(InvalidInputError):
    """What names an index for a flow cannot be read, or names one that is not here."""

    code = "InvalidMLIndex"
    title = "The index is not here"


class MeasurementNotFoundError(NotFoundError):
    """There is no such measurement in the workspace."""

    code = "MeasurementNotFound"
    title = "No such measurement"


class TuningNotFoundError(NotFoundError):
    """There is no such search over configurations in the workspace."""

    code = "TuningNotFound"
    title = "No such search over configurations"
