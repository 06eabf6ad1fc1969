"""Builds of indexes as the platform offers them: begun, and what their steps gave."""

import re
import threading
from typing import Protocol

from flowyard.compute.jobs.model import ACTIVE
from flowyard.compute.jobs.service import JobService
from flowyard.foundation.codecs import convert, plain
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.identity.access import AccessTagService
from flowyard.identity.errors import PermissionDeniedError
from flowyard.identity.model import Caller
from flowyard.rag.building.job import INDEX_BUILD, BuildArguments
from flowyard.rag.building.model import Recipe, VersionRecord
from flowyard.rag.building.ports import IndexLedger
from flowyard.rag.chunking.settings import ChunkSettings, check_length
from flowyard.rag.errors import EmbeddingMismatchError, IndexBuildNotFoundError, IndexBusyError
from flowyard.rag.presenting import seen_samples
from flowyard.rag.sources.service import DocumentSources, describe
from flowyard.wire.index_builds import IndexBuildSamples
from flowyard.wire.indexes import ChunkRecipe, IndexBuild
from flowyard.wire.jobs import Job

#: The embedding model of an index for which none is asked.
DEFAULT_MODEL = "bge-small-en-v1.5"
#: What indexes and their labels may be called.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
#: What the studio has at the address of an index.
RESERVED = frozenset({"new"})
_MOST_RULES = 1000


class Embedders(Protocol):
    """What models embed, as callers of ``/v1`` know them."""

    def check(self, caller: Caller, model: str) -> int | None:
        """Return how many tokens of a text a model takes, None where that is not known, if it can be called and embeds.

        Raises:
            ModelUnknownError, ModelNotCallableError: there is no such model, or it cannot be called yet.
            InvalidInputError: it is none for embeddings.
        """
        ...


