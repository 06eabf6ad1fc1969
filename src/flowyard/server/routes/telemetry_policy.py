"""A workspace's telemetry policy: what is redacted, and how long what is kept."""

from typing import Annotated

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.shared import Page
from flowyard.wire.telemetry_policy import RedactionPreview, RedactionRuleFacts, RedactionTrial, TelemetryPolicy, TelemetryPolicyWrite

router = api_router("telemetry", "/workspaces/{workspace}/telemetry/policy")
Reader = Annotated[Caller, allow("traces:read")]
Owner = Annotated[Caller, allow("workspaces:write")]


@router.get("")
def get_policy(caller: Reader, services: ServicesDep) -> TelemetryPolicy:
    """Get the policy that holds; the defaults until somebody sets one."""
    return services.telemetry_policy.get(caller)


@router.put("")
def set_policy(body: TelemetryPolicyWrite, caller: Owner, services: ServicesDep) -> TelemetryPolicy:
    """Set the policy. It holds within a second for all that comes in from then on; what is kept already is not rewritten."""
    return services.telemetry_policy.set(caller, body)


@router.get("/rules")
def list_redaction_rules(caller: Reader, services: ServicesDep) -> Page[RedactionRuleFacts]:
    """List the rules of redaction, with how well each does on its labelled sentences."""
    del caller
    return Page(items=services.telemetry_policy.rules())


@router.post("/preview")
def preview_policy(body: RedactionTrial, caller: Reader, services: ServicesDep) -> RedactionPreview:
    """Try rules on a text. Nothing of it is kept."""
    return services.telemetry_policy.preview(caller, body)
