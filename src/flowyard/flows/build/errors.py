"""What can go wrong when a flow is built."""

from flowyard.flows.errors import FlowError
from flowyard.foundation.errors import ConflictError


class BuildError(FlowError):
    """The flow cannot be handed over as it is."""

    code = "FlowBuildFailed"
    title = "The flow cannot be built"
    exit_code = 2


class OutputExistsError(ConflictError):
    """The output folder is there and holds something that a build did not make."""

    code = "OutputExists"
    title = "The output folder is not empty"
    exit_code = 2
