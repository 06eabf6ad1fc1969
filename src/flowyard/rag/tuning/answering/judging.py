"""Answers scored by a model beside words: by the evaluators groundedness and relevance, for as many tokens as the judge may take."""

import asyncio
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from flowyard.catalog.verify.job import until_canceled
from flowyard.catalog.verify.ports import Keys
from flowyard.catalog.verify.probe import Subject
from flowyard.compute.ports import JobContext
from flowyard.evaluation.groundedness import GroundednessEvaluator
from flowyard.evaluation.judges.judge import Judge
from flowyard.evaluation.relevance import RelevanceEvaluator
from flowyard.foundation import bridge
from flowyard.foundation.clock import NANOSECONDS, now_ns
from flowyard.foundation.codecs import convert, plain
from flowyard.foundation.errors import FlowyardError
from flowyard.foundation.ids import new_trace_id
from flowyard.tracing.context import SpanContext, activate
from flowyard.tracing.guarding import Tags, TraceGuards
from flowyard.wire.index_tunings import TuningJudge
from flowyard.wire.shared import Money

#: What a judge scores, from 1 to 5.
JUDGED = ("groundedness", "relevance")
_LEAST, _MOST = 1.0, 5.0
_KEY_NS = 7 * 24 * 3600 * NANOSECONDS
#: So many calls of the judge run at once.
_AT_ONCE = 4

