"""Conversations: what is judged of each turn, at once."""

from typing import Any

from flowyard.evaluation.coherence import CoherenceEvaluator
from flowyard.evaluation.composite import Part, measures_of, side_by_side
from flowyard.evaluation.conversation import turns
from flowyard.evaluation.fluency import FluencyEvaluator
from flowyard.evaluation.groundedness import GroundednessEvaluator
from flowyard.evaluation.judges.judge import Judge
from flowyard.evaluation.judges.model import Connections
from flowyard.evaluation.model import Evaluator, EvaluatorInfo, Result
from flowyard.evaluation.relevance import RelevanceEvaluator
from flowyard.evaluation.retrieval import RetrievalEvaluator


class ChatEvaluator(Evaluator):
    """Relevance, coherence and fluency of a conversation's turns, and groundedness and retrieval where they have a context.

    Args:
        model_config: where the judges' model is.
        eval_last_turn: judge only the last turn.
        threshold: 1 to 5, for all parts.
        connections: connections by name, for a configuration that names one outside of a flow.
    """

    info = EvaluatorInfo(
        name="chat",
        description="Relevance, coherence, fluency and, with a context, groundedness and retrieval of a conversation's turns.",
        kind="judge",
        inputs=("conversation",),
        measures=measures_of(RelevanceEvaluator, CoherenceEvaluator, FluencyEvaluator, GroundednessEvaluator, RetrievalEvaluator),
        source="that of its parts",
        calls=5,
    )

    def __init__(
        self, model_config: Any, *, eval_last_turn: bool = False, threshold: float = 3.0, connections: Connections | None = None
    ) -> None:
        def made(kind: type[Judge]) -> Judge:
            return kind(model_config, threshold=threshold, connections=connections)

        self._always = [made(kind) for kind in (RelevanceEvaluator, CoherenceEvaluator, FluencyEvaluator)]
        self._with_context = [made(kind) for kind in (GroundednessEvaluator, RetrievalEvaluator)]
        self._last = eval_last_turn

    def __call__(self, *, conversation: dict[str, Any]) -> Result:
        """Return means over the turns, and every turn's values as ``evaluation_per_turn`` where there are several.

        Raises:
            EvaluatorInputError: it is no conversation, or has no question with an answer.
            LineFailedError: a call of the model failed.
        """
        given = turns(self.info.name, conversation)[-1 if self._last else 0 :]
        judges = [*self._always, *(self._with_context if any("context" in turn for turn in given) else ())]
        parts: list[Part] = [(judge, {}) for judge in judges]
        return side_by_side(parts, {"messages": [message for turn in given for message in _messages(turn)]})


def _messages(turn: dict[str, str]) -> list[dict[str, str]]:
    context = {"context": turn["context"]} if "context" in turn else {}
    return [{"role": "user", "content": turn["query"]}, {"role": "assistant", "content": turn["response"], **context}]
