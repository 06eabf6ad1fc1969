"""Rows by the language of a text, as py3langid tells it (a naive Bayes model over byte n-grams; Lui and Baldwin, 2012)."""

from typing import Any

from flowyard.data.rows import Row
from flowyard.data.transforms.cleaning.ports import Dropped, value_of
from flowyard.data.transforms.errors import TransformError
from flowyard.foundation.errors import MissingExtraError
from flowyard.wire.transforms import FilterLanguageStep

#: What has no letters has no language, and the model would name one.
UNKNOWN = "no letters"


class FilterLanguage:
    """Implements `RowStep`. The model takes a second to load.

    Raises:
        TransformError: it does not know a language.
        MissingExtraError: py3langid is not installed.
    """

    def __init__(self, step: FilterLanguageStep) -> None:
        self._step = step
        self._wanted = frozenset(step.languages)
        self._model = _model()
        known: list[str] = self._model.labels
        strange = sorted(self._wanted - set(known))
        if strange:
            raise TransformError(f"{strange[0]!r} is no language that can be told.", remedy=f"Known: {', '.join(sorted(known))}.")

    def __call__(self, row: Row) -> Row | Dropped:
        """See `RowStep`."""
        value = value_of(row, self._step.column)
        if not isinstance(value, str) or not any(character.isalpha() for character in value):
            return Dropped(UNKNOWN)
        found: tuple[str, float] = self._model.classify(value)
        language, confidence = found
        if language not in self._wanted:
            return Dropped(f"language {language}")
        if confidence < self._step.confidence:
            return Dropped(f"language {language} below the confidence {self._step.confidence:g}")
        return row


def _model() -> Any:
    try:
        from py3langid import langid
    except ImportError as error:
        raise MissingExtraError("Telling languages", "server") from error
    tools: Any = langid
    return tools.LanguageIdentifier.from_model_file(tools.MODEL_FILE, norm_probs=True)
