"""An index that searches over configurations are tried on: its documents, questions about them, and models that need no model."""

import json
import random
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flowyard import Workspace
from flowyard.catalog.verify.probe import Subject
from flowyard.compute.ports import JobContext, StageReport
from flowyard.flows.runs.ports import RunRecord
from flowyard.identity.model import Caller
from flowyard.rag.tuning.answering.asking import AnswerRuns
from flowyard.rag.tuning.answering.judging import Judges
from flowyard.rag.tuning.job import AnswerMeans, IndexTuningJob
from flowyard.testing.vector_steps import WORDS
from flowyard.wire.indexes import ChunkRecipe
from flowyard.wire.runs import RunCreate
from support.built_indexes import HashingModel, IndexBuilder


class ByLetters:
    """Orders texts by a letter: implements `rag.ports.Reranker`."""

    def rerank(self, query: str, texts: Sequence[str]) -> list[float]:
        return [text.count("e") + len(query) / 100 for text in texts]


class TrialModels(HashingModel):
    """Embeds as the builder's model does, and reranks. Implements the ports of the job and of the service."""

    @contextmanager
    def reranking(self, context: Any, calls: dict[str, str]) -> Generator[dict[str, Any]]:
        del context
        yield {name: ByLetters() for name in calls}

    def judging(self, caller: Caller, model: str) -> Subject:
        del caller
        return Subject(model=model, call=model, place="connection")

    def reranking_call(self, caller: Any, model: str) -> str:
        del caller
        return f"called/{model}"


class NoRuns:
    """Of searches that ask for no answers. Implements `rag.tuning.answering.asking.AnswerRuns`."""

    def make(self, caller: Caller, request: RunCreate, flow_name: str, job_id: str) -> RunRecord:
        raise AssertionError(f"{caller.actor} asked for no run of {flow_name} by {job_id}: {request.name}")

    def within(self, context: JobContext, record: RunRecord, report: StageReport, acts_for: str | None) -> Path:
        del context, report, acts_for
        raise AssertionError(f"There is no run {record.name}.")


def built_index(services: Any, ws: Workspace, folder: Path) -> IndexBuilder:
    made = IndexBuilder(services, ws, folder)
    made.model = TrialModels()
    services.indexes.tunings._models = made.model
    words = random.Random(11)
    for n in range(12):
        paragraphs = [" ".join([*words.choices(WORDS, k=20), *WORDS[:1] * (6 * n + p)]) for p in range(6)]
        made.put(**{f"d{n}": f"# Part {n}\n\n" + "\n\n".join(paragraphs)})
    made(chunks=ChunkRecipe(max_tokens=64, overlap_tokens=8))
    return made


def question_set(build: IndexBuilder, folder: Path, count: int, **columns: Any) -> Path:
    chance = random.Random(13)
    path = folder / "set.jsonl"
    with path.open("w") as file:
        for _ in range(count):
            document = f"d{chance.randrange(12)}.md"
            text = (build.folder / document).read_text()
            start = chance.randrange(20, len(text) - 80)
            asked = " ".join(text[start : start + 60].split()[1:5])
            row = {"question": asked, "document": document, "start": start, "end": start + 60}
            file.write(json.dumps(row | columns) + "\n")
    return path


def tuning_job(build: IndexBuilder, runs: AnswerRuns | None = None, judge_url: str = "http://127.0.0.1:1") -> IndexTuningJob:
    service, models = build.services.indexes, build.model
    assert isinstance(models, TrialModels)
    guards = build.services.runs._guards
    judges = Judges(keys=build.services.keys, price=lambda workspace, subject, prompt, completion: 7, gateway_url=judge_url, guards=guards)
    answering = AnswerMeans(runs=runs or NoRuns(), uploads=build.services.runs.uploads, judges=judges, guards=guards)
    return IndexTuningJob(service.builds._sources, service._vectors, service._ledger, models, service.tunings._reports, answering)
