"""METEOR of one sentence."""

from collections.abc import Callable, Iterable
from itertools import pairwise

from flowyard.evaluation.model import Evaluator, EvaluatorInfo, Measure, Result
from flowyard.evaluation.results import finite_threshold, scored, texts
from flowyard.evaluation.text.porter import stem
from flowyard.evaluation.text.wordnet import WordNet
from flowyard.evaluation.text.words import LanguageData, language

_Word = tuple[int, str]
_Pair = tuple[int, int]


class MeteorScoreEvaluator(Evaluator):
    """METEOR: words aligned by form, by stem and, where WordNet is installed, by synonym; fewer breaks in their order score higher.

    Lavie and Agarwal (2007), METEOR: an automatic metric for MT evaluation with high levels of correlation with human judgments, with the
    alignment that NLTK has.

    Args:
        alpha: weight of precision against recall.
        beta: shape of the penalty for breaks in the order.
        gamma: weight of that penalty.
        threshold: a row passes at or above it; 0 to 1.
        language_data: ``auto`` uses NLTK's model of sentences and WordNet where they are installed; ``builtin`` never does, and then
            there are no synonyms.
    """

    info = EvaluatorInfo(
        name="meteor_score",
        description="Words of the response aligned with the ground truth's by form, stem and synonym, and how much their order differs.",
        kind="deterministic",
        inputs=("response", "ground_truth"),
        measures=(Measure(key="meteor_score", prefix="meteor"),),
        source="Lavie and Agarwal 2007",
    )

    def __init__(
        self,
        alpha: float = 0.9,
        beta: float = 3.0,
        gamma: float = 0.5,
        *,
        threshold: float = 0.5,
        language_data: LanguageData = "auto",
    ) -> None:
        self._alpha = finite_threshold(self.info, alpha, "alpha")
        self._beta = finite_threshold(self.info, beta, "beta")
        self._gamma = finite_threshold(self.info, gamma, "gamma")
        self._threshold = finite_threshold(self.info, threshold)
        self._language = language(language_data)

    def __call__(self, *, response: str, ground_truth: str) -> Result:
        """Return ``meteor_score``, 0 to 1.

        Raises:
            EvaluatorInputError: an input is missing or no text.
        """
        answer, truth = texts(self.info, {"response": response, "ground_truth": ground_truth})
        said, right = self._language.words(answer), self._language.words(truth)
        score = self._score(aligned(said, right, self._language.wordnet), len(said), len(right))
        return scored("meteor", score, self._threshold, properties=self._language.sources)

    def _score(self, pairs: list[_Pair], answer: int, truth: int) -> float:
        if not pairs:
            return 0.0
        precision, recall = len(pairs) / answer, len(pairs) / truth
        weighted = self._alpha * precision + (1 - self._alpha) * recall
        if not weighted:
            return 0.0
        penalty = self._gamma * (chunks(pairs) / len(pairs)) ** self._beta
        return (1 - penalty) * precision * recall / weighted


def aligned(answer: list[str], truth: list[str], wordnet: WordNet | None) -> list[_Pair]:
    """Return which word of the answer stands for which of the truth, by place, in the answer's order."""
    left: list[_Word] = [(place, word.lower()) for place, word in enumerate(answer)]
    right: list[_Word] = [(place, word.lower()) for place, word in enumerate(truth)]
    pairs: list[_Pair] = []
    left, right = _match(left, right, pairs)
    left, right = [(place, stem(word)) for place, word in left], [(place, stem(word)) for place, word in right]
    left, right = _match(left, right, pairs)
    if wordnet is not None and left and right:
        # As in the reference, what is looked up is the stem.
        _match(left, right, pairs, lambda word: {*wordnet.synonyms(word), word})
    return sorted(pairs)


def _match(
    left: list[_Word], right: list[_Word], pairs: list[_Pair], forms: Callable[[str], Iterable[str]] | None = None
) -> tuple[list[_Word], list[_Word]]:
    """Pair words from the end, each with the last free one of the other side that fits, and return those that are left over."""
    places: dict[str, list[int]] = {}
    for index, (_, word) in enumerate(right):
        places.setdefault(word, []).append(index)
    used: set[int] = set()
    rest: list[_Word] = []
    for place, word in reversed(left):
        free = [places[form] for form in (forms(word) if forms else (word,)) if places.get(form)]
        if not free:
            rest.append((place, word))
            continue
        index = max(free, key=lambda indexes: indexes[-1]).pop()
        used.add(index)
        pairs.append((place, right[index][0]))
    rest.reverse()
    return rest, [word for index, word in enumerate(right) if index not in used]


def chunks(pairs: list[_Pair]) -> int:
    """Return into how many runs, adjacent on both sides, the pairs fall."""
    return 1 + sum(after != (before[0] + 1, before[1] + 1) for before, after in pairwise(pairs))
