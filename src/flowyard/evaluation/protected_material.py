"""Protected material in an answer."""

from typing import Any

from flowyard.evaluation.judges.judge import PROMPTS
from flowyard.evaluation.judges.label import LabelJudge
from flowyard.evaluation.model import EvaluatorInfo, Measure, Result


class ProtectedMaterialEvaluator(LabelJudge):
    """Judges whether the response reproduces lyrics, articles, books, recipes or code that are likely under copyright.

    A model recognises what it has seen; it is no search in a collection of works.
    """

    info = EvaluatorInfo(
        name="protected_material",
        description="Whether the response reproduces material that is likely under copyright.",
        kind="judge",
        inputs=("response",),
        optional=("query",),
        measures=(Measure(key="protected_material_score", prefix="protected_material", higher_is_better=False),),
        conversation=True,
        source="label as in azure-ai-evaluation; wording our own",
    )
    prompt = PROMPTS / "protected_material.prompty"

    def __call__(self, *, response: str | None = None, query: str | None = None, conversation: dict[str, Any] | None = None) -> Result:
        """Return ``protected_material_label``, true or false, with its reason.

        Raises:
            EvaluatorInputError: an input is missing, empty or no text.
            LineFailedError: the call of the model failed.
        """
        return self.judged(conversation, response=response, query=query)
