"""The metrics of texts, held to NLTK and rouge-score, and to what azure-ai-evaluation gave."""

from typing import Any

import pytest
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu
from nltk.translate.gleu_score import sentence_gleu
from nltk.translate.meteor_score import meteor_score
from rouge_score.rouge_scorer import RougeScorer

from flowyard.evaluation import (
    BleuScoreEvaluator,
    F1ScoreEvaluator,
    GleuScoreEvaluator,
    MeteorScoreEvaluator,
    RougeScoreEvaluator,
    RougeType,
)
from flowyard.evaluation.errors import EvaluatorInputError, EvaluatorSettingError
from flowyard.evaluation.text.words import language
from support.sentence_pairs import pairs

PAIRS = [*pairs(300, 11), *pairs(200, 12, foreign=True), ("", ""), ("x", ""), ("", "x"), ("the", "the"), ("a b " * 300, "b a " * 300)]
WORDS = language("builtin").words
ALL: list[Any] = [F1ScoreEvaluator, BleuScoreEvaluator, GleuScoreEvaluator, MeteorScoreEvaluator, RougeScoreEvaluator]


class NoSynonyms:
    """WordNet without a word in it."""

    def synsets(self, word: str) -> list[Any]:
        return []


def test_bleu_is_nltks() -> None:
    evaluator, smoothing = BleuScoreEvaluator(language_data="builtin"), SmoothingFunction().method4
    ours = [evaluator(response=answer, ground_truth=truth)["bleu_score"] for answer, truth in PAIRS]
    theirs = [sentence_bleu([WORDS(truth)], WORDS(answer), smoothing_function=smoothing) for answer, truth in PAIRS]
    assert ours == pytest.approx(theirs, abs=1e-9)


def test_gleu_is_nltks() -> None:
    evaluator = GleuScoreEvaluator(language_data="builtin")
    ours = [evaluator(response=answer, ground_truth=truth)["gleu_score"] for answer, truth in PAIRS]
    assert ours == pytest.approx([sentence_gleu([WORDS(truth)], WORDS(answer)) for answer, truth in PAIRS], abs=1e-9)


@pytest.mark.parametrize("settings", [{}, {"alpha": 0.5, "beta": 1.0, "gamma": 0.3}])
def test_meteor_is_nltks_without_synonyms(settings: dict[str, float]) -> None:
    evaluator = MeteorScoreEvaluator(**settings, language_data="builtin")
    ours = [evaluator(response=answer, ground_truth=truth)["meteor_score"] for answer, truth in PAIRS]
    theirs = [meteor_score([WORDS(truth)], WORDS(answer), wordnet=NoSynonyms(), **settings) for answer, truth in PAIRS]
    assert ours == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("kind", list(RougeType))
def test_rouge_is_that_of_rouge_score(kind: RougeType) -> None:
    evaluator, reference = RougeScoreEvaluator(kind), RougeScorer([kind.value])
    for answer, truth in PAIRS:
        ours, theirs = evaluator(response=answer, ground_truth=truth), reference.score(truth, answer)[kind.value]
        found = [ours["rouge_precision"], ours["rouge_recall"], ours["rouge_f1_score"]]
        assert found == pytest.approx([theirs.precision, theirs.recall, theirs.fmeasure], abs=1e-9)