#: Of a workspace, a model and its prompt and completion tokens, the millionths of a US dollar; None: no price is known.
Price = Callable[[str, Subject, int, int], int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgePlan:
    """Which model judges, and how many tokens all its calls may take."""

    subject: Subject
    most_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """An answer as it is judged: what was asked, what was answered, and the passages that it was made from, with the documents' tags."""

    query: str
    response: str
    context: str
    tags: tuple[Tags, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a judge said of an answer: its scores as 0 to 1, None of those that cannot be read, and why the first of them cannot.

    `failed`: no call was answered.
    """

    scores: Mapping[str, float | None]
    prompt_tokens: int = 0
    completion_tokens: int = 0
    problem: str | None = None
    failed: bool = False


Asks = Callable[[Sequence[Material]], list[Judged]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judges:
    """What judges are asked with: keys for the gateway, what tokens cost, and what their calls are withheld for."""

    keys: Keys
    price: Price
    gateway_url: str
    guards: TraceGuards

    @contextmanager
    def asking(self, context: JobContext, subject: Subject) -> Generator[Asks]:
        """Give what asks a model for scores. The key is the job's alone and ends with it."""
        scope = f"index-judge:{context.job_id}"
        try:
            key = self.keys.issue(context.workspace_id, "judge", "invoker", scope=scope, expires_ns=now_ns() + _KEY_NS)
            told = {"type": "openai", "base_url": f"{self.gateway_url}/v1", "api_key": key, "model": subject.call}
            judges = (GroundednessEvaluator(told), RelevanceEvaluator(told))

            def ask(materials: Sequence[Material]) -> list[Judged]:
                traces = [new_trace_id() for _ in materials]
                self.guards.note_all(context.workspace_id, [(trace, one.tags) for trace, one in zip(traces, materials, strict=True)])
                about = [(one, SpanContext(trace, "")) for trace, one in zip(traces, materials, strict=True)]
                return bridge.run(until_canceled(_each(judges, about), context.check_canceled))

            yield ask
        finally:
            self.keys.revoke_scope(context.workspace_id, scope)


class Judging:
    """Has a judge score answers as long as its tokens last. What it said of the answers to one question is a recorded step.

    Args:
        context: the job's.
        plan: who judges.
        asks: asks it.
        price: of tokens of a model; None: not known.

    Attributes:
        share: of its tokens, that it may have taken when it is asked for more.
        left_out: questions that do not count, because an answer to them has no score.
        problem: why the first score that cannot be read cannot.
    """

    def __init__(self, context: JobContext, plan: JudgePlan, asks: Asks, price: Price) -> None:
        self._context = context
        self._plan = plan
        self._asks = asks
        self._price = price
        self._calls = self._prompt_tokens = self._completion_tokens = self._unjudged = 0
        self.share = 1.0
        self.left_out = 0
        self.problem: str | None = None

    @property
    def model(self) -> str:
        """The judge, as it was asked for."""
        return self._plan.subject.model

    @property
    def stopped(self) -> str | None:
        """Why answers were not judged; None: all were."""
        if not self._unjudged:
            return None
        return f"{self._unjudged} answers were not judged: the {self._plan.most_tokens:,} tokens that the judge may take were spent."

    def scores(self, what: str, materials: Sequence[Material]) -> list[Mapping[str, float | None]]:
        """Return the scores of the answers to a question; none of each once the tokens are spent."""
        if materials and self._prompt_tokens + self._completion_tokens >= self.share * self._plan.most_tokens:
            self._unjudged += len(materials)
            return [{} for _ in materials]
        said = convert(self._context.step(f"judged {what}", lambda: self._asked(materials)), list[Judged]) if materials else []
        for one in said:
            self._calls += len(JUDGED)
            self._prompt_tokens += one.prompt_tokens
            self._completion_tokens += one.completion_tokens
            self.problem = self.problem or one.problem
        return [one.scores for one in said]

    def told(self) -> TuningJudge:
        """Return who judged, and what that took."""
        cost = self._price(self._context.workspace_id, self._plan.subject, self._prompt_tokens, self._completion_tokens)
        return TuningJudge(
            model=self.model,
            calls=self._calls,
            prompt_tokens=self._prompt_tokens,
            completion_tokens=self._completion_tokens,
            cost=None if cost is None else Money(micros=str(cost)),
            left_out=self.left_out,
            problem=self.problem,
        )

    def _asked(self, materials: Sequence[Material]) -> Any:
        said = self._asks(materials)
        if said and all(one.failed for one in said):
            raise FlowyardError(
                f"The judge {self._plan.subject.model!r} answers nothing: {said[0].problem}",
                remedy=f"Then go on with what is not judged yet: flowyard job resume {self._context.job_id}",
            )
        return plain(said)


async def _each(judges: Sequence[Judge], materials: Sequence[tuple[Material, SpanContext]]) -> list[Judged]:
    """Have each judge score each answer, in a trace of the answer."""
    free = asyncio.Semaphore(_AT_ONCE)

    async def one(judge: Judge, material: Material, trace: SpanContext) -> Mapping[str, Any] | str:
        beside = {"context": material.context} if "context" in judge.info.inputs else {}
        async with free:
            try:
                with activate(trace):
                    return await judge.evaluate(query=material.query, response=material.response, **beside)
            except FlowyardError as error:
                return error.code if material.tags else error.message[:500]

    found = await asyncio.gather(*(one(judge, *about) for about in materials for judge in judges))
    each = (found[at : at + len(judges)] for at in range(0, len(found), len(judges)))
    return [_judged(judges, results, quoting=not one.tags) for (one, _), results in zip(materials, each, strict=True)]


def _judged(judges: Sequence[Judge], results: Sequence[Mapping[str, Any] | str], *, quoting: bool) -> Judged:
    """Return what judges said of an answer. Only with `quoting` are their words told: those may be of the passages."""
    scores: dict[str, float | None] = {}
    problems: list[str] = []
    prompt = completion = 0
    for judge, result in zip(judges, results, strict=True):
        name = judge.info.name
        if isinstance(result, str):
            scores[name] = None
            problems.append(result)
            continue
        score = cast("float | None", result[name])
        scores[name] = None if score is None else (score - _LEAST) / (_MOST - _LEAST)
        about = cast("Mapping[str, Any]", result[f"{name}_properties"] or {})
        prompt, completion = prompt + int(about.get("prompt_tokens") or 0), completion + int(about.get("completion_tokens") or 0)
        if score is None:
            problems.append(
                f"{name}: {about.get('invalid')} in {str(about.get('answer'))[:200]!r}" if quoting else f"{name} could not be read"
            )
    return Judged(
        scores=scores,
        prompt_tokens=prompt,
        completion_tokens=completion,
        problem=next(iter(problems), None),
        failed=all(isinstance(result, str) for result in results),
    )
