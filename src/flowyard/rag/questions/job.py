"""The job that makes a question set. What a model wrote of some passages is a recorded step: a job that was cut short goes on there."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from flowyard.catalog.verify.job import until_canceled
from flowyard.catalog.verify.ports import Keys
from flowyard.compute.ports import JobContext
from flowyard.data.lineage.model import Made, Thing
from flowyard.data.service import DataService
from flowyard.data.working import acting, scratch_folder
from flowyard.foundation.clock import NANOSECONDS, now_ns
from flowyard.foundation.codecs import convert, plain
from flowyard.foundation.errors import FlowyardError
from flowyard.inference import bridge
from flowyard.rag.building.ports import IndexLedger
from flowyard.rag.model import Chunk
from flowyard.rag.ports import IndexKey, IndexReader, VectorStore
from flowyard.rag.questions.checking import Candidate, Known, wrong_with
from flowyard.rag.questions.sampling import points
from flowyard.rag.questions.service import QUESTION_GENERATION, STAGES
from flowyard.rag.questions.writing import PROMPTS, body_of, candidate_of, confirming
from flowyard.rag.search.filters import EVERYTHING
from flowyard.wire.data import DataAssetCreate
from flowyard.wire.index_questions import GeneratedKind, GeneratedQuestions

if TYPE_CHECKING:
    from flowyard.inference.client import ModelClient

_KEY_NS = 7 * 24 * 3600 * NANOSECONDS
#: So many passages are one recorded step, and so many requests run at once.
_STEP, _AT_ONCE = 8, 4
#: So many rounds over the corpus are tried before it gives no more; passages of fewer tokens are no subject.
_ROUNDS, _LEAST_TOKENS = 6, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationArguments:
    """What the job is told: the version that is meant, how the model is called, and who asked."""

    index: str
    version: str
    name: str
    model: str
    call: str
    count: int
    kinds: tuple[GeneratedKind, ...]
    seed: int
    max_tokens: int
    by: str
    guided: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """A passage, and what is asked for: of ``boolean`` the answer that is `wanted`."""

    chunk: Chunk
    kind: GeneratedKind
    wanted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """What a model wrote of a passage; `text` None when the call failed. `confirmed`: it answers the question so when asked again."""

    text: str | None
    tokens: int
    error: str | None = None
    confirmed: bool = True


@dataclass(slots=True)
class _Set:
    """The set as it grows."""

    wanted: Counter[str]
    taken: list[Candidate] = field(default_factory=list[Candidate])
    rejected: Counter[str] = field(default_factory=Counter[str])
    asked: int = 0
    tokens: int = 0
    known: Known = field(default_factory=Known)

    def missing(self) -> Counter[str]:
        return self.wanted - Counter(candidate.kind for candidate in self.taken)

    def judge(self, written: _Written, chunk: Chunk, kind: GeneratedKind) -> None:
        self.asked, self.tokens = self.asked + 1, self.tokens + written.tokens
        if not self.missing()[kind]:
            return
        candidate = candidate_of(written.text, chunk, kind) if written.text is not None else None
        reason = "failed" if written.text is None else "unreadable" if candidate is None else wrong_with(candidate)
        if reason is None and not written.confirmed:
            reason = "not_answered"
        if reason is None and candidate is not None and not self.known.add(candidate):
            reason = "duplicate"
        if reason is not None:
            self.rejected[reason] += 1
        elif candidate is not None:
            self.taken.append(candidate)


class QuestionGenerationJob:
    """Implements `compute.ports.JobKind`. The model is called by the gateway, with a key for this job alone.

    Args:
        data: where the set goes.
        vectors: where passages are.
        ledger: where versions are kept.
        keys: makes the job's key.
        scratch: for the set while it is written.
        gateway_url: where models are called.
    """

    name = QUESTION_GENERATION
    stages = STAGES

    def __init__(self, data: DataService, vectors: VectorStore, ledger: IndexLedger, keys: Keys, scratch: Path, gateway_url: str) -> None:
        self._data = data
        self._vectors = vectors
        self._ledger = ledger
        self._keys = keys
        self._scratch = scratch
        self._gateway_url = gateway_url

    def run(self, context: JobContext, arguments: dict[str, Any]) -> Any:
        """Make the set and return `GeneratedQuestions`.

        Raises:
            FlowyardError: the model cannot be called. The job can be resumed.
        """
        told = convert(arguments, GenerationArguments)
        with context.stage("plan"):
            record = next(one for one in self._ledger.versions(context.workspace_id, told.index) if one.version == told.version)
            entries = [entry for _, entry in self._ledger.entries(record.id) if entry.why is None and entry.tokens > 0]
            reader = self._vectors.open(IndexKey(context.workspace_id, told.index), told.version)
            passages = _passages(reader, [(entry.key, entry.tokens) for entry in entries], told)
        made = self._written(context, told, passages)
        with context.stage("keep"):
            result = GeneratedQuestions(
                data=self._kept(context, told, made.taken) if made.taken else None,
                questions=dict(Counter(candidate.kind for candidate in made.taken)),
                rejected=dict(made.rejected),
                asked=made.asked,
                documents=len({candidate.chunk.document for candidate in made.taken}),
                tokens=made.tokens,
                ended="complete" if not made.missing() else "budget" if made.tokens >= told.max_tokens else "exhausted",
            )
        return plain(result)

    def _written(self, context: JobContext, told: GenerationArguments, passages: Iterator[Chunk]) -> _Set:
        share, over = divmod(told.count, len(told.kinds))
        made = _Set(wanted=Counter[str]({kind: share + (place < over) for place, kind in enumerate(told.kinds)}))
        source = random.Random(told.seed)  # noqa: S311 - no secret is made of it
        scope = f"questions:{context.job_id}"
        try:
            key = self._keys.issue(context.workspace_id, "questions", "invoker", scope=scope, expires_ns=now_ns() + _KEY_NS)
            with context.stage("write") as report:
                for number in count():
                    report.progress(len(made.taken), told.count, "questions")
                    report.detail(f"{made.asked} passages, {sum(made.rejected.values())} questions not taken")
                    if not made.missing() or made.tokens >= told.max_tokens:
                        break
                    batch = [_Asked(chunk, _kind(made, source), source.choice(("yes", "no"))) for chunk in islice(passages, _STEP)]
                    if not batch:
                        break
                    context.check_canceled()
                    kept = context.step(f"passages {number}", lambda batch=batch: self._ask(context, key, told, batch))
                    for asked, written in zip(batch, convert(kept, list[_Written]), strict=True):
                        made.judge(written, asked.chunk, asked.kind)
        finally:
            self._keys.revoke_scope(context.workspace_id, scope)
        return made

    def _ask(self, context: JobContext, key: str, told: GenerationArguments, batch: Sequence[_Asked]) -> Any:
        written = bridge.run(until_canceled(_call(f"{self._gateway_url}/v1", key, told, batch), context.check_canceled))
        if all(one.text is None for one in written):
            raise FlowyardError(
                f"The model {told.model!r} answers nothing: {written[0].error}",
                remedy=f"Then go on with what is not written yet: flowyard job resume {context.job_id}",
            )
        return plain(written)

    def _kept(self, context: JobContext, told: GenerationArguments, taken: Sequence[Candidate]) -> str:
        caller = acting(context, told.by)
        before = self._data.made_by_job(caller, told.name, context.job_id)
        if before is not None:
            return before.reference
        with scratch_folder(self._scratch, context) as folder:
            rows = "".join(json.dumps(candidate.row(), ensure_ascii=False) + "\n" for candidate in taken)
            (folder / "files").mkdir()
            (folder / "files" / "questions.jsonl").write_text(rows, encoding="utf-8")
            upload = self._data.files.keep_folder(context.workspace_id, folder / "files")
        known: dict[str, Any] = {"index": f"{told.index}:{told.version}", "model": told.model, "seed": told.seed, "prompts": PROMPTS}
        made = Made(
            activity="questions",
            sources=(Thing("index", told.index, told.version), Thing("model", told.model)),
            by=f"job/{context.job_id}",
            parameters=known,
        )
        about = DataAssetCreate(name=told.name, upload=upload.reference, description=f"Questions of {told.index}:{told.version}")
        origin = {"kind": "questions", **known, "job": context.job_id}
        return self._data.keep(caller, about, upload, origin, rows=len(taken), made=made).reference


def _kind(made: _Set, source: random.Random) -> GeneratedKind:
    """Return a kind that is missing still, at random by how many of it are."""
    missing = made.missing()
    [kind] = source.choices(list(missing), weights=list(missing.values()))
    return cast("GeneratedKind", kind)


def _passages(reader: IndexReader, documents: Sequence[tuple[str, int]], told: GenerationArguments) -> Iterator[Chunk]:
    """Yield chunks spread over the corpus, each once."""
    known: dict[str, list[Chunk]] = {}
    given: set[str] = set()
    for which, share in points([tokens for _, tokens in documents], told.count, told.seed, _ROUNDS):
        document = documents[which][0]
        if document not in known:
            known[document] = reader.chunks_of(document, EVERYTHING)
        chunk = _at(known[document], share)
        if chunk is not None and chunk.id not in given and chunk.tokens >= _LEAST_TOKENS:
            given.add(chunk.id)
            yield chunk


def _at(chunks: Sequence[Chunk], share: float) -> Chunk | None:
    left = share * sum(chunk.tokens for chunk in chunks)
    for chunk in chunks:
        left -= chunk.tokens
        if left < 0:
            return chunk
    return None


async def _call(base_url: str, key: str, told: GenerationArguments, batch: Sequence[_Asked]) -> list[_Written]:
    # The client is 0.15 s of imports, which every process of the platform would pay at its start.
    from flowyard.inference.client import ModelClient

    free = asyncio.Semaphore(_AT_ONCE)

    async def one(client: "ModelClient", asked: _Asked) -> _Written:
        async with free:
            written = await _answer(client, body_of(asked.chunk, asked.kind, told.call, asked.wanted, guided=told.guided))
            candidate = candidate_of(written.text or "", asked.chunk, asked.kind)
            if candidate is None or asked.kind != "boolean":
                return written
            # The answer was wanted so, and a model writes what is wanted: it is asked again without being told.
            again = await _answer(client, confirming(candidate, told.call))
            answered = candidate_of(again.text or "", asked.chunk, asked.kind)
            confirmed = answered is not None and answered.answer == asked.wanted
            return replace(written, tokens=written.tokens + again.tokens, confirmed=confirmed)

    async with ModelClient(base_url, key) as client:
        return list(await asyncio.gather(*(one(client, asked) for asked in batch)))


async def _answer(client: "ModelClient", body: Mapping[str, Any]) -> _Written:
    try:
        found = await client.chat(body)
    except FlowyardError as error:
        return _Written(text=None, tokens=0, error=f"{error.title}: {error.message}"[:500])
    usage = cast("Mapping[str, Any]", found.get("usage") or {})
    choices = cast("list[dict[str, Any]]", found.get("choices") or [{}])
    message = cast("Mapping[str, Any]", choices[0].get("message") or {})
    return _Written(text=str(message.get("content") or ""), tokens=int(usage.get("total_tokens") or 0))
