"""What can go wrong with rollouts."""

from flowyard.foundation.errors import ConflictError, InvalidInputError, NotFoundError


class RolloutUnknownError(NotFoundError):
    """The endpoint has no rollout, or none that goes on."""

    code = "RolloutNotFound"
    title = "No such rollout"


class RolloutActiveError(ConflictError):
    """The endpoint has a rollout that has not ended."""

    code = "RolloutActive"
    title = "A rollout is under way"

    def __init__(self, endpoint: str) -> None:
        super().__init__(f"The endpoint {endpoint!r} has a rollout that goes on.", remedy=f"See: flowyard endpoint rollout show {endpoint}")


class RolloutInvalidError(InvalidInputError):
    """A rollout that cannot work."""

    code = "RolloutInvalid"
    title = "The rollout is not valid"


class TrafficMovedError(ConflictError):
    """The endpoint's traffic was changed at the same moment."""

    code = "TrafficMoved"
    title = "The traffic has changed"
