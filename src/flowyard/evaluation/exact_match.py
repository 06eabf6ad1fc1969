"""Whether an answer is the right one, word for word."""

from flowyard.evaluation.f1_score import normalized
from flowyard.evaluation.model import Evaluator, EvaluatorInfo, Measure, Result
from flowyard.evaluation.results import scored, texts


class ExactMatchEvaluator(Evaluator):
    """1 where the response is the ground truth, else 0. Space around them never counts.

    Args:
        normalize: compare without case, punctuation and articles, as the F1 score does (Rajpurkar et al. 2016, section 6.1).
    """

    info = EvaluatorInfo(
        name="exact_match",
        description="Whether the response is the ground truth.",
        kind="deterministic",
        inputs=("response", "ground_truth"),
        measures=(Measure(key="exact_match", prefix="exact_match"),),
        source="equality; normalized: Rajpurkar et al. 2016 (SQuAD)",
    )

    def __init__(self, *, normalize: bool = False) -> None:
        self._normalize = normalize

    def __call__(self, *, response: str, ground_truth: str) -> Result:
        """Return ``exact_match``, 0 or 1.

        Raises:
            EvaluatorInputError: an input is missing or no text.
        """
        answer, truth = texts(self.info, {"response": response, "ground_truth": ground_truth})
        same = normalized(answer) == normalized(truth) if self._normalize else answer.strip() == truth.strip()
        return scored("exact_match", float(same), 1.0)
