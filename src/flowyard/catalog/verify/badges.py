"""Verifications in short, as cards show them."""

from flowyard.catalog.reports import ReportStore
from flowyard.foundation.codecs import convert
from flowyard.wire.model_verifications import ModelBadge, ModelVerification

_SHOWN = {"first_token_ms", "tokens_per_s", "peak_bytes"}


def badges(reports: ReportStore, workspace_id: str) -> dict[str, ModelBadge]:
    """Return the newest completed verification of each model, in short, by the model's name."""
    found = reports.newest(workspace_id, "verification")
    return {target: badge_of(convert(record.document, ModelVerification)) for target, record in found.items()}


def badge_of(found: ModelVerification) -> ModelBadge:
    """Return a verification in short."""
    figures: dict[str, float] = {}
    for check in found.checks:
        figures.update({name: value for name, value in check.figures.items() if name in _SHOWN})
    peak = figures.get("peak_bytes")
    return ModelBadge(
        id=found.id,
        at=found.ended_at or found.started_at,
        passed=found.passed,
        failed=found.failed,
        not_applicable=found.not_applicable,
        failed_checks=tuple(check.name for check in found.checks if check.status == "fail"),
        cpu=found.machine.cpu,
        engine=found.engine,
        first_token_ms=figures.get("first_token_ms"),
        tokens_per_s=figures.get("tokens_per_s"),
        peak_bytes=None if peak is None else int(peak),
    )
