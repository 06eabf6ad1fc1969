"""What answers cost."""

from flowyard.evaluation.errors import EvaluatorInputError
from flowyard.evaluation.metrics import score_of
from flowyard.evaluation.model import Evaluator, EvaluatorInfo, Measure, Result
from flowyard.evaluation.results import finite_threshold, number, scored
from flowyard.foundation.errors import Location

_MILLION = 1_000_000


class CostEvaluator(Evaluator):
    """The tokens a row took and what they cost.

    The cost is the row's own (`cost_micros`) where it has one, else that of its tokens at the prices given here. Prices are never guessed:
    without either the cost is unknown, and the row counts as invalid.

    Args:
        prompt_price: currency units for a million tokens of prompts; 0 with `completion_price` 0: no price is known.
        completion_price: likewise for answers.
        threshold: currency units; a row passes at or below it.
    """

    info = EvaluatorInfo(
        name="cost",
        description="Tokens and cost of a row, with their sums over the run.",
        kind="deterministic",
        inputs=(),
        optional=("prompt_tokens", "completion_tokens", "cost_micros"),
        measures=(Measure(key="cost", prefix="cost", high=None, higher_is_better=False, unit="currency units"),),
        source="tokens times the price of a million",
    )

    def __init__(self, *, prompt_price: float = 0.0, completion_price: float = 0.0, threshold: float = 0.01) -> None:
        self._prompt = finite_threshold(self.info, prompt_price, "prompt_price")
        self._completion = finite_threshold(self.info, completion_price, "completion_price")
        self._threshold = finite_threshold(self.info, threshold)

    def __call__(self, *, prompt_tokens: int | None = None, completion_tokens: int | None = None, cost_micros: int | None = None) -> Result:
        """Return ``cost`` and ``total_tokens``.

        Args:
            prompt_tokens: of all calls of the row.
            completion_tokens: likewise.
            cost_micros: millionths of a currency unit, as a run's line has it.

        Raises:
            EvaluatorInputError: there is neither a cost nor tokens, or one is no finite number from 0 on.
        """
        if cost_micros is None and prompt_tokens is None and completion_tokens is None:
            raise EvaluatorInputError(
                "cost got neither tokens nor a cost.",
                remedy="Map columns to prompt_tokens and completion_tokens, or one to cost_micros.",
                location=Location(pointer="/prompt_tokens"),
            )
        prompt = number(self.info, "prompt_tokens", prompt_tokens or 0, least=0.0)
        completion = number(self.info, "completion_tokens", completion_tokens or 0, least=0.0)
        spent = self._spent(prompt, completion, cost_micros)
        reason = None if spent is not None else "The cost is not known: the row has none, and no prices were given."
        tokens = {"prompt_tokens": int(prompt), "completion_tokens": int(completion), "total_tokens": int(prompt + completion)}
        return {**scored("cost", spent, self._threshold, higher_is_better=False, reason=reason), **tokens}

    def _spent(self, prompt: float, completion: float, cost_micros: int | None) -> float | None:
        if cost_micros is not None:
            return number(self.info, "cost_micros", cost_micros, least=0.0) / _MILLION
        if not self._prompt and not self._completion:
            return None
        return (prompt * self._prompt + completion * self._completion) / _MILLION

    def __aggregate__(self, line_results: list[Result]) -> dict[str, float]:
        """Return the metrics of any evaluator, and the sums of cost and tokens over the run."""
        found = super().__aggregate__(line_results)
        costs = [value for row in line_results if (value := score_of(row, "cost")) is not None]
        if costs:
            found["cost_total"] = sum(costs)
        for name in ("prompt_tokens", "completion_tokens", "total_tokens"):
            found[name] = sum(score_of(row, name) or 0.0 for row in line_results)
        return found
