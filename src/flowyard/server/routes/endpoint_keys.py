"""An endpoint's own keys and tokens."""

from typing import Annotated

from flowyard.identity.model import Caller
from flowyard.server.deps import ServicesDep, allow
from flowyard.server.routing import api_router
from flowyard.wire.endpoint_keys import EndpointCredentials, EndpointKeyCreated, EndpointToken, KeyRegenerate

router = api_router("endpoints", "/workspaces/{workspace}/endpoints/{name}")


@router.get("/credentials")
def get_credentials(name: str, caller: Annotated[Caller, allow("endpoints:read")], services: ServicesDep) -> EndpointCredentials:
    """Show how an endpoint is called, and which of its keys there are; never their secrets."""
    return services.endpoint_credentials.show(caller, name)


@router.post("/regenerate-key", status_code=201)
def regenerate_key(
    name: str, body: KeyRegenerate, caller: Annotated[Caller, allow("endpoints:write")], services: ServicesDep
) -> EndpointKeyCreated:
    """Make one of the endpoint's two keys, or make it anew; the answer shows it this once. The other key stays valid."""
    return services.endpoint_credentials.regenerate(caller, name, body.key_type)


@router.post("/token", status_code=201)
def create_token(name: str, caller: Annotated[Caller, allow("endpoints:invoke")], services: ServicesDep) -> EndpointToken:
    """Make a token that calls the endpoint for an hour; only where its auth_mode is aml_token."""
    return services.endpoint_credentials.token(caller, name)
