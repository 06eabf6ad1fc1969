"""ROUGE of one text."""

import re
from enum import StrEnum
from typing import Any, NamedTuple

from flowyard.evaluation.errors import EvaluatorSettingError
from flowyard.evaluation.model import Evaluator, EvaluatorInfo, Measure, Result
from flowyard.evaluation.ngrams import counts, shared
from flowyard.evaluation.results import finite_threshold, scored, texts
from flowyard.foundation.errors import Location, nearest

_WORD = re.compile(r"[a-z0-9]+")
_PARTS = ("precision", "recall", "f1_score")


class RougeType(StrEnum):
    """What ROUGE counts: runs of one to five words, or the longest common subsequence."""

    ROUGE_1 = "rouge1"
    ROUGE_2 = "rouge2"
    ROUGE_3 = "rouge3"
    ROUGE_4 = "rouge4"
    ROUGE_5 = "rouge5"
    ROUGE_L = "rougeL"


class Rouge(NamedTuple):
    """A ROUGE score; each part 0 to 1."""

    precision: float
    recall: float
    f1_score: float


class RougeScoreEvaluator(Evaluator):
    """ROUGE-N or ROUGE-L of one answer against one truth, over words of letters a to z and digits, without stemming.

    Lin (2004), ROUGE: a package for automatic evaluation of summaries, as the rouge-score package has it.

    Args:
        rouge_type: one of `RougeType`, or its text.
        precision_threshold: precision passes at or above it; 0 to 1.
        recall_threshold: recall passes at or above it; 0 to 1.
        f1_score_threshold: the F1 score passes at or above it; 0 to 1.
    """

    info = EvaluatorInfo(
        name="rouge_score",
        description="Runs of words, or the longest common subsequence, that the response shares with the ground truth.",
        kind="deterministic",
        inputs=("response", "ground_truth"),
        measures=tuple(Measure(key=f"rouge_{part}", prefix=f"rouge_{part}") for part in ("f1_score", "precision", "recall")),
        source="Lin 2004",
    )

    def __init__(
        self,
        rouge_type: str = RougeType.ROUGE_1,
        *,
        precision_threshold: float = 0.5,
        recall_threshold: float = 0.5,
        f1_score_threshold: float = 0.5,
    ) -> None:
        self._type = _type(rouge_type)
        self._thresholds = {
            "precision": finite_threshold(self.info, precision_threshold, "precision_threshold"),
            "recall": finite_threshold(self.info, recall_threshold, "recall_threshold"),
            "f1_score": finite_threshold(self.info, f1_score_threshold, "f1_score_threshold"),
        }

    def __call__(self, *, response: str, ground_truth: str) -> Result:
        """Return ``rouge_precision``, ``rouge_recall`` and ``rouge_f1_score``, each 0 to 1, with its verdict and threshold.

        Raises:
            EvaluatorInputError: an input is missing or no text.
        """
        answer, truth = texts(self.info, {"response": response, "ground_truth": ground_truth})
        score = rouge(_words(answer), _words(truth), self._type)
        parts: dict[str, Any] = {}
        for part in _PARTS:
            value, limit = getattr(score, part), self._thresholds[part]
            passed = value >= limit
            parts |= {
                f"rouge_{part}": value,
                f"rouge_{part}_result": "pass" if passed else "fail",
                f"rouge_{part}_passed": passed,
                f"rouge_{part}_threshold": limit,
            }
        return {**scored("rouge", score.f1_score, self._thresholds["f1_score"], properties=parts), **parts}


def _type(text: str) -> RougeType:
    try:
        return RougeType(text)
    except ValueError as error:
        known = [str(kind) for kind in RougeType]
        like = nearest(str(text), known)
        raise EvaluatorSettingError(
            f"There is no ROUGE type {text!r}.",
            remedy=f"Did you mean {like!r}?" if like else f"It is one of {', '.join(known)}.",
            location=Location(pointer="/rouge_type"),
        ) from error


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def rouge(answer: list[str], truth: list[str], kind: RougeType) -> Rouge:
    """Return the ROUGE score of two lists of words; 0 where one has no run of that length."""
    if kind is RougeType.ROUGE_L:
        return _rouge(longest_common(answer, truth), len(answer), len(truth))
    size = int(kind.value.removeprefix("rouge"))
    common = shared(counts(answer, size), counts(truth, size))
    return _rouge(common, len(answer) - size + 1, len(truth) - size + 1)


def _rouge(common: int, answer: int, truth: int) -> Rouge:
    if not common:
        return Rouge(0.0, 0.0, 0.0)
    precision, recall = common / answer, common / truth
    return Rouge(precision, recall, 2 * precision * recall / (precision + recall))


def longest_common(one: list[str], other: list[str]) -> int:
    """Return the length of the longest common subsequence, a row of the table at a time as one integer's bits.

    Hyyrö (2004), Bit-parallel LCS-length computation revisited.
    """
    masks: dict[str, int] = {}
    for place, word in enumerate(one):
        masks[word] = masks.get(word, 0) | 1 << place
    full = (1 << len(one)) - 1
    row = full
    for word in other:
        matches = row & masks.get(word, 0)
        row = ((row + matches) | (row - matches)) & full
    return len(one) - row.bit_count()
