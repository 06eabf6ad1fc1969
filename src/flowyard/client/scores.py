"""Scores over HTTP."""

from flowyard.client.transport import Transport
from flowyard.wire.scores import Score, ScoreWrite
from flowyard.wire.shared import Page


class Scores:
    """What people, programs and evaluators think of traces."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, trace_id: str) -> tuple[Score, ...]:
        """Return the scores of a trace and its spans that count, the earliest first."""
        return self._transport.get("scores", Page[Score], params={"trace_id": trace_id}).items

    def give(self, score: ScoreWrite) -> Score:
        """Score a trace or a span; a score of yours of the same name is replaced.

        Raises:
            RemoteError: an id, the name or the value is not valid.
        """
        return self._transport.post("scores", Score, body=score)

    def withdraw(self, score_id: str) -> None:
        """Take a score back.

        Raises:
            RemoteError: there is none of this id that counts (code ``ScoreNotFound``).
        """
        self._transport.delete(f"scores/{score_id}")
