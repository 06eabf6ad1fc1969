"""What a workspace's telemetry leaves out, and how long it keeps the rest."""

from dataclasses import dataclass
from typing import Literal

RedactionRule = Literal[
    "secrets", "email", "phone", "card", "iban", "ip_address", "us_ssn", "es_nif", "fr_nir", "br_cpf", "it_codice_fiscale",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionDays:
    """How many days the rows of each signal are kept, by their own time; None: for good."""

    spans: int | None = 90
    logs: int | None = 30
    metrics: int | None = 30
    scores: int | None = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetryPolicy:
    """A workspace's policy: the rules by which its telemetry is redacted before it is kept, how long it is kept, and which share of it.

    `sampling_ratio` is the share of traces that are kept, 0 to 1. `updated_at` is None until somebody has set it: then these are the
    defaults.
    """

    redact: tuple[RedactionRule, ...]
    retention_days: RetentionDays
    sampling_ratio: float
    updated_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetryPolicyWrite:
    """A whole policy, to be put in the place of the one that is there."""

    redact: tuple[RedactionRule, ...]
    retention_days: RetentionDays
    sampling_ratio: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactionRuleFacts:
    """What a rule finds, what stands in the place of what was found, and how well it does.

    `precision` is the share of what was found that was right, `recall` the share of what was there that was found, each 0 to 1, measured
    on sentences that hold something to find and sentences that do not. They say what the rule is made for, not how it does on your data.
    """

    name: RedactionRule
    title: str
    marker: str
    sentences_with: int
    sentences_without: int
    precision: float
    recall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactionTrial:
    """A text to try rules on: those given, or without any those of the workspace's policy. Nothing of it is kept."""

    text: str
    redact: tuple[RedactionRule, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactedPart:
    """What a rule found: characters `start` to before `end` of the text that was given, from 0."""

    rule: RedactionRule
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactionPreview:
    """A text as it would be kept, and what was taken out of it."""

    text: str
    found: tuple[RedactedPart, ...]
