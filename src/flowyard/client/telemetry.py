"""Figures over telemetry, over HTTP."""

from collections.abc import Sequence

from flowyard.client.transport import Transport
from flowyard.wire.shared import Page
from flowyard.wire.telemetry import Conversation, Figures, Grain, GroupField, Measure, ScoreField, Subject, TelemetryUser, Verification
from flowyard.wire.telemetry_policy import (
    RedactionPreview,
    RedactionRule,
    RedactionRuleFacts,
    RedactionTrial,
    RetentionDays,
    TelemetryPolicy,
    TelemetryPolicyWrite,
)


class Telemetry:
    """Tokens, costs, times and errors of everything that ran, by groups and over time."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def figures(  # noqa: PLR0913 (a question has that many sides)
        self,
        measure: Sequence[Measure] = ("count",),
        *,
        of: Subject = "calls",
        group_by: Sequence[GroupField | ScoreField] = (),
        grain: Grain = "none",
        q: str | None = None,
        since: str | None = None,
        until: str | None = None,
        compare: bool = False,
        compare_from: str | None = None,
        compare_to: str | None = None,
        limit: int = 100,
    ) -> Figures:
        """Return figures over spans that began in the period, by default the last 24 hours.

        Args:
            measure: what is computed; groups are ordered by the first.
            of: ``calls`` of models, ``requests`` (first spans), or all ``spans``.
            group_by: at most three fields, or ``score.<name>``.
            grain: the length of a bucket; ``auto`` chooses one.
            q: a search, about each span itself.
            since: RFC 3339, or how long ago: ``2h``, ``7d``.
            until: likewise; now by default.
            compare: with the period of the same length before.
            compare_from: with the period that begins then instead.
            compare_to: its end; without, it is as long as the period asked for.
            limit: how many groups at most; of each period, where two are compared.

        Raises:
            RemoteError: the search or the period does not fit.
        """
        params = {
            "measure": list(measure), "of": of, "group_by": list(group_by), "grain": grain, "q": q, "since": since, "until": until,
            "compare": compare, "compare_from": compare_from, "compare_to": compare_to, "limit": limit,
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

    def policy(self) -> TelemetryPolicy:
        """Return what is redacted before it is kept, and how long what is kept."""
        return self._transport.get("telemetry/policy", TelemetryPolicy)

    def set_policy(self, *, redact: Sequence[RedactionRule], retention_days: RetentionDays, sampling_ratio: float = 1.0) -> TelemetryPolicy:
        """Put a policy in the place of the one before; only owners may. It holds within a second for all that comes in from then on.

        `sampling_ratio` is the share of traces that are kept, 0 to 1.

        Raises:
            RemoteError: a rule, a number of days or the share is not valid, or the caller is no owner.
        """
        written = TelemetryPolicyWrite(redact=tuple(redact), retention_days=retention_days, sampling_ratio=sampling_ratio)
        return self._transport.put("telemetry/policy", TelemetryPolicy, body=written)

    def redaction_rules(self) -> tuple[RedactionRuleFacts, ...]:
        """Return the rules of redaction that there are, with how well each does on its labelled sentences."""
        return self._transport.get("telemetry/policy/rules", Page[RedactionRuleFacts]).items

    def preview_policy(self, text: str, *, redact: Sequence[RedactionRule] | None = None) -> RedactionPreview:
        """Return what of `text` would be kept, by the rules of `redact` or by the workspace's own. Nothing of it is kept.

        Raises:
            RemoteError: the text has more than 100,000 characters.
        """
        trial = RedactionTrial(text=text, redact=None if redact is None else tuple(redact))
        return self._transport.post("telemetry/policy/preview", RedactionPreview, body=trial)
