"""Whether an answer rests on its sources."""

from typing import Any

from flowyard.evaluation.judges.judge import PROMPTS, Judge
from flowyard.evaluation.model import EvaluatorInfo, Measure, Result


class GroundednessEvaluator(Judge):
    """Judges how far the context supports the response; what is true but not in the context counts as unsupported."""

    info = EvaluatorInfo(
        name="groundedness",
        description="How far the context supports what the response says.",
        kind="judge",
        inputs=("response", "context"),
        optional=("query",),
        measures=(Measure(key="groundedness", prefix="groundedness", low=1.0, high=5.0),),
        conversation=True,
        source="scale of azure-ai-evaluation (1 to 5); wording our own",
    )
    prompt = PROMPTS / "groundedness.prompty"

    def __call__(
        self,
        *,
        response: str | None = None,
        context: str | None = None,
        query: str | None = None,
        conversation: dict[str, Any] | None = None,
    ) -> Result:
        """Return ``groundedness``, 1 to 5, with its reason.

        Raises:
            EvaluatorInputError: an input is missing, empty or no text.
            LineFailedError: the call of the model failed.
        """
        return self.judged(conversation, response=response, context=context, query=query)
