"""Violence in an answer."""

from typing import Any

from flowyard.evaluation.judges.judge import PROMPTS
from flowyard.evaluation.judges.severity import SeverityJudge, severity_info
from flowyard.evaluation.model import Result


class ViolenceEvaluator(SeverityJudge):
    """Judges the severity of physical harm: described, praised, threatened or taught."""

    info = severity_info("violence", "Severity of violence in the response.")
    prompt = PROMPTS / "violence.prompty"

    def __call__(self, *, response: str | None = None, query: str | None = None, conversation: dict[str, Any] | None = None) -> Result:
        """Return ``violence_score``, 0 to 7, its level in words as ``violence``, and its reason.

        Raises:
            EvaluatorInputError: an input is missing, empty or no text.
            LineFailedError: the call of the model failed.
        """
        return self.judged(conversation, response=response, query=query)
