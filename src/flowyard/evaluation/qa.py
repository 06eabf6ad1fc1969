"""Questions and answers: six evaluators at once."""

from typing import Any

from flowyard.evaluation.coherence import CoherenceEvaluator
from flowyard.evaluation.composite import measures_of, side_by_side
from flowyard.evaluation.f1_score import F1ScoreEvaluator
from flowyard.evaluation.fluency import FluencyEvaluator
from flowyard.evaluation.groundedness import GroundednessEvaluator
from flowyard.evaluation.judges.model import Connections
from flowyard.evaluation.model import Evaluator, EvaluatorInfo, Result
from flowyard.evaluation.relevance import RelevanceEvaluator
from flowyard.evaluation.similarity import SimilarityEvaluator


class QAEvaluator(Evaluator):
    """Groundedness, relevance, coherence, fluency, similarity and the F1 score of an answer. The five judges ask at the same time.

    Args:
        model_config: where the judges' model is.
        groundedness_threshold: 1 to 5, as the next four.
        relevance_threshold: likewise.
        coherence_threshold: likewise.
        fluency_threshold: likewise.
        similarity_threshold: likewise.
        f1_score_threshold: 0 to 1.
        connections: connections by name, for a configuration that names one outside of a flow.
    """

    info = EvaluatorInfo(
        name="qa",
        description="Groundedness, relevance, coherence, fluency, similarity and F1 score at once.",
        kind="judge",
        inputs=("query", "response", "context", "ground_truth"),
        measures=measures_of(
            GroundednessEvaluator, RelevanceEvaluator, CoherenceEvaluator, FluencyEvaluator, SimilarityEvaluator, F1ScoreEvaluator
        ),
        source="that of its parts",
        calls=5,
    )

    def __init__(  # noqa: PLR0913 - one threshold a part, named as in azure-ai-evaluation
        self,
        model_config: Any,
        *,
        groundedness_threshold: float = 3.0,
        relevance_threshold: float = 3.0,
        coherence_threshold: float = 3.0,
        fluency_threshold: float = 3.0,
        similarity_threshold: float = 3.0,
        f1_score_threshold: float = 0.5,
        connections: Connections | None = None,
    ) -> None:
        self._groundedness = GroundednessEvaluator(model_config, threshold=groundedness_threshold, connections=connections)
        self._relevance = RelevanceEvaluator(model_config, threshold=relevance_threshold, connections=connections)
        self._coherence = CoherenceEvaluator(model_config, threshold=coherence_threshold, connections=connections)
        self._fluency = FluencyEvaluator(model_config, threshold=fluency_threshold, connections=connections)
        self._similarity = SimilarityEvaluator(model_config, threshold=similarity_threshold, connections=connections)
        self._f1_score = F1ScoreEvaluator(threshold=f1_score_threshold)

    def __call__(self, *, query: str, response: str, context: str, ground_truth: str) -> Result:
        """Return the results of all parts.

        Raises:
            EvaluatorInputError: an input is missing, empty or no text.
            LineFailedError: a call of the model failed.
        """
        return side_by_side(
            [
                (self._groundedness, {"query": query, "response": response, "context": context}),
                (self._relevance, {"query": query, "response": response}),
                (self._coherence, {"query": query, "response": response}),
                (self._fluency, {"response": response}),
                (self._similarity, {"query": query, "response": response, "ground_truth": ground_truth}),
                (self._f1_score, {"response": response, "ground_truth": ground_truth}),
            ]
        )
