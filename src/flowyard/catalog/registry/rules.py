"""License rules: which licenses a workspace deploys."""

from flowyard.catalog.facts import LicenseClass, class_of
from flowyard.catalog.registry.errors import LicenseDeniedError
from flowyard.wire.model_registry import LicenseRules


def why_denied(rules: LicenseRules, license_name: str, kind: LicenseClass | None = None) -> str | None:
    """Return the rule that denies a license, in words, or None where it may be deployed.

    Args:
        rules: the workspace's.
        license_name: an SPDX identifier, or the license's own name.
        kind: its class; None takes what the SPDX identifier says.
    """
    kind = kind or class_of(license_name)
    words = {license_name.lower(), kind}
    for rule in rules.deny:
        if rule.lower() in words:
            return f"A rule of this workspace denies the license {license_name!r} ({kind}): deny {rule!r}."
    if rules.allow and not any(rule.lower() in words for rule in rules.allow):
        return f"The rules of this workspace allow only {', '.join(map(repr, rules.allow))}, and the license is {license_name!r} ({kind})."
    return None


def require_allowed(rules: LicenseRules, license_name: str, kind: LicenseClass | None = None) -> None:
    """Check a license.

    Raises:
        LicenseDeniedError: a rule denies it; the message names the rule.
    """
    reason = why_denied(rules, license_name, kind)
    if reason is not None:
        raise LicenseDeniedError(reason, remedy="Take another model, or ask an owner of the workspace: flowyard model licenses")
