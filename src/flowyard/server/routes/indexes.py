"""Indexes of documents."""

from typing import Annotated

from fastapi import Query, Response

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.index_builds import IndexBuildSamples
from flowyard.wire.index_previews import ChunkPreview, ChunkPreviewCreate
from flowyard.wire.index_questions import MissingDocument, NamedDocuments
from flowyard.wire.indexes import Index, IndexAnswer, IndexBuild, IndexChunk, IndexDiff, IndexDocument, IndexLabel, IndexQuery, IndexVersion
from flowyard.wire.jobs import Job
from flowyard.wire.shared import Page

router = api_router("indexes", "/workspaces/{workspace}/indexes")
Reader = Annotated[Caller, allow("indexes:read")]
Writer = Annotated[Caller, allow("indexes:write")]
Starter = Annotated[Caller, allow("indexes:write", starts_work=True)]


@router.get("")
def list_indexes(caller: Reader, services: ServicesDep) -> tuple[Index, ...]:
    """List indexes, the one with the newest version first."""
    return services.indexes.list(caller)


@router.post("", status_code=202)
def build_index(body: IndexBuild, caller: Starter, services: ServicesDep) -> Job:
    """Build an index of documents, or a new version of it: only what changed is read. The job's result is the version."""
    return services.indexes.builds.build(caller, body)


@router.post("/previews")
def preview_chunks(body: ChunkPreviewCreate, caller: Writer, services: ServicesDep) -> ChunkPreview:
    """Cut one document in several ways, side by side, before anything is built. Nothing is kept."""
    return services.indexes.preview(caller, body)


@router.get("/previews/documents")
def list_previewable_documents(
    caller: Writer,
    services: ServicesDep,
    data: Annotated[str, Query(description="A data asset.", max_length=1200)],
    like: Annotated[str, Query(description="What their paths have in them.", max_length=400)] = "",
) -> tuple[str, ...]:
    """List documents of data that could be cut for a preview, the first 200."""
    return services.indexes.previews.documents(caller.workspace_id, data, like)


@router.get("/{name}")
def get_index(name: str, caller: Reader, services: ServicesDep) -> Index:
    """Show an index and its newest version."""
    return services.indexes.get(caller, name)


@router.delete("/{name}", status_code=204)
def delete_index(name: str, caller: Writer, services: ServicesDep) -> Response:
    """Delete an index with all its versions."""
    services.indexes.delete(caller, name)
    return Response(status_code=204)


@router.get("/{name}/versions")
def list_index_versions(name: str, caller: Reader, services: ServicesDep) -> tuple[IndexVersion, ...]:
    """List versions, the newest first."""
    return services.indexes.versions(caller, name)


@router.get("/{name}/versions/{version}/documents")
def list_index_documents(
    name: str,
    version: str,
    caller: Reader,
    services: ServicesDep,
    unread: Annotated[bool | None, Query(description="Only documents that could not be read, or only others.")] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Page[IndexDocument]:
    """List the documents of a version, in the order of their keys."""
    return services.indexes.documents(caller, name, version, unread=unread, cursor=cursor, limit=limit)


@router.post("/{name}/versions/{version}/documents/missing")
def list_missing_documents(
    name: str, version: str, body: NamedDocuments, caller: Reader, services: ServicesDep
) -> tuple[MissingDocument, ...]:
    """Say which of the documents that questions name a version has no text of: such a question counts 0 when it is measured with."""
    return services.indexes.missing(caller, name, version, body.documents)


@router.get("/{name}/versions/{version}/chunks")
def list_index_chunks(
    name: str,
    version: str,
    caller: Reader,
    services: ServicesDep,
    document: Annotated[str, Query(description="The document's key.", max_length=4000)],
) -> tuple[IndexChunk, ...]:
    """List the chunks of a document, in its order."""
    return services.indexes.chunks(caller, name, version, document)


@router.get("/{name}/builds/{job}")
def get_index_build(name: str, job: str, caller: Writer, services: ServicesDep) -> IndexBuildSamples:
    """Show a few of what each step of a build gave: files, a page's Markdown, chunks with their vectors, and what could not be read."""
    return services.indexes.builds.samples(caller, name, job)


@router.get("/{name}/diff")
def diff_index(name: str, before: str, after: str, caller: Reader, services: ServicesDep) -> IndexDiff:
    """Say what lies between two versions."""
    return services.indexes.diff(caller, name, before, after)


@router.put("/{name}/labels/{label}")
def label_index(name: str, label: str, body: IndexLabel, caller: Writer, services: ServicesDep) -> tuple[IndexVersion, ...]:
    """Let a label stand on a version. ``latest`` is searched by default: put on an older version it rolls back."""
    return services.indexes.label(caller, name, label, body.version)


@router.post("/{name}/search")
def search_index(name: str, body: IndexQuery, caller: Reader, services: ServicesDep) -> IndexAnswer:
    """Search a version: the best chunks with every score."""
    return services.indexes.search(caller, name, body)
