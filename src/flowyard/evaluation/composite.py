"""Several evaluators as one: their parts run side by side."""

import asyncio
from collections.abc import Callable, Sequence
from typing import cast

from flowyard.evaluation.judges.judge import Judge
from flowyard.evaluation.model import Evaluator, Measure, Result

Part = tuple[Judge | Evaluator, dict[str, str | None]]


def measures_of(*parts: type[Evaluator]) -> tuple[Measure, ...]:
    """Return the measures of all parts."""
    return tuple(measure for part in parts for measure in part.info.measures)


def side_by_side(parts: Sequence[Part], conversation: object = None) -> Result:
    """Return the results of all parts in one; the judges among them ask at the same time.

    Raises:
        FlowyardError: a part failed; the first one that did.
    """
    from flowyard.foundation.bridge import run

    return run(_gathered(parts, conversation))


async def _gathered(parts: Sequence[Part], conversation: object) -> Result:
    async def one(part: Judge | Evaluator, values: dict[str, str | None]) -> Result:
        if isinstance(part, Judge):
            return await part.evaluate(conversation, **values)
        return cast("Callable[..., Result]", part)(**values)

    whole: Result = {}
    per_turn: Result = {}
    for result in await asyncio.gather(*(one(part, values) for part, values in parts)):
        per_turn |= result.pop("evaluation_per_turn", {})
        whole |= result
    return {**whole, "evaluation_per_turn": per_turn} if per_turn else whole
