"""How many words an answer shares with the right one."""

import re
import string
from collections import Counter

from flowyard.evaluation.model import Evaluator, EvaluatorInfo, Measure, Result
from flowyard.evaluation.results import finite_threshold, scored, texts

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")


class F1ScoreEvaluator(Evaluator):
    """Harmonic mean of precision and recall over words, without case, punctuation and articles.

    Rajpurkar et al. (2016), SQuAD: 100,000+ questions for machine comprehension of text, section 6.1.

    Args:
        threshold: a row passes at or above it; 0 to 1.
    """

    info = EvaluatorInfo(
        name="f1_score",
        description="Words that the response shares with the ground truth.",
        kind="deterministic",
        inputs=("response", "ground_truth"),
        measures=(Measure(key="f1_score", prefix="f1_score"),),
        source="Rajpurkar et al. 2016 (SQuAD), section 6.1",
    )

    def __init__(self, *, threshold: float = 0.5) -> None:
        self._threshold = finite_threshold(self.info, threshold)

    def __call__(self, *, response: str, ground_truth: str) -> Result:
        """Return ``f1_score``, 0 to 1.

        Raises:
            EvaluatorInputError: an input is missing or no text.
        """
        answer, truth = texts(self.info, {"response": response, "ground_truth": ground_truth})
        return scored("f1_score", f1(normalized(answer), normalized(truth)), self._threshold)


def normalized(text: str) -> list[str]:
    """Return the words of `text` in lower case, without punctuation and articles."""
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()


def f1(answer: list[str], truth: list[str]) -> float:
    """Return the F1 score of two lists of words; 0 where they share none."""
    common = (Counter(answer) & Counter(truth)).total()
    if not common:
        return 0.0
    precision, recall = common / len(answer), common / len(truth)
    return 2 * precision * recall / (precision + recall)
