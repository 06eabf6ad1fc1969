"""Whether an answer is one to the question."""

from typing import Any

from flowyard.evaluation.judges.judge import PROMPTS, Judge
from flowyard.evaluation.model import EvaluatorInfo, Measure, Result


class RelevanceEvaluator(Judge):
    """Judges how well the response answers the question, whether it is right or not."""

    info = EvaluatorInfo(
        name="relevance",
        description="How well the response answers the question.",
        kind="judge",
        inputs=("query", "response"),
        measures=(Measure(key="relevance", prefix="relevance", low=1.0, high=5.0),),
        conversation=True,
        source="scale of azure-ai-evaluation (1 to 5); wording our own",
    )
    prompt = PROMPTS / "relevance.prompty"

    def __call__(self, *, query: str | None = None, response: str | None = None, conversation: dict[str, Any] | None = None) -> Result:
        """Return ``relevance``, 1 to 5, with its reason.

        Raises:
            EvaluatorInputError: an input is missing, empty or no text.
            LineFailedError: the call of the model failed.
        """
        return self.judged(conversation, query=query, response=response)
