"""What can go wrong with an evaluation before a score is there."""

from flowyard.foundation.errors import FlowyardError, InvalidInputError, NotFoundError


class EvaluationError(FlowyardError):
    """Base of the errors of this room."""

    code = "EvaluationError"
    title = "The evaluation has a problem"
    status = 400


class EvaluatorInputError(InvalidInputError):
    """An input of an evaluator is missing, empty where it must not be, or of the wrong type."""

    code = "EvaluatorInputInvalid"
    title = "An evaluator's input is not valid"


class EvaluatorSettingError(InvalidInputError):
    """A setting of an evaluator (its threshold, its type, its model) cannot be used."""

    code = "EvaluatorSettingInvalid"
    title = "An evaluator's setting is not valid"


class UnknownEvaluatorError(NotFoundError):
    """There is no evaluator of that name."""

    code = "EvaluatorNotFound"
    title = "No such evaluator"


class EvaluatorLoadError(EvaluationError):
    """An evaluator that a package offers cannot be loaded."""

    code = "EvaluatorLoadError"
    title = "An evaluator cannot be loaded"
    exit_code = 2
