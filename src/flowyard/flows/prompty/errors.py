"""What can go wrong with a prompty's call. Codes are prompt flow's names where it has one."""

from flowyard.flows.errors import FlowError


class ModelPlaceError(FlowError):
    """A prompty's configuration does not say where its model is."""

    code = "InvalidConnectionError"
    title = "The model's configuration cannot be used"
    exit_code = 2


class ConnectionTypeError(ModelPlaceError):
    """A prompty's configuration is of a type that has no models."""

    code = "UnknownConnectionType"
    title = "No such type of connection"


class EnvironmentMissingError(ModelPlaceError):
    """A prompty's configuration leaves its model to environment variables that are not set."""

    code = "RequiredEnvironmentVariablesNotSetError"
    title = "Environment variables are missing"


class OutputKeyError(FlowError):
    """A model's JSON answer lacks a key that the prompty's outputs name."""

    code = "InvalidOutputKeyError"
    title = "An output is missing from the answer"


class AnswerError(FlowError):
    """A model's answer is not what the prompty asks for."""

    code = "LLMError"
    title = "The model's answer cannot be used"


class MissingRequiredInputError(FlowError):
    """A prompty was called without an input that has no default."""

    code = "MissingRequiredInputError"
    title = "An input is missing"
