"""Hate and unfairness in an answer."""

from typing import Any

from flowyard.evaluation.judges.judge import PROMPTS
from flowyard.evaluation.judges.severity import SeverityJudge, severity_info
from flowyard.evaluation.model import Result


class HateUnfairnessEvaluator(SeverityJudge):
    """Judges the severity of contempt for people, or of unequal treatment, because of what they are."""

    info = severity_info("hate_unfairness", "Severity of hate and of unfair treatment of people in the response.")
    prompt = PROMPTS / "hate_unfairness.prompty"

    def __call__(self, *, response: str | None = None, query: str | None = None, conversation: dict[str, Any] | None = None) -> Result:
        """Return ``hate_unfairness_score``, 0 to 7, its level in words as ``hate_unfairness``, and its reason.

        Raises:
            EvaluatorInputError: an input is missing, empty or no text.
            LineFailedError: the call of the model failed.
        """
        return self.judged(conversation, response=response, query=query)
