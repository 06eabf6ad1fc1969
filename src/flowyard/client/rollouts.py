"""Rollouts, from Python."""

from urllib.parse import quote

from flowyard.client.transport import Transport
from flowyard.wire.rollouts import Rollout, RolloutStart
from flowyard.wire.shared import Page


class Rollouts:
    """Traffic of the workspace's endpoints, moved in steps."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, endpoint: str) -> tuple[Rollout, ...]:
        """Return an endpoint's rollouts, the newest first."""
        return self._transport.get(_path(endpoint), Page[Rollout]).items

    def start(self, endpoint: str, spec: RolloutStart) -> Rollout:
        """Begin to move traffic to a deployment in steps.

        Example::

            ws.rollouts.start("support", RolloutStart(to="green", steps=(5, 50, 100), max_error_rate=0.02))
        """
        return self._transport.post(_path(endpoint), Rollout, body=spec)

    def pause(self, endpoint: str) -> Rollout:
        """Let the rollout stay at its step; a breach still moves traffic back."""
        return self._transport.post(f"{_path(endpoint)}/pause", Rollout)

    def resume(self, endpoint: str) -> Rollout:
        """Let a paused rollout go on."""
        return self._transport.post(f"{_path(endpoint)}/resume", Rollout)

    def abort(self, endpoint: str) -> Rollout:
        """End the rollout; traffic becomes what it was before."""
        return self._transport.post(f"{_path(endpoint)}/abort", Rollout)


def _path(endpoint: str) -> str:
    return f"endpoints/{quote(endpoint, safe='')}/rollouts"
