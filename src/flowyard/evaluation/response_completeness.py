"""Whether an answer leaves nothing out."""

from typing import Any

from flowyard.evaluation.judges.judge import PROMPTS, Judge
from flowyard.evaluation.model import EvaluatorInfo, Measure, Result


class ResponseCompletenessEvaluator(Judge):
    """Judges how much of what the ground truth says is in the response, in any words."""

    info = EvaluatorInfo(
        name="response_completeness",
        description="How much of what the ground truth says is in the response.",
        kind="judge",
        inputs=("response", "ground_truth"),
        measures=(Measure(key="response_completeness", prefix="response_completeness", low=1.0, high=5.0),),
        conversation=True,
        source="scale of azure-ai-evaluation (1 to 5); wording our own",
    )
    prompt = PROMPTS / "response_completeness.prompty"

    def __call__(
        self, *, response: str | None = None, ground_truth: str | None = None, conversation: dict[str, Any] | None = None
    ) -> Result:
        """Return ``response_completeness``, 1 to 5, with its reason.

        Raises:
            EvaluatorInputError: an input is missing, empty or no text.
            LineFailedError: the call of the model failed.
        """
        return self.judged(conversation, response=response, ground_truth=ground_truth)
