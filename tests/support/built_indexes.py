"""Indexes that a test builds of a small folder, by the SDK, with a model that embeds by the words a text has."""

import hashlib
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flowyard import Workspace
from flowyard.compute.errors import JobCanceledError
from flowyard.compute.ports import JobContext
from flowyard.foundation.codecs import convert, from_json, to_json
from flowyard.foundation.errors import FlowyardError
from flowyard.rag.building.job import IndexBuildJob
from flowyard.rag.chunking.tokens import ApproximateTokenizer, Tokenizer
from flowyard.rag.embedding import Embedder
from flowyard.wire.indexes import IndexBuildResult
from support.inline_jobs import run_inline
from support.online_installation import InlineContext

SIZE = 16


class HashingModel:
    """Embeds by the words that a text has: texts with like words are near each other. Implements the ports of builds and of questions."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.fails_at: int | None = None
        self.longest: int | None = None
        self.error: Exception = JobCanceledError("The job was canceled.")

    def check(self, caller: Any, model: str) -> int | None:
        del caller
        if model == "none":
            raise FlowyardError("There is no such model.", remedy="Name another.")
        return self.longest

    def tokenizer(self, model: str) -> Tokenizer:
        del model
        return ApproximateTokenizer()

    @contextmanager
    def embedder(self, context: JobContext, model: str) -> Generator[Embedder]:
        del context, model
        yield self

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if self.fails_at is not None and len(self.texts) >= self.fails_at:
            raise self.error
        self.texts += texts
        return [vector(text) for text in texts]

    def vector(self, workspace_id: str, model: str, text: str) -> Sequence[float]:
        del workspace_id, model
        return vector(text)


def vector(text: str) -> list[float]:
    found = [0.01] * SIZE
    for word in text.lower().split():
        found[hashlib.sha256(word.strip(".#?").encode()).digest()[0] % SIZE] += 1.0
    return found


class IndexBuilder:
    """Builds indexes of a folder as users do, by SDK, and runs the jobs here."""

    def __init__(self, services: Any, ws: Workspace, folder: Path) -> None:
        self.services, self.ws, self.folder = services, ws, folder
        self.model = HashingModel()
        service = services.indexes
        service._questions = service.builds._models = self.model
        self.job = IndexBuildJob(service.builds._sources, service._vectors, service._ledger, self.model)
        folder.mkdir()

    def put(self, **files: str) -> None:
        for name, text in files.items():
            (self.folder / f"{name}.md").write_text(text)

    def submitted(self, name: str = "docs", **options: Any) -> tuple[str, InlineContext]:
        """Submit a build; return its job and a context that remembers its steps from run to run."""
        job = self.ws.indexes.build(name, **{"source": self.folder, **options}).id
        context = InlineContext(self.services.jobs._store.get(job).workspace_id)
        context.job_id = job
        return job, context

    def run(self, job: str, context: JobContext) -> IndexBuildResult:
        """Run a job that was submitted, or go on with it."""
        return convert(from_json(to_json(self.job.run(context, self.services.jobs._store.get(job).arguments))), IndexBuildResult)

    def __call__(self, name: str = "docs", **options: Any) -> IndexBuildResult:
        job = self.ws.indexes.build(name, **{"source": self.folder, **options})
        try:
            return convert(run_inline(self.services, self.job, job.id), IndexBuildResult)
        finally:
            self.ws.jobs.cancel(job.id)  # it is queued still: it was run here
