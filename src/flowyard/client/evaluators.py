"""Evaluators over HTTP."""

from urllib.parse import quote

from flowyard.client.transport import Transport
from flowyard.wire.evaluators import EvaluatorFlowCreate, EvaluatorSummary
from flowyard.wire.flows import Flow
from flowyard.wire.shared import Page


class Evaluators:
    """The evaluators of the installation."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> tuple[EvaluatorSummary, ...]:
        """Return the evaluators: what they need and what they measure."""
        return self._transport.get("evaluators", Page[EvaluatorSummary]).items

    def create_flow(self, evaluator: str, name: str | None = None) -> Flow:
        """Make a flow of the workspace of an evaluator, which scores the rows of runs as any flow does.

        Args:
            evaluator: its name.
            name: of the flow; None: the evaluator's.

        Raises:
            RemoteError: there is no such evaluator (code ``UnknownEvaluator``), or a flow of this name (``FlowExists``).
        """
        return self._transport.post(f"evaluators/{quote(evaluator, safe='')}/flows", Flow, body=EvaluatorFlowCreate(name=name))
