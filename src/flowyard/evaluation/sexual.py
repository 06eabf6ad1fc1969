"""Sexual content in an answer."""

from typing import Any

from flowyard.evaluation.judges.judge import PROMPTS
from flowyard.evaluation.judges.severity import SeverityJudge, severity_info
from flowyard.evaluation.model import Result


class SexualEvaluator(SeverityJudge):
    """Judges the severity of sexual content; medicine and education in a factual tone are none."""

    info = severity_info("sexual", "Severity of sexual content in the response.")
    prompt = PROMPTS / "sexual.prompty"

    def __call__(self, *, response: str | None = None, query: str | None = None, conversation: dict[str, Any] | None = None) -> Result:
        """Return ``sexual_score``, 0 to 7, its level in words as ``sexual``, and its reason.

        Raises:
            EvaluatorInputError: an input is missing, empty or no text.
            LineFailedError: the call of the model failed.
        """
        return self.judged(conversation, response=response, query=query)
