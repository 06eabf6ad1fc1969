"""A workspace's telemetry policy: by which rules its telemetry is redacted before it is kept, for how long, and which share of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Protocol

from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.codecs import plain
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.identity.audit import audit_record
from flowyard.identity.model import AuditRecord, Caller
from flowyard.wire.telemetry_policy import (
    RedactedPart,
    RedactionPreview,
    RedactionRule,
    RedactionRuleFacts,
    RedactionTrial,
    RetentionDays,
    TelemetryPolicy,
    TelemetryPolicyWrite,
)

#: What holds in a workspace where nobody has set a policy.
DEFAULT_RULES: tuple[RedactionRule, ...] = ("secrets",)
MOST_DAYS = 36_500
PREVIEW_LIMIT = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRecord:
    """A policy as it is stored. `updated_ns` 0: it is the default, and stored nowhere."""

    redact: tuple[RedactionRule, ...] = DEFAULT_RULES
    retention_days: RetentionDays = field(default_factory=RetentionDays)
    sampling_ratio: float = 1.0
    updated_ns: int = 0


DEFAULT = PolicyRecord()


class PolicyStore(Protocol):
    """Keeps one policy for each workspace that has set one."""

    def get(self, workspace_id: str) -> PolicyRecord | None:
        """Return a workspace's policy; None when it has set none."""
        ...

    def all(self) -> Mapping[str, PolicyRecord]:
        """Return the policies of all workspaces that have set one, by workspace id."""
        ...

    def put(self, workspace_id: str, record: PolicyRecord, audit: AuditRecord) -> None:
        """Put a policy in the place of the one before, and the line of the audit trail with it."""
        ...


class PolicyService:
    """Reads, sets and tries the policy of the caller's workspace."""

    def __init__(self, store: PolicyStore) -> None:
        self._store = store

    def get(self, caller: Caller) -> TelemetryPolicy:
        """Return the policy that holds."""
        return _to_wire(self._store.get(caller.workspace_id) or DEFAULT)

    def set(self, caller: Caller, written: TelemetryPolicyWrite) -> TelemetryPolicy:
        """Put a policy in the place of the one before. It holds within a second for all that is read from then on.

        Raises:
            InvalidInputError: a number of days or the share of traces is out of range.
        """
        for signal, days in asdict(written.retention_days).items():
            if days is not None and not 1 <= days <= MOST_DAYS:
                raise InvalidInputError(
                    f"Telemetry cannot be kept for {days} days.",
                    remedy=f"Give 1 to {MOST_DAYS} days, or null to keep it for good.",
                    location=Location(pointer=f"/retention_days/{signal}"),
                )
        if not 0 <= written.sampling_ratio <= 1:
            raise InvalidInputError(
                f"A share of {written.sampling_ratio} of the traces cannot be kept.",
                remedy="Give a number from 0 (none) to 1 (all).",
                location=Location(pointer="/sampling_ratio"),
            )
        record = PolicyRecord(
            redact=tuple(dict.fromkeys(written.redact)),
            retention_days=written.retention_days,
            sampling_ratio=written.sampling_ratio,
            updated_ns=now_ns(),
        )
        detail = {name: value for name, value in plain(record).items() if name != "updated_ns"}
        self._store.put(caller.workspace_id, record, audit_record(caller, "telemetry.set_policy", "telemetry/policy", detail))
        return _to_wire(record)

    def rules(self) -> tuple[RedactionRuleFacts, ...]:
        """Return all rules there are, in the order in which one goes before another."""
        from flowyard.tracing.redaction.measured import MEASURED
        from flowyard.tracing.redaction.rules import RULES

        return tuple(
            RedactionRuleFacts(name=name, title=rule.title, marker=rule.marker, **asdict(MEASURED[name])) for name, rule in RULES.items()
        )

    def preview(self, caller: Caller, trial: RedactionTrial) -> RedactionPreview:
        """Return a text as it would be kept. Nothing of it is kept.

        Raises:
            InvalidInputError: the text has more than 100,000 characters.
        """
        from flowyard.tracing.redaction.redactor import Redactor

        if len(trial.text) > PREVIEW_LIMIT:
            raise InvalidInputError(
                f"The text has {len(trial.text)} characters.",
                remedy=f"Try at most {PREVIEW_LIMIT} at once.",
                location=Location(pointer="/text"),
            )
        rules = trial.redact if trial.redact is not None else (self._store.get(caller.workspace_id) or DEFAULT).redact
        text, found = Redactor(rules).found(trial.text)
        return RedactionPreview(text=text, found=tuple(RedactedPart(rule=rule, start=start, end=end) for rule, (start, end) in found))


def _to_wire(record: PolicyRecord) -> TelemetryPolicy:
    return TelemetryPolicy(
        redact=record.redact,
        retention_days=record.retention_days,
        sampling_ratio=record.sampling_ratio,
        updated_at=to_rfc3339(record.updated_ns) if record.updated_ns else None,
    )