# What azure-ai-evaluation 1.18 gave, rounded to ten places: F1, BLEU, GLEU, ROUGE-1, ROUGE-2, ROUGE-L.
GIVEN = [
    (
        "The cat sat on the mat.",
        "The cat is sitting on the mat.",
        0.6666666667,
        0.4238365628,
        0.5,
        0.7692307692,
        0.5454545455,
        0.7692307692,
    ),
    (
        "Der Zug fährt um 9.30 Uhr ab \u2013 von Gleis 7.",
        "Der Zug fährt um 9:30 Uhr von Gleis 7 ab.",
        0.9523809524,
        0.4525888008,
        0.5,
        1.0,
        0.8181818182,
        0.9166666667,
    ),
    ("", "A reference.", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    ("Paris", "Paris", 1.0, 1.0, 1.0, 1.0, 0.0, 1.0),
    (
        "I cannot say; we're gonna see.",
        "I can't say, we are going to see.",
        0.4285714286,
        0.0652707815,
        0.1578947368,
        0.5,
        0.1428571429,
        0.5,
    ),
    ("東京は日本の首都です。", "東京は、日本の首都です。", 0.0, 0.0248481819, 0.1, 0.0, 0.0, 0.0),
]


@pytest.mark.parametrize("given", GIVEN, ids=[row[0][:12] for row in GIVEN])
def test_scores_are_those_of_azure_ai_evaluation(given: tuple[Any, ...]) -> None:
    answer, truth, *expected = given
    row = {"response": answer, "ground_truth": truth}
    rouges = [RougeScoreEvaluator(kind)(**row)["rouge_f1_score"] for kind in ("rouge1", "rouge2", "rougeL")]
    found = [F1ScoreEvaluator()(**row)["f1_score"], BleuScoreEvaluator()(**row)["bleu_score"], GleuScoreEvaluator()(**row)["gleu_score"]]
    assert [*found, *rouges] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("evaluator", "prefix"),
    [(F1ScoreEvaluator, "f1_score"), (BleuScoreEvaluator, "bleu"), (GleuScoreEvaluator, "gleu"), (MeteorScoreEvaluator, "meteor")],
)
def test_names_and_verdicts(evaluator: Any, prefix: str) -> None:
    result = evaluator(threshold=0.9)(response="Good morning, dear world.", ground_truth="Good morning, dear world.")
    names = {prefix, *(f"{prefix}_{part}" for part in ("score", "passed", "result", "reason", "status", "threshold", "properties"))}
    assert set(result) == names
    assert (result[f"{prefix}_result"], result[f"{prefix}_passed"], result[f"{prefix}_threshold"]) == ("pass", True, 0.9)
    assert result[f"{prefix}_score"] == pytest.approx(1.0, abs=0.01)
    assert evaluator()(response="nothing shared", ground_truth="at all")[f"{prefix}_result"] == "fail"


def test_a_score_at_its_threshold_passes() -> None:
    assert F1ScoreEvaluator(threshold=0.5)(response="one two", ground_truth="one three")["f1_score_result"] == "pass"


def test_rouge_judges_each_part_by_its_own_threshold() -> None:
    result = RougeScoreEvaluator("rouge1", precision_threshold=0.9, recall_threshold=0.4)(response="one two", ground_truth="one three")
    assert (result["rouge_precision_result"], result["rouge_recall_result"], result["rouge_f1_score_result"]) == ("fail", "pass", "pass")
    assert (result["rouge_score"], result["rouge_properties"]["rouge_precision"]) == (0.5, 0.5)


@pytest.mark.parametrize("evaluator", ALL)
def test_what_is_missing_or_no_text_is_named(evaluator: Any) -> None:
    made = evaluator()
    with pytest.raises(EvaluatorInputError, match=r"got no 'ground_truth'. It needs response, ground_truth"):
        made(response="x", ground_truth=None)
    with pytest.raises(EvaluatorInputError, match=r"needs 'response' as text, got list") as caught:
        made(response=["x"], ground_truth="x")
    assert caught.value.location is not None
    assert caught.value.location.pointer == "/response"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "many", None, True])
def test_thresholds_are_finite_numbers(value: Any) -> None:
    with pytest.raises(EvaluatorSettingError, match="'threshold' of f1_score has to be a finite number"):
        F1ScoreEvaluator(threshold=value)


def test_an_unknown_rouge_type_gets_the_nearest_one() -> None:
    with pytest.raises(EvaluatorSettingError, match="Did you mean 'rougeL'"):
        RougeScoreEvaluator("rougel")
