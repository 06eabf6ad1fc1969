"""Evaluators over HTTP."""

from flowyard.client.transport import Transport
from flowyard.wire.evaluators import EvaluatorSummary
from flowyard.wire.shared import Page


class Evaluators:
    """The evaluators of the installation."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> tuple[EvaluatorSummary, ...]:
        """Return the evaluators: what they need and what they measure."""
        return self._transport.get("evaluators", Page[EvaluatorSummary]).items
