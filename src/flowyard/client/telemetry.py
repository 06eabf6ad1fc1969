"""Figures over telemetry, over HTTP."""

from collections.abc import Sequence

from flowyard.client.transport import Transport
from flowyard.wire.shared import Page
from flowyard.wire.telemetry import Conversation, Figures, Grain, GroupField, Measure, Subject, TelemetryUser, Verification


class Telemetry:
    """Tokens, costs, times and errors of everything that ran, by groups and over time."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def figures(  # noqa: PLR0913 (a question has that many sides)
        self,
        measure: Sequence[Measure] = ("count",),
        *,
        of: Subject = "calls",
        group_by: Sequence[GroupField] = (),
        grain: Grain = "none",
        q: str | None = None,
        since: str | None = None,
        until: str | None = None,
        compare: bool = False,
        limit: int = 100,
    ) -> Figures:
        """Return figures over spans that began in the period, by default the last 24 hours.

        Args:
            measure: what is computed; groups are ordered by the first.
            of: ``calls`` of models, ``requests`` (first spans), or all ``spans``.
            group_by: at most three fields.
            grain: the length of a bucket; ``auto`` chooses one.
            q: a search, about each span itself.
            since: RFC 3339, or how long ago: ``2h``, ``7d``.
            until: likewise; now by default.
            compare: with the period of the same length before.
            limit: how many groups at most.

        Raises:
            RemoteError: the search or the period does not fit.
        """
        params = {
            "measure": list(measure), "of": of, "group_by": list(group_by), "grain": grain, "q": q, "since": since, "until": until,
            "compare": compare, "limit": limit,
        }  # fmt: skip
        return self._transport.get("telemetry/figures", Figures, params=params)

    def sessions(self, *, since: str | None = None, until: str | None = None, limit: int = 100) -> tuple[Conversation, ...]:
        """Return the sessions with a trace in the period, the latest first."""
        return self._transport.get("telemetry/sessions", Page[Conversation], params={"since": since, "until": until, "limit": limit}).items

    def users(self, *, since: str | None = None, until: str | None = None, limit: int = 100) -> tuple[TelemetryUser, ...]:
        """Return the users of the applications with a trace in the period, the latest first."""
        return self._transport.get("telemetry/users", Page[TelemetryUser], params={"since": since, "until": until, "limit": limit}).items

    def verify(self) -> Verification:
        """Read every segment of the workspace and return what is missing, damaged or left over; only owners may.

        Raises:
            RemoteError: the caller is no owner, or reading took longer than an answer may.
        """
        return self._transport.get("telemetry/verify", Verification)
