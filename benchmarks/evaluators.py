"""The metrics of texts, pairs a second of processor time, beside NLTK and rouge-score on the same pairs."""

import statistics
import time
from collections.abc import Callable, Iterator

from benchmarks.harness import Figure

ROWS = 200
ROUNDS = 5
_SENTENCES = (
    "The committee met on Monday to discuss the budget for the coming year, and it adjourned without a decision.",
    "Dr. Weber explained that the results weren't final; further measurements are needed before anything is published.",
    "Prices rose by 3.5% (about $1,200 a household), which surprised analysts who had expected a slower increase.",
    "The museum's new wing opens in spring. Visitors will find paintings, drawings and a cafe with a view of the river.",
    'She said: "We\'ll know more tomorrow." Nobody in the room believed that the engineers could repair it so quickly.',
)

Pair = tuple[str, str]
Score = Callable[[str, str], object]


def figures() -> Iterator[Figure]:
    """Score the same pairs with both, tokens and all; the peers' tokenizer gets our sentences, as its model may not be installed."""
    pairs = _pairs()
    for name, ours, peer_name, peer in _contests():
        ours_s, peer_s = _in_turns(ours, peer, pairs)
        yield Figure(
            what=f"{name}, pairs of {len(pairs[0][0].split())} to {len(pairs[-1][0].split())} words",
            ours=len(pairs) / ours_s,
            unit="pairs/s",
            peer_name=peer_name,
            peer=len(pairs) / peer_s,
            aim="3 times as many",
        )


def _in_turns(ours: Score, peer: Score, pairs: list[Pair]) -> tuple[float, float]:
    """Return the median processor seconds of both over all pairs, measured by turns after a round that is not counted."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(ROUNDS + 1):
        for kept, score in zip(times, (ours, peer), strict=True):
            begin = time.process_time()
            for answer, truth in pairs:
                score(answer, truth)
            if turn:
                kept.append(time.process_time() - begin)
    return statistics.median(times[0]), statistics.median(times[1])


def _pairs() -> list[Pair]:
    """Return pairs from one sentence to ten, each an answer with a fifth of its words moved."""
    found: list[Pair] = []
    for number in range(ROWS):
        length = 1 + number * 10 // ROWS
        truth = " ".join(_SENTENCES[(number + place) % len(_SENTENCES)] for place in range(length))
        words = truth.split()
        moved = words[::5]
        found.append((" ".join([word for place, word in enumerate(words) if place % 5] + moved), truth))
    return found


def _contests() -> Iterator[tuple[str, Score, str, Score]]:
    from nltk.tokenize.destructive import NLTKWordTokenizer
    from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu
    from nltk.translate.gleu_score import sentence_gleu
    from nltk.translate.meteor_score import meteor_score
    from rouge_score.rouge_scorer import RougeScorer

    from flowyard.evaluation import BleuScoreEvaluator, GleuScoreEvaluator, MeteorScoreEvaluator, RougeScoreEvaluator
    from flowyard.evaluation.text.english import ENGLISH
    from flowyard.evaluation.text.punkt import sentences

    tokenizer, smoothing, absent = NLTKWordTokenizer(), SmoothingFunction().method4, _NoSynonyms()

    def words(text: str) -> list[str]:
        return [word for sentence in sentences(text, ENGLISH) for word in tokenizer.tokenize(sentence)]

    def called(evaluator: Callable[..., object]) -> Score:
        return lambda answer, truth: evaluator(response=answer, ground_truth=truth)

    bleu, gleu = BleuScoreEvaluator(language_data="builtin"), GleuScoreEvaluator(language_data="builtin")
    meteor = MeteorScoreEvaluator(language_data="builtin")
    yield "BLEU", called(bleu), "nltk", lambda a, t: sentence_bleu([words(t)], words(a), smoothing_function=smoothing)
    yield "GLEU", called(gleu), "nltk", lambda a, t: sentence_gleu([words(t)], words(a))
    yield "METEOR without synonyms", called(meteor), "nltk", lambda a, t: meteor_score([words(t)], words(a), wordnet=absent)
    for kind in ("rouge1", "rougeL"):
        scorer = RougeScorer([kind])
        yield kind, called(RougeScoreEvaluator(kind)), "rouge-score", lambda a, t, scorer=scorer: scorer.score(t, a)


class _NoSynonyms:
    def synsets(self, word: str) -> list[object]:
        del word
        return []
