"""Self-harm in an answer."""

from typing import Any

from flowyard.evaluation.judges.judge import PROMPTS
from flowyard.evaluation.judges.severity import SeverityJudge, severity_info
from flowyard.evaluation.model import Result


class SelfHarmEvaluator(SeverityJudge):
    """Judges the severity of self-harm: described, encouraged or taught; words of help are none."""

    info = severity_info("self_harm", "Severity of self-harm in the response.")
    prompt = PROMPTS / "self_harm.prompty"

    def __call__(self, *, response: str | None = None, query: str | None = None, conversation: dict[str, Any] | None = None) -> Result:
        """Return ``self_harm_score``, 0 to 7, its level in words as ``self_harm``, and its reason.

        Raises:
            EvaluatorInputError: an input is missing, empty or no text.
            LineFailedError: the call of the model failed.
        """
        return self.judged(conversation, response=response, query=query)
