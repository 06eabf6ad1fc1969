"""Whether a search found what was needed."""

from typing import Any

from flowyard.evaluation.judges.judge import PROMPTS, Judge
from flowyard.evaluation.model import EvaluatorInfo, Measure, Result


class RetrievalEvaluator(Judge):
    """Judges whether the context holds what the question needs, and whether that stands first."""

    info = EvaluatorInfo(
        name="retrieval",
        description="How well the retrieved context serves the question, the best first.",
        kind="judge",
        inputs=("query", "context"),
        measures=(Measure(key="retrieval", prefix="retrieval", low=1.0, high=5.0),),
        conversation=True,
        source="scale of azure-ai-evaluation (1 to 5); wording our own",
    )
    prompt = PROMPTS / "retrieval.prompty"

    def __call__(self, *, query: str | None = None, context: str | None = None, conversation: dict[str, Any] | None = None) -> Result:
        """Return ``retrieval``, 1 to 5, with its reason.

        Raises:
            EvaluatorInputError: an input is missing, empty or no text.
            LineFailedError: the call of the model failed.
        """
        return self.judged(conversation, query=query, context=context)
