"""A process that builds an index and may be killed at any moment."""

import json
import os
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from flowyard.compute.ports import StageReport
from flowyard.foundation.codecs import plain
from flowyard.rag.building import plan
from flowyard.rag.building.job import BuildArguments, IndexBuildJob
from flowyard.rag.building.model import Recipe
from flowyard.storage.engine import open_engine
from flowyard.storage.sql.indexes import SqlIndexLedger
from flowyard.storage.vectors.store import LanceVectors
from flowyard.wire.indexes import ChunkRecipe
from support.built_indexes import HashingModel
from support.online_installation import InlineContext


class KeptContext(InlineContext):
    """Keeps the results of steps in a file, each line durable before the next step begins, as the queue's database does."""

    def __init__(self, workspace_id: str, job_id: str, file: Path) -> None:
        super().__init__(workspace_id)
        self.job_id, self.file = job_id, file
        lines = file.read_bytes().split(b"\n") if file.exists() else []
        self.results = dict(json.loads(line) for line in lines[:-1])  # the last is empty, or was cut off
        if lines and lines[-1]:
            file.write_bytes(b"".join(line + b"\n" for line in lines[:-1]))

    def step(self, name: str, work: Callable[[], Any]) -> Any:
        if name not in self.results:
            result = work()
            with self.file.open("ab") as kept:
                kept.write(json.dumps([name, result]).encode() + b"\n")
                kept.flush()
                os.fsync(kept.fileno())
            self.results[name] = result
        return self.results[name]


class Folder:
    """The documents, whatever is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resolve(self, workspace_id: str, text: str) -> Path:
        del workspace_id, text
        return self.folder

    def gather(self, context: Any, name: str, origin: Any, by: str, report: StageReport) -> str:
        raise NotImplementedError


class SlowModel(HashingModel):
    """Takes a moment for each text, so that there is a while to be killed in."""

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        time.sleep(0.003 * len(texts))
        return super().embed(texts)


def main(tells: Connection, folder: Path, workspace: str, job: str) -> None:
    """Build the index of `folder` (with ``metadata.db``, ``indexes``, ``documents``) in `folder`; tell once it begins to."""
    # The number of files of a commit: several commits, so that there is something to be killed between.
    plan._FILES = 4
    ledger, vectors = SqlIndexLedger(open_engine(f"sqlite:///{folder / 'metadata.db'}")), LanceVectors(str(folder / "indexes"))
    recipe = Recipe(embedding_model="hashing", language="English", chunks=ChunkRecipe(max_tokens=64, overlap_tokens=8))
    told = BuildArguments(name="docs", source=f"azureml:docs-documents:{job}", recipe=recipe, by="owner")
    context = KeptContext(workspace, job, folder / f"{job}.steps")
    tells.send("began")
    IndexBuildJob(Folder(folder / "documents"), vectors, ledger, SlowModel()).run(context, plain(told))
