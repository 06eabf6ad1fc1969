"""The job that makes a question set. What a model wrote of some passages is a recorded step: a job that was cut short goes on there."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, cast

from flowyard.catalog.verify.job import until_canceled
from flowyard.catalog.verify.ports import Keys
from flowyard.compute.errors import JobCanceledError
from flowyard.compute.ports import JobContext, StageReport
from flowyard.data.lineage.model import Made, Thing
from flowyard.data.service import DataService
from flowyard.data.working import acting, scratch_folder
from flowyard.foundation import bridge
from flowyard.foundation.clock import NANOSECONDS, now_ns
from flowyard.foundation.codecs import convert, plain
from flowyard.foundation.errors import FlowyardError
from flowyard.identity.access import UNTAGGED, Access
from flowyard.rag.building.job import Models
from flowyard.rag.building.ports import IndexLedger
from flowyard.rag.model import Chunk
from flowyard.rag.ports import IndexKey, IndexReader, VectorStore
from flowyard.rag.questions.asking import Asked, Written, ask
from flowyard.rag.questions.checking import Candidate, Known, Reason, wrong_with
from flowyard.rag.questions.sampling import points
from flowyard.rag.questions.service import QUESTION_GENERATION, STAGES
from flowyard.rag.questions.turning import proposals
from flowyard.rag.questions.writing import PROMPTS, candidate_of
from flowyard.wire.data import DataAssetCreate
from flowyard.wire.index_questions import QUESTIONS_OF, WHY_NO_MORE, GeneratedKind, GeneratedQuestions, RefusedQuestion

_KEY_NS = 7 * 24 * 3600 * NANOSECONDS
#: So many passages are one recorded step.
_STEP = 8
#: So many rounds are spread over the corpus, then whatever is left is taken; passages of fewer tokens are no subject.
_ROUNDS, _LEAST_TOKENS = 6, 20
#: So many questions of a passage are ranked.
_RANKED = 4
#: So many questions that were refused are told.
_REFUSED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationArguments:
    """What the job is told: the version that is meant, how the model is called, who asked, and what they may see."""

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
    shares: tuple[int, ...] = ()
    same_meaning: float = 0.93
    guided: bool = False
    ranks: bool = False
    access: Access = UNTAGGED


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """What becomes of what a model wrote: it is taken, refused for a reason, or (neither) not needed any more."""

    taken: bool = False
    reason: str | None = None
    same_as: str | None = None


@dataclass(slots=True)
class _Set:
    """The set as it grows."""

    wanted: Counter[str]
    known: Known
    taken: list[Candidate] = field(default_factory=list[Candidate])
    rejected: Counter[str] = field(default_factory=Counter[str])
    refused: list[RefusedQuestion] = field(default_factory=list[RefusedQuestion])
    asked: int = 0
    tokens: int = 0

    def missing(self) -> Counter[str]:
        return self.wanted - Counter(candidate.kind for candidate in self.taken)

    def judge(self, batch: Sequence[Asked], written: Sequence[Written]) -> list[_Verdict]:
        """Return what is to become of a batch; nothing of the set changes."""
        missing = self.missing()
        candidates = [_candidate(one, asked) for one, asked in zip(written, batch, strict=True)]
        reasons = [_reason(one, candidate) for one, candidate in zip(written, candidates, strict=True)]
        self.known.learn([one.text() for one, reason in zip(candidates, reasons, strict=True) if one is not None and reason is None])
        found: list[_Verdict] = []
        also: list[str] = []
        for asked, candidate, reason in zip(batch, candidates, reasons, strict=True):
            if not missing[asked.kind]:
                found.append(_Verdict())
            elif reason is not None or candidate is None:
                found.append(_Verdict(reason=reason))
            elif (same := self.known.same(candidate.text(), also)) is not None:
                found.append(_Verdict(reason="duplicate", same_as=same))
            else:
                found.append(_Verdict(taken=True))
                also.append(candidate.text())
                missing[asked.kind] -= 1
        return found

    def apply(self, batch: Sequence[Asked], written: Sequence[Written], verdicts: Sequence[_Verdict]) -> None:
        for asked, one, verdict in zip(batch, written, verdicts, strict=True):
            self.asked, self.tokens = self.asked + 1, self.tokens + one.tokens
            candidate = _candidate(one, asked)
            if candidate is not None and verdict.taken:
                self.taken.append(candidate)
                self.known.add(candidate.text())
            elif verdict.reason is not None:
                self.rejected[verdict.reason] += 1
                # Whoever may look at jobs reads the result: what a document with access tags says is not in it.
                if candidate is not None and not candidate.chunk.tags and len(self.refused) < _REFUSED:
                    self.refused.append(_refused(candidate, verdict.reason, verdict.same_as))


def _refused(candidate: Candidate, reason: str, same_as: str | None) -> RefusedQuestion:
    document = candidate.chunk.document
    return RefusedQuestion(question=candidate.text(), kind=candidate.kind, document=document, reason=reason, same_as=same_as)


def _candidate(written: Written, asked: Asked) -> Candidate | None:
    return None if written.text is None else candidate_of(written.text, asked.chunk, asked.kind)


def _reason(written: Written, candidate: Candidate | None) -> Reason | None:
    if candidate is None:
        return written.reason or ("failed" if written.text is None else "unreadable")
    return wrong_with(candidate) or (None if written.confirmed else "not_answered")


class QuestionGenerationJob:
    """Implements `compute.ports.JobKind`. The model is called by the gateway, with a key for this job alone.

    Args:
        data: where the set goes.
        vectors: where passages are.
        ledger: where versions are kept.
        models: what embeds questions, to tell which mean the same.
        keys: makes the job's key.
        scratch: for the set while it is written.
        gateway_url: where models are called.
    """

    name = QUESTION_GENERATION
    stages = STAGES

    def __init__(
        self, data: DataService, vectors: VectorStore, ledger: IndexLedger, models: Models, keys: Keys, scratch: Path, gateway_url: str
    ) -> None:
        self._data = data
        self._vectors = vectors
        self._ledger = ledger
        self._models = models
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
            entries = [
                entry
                for _, entry in self._ledger.entries(record.id, seen=record.recipe.seen_by(told.access))
                if entry.why is None and entry.tokens > 0
            ]
            reader = self._vectors.open(IndexKey(context.workspace_id, told.index), told.version)
            passages = _passages(reader, [(entry.key, entry.tokens) for entry in entries], told)
        with self._models.embedder(context, record.recipe.embedding_model) as embedder:
            made = _Set(wanted=_wanted(told), known=Known(embedder.embed, told.same_meaning))
            try:
                self._write(context, told, passages, made)
            except JobCanceledError:
                self._keep_some(context, told, made)
                raise
        ended = "complete" if not made.missing() else "budget" if made.tokens >= told.max_tokens else "exhausted"
        with context.stage("keep"):
            result = GeneratedQuestions(
                data=self._kept(context, told, made.taken, _ended(told, made, WHY_NO_MORE[ended])) if made.taken else None,
                questions=dict(Counter(candidate.kind for candidate in made.taken)),
                rejected=dict(made.rejected),
                refused=tuple(made.refused),
                asked=made.asked,
                documents=len({candidate.chunk.document for candidate in made.taken}),
                tokens=made.tokens,
                ended=ended,
            )
        return plain(result)

    def _keep_some(self, context: JobContext, told: GenerationArguments, made: _Set) -> None:
        """Keep what a canceled job has so far as a set: the job that goes on makes the next version of it."""
        if made.taken:
            kept = self._kept(context, told, made.taken, _ended(told, made, "the job was canceled"))
            context.log(f"Canceled: the {len(made.taken)} questions so far are kept as {kept}. Resume the job to go on with the others.")

    def _write(self, context: JobContext, told: GenerationArguments, passages: Iterator[Chunk], made: _Set) -> None:
        source = random.Random(told.seed)  # noqa: S311 - no secret is made of it
        scope = f"questions:{context.job_id}"
        try:
            key = self._keys.issue(context.workspace_id, "questions", "invoker", scope=scope, expires_ns=now_ns() + _KEY_NS)
            with context.stage("write") as report:
                for number in count():
                    report.progress(len(made.taken), told.count, "questions")
                    _tell(report, made, 0)
                    if not made.missing() or made.tokens >= told.max_tokens:
                        break
                    batch = self._batch(told, made, passages, source)
                    if not batch:
                        break
                    context.check_canceled()
                    heard = partial(_tell, report, made)
                    kept = context.step(f"passages {number}", lambda batch=batch, heard=heard: self._ask(context, key, told, batch, heard))
                    written = convert(kept, list[Written])
                    # Another run may embed a little differently: what was decided stays, as the passages behind it were asked for by it.
                    judged = context.step(f"verdicts {number}", lambda batch=batch, written=written: plain(made.judge(batch, written)))
                    made.apply(batch, written, convert(judged, list[_Verdict]))
        finally:
            self._keys.revoke_scope(context.workspace_id, scope)

    def _batch(self, told: GenerationArguments, made: _Set, passages: Iterator[Chunk], source: random.Random) -> list[Asked]:
        """Return what is asked next. A passage with no statement to ask about costs no call, where the model only ranks."""
        batch: list[Asked] = []
        for chunk in passages:
            if not told.ranks:
                batch.append(Asked(chunk, _kind(made.missing(), source), source.choice(("yes", "no"))))
            elif (asked := _to_rank(chunk, made.missing(), source)) is not None:
                batch.append(asked)
            else:
                made.asked += 1
                made.rejected["no_statement"] += 1
            if len(batch) == _STEP:
                break
        return batch

    def _ask(self, context: JobContext, key: str, told: GenerationArguments, batch: Sequence[Asked], heard: Callable[[int], None]) -> Any:
        calls = ask(f"{self._gateway_url}/v1", key, told.call, batch, heard, guided=told.guided)
        written = bridge.run(until_canceled(calls, context.check_canceled))
        if all(one.error is not None for one in written):
            raise FlowyardError(
                f"The model {told.model!r} answers nothing: {written[0].error}",
                remedy=f"Then go on with what is not written yet: flowyard job resume {context.job_id}",
            )
        return plain(written)

    def _kept(self, context: JobContext, told: GenerationArguments, taken: Sequence[Candidate], ended: str | None) -> str:
        caller = acting(context, told.by)
        before = self._data.made_by_job(caller, told.name, context.job_id)
        if before is not None and before.rows == len(taken) and before.origin.get("ended") == ended:
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
        kinds = Counter(candidate.kind for candidate in taken)
        tags = {QUESTIONS_OF: told.index, "model": told.model, "kinds": ", ".join(f"{number} {kind}" for kind, number in kinds.items())}
        description = f"Questions of {told.index}:{told.version}"
        about = DataAssetCreate(name=told.name, upload=upload.reference, description=description, tags=tags)
        origin = {"kind": "questions", **known, "job": context.job_id, **({} if ended is None else {"ended": ended})}
        return self._data.keep(caller, about, upload, origin, rows=len(taken), made=made).reference


def _tell(report: StageReport, made: _Set, heard: int) -> None:
    """Say how many passages were asked about, those among them that are not judged yet."""
    report.detail(f"{made.asked + heard} passages, {sum(made.rejected.values())} questions not taken")


def _ended(told: GenerationArguments, made: _Set, why: str) -> str | None:
    """Return in a few words why a set has fewer questions than were asked for; None where it has them."""
    return f"{len(made.taken):,} of {told.count:,}: {why}" if made.missing() else None


def _wanted(told: GenerationArguments) -> Counter[str]:
    """Return how many of each kind, by its share; what is over goes to the greatest remainders, of equal ones to the first."""
    shares = told.shares or (1,) * len(told.kinds)
    exact = [told.count * share / sum(shares) for share in shares]
    whole = [int(number) for number in exact]
    by_rest = sorted(range(len(exact)), key=lambda place: whole[place] - exact[place])
    for place in by_rest[: told.count - sum(whole)]:
        whole[place] += 1
    return Counter(dict(zip(told.kinds, whole, strict=True)))


def _to_rank(chunk: Chunk, missing: Counter[str], source: random.Random) -> Asked | None:
    """Return a passage with some of the questions that its statements answer, of a kind that is missing; None where it has none."""
    wanted = source.choice(("yes", "no"))
    options = {kind: found for kind in missing if (found := proposals(chunk, cast("GeneratedKind", kind)))}
    if not options:
        return None
    kind = _kind(Counter({kind: missing[kind] for kind in options}), source)
    found = [one for one in options[kind] if kind != "boolean" or one.answer == wanted] or options[kind]
    return Asked(chunk, kind, wanted, tuple(source.sample(found, min(_RANKED, len(found)))))


def _kind(missing: Counter[str], source: random.Random) -> GeneratedKind:
    """Return a kind that is missing still, at random by how many of it are."""
    [kind] = source.choices(list(missing), weights=list(missing.values()))
    return cast("GeneratedKind", kind)


def _passages(reader: IndexReader, documents: Sequence[tuple[str, int]], told: GenerationArguments) -> Iterator[Chunk]:
    """Yield all chunks of the corpus, each once, the first ones spread over it."""
    known: dict[str, list[Chunk]] = {}
    given: set[str] = set()
    for which, share in points([tokens for _, tokens in documents], told.count, told.seed, _ROUNDS):
        document = documents[which][0]
        if document not in known:
            known[document] = reader.chunks_of(document, told.access)
        chunk = _at(known[document], share)
        if chunk is not None and chunk.id not in given and chunk.tokens >= _LEAST_TOKENS:
            given.add(chunk.id)
            yield chunk
    names = [name for name, _ in documents]
    random.Random(told.seed).shuffle(names)  # noqa: S311 - no secret is made of it
    for name in names:
        for chunk in reader.chunks_of(name, told.access):
            if chunk.id not in given and chunk.tokens >= _LEAST_TOKENS:
                given.add(chunk.id)
                yield chunk


def _at(chunks: Sequence[Chunk], share: float) -> Chunk | None:
    left = share * sum(chunk.tokens for chunk in chunks)
    for chunk in chunks:
        left -= chunk.tokens
        if left < 0:
            return chunk
    return None
