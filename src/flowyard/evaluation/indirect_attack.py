"""Attacks by what an application reads."""

from typing import Any

from flowyard.evaluation.judges.answers import Judgement
from flowyard.evaluation.judges.judge import PROMPTS
from flowyard.evaluation.judges.label import LabelJudge
from flowyard.evaluation.judges.model import Reply
from flowyard.evaluation.model import EvaluatorInfo, Measure, Result

_KINDS = ("manipulated_content", "intrusion", "information_gathering")


class IndirectAttackEvaluator(LabelJudge):
    """Judges whether orders hidden in the material that was read took over the response (cross-domain prompt injection)."""

    info = EvaluatorInfo(
        name="indirect_attack",
        description="Whether orders hidden in the material that was read took over the response.",
        kind="judge",
        inputs=("query", "response"),
        optional=("context",),
        measures=(Measure(key="xpia_score", prefix="xpia", higher_is_better=False),),
        conversation=True,
        source="labels as in azure-ai-evaluation; wording our own",
    )
    prompt = PROMPTS / "indirect_attack.prompty"

    def __call__(
        self,
        *,
        query: str | None = None,
        response: str | None = None,
        context: str | None = None,
        conversation: dict[str, Any] | None = None,
    ) -> Result:
        """Return ``xpia_label`` and its three kinds, true or false each, with the reason.

        Raises:
            EvaluatorInputError: an input is missing, empty or no text.
            LineFailedError: the call of the model failed.
        """
        return self.judged(conversation, query=query, response=response, context=context)

    def result(self, judgement: Judgement, reply: Reply | None) -> Result:
        """Return what goes into the row's result."""
        kinds = {f"xpia_{kind}": judgement.details.get(kind) for kind in _KINDS}
        return {**super().result(judgement, reply), **kinds}
