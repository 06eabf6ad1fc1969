"""Indexes of documents over HTTP."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from flowyard.client.connections import Connections
from flowyard.client.data import Data
from flowyard.client.index_measurements import IndexMeasurements
from flowyard.client.index_tunings import IndexTunings
from flowyard.client.models import Models
from flowyard.client.transport import Transport
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.index_builds import IndexBuildSamples
from flowyard.wire.index_origins import DocumentOrigin, GitOrigin, SqlOrigin, WebOrigin
from flowyard.wire.index_previews import ChunkPreview, ChunkPreviewCreate
from flowyard.wire.indexes import (
    AccessRule,
    ChunkRecipe,
    Index,
    IndexAnswer,
    IndexBuild,
    IndexChunk,
    IndexDiff,
    IndexDocument,
    IndexLabel,
    IndexQuery,
    IndexSearchKind,
    IndexVersion,
)
from flowyard.wire.jobs import Job
from flowyard.wire.shared import Page

#: What an index can be built of.
DocumentsFrom = str | Path | WebOrigin | GitOrigin | SqlOrigin


class Indexes:
    """The indexes of a workspace."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.measurements = IndexMeasurements(transport)
        self.tunings = IndexTunings(transport)

    def build(
        self,
        name: str,
        source: DocumentsFrom | None,
        *,
        embedding_model: str | None = None,
        chunks: ChunkRecipe | None = None,
        access: Sequence[AccessRule] | None = None,
        description: str | None = None,
        idempotency_key: str | None = None,
    ) -> Job:
        """Build an index, or a new version of it, and return the job, whose result is an `IndexBuildResult`.

        Args:
            name: the index.
            source: a data asset (``azureml:<name>:<version>`` or with a label), or a file or folder of this machine, of which one is made;
                or a `WebOrigin`, `GitOrigin` or `SqlOrigin` that documents are gathered from; None: what the version before
                was built of, as it is now: an origin, or the newest version of the data asset.
            embedding_model: as ``/v1/embeddings`` knows it; None: the index's, or of a new one the local model.
            chunks: how documents are cut; None: as before.
            access: which documents are found only by callers with which tags; None: as before.
            description: of the version.
            idempotency_key: the same key again gives the first job.

        Raises:
            RemoteError: code ``IndexBusy``, ``EmbeddingMismatch``, ``DataAssetNotFound`` or ``InvalidInput``; or ``ModelNotFound`` or
                ``ConnectionNotFound``, and nothing was sent.
        """
        if embedding_model is not None and isinstance(source, str | Path) and not _named(source):
            self._check_model(embedding_model)
        body = IndexBuild(
            name=name,
            source=self._reference(name, source) if isinstance(source, str | Path) else None,
            origin=None if isinstance(source, str | Path) else _origin(source),
            embedding_model=embedding_model,
            chunks=chunks,
            access=None if access is None else tuple(access),
            description=description,
        )
        headers = None if idempotency_key is None else {"Idempotency-Key": idempotency_key}
        return self._transport.post("indexes", Job, body=body, headers=headers)

    def _check_model(self, model: str) -> None:
        """Look whether a model is there before documents are sent that would stay behind as a data asset."""
        connection, behind, _ = model.partition("/")
        if behind:
            Connections(self._transport).get(connection)
        elif not model.startswith("endpoint:"):
            Models(self._transport).get(model)

    def _reference(self, name: str, source: str | Path) -> str:
        return str(source if _named(source) else Data(self._transport).create(f"{name}-documents", source).reference)

    def preview(
        self,
        document: str,
        ways: Sequence[ChunkRecipe],
        *,
        data: str | Path | None = None,
        index: str | None = None,
        version: str = "latest",
        embedding_model: str | None = None,
        page: int | None = None,
    ) -> ChunkPreview:
        """Return what 1 to 4 ways of cutting make of one document, before anything is built. Nothing is kept.

        Args:
            document: its path within `data`, or its key in the index.
            ways: of cutting.
            data: a data asset (``azureml:<name>:<version>`` or with a label), or a folder of this machine, of which the one file is sent.
            index: or an index that has it.
            version: of the index, or a label.
            embedding_model: whose tokens are counted; None: the index's, or of data the local one.
            page: whose chunks are shown; None: the first.

        Raises:
            DataError: there is no such file on this machine.
            RemoteError: code ``DocumentNotFound``, ``DocumentUnreadable``, ``InvalidInput``, ``DataAssetNotFound``, ``IndexNotFound``,
                ``IndexVersionNotFound``, ``ModelNotPulled`` or ``PreviewBusy``.
        """
        if data is not None and not _named(data):
            folder = Path(data)
            path, document = (folder / document, Path(document).name) if folder.is_dir() else (folder, folder.name)
            data = Data(self._transport).upload(path)
        asked = ChunkPreviewCreate(
            document=document,
            ways=tuple(ways),
            data=None if data is None else str(data),
            index=index,
            version=version,
            embedding_model=embedding_model,
            page=page,
        )
        return self._transport.post("indexes/previews", ChunkPreview, body=asked)

    def build_samples(self, name: str, job: str) -> IndexBuildSamples:
        """Return a few of what each step of a build gave: files, pages, chunks with vectors, and what could not be read.

        Raises:
            RemoteError: code ``JobNotFound`` or ``IndexBuildNotFound``; or a reader asks, who does not see it.
        """
        return self._transport.get(f"indexes/{quote(name, safe='')}/builds/{quote(job, safe='')}", IndexBuildSamples)

    def list(self) -> tuple[Index, ...]:
        """Return the indexes, the one with the newest version first."""
        return self._transport.get("indexes", tuple[Index, ...])

    def get(self, name: str) -> Index:
        """Return an index.

        Raises:
            RemoteError: there is none (code ``IndexNotFound``).
        """
        return self._transport.get(f"indexes/{quote(name, safe='')}", Index)

    def versions(self, name: str) -> tuple[IndexVersion, ...]:
        """Return its versions, the newest first."""
        return self._transport.get(f"indexes/{quote(name, safe='')}/versions", tuple[IndexVersion, ...])

    def mlindex(self, name: str, version: str = "latest") -> str:
        """Return the ``MLIndex`` YAML of a version, by which the index-lookup tool of a flow finds it.

        Raises:
            RemoteError: there is no such index (code ``IndexNotFound``).
            InvalidInputError: it has no such version or label.
        """
        from flowyard.rag.tool.mlindex import write_mlindex

        versions = self.versions(name)
        number = next((one.version for one in versions if version == one.version or version in one.labels), None)
        if number is None:
            raise InvalidInputError(
                f"The index {name!r} has no version or label {version[:120]!r}.",
                remedy=f"Its versions are {', '.join(one.version for one in versions)}.",
            )
        return write_mlindex(self.get(name), number)

    def documents(self, name: str, version: str = "latest", *, unread: bool | None = None) -> Iterator[IndexDocument]:
        """Yield the documents of a version; `unread`: only those that could not be read, or only others."""
        cursor: str | None = None
        while True:
            given = {"limit": 500, "cursor": cursor, "unread": None if unread is None else str(unread).lower()}
            params = {key: value for key, value in given.items() if value is not None}
            path = f"indexes/{quote(name, safe='')}/versions/{quote(version, safe='')}/documents"
            page = self._transport.get(path, Page[IndexDocument], params=params)
            yield from page.items
            cursor = page.next_cursor
            if cursor is None:
                return

    def chunks(self, name: str, document: str, version: str = "latest") -> tuple[IndexChunk, ...]:
        """Return the chunks of a document."""
        path = f"indexes/{quote(name, safe='')}/versions/{quote(version, safe='')}/chunks"
        return self._transport.get(path, tuple[IndexChunk, ...], params={"document": document})

    def search(  # noqa: PLR0913 - what a question has
        self,
        name: str,
        text: str,
        *,
        version: str = "latest",
        kind: IndexSearchKind = "hybrid",
        top_k: int = 5,
        vector_weight: float = 0.5,
        under: str = "",
        tags: Sequence[str] | None = None,
        rerank: str | None = None,
    ) -> IndexAnswer:
        """Return the best chunks for a question, with every score.

        Args:
            name: the index.
            text: the question.
            version: a version or a label.
            kind: ``hybrid``, ``vector`` or ``text``.
            top_k: how many, 1 to 100.
            vector_weight: the share of vectors in a hybrid search, 0 to 1; 0.5 is plain reciprocal rank fusion.
            under: only documents whose keys begin so.
            tags: the access tags of whom the answer is for; None: all that the caller may see.
            rerank: the reranking model that orders the best 30 anew: a local model, or ``<connection>/<model>``.

        Raises:
            RemoteError: code ``IndexNotFound``, ``IndexVersionNotFound``, or that of the models.
        """
        whose = None if tags is None else tuple(tags)
        asked = IndexQuery(
            text=text, version=version, kind=kind, top_k=top_k, vector_weight=vector_weight, under=under, tags=whose, rerank=rerank
        )
        return self._transport.post(f"indexes/{quote(name, safe='')}/search", IndexAnswer, body=asked)

    def diff(self, name: str, before: str, after: str) -> IndexDiff:
        """Return what lies between two versions."""
        return self._transport.get(f"indexes/{quote(name, safe='')}/diff", IndexDiff, params={"before": before, "after": after})

    def label(self, name: str, label: str, version: str) -> tuple[IndexVersion, ...]:
        """Let a label stand on a version; ``latest`` on an older one rolls back."""
        path = f"indexes/{quote(name, safe='')}/labels/{quote(label, safe='')}"
        return self._transport.put(path, tuple[IndexVersion, ...], body=IndexLabel(version=version))

    def delete(self, name: str) -> None:
        """Delete an index with all its versions."""
        self._transport.delete(f"indexes/{quote(name, safe='')}")


def _origin(source: "WebOrigin | GitOrigin | SqlOrigin | None") -> DocumentOrigin | None:
    match source:
        case None:
            return None
        case WebOrigin():
            return DocumentOrigin(web=source)
        case GitOrigin():
            return DocumentOrigin(git=source)
        case SqlOrigin():
            return DocumentOrigin(sql=source)


def _named(source: str | Path) -> bool:
    """Tell whether a source is a version of a data asset, and no path or address."""
    text = str(source)
    return text.startswith(("azureml:", "data/", "flowyard://")) and not text.startswith("azureml:/")
