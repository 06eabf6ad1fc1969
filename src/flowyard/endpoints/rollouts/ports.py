"""What rollouts need of the rest."""

from typing import Protocol

from flowyard.endpoints.rollouts.model import RolloutRecord
from flowyard.identity.model import AuditRecord


class RolloutStore(Protocol):
    """Keeps rollouts. Every method is one transaction."""

    def add(self, rollout: RolloutRecord, audit: AuditRecord) -> None:
        """Keep a new rollout, and move the endpoint's traffic from `progress.before` to `progress.traffic`.

        Raises:
            RolloutActiveError: the endpoint has one that has not ended.
            TrafficMovedError: the traffic is another by now.
            TrafficInvalidError: the deployment is gone.
        """
        ...

    def find(self, endpoint_id: str, *, limit: int = 20) -> list[RolloutRecord]:
        """Return an endpoint's rollouts, the newest first."""
        ...

    def active(self) -> list[RolloutRecord]:
        """Return the rollouts of all workspaces that run or are paused."""
        ...

    def save(
        self,
        rollout: RolloutRecord,
        *,
        sample: int | None = None,
        moved_from: dict[str, int] | None = None,
        audit: AuditRecord | None = None,
    ) -> bool:
        """Replace a rollout whose version is `rollout.version`, which grows by one; False: it is another by now, and nothing is changed.

        `sample`: see `gateway.ports.DeploymentRoute`, for the deployment that it moves traffic to; None leaves it. With `moved_from`
        the endpoint's traffic becomes `progress.traffic`, if it is `moved_from` still, else nothing is changed either.
        """
        ...

    def mover(self, rollout: RolloutRecord) -> str | None:
        """Return who set the endpoint's traffic last, as far as the audit trail tells."""
        ...
