"""Whether an answer fits a regular expression."""

import re

from flowyard.evaluation.errors import EvaluatorSettingError
from flowyard.evaluation.model import Evaluator, EvaluatorInfo, Measure, Result
from flowyard.evaluation.results import scored, texts
from flowyard.foundation.errors import Location


class RegexEvaluator(Evaluator):
    """1 where a Python regular expression is found in the response, else 0.

    Args:
        pattern: the expression; what is found is kept with the score.
        full: the whole response has to fit.
        ignore_case: letters count the same in both cases.
        expected: False: the response must not fit, and scores 1 where it does not.
    """

    info = EvaluatorInfo(
        name="regex",
        description="Whether a regular expression fits the response.",
        kind="deterministic",
        inputs=("response",),
        measures=(Measure(key="regex", prefix="regex"),),
        source="Python's re",
    )

    def __init__(self, pattern: str, *, full: bool = False, ignore_case: bool = False, expected: bool = True) -> None:
        try:
            self._pattern = re.compile(pattern, re.IGNORECASE if ignore_case else 0)
        except (re.error, TypeError) as error:
            raise EvaluatorSettingError(
                f"{pattern!r} is no regular expression: {error}.",
                remedy="Correct it; \\ stands before a character that is meant as itself.",
                location=Location(pointer="/pattern"),
            ) from error
        self._full = full
        self._expected = expected

    def __call__(self, *, response: str) -> Result:
        """Return ``regex``, 0 or 1.

        Raises:
            EvaluatorInputError: the response is missing or no text.
        """
        (answer,) = texts(self.info, {"response": response})
        match = self._pattern.fullmatch(answer) if self._full else self._pattern.search(answer)
        found = {"match": match.group(), "start": match.start()} if match else None
        return scored("regex", float((match is not None) is self._expected), 1.0, properties=found)
