"""BLEU of one sentence."""

import math

from flowyard.evaluation.model import Evaluator, EvaluatorInfo, Measure, Result
from flowyard.evaluation.ngrams import counts, shared
from flowyard.evaluation.results import finite_threshold, scored, texts
from flowyard.evaluation.text.words import LanguageData, language

_ORDERS = 4
_SMOOTHING = 5


class BleuScoreEvaluator(Evaluator):
    """BLEU-4 of one answer against one truth, smoothed.

    Papineni et al. (2002), BLEU: a method for automatic evaluation of machine translation; smoothing 4 of Chen and Cherry (2014), A
    systematic comparison of smoothing techniques for sentence-level BLEU, as NLTK has it.

    Args:
        threshold: a row passes at or above it; 0 to 1.
        language_data: ``auto`` uses NLTK's model of sentences where it is installed; ``builtin`` never does.
    """

    info = EvaluatorInfo(
        name="bleu_score",
        description="Runs of one to four words that the response shares with the ground truth, by precision.",
        kind="deterministic",
        inputs=("response", "ground_truth"),
        measures=(Measure(key="bleu_score", prefix="bleu"),),
        source="Papineni et al. 2002; smoothing 4 of Chen and Cherry 2014",
    )

    def __init__(self, *, threshold: float = 0.5, language_data: LanguageData = "auto") -> None:
        self._threshold = finite_threshold(self.info, threshold)
        self._language = language(language_data)

    def __call__(self, *, response: str, ground_truth: str) -> Result:
        """Return ``bleu_score``, 0 to 1.

        Raises:
            EvaluatorInputError: an input is missing or no text.
        """
        answer, truth = texts(self.info, {"response": response, "ground_truth": ground_truth})
        score = bleu(self._language.words(answer), self._language.words(truth))
        return scored("bleu", score, self._threshold, properties=self._language.sources)


def bleu(answer: list[str], truth: list[str]) -> float:
    """Return the smoothed BLEU-4 of two lists of words; 0 where they share no word."""
    length = len(answer)
    logs: list[float] = []
    missed = 0
    for size in range(1, _ORDERS + 1):
        runs = counts(answer, size)
        common = shared(runs, counts(truth, size))
        if size == 1 and not common:
            return 0.0
        matched: float = common
        if not common:
            # A single word has no longer runs, and counts by itself.
            if length <= 1:
                continue
            missed += 1
            matched = math.log(length) / (2**missed * _SMOOTHING)
        logs.append(math.log(matched / max(1, length - size + 1)) / _ORDERS)
    brevity = 1.0 if length > len(truth) else math.exp(1 - len(truth) / length)
    return brevity * math.exp(math.fsum(logs))
