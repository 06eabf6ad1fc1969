"""What can go wrong with a flow's packages."""

from flowyard.flows.errors import FlowError
from flowyard.foundation.errors import NotFoundError


class RequirementsError(FlowError):
    """A flow's list of packages cannot be read."""

    code = "RequirementsInvalid"
    title = "The list of packages is not valid"
    status = 422
    exit_code = 2


class EnvironmentBuildError(FlowError):
    """A flow's packages cannot be installed; `extra["output"]` has the installer's last lines."""

    code = "EnvironmentBuildFailed"
    title = "The flow's packages cannot be installed"
    status = 422
    exit_code = 2


class EnvironmentNotFoundError(NotFoundError):
    """There is no environment of that name."""

    code = "EnvironmentNotFound"
    title = "No such environment"
