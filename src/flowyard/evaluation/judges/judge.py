"""What all judges do: check their inputs, ask, read the answer, keep the reason."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from flowyard.evaluation.conversation import over_turns, turns
from flowyard.evaluation.errors import EvaluatorInputError
from flowyard.evaluation.judges.answers import Judgement, read_score
from flowyard.evaluation.judges.model import Connections, JudgeModel, Reply
from flowyard.evaluation.model import Evaluator, Result
from flowyard.evaluation.results import finite_threshold, scored, texts
from flowyard.foundation.errors import Location

PROMPTS = Path(__file__).parent / "prompts"


class Judge(Evaluator):
    """Base of the evaluators that ask a model.

    Args:
        model_config: where the model is (`judges.model.configuration` says in which words).
        threshold: a row passes at it or on its better side.
        connections: connections by name, for a configuration that names one outside of a flow.

    Attributes:
        prompt: the prompty; a subclass may name its own, with the same inputs.
    """

    prompt: ClassVar[Path]

    def __init__(self, model_config: Any, *, threshold: float = 3.0, connections: Connections | None = None) -> None:
        self._threshold = finite_threshold(self.info, threshold)
        self._model = JudgeModel(self.prompt, model_config, connections)

    def judged(self, conversation: object = None, **values: str | None) -> Result:
        """Return the result for a row, or for a conversation. Blocks until the model has answered.

        Raises:
            EvaluatorInputError: an input is missing, empty or no text.
            LineFailedError: the call of the model failed.
        """
        from flowyard.foundation.bridge import run

        return run(self.evaluate(conversation, **values))

    async def evaluate(self, conversation: object = None, **values: str | None) -> Result:
        """Return the result as `judged` does, for asynchronous callers. The turns of a conversation are judged side by side."""
        measure = self.info.measures[0]
        if conversation is None:
            return await self._row(values)
        given = next((name for name, value in values.items() if value is not None), None)
        if given is not None:
            raise EvaluatorInputError(
                f"{self.info.name} got both a conversation and {given!r}.",
                remedy="Give one of the two.",
                location=Location(pointer=f"/{given}"),
            )
        parts = turns(self.info.name, conversation)
        results = await asyncio.gather(*(self._turn(part) for part in parts))
        return over_turns(results, measure.prefix, higher_is_better=measure.higher_is_better)

    async def _turn(self, values: Mapping[str, str]) -> Result:
        lacking = next((name for name in self.info.inputs if not values.get(name, "").strip()), None)
        if lacking is not None:
            return self.result(Judgement(score=None, invalid=f"the turn has no {lacking}"), None)
        return await self._row({name: values.get(name) for name in (*self.info.inputs, *self.info.optional)})

    async def _row(self, values: Mapping[str, str | None]) -> Result:
        needed = {name: values.get(name) for name in self.info.inputs}
        inputs = dict(zip(needed, texts(self.info, needed, blank=False), strict=True))
        beside = {name: value for name in self.info.optional if (value := values.get(name)) is not None}
        inputs |= dict(zip(beside, texts(self.info, beside), strict=True))
        reply = await self._model.ask(inputs)
        return self.result(self.read(reply.answer), reply)

    def read(self, answer: object) -> Judgement:
        """Read an answer on this judge's scale."""
        measure = self.info.measures[0]
        return read_score(answer, measure.low, measure.high or 0.0)

    def result(self, judgement: Judgement, reply: Reply | None) -> Result:
        """Return what goes into the row's result."""
        measure = self.info.measures[0]
        return scored(
            measure.prefix,
            judgement.score,
            self._threshold,
            higher_is_better=measure.higher_is_better,
            reason=judgement.reason,
            properties=properties(judgement, reply),
        )


def properties(judgement: Judgement, reply: Reply | None) -> dict[str, Any]:
    """Return what a judgement took, and for an invalid one why it is, with the whole answer."""
    found: dict[str, Any] = dict(judgement.details)
    if reply is not None:
        found |= {
            "model": reply.model,
            "prompt_tokens": reply.prompt_tokens,
            "completion_tokens": reply.completion_tokens,
            "total_tokens": reply.prompt_tokens + reply.completion_tokens,
        }
    if judgement.invalid is not None:
        found |= {"invalid": judgement.invalid, "answer": None if reply is None else reply.answer}
    return found
