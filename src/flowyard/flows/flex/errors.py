"""What can go wrong when a flex flow's entry is loaded."""

from flowyard.flows.errors import FlowError, ToolError


class EntryLoadError(ToolError):
    """The entry's module cannot be imported, or has no such function or class."""

    code = "PythonLoadError"
    title = "The entry cannot be loaded"


class EntryInitError(FlowError):
    """The entry's class cannot be made."""

    code = "FlowEntryInitializationError"
    title = "The entry's class cannot be made"
    exit_code = 2


class AggregationError(FlowError):
    """``__aggregate__`` does not take the one list that it is given."""

    code = "InvalidAggregationFunction"
    title = "The aggregation cannot be called"
    exit_code = 2


class ModelConfigurationError(EntryInitError):
    """A value that should be a model configuration is none."""

    code = "InvalidModelConfigValueType"
    title = "This is no model configuration"
