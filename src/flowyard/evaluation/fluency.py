"""Whether an answer is well written."""

from typing import Any

from flowyard.evaluation.judges.judge import PROMPTS, Judge
from flowyard.evaluation.model import EvaluatorInfo, Measure, Result


class FluencyEvaluator(Judge):
    """Judges grammar, choice of words and flow of the response, in whatever language it is."""

    info = EvaluatorInfo(
        name="fluency",
        description="How correct and natural the language of the response is.",
        kind="judge",
        inputs=("response",),
        measures=(Measure(key="fluency", prefix="fluency", low=1.0, high=5.0),),
        conversation=True,
        source="scale of azure-ai-evaluation (1 to 5); wording our own",
    )
    prompt = PROMPTS / "fluency.prompty"

    def __call__(self, *, response: str | None = None, conversation: dict[str, Any] | None = None) -> Result:
        """Return ``fluency``, 1 to 5, with its reason.

        Raises:
            EvaluatorInputError: an input is missing, empty or no text.
            LineFailedError: the call of the model failed.
        """
        return self.judged(conversation, response=response)