class IndexBuilds:
    """Begins builds and shows them. All methods block.

    Args:
        ledger: where versions are kept.
        jobs: carries builds out.
        sources: where documents come from.
        models: says whether a model embeds.
        access: says who may see what.
    """

    def __init__(
        self, ledger: IndexLedger, jobs: JobService, sources: DocumentSources, models: Embedders, access: AccessTagService
    ) -> None:
        self._ledger = ledger
        self._jobs = jobs
        self._sources = sources
        self._models = models
        self._access = access
        self._submitting = threading.Lock()

    def build(self, caller: Caller, asked: IndexBuild) -> Job:
        """Queue a build and return its job, whose result is an `IndexBuildResult`.

        Raises:
            InvalidInputError: a name, the origin or the way of cutting is not valid.
            DataAssetNotFoundError, DataError: there is no such source.
            DatastoreInvalidError, StoreUnavailableError: the origin leads to where we may not go, or its host is not known.
            IndexBusyError: another build of the index runs.
            PermissionDeniedError: it would change who finds what, and the caller does not see all of the index.
            EmbeddingMismatchError: the index has another embedding model.
            ModelUnknownError, ModelNotCallableError: the model is not there.
        """
        if not NAME.fullmatch(asked.name) or asked.name in RESERVED:
            raise InvalidInputError(
                f"{asked.name[:120]!r} is no name for an index.",
                remedy="Use letters, digits, '.', '_' and '-', at most 100, the first a letter or digit.",
                location=Location(pointer="/name"),
            )
        before = next(iter(self._ledger.versions(caller.workspace_id, asked.name)), None)
        recipe = _recipe(asked, before)
        if before is not None and recipe.access != before.recipe.access and before.recipe.seen_by(self._access.access_of(caller)):
            raise PermissionDeniedError(
                f"Who finds what in {asked.name!r} is changed by those who see all of it, and you do not.",
                remedy="Leave `access` out, and it stays as it is; or ask an owner of the workspace.",
            )
        source, shown = self._documents(caller, asked, recipe, before)
        longest = self._models.check(caller, recipe.embedding_model)
        if asked.chunks is not None:
            check_length(asked.chunks.max_tokens, longest)
        told = BuildArguments(name=asked.name, source=source, recipe=recipe, by=caller.actor, description=asked.description)
        with self._submitting:  # of two that ask in the same instant, one is told of the other
            running = self.running(caller.workspace_id, asked.name)
            if running is not None:
                raise IndexBusyError(
                    f"Job {running} builds the index {asked.name!r}.", remedy=f"Wait for it, or: flowyard job cancel {running}"
                )
            return self._jobs.submit(caller, INDEX_BUILD, plain(told), title=f"Index {asked.name} of {shown}", target=f"index/{asked.name}")

    def _documents(self, caller: Caller, asked: IndexBuild, recipe: Recipe, before: VersionRecord | None) -> tuple[str | None, str]:
        """Return what a build reads, None for what it is to gather first, and how that is shown."""
        if asked.source is not None and asked.origin is not None:
            raise InvalidInputError(
                "An index is built of a source or of an origin, and both are given.",
                remedy="Give one of `source` and `origin`.",
                location=Location(pointer="/source"),
            )
        if recipe.origin is None:
            named = asked.source or (_newest(before.source) if before is not None else None)
            if named is None:
                raise InvalidInputError(
                    f"There is no index {asked.name!r} yet, so it is to be said what it is built of.",
                    remedy="Give `source` (--data) or `origin` (--web, --git, --sql).",
                    location=Location(pointer="/source"),
                )
            source = self._sources.pin(caller.workspace_id, named)
            return source, source
        self._sources.open(caller.workspace_id, recipe.origin)
        return None, describe(recipe.origin)

    def samples(self, caller: Caller, name: str, job_id: str) -> IndexBuildSamples:
        """Return a few of what each step of a build gave, of the documents that the caller may see.

        Raises:
            JobNotFoundError, IndexBuildNotFoundError: the index has no such build.
        """
        if self._jobs.get(caller.workspace_id, job_id).target != f"index/{name}":
            raise IndexBuildNotFoundError(f"Job {job_id[:60]!r} builds no index {name[:120]!r}.")
        found = self._ledger.samples(caller.workspace_id, name, job_id) or IndexBuildSamples(job=job_id)
        recipe = convert(self._jobs.arguments(caller.workspace_id, job_id), BuildArguments).recipe
        access = self._access.access_of(caller)
        if not recipe.seen_by(access):
            return found
        return seen_samples(found, lambda key: access.allows(recipe.tags(key)))

    def running(self, workspace_id: str, name: str) -> str | None:
        """Return the job that builds an index now; None: none does."""
        for status in ACTIVE:
            page = self._jobs.page(workspace_id, kind=INDEX_BUILD, status=status, target=f"index/{name}", limit=1)
            if page.items:
                return page.items[0].id
        return None


def _newest(source: str) -> str:
    """Return the newest version of the data asset that a version was built of; anything else has no newer one."""
    asset, separator, version = source.rpartition(":")
    return f"{asset}@latest" if separator and version.isdecimal() else source


def _recipe(asked: IndexBuild, before: VersionRecord | None) -> Recipe:
    chunks = asked.chunks or (before.recipe.chunks if before else ChunkRecipe())
    ChunkSettings.of(chunks)  # says what does not fit
    access = asked.access if asked.access is not None else (before.recipe.access if before else ())
    if len(access) > _MOST_RULES or any(not rule.tags or not all(rule.tags) for rule in access):
        raise InvalidInputError(
            "A rule of access names no tag.",
            remedy="Give each rule one tag or more, or leave it out.",
            location=Location(pointer="/access"),
        )
    model = asked.embedding_model or (before.recipe.embedding_model if before else DEFAULT_MODEL)
    if before is not None and model != before.recipe.embedding_model:
        raise EmbeddingMismatchError(
            f"The index {asked.name!r} is made by {before.recipe.embedding_model!r}; vectors of {model!r} cannot be compared with its own.",
            remedy="Build an index of another name, or delete this one first.",
        )
    language = before.recipe.language if before else asked.language
    origin = asked.origin or (before.recipe.origin if before and asked.source is None else None)
    return Recipe(embedding_model=model, language=language, chunks=chunks, access=access, origin=origin)
