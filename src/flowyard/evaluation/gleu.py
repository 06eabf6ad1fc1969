"""GLEU of one sentence."""

from flowyard.evaluation.model import Evaluator, EvaluatorInfo, Measure, Result
from flowyard.evaluation.ngrams import counts, shared
from flowyard.evaluation.results import finite_threshold, scored, texts
from flowyard.evaluation.text.words import LanguageData, language

_ORDERS = range(1, 5)


class GleuScoreEvaluator(Evaluator):
    """Google's BLEU for single sentences: the lesser of precision and recall over all runs of one to four words.

    Wu et al. (2016), Google's neural machine translation system, arXiv:1609.08144, section 5.2.

    Args:
        threshold: a row passes at or above it; 0 to 1.
        language_data: ``auto`` uses NLTK's model of sentences where it is installed; ``builtin`` never does.
    """

    info = EvaluatorInfo(
        name="gleu_score",
        description="Runs of one to four words that the response shares with the ground truth, by the lesser of precision and recall.",
        kind="deterministic",
        inputs=("response", "ground_truth"),
        measures=(Measure(key="gleu_score", prefix="gleu"),),
        source="Wu et al. 2016, arXiv:1609.08144, section 5.2",
    )

    def __init__(self, *, threshold: float = 0.5, language_data: LanguageData = "auto") -> None:
        self._threshold = finite_threshold(self.info, threshold)
        self._language = language(language_data)

    def __call__(self, *, response: str, ground_truth: str) -> Result:
        """Return ``gleu_score``, 0 to 1.

        Raises:
            EvaluatorInputError: an input is missing or no text.
        """
        answer, truth = texts(self.info, {"response": response, "ground_truth": ground_truth})
        score = gleu(self._language.words(answer), self._language.words(truth))
        return scored("gleu", score, self._threshold, properties=self._language.sources)


def gleu(answer: list[str], truth: list[str]) -> float:
    """Return the GLEU of two lists of words; 0 where one is empty."""
    common = sum(shared(counts(answer, size), counts(truth, size)) for size in _ORDERS)
    longer = max(len(answer), len(truth))
    runs = sum(max(0, longer - size + 1) for size in _ORDERS)
    return common / runs if runs else 0.0
