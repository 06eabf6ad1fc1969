"""Whether an answer says what the right one says."""

from flowyard.evaluation.judges.judge import PROMPTS, Judge
from flowyard.evaluation.model import EvaluatorInfo, Measure, Result


class SimilarityEvaluator(Judge):
    """Judges how near the response is in meaning to the ground truth, as answers to the question."""

    info = EvaluatorInfo(
        name="similarity",
        description="How near the response is in meaning to the ground truth.",
        kind="judge",
        inputs=("query", "response", "ground_truth"),
        measures=(Measure(key="similarity", prefix="similarity", low=1.0, high=5.0),),
        source="scale of azure-ai-evaluation (1 to 5); wording our own",
    )
    prompt = PROMPTS / "similarity.prompty"

    def __call__(self, *, query: str, response: str, ground_truth: str) -> Result:
        """Return ``similarity``, 1 to 5, with its reason.

        Raises:
            EvaluatorInputError: an input is missing, empty or no text.
            LineFailedError: the call of the model failed.
        """
        return self.judged(None, query=query, response=response, ground_truth=ground_truth)
