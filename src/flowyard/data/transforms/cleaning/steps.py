"""All cleaning steps that go row by row."""

from flowyard.data.transforms.cleaning.columns import MapColumns
from flowyard.data.transforms.cleaning.exact import DeduplicateExact
from flowyard.data.transforms.cleaning.language import FilterLanguage
from flowyard.data.transforms.cleaning.length import FilterLength
from flowyard.data.transforms.cleaning.normalize import Normalize
from flowyard.data.transforms.cleaning.ports import RowStep
from flowyard.data.transforms.cleaning.redact import Redact
from flowyard.data.transforms.model import Step
from flowyard.wire.transforms import (
    DeduplicateStep,
    FilterLanguageStep,
    FilterLengthStep,
    MapColumnsStep,
    NormalizeStep,
    PythonStep,
    RedactStep,
    SqlStep,
)


def row_step(step: Step) -> RowStep:
    """Return what carries out a step that goes row by row.

    Raises:
        TransformError: it asks for what there is not.
        MissingExtraError: it needs a package that is not installed.
    """
    match step:
        case NormalizeStep():
            return Normalize(step)
        case FilterLengthStep():
            return FilterLength(step)
        case FilterLanguageStep():
            return FilterLanguage(step)
        case DeduplicateStep():
            return DeduplicateExact(step)
        case RedactStep():
            return Redact(step)
        case MapColumnsStep():
            return MapColumns(step)
        case SqlStep() | PythonStep():
            raise TypeError(f"{type(step).__name__} does not go row by row")
