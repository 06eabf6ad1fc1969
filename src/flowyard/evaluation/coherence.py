"""Whether an answer hangs together."""

from typing import Any

from flowyard.evaluation.judges.judge import PROMPTS, Judge
from flowyard.evaluation.model import EvaluatorInfo, Measure, Result


class CoherenceEvaluator(Judge):
    """Judges how well the sentences of the response follow from one another and answer the question."""

    info = EvaluatorInfo(
        name="coherence",
        description="How well the response hangs together.",
        kind="judge",
        inputs=("query", "response"),
        measures=(Measure(key="coherence", prefix="coherence", low=1.0, high=5.0),),
        conversation=True,
        source="scale of azure-ai-evaluation (1 to 5); wording our own",
    )
    prompt = PROMPTS / "coherence.prompty"

    def __call__(self, *, query: str | None = None, response: str | None = None, conversation: dict[str, Any] | None = None) -> Result:
        """Return ``coherence``, 1 to 5, with its reason.

        Raises:
            EvaluatorInputError: an input is missing, empty or no text.
            LineFailedError: the call of the model failed.
        """
        return self.judged(conversation, query=query, response=response)
