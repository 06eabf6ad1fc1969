"""Tokens of a service principal of Microsoft Entra ID, for Azure Storage: the client credentials grant of OAuth 2.0 (RFC 6749, 4.4)."""

import re
from typing import Any

from flowyard.data.datastores.errors import DatastoreInvalidError
from flowyard.data.datastores.tokens import request_token
from flowyard.foundation.errors import Location

_AUTHORITY = "https://login.microsoftonline.com"
_SCOPE = "https://storage.azure.com/.default"
_TENANT = re.compile(r"[A-Za-z0-9.-]{1,200}")


def token_of(tenant: str, client: str, secret: str, *, authority: str = _AUTHORITY) -> dict[str, Any]:
    """Return a token and when it expires, as obstore's credential providers give them.

    Raises:
        DatastoreInvalidError: the tenant is none.
        StoreAccessError: the principal is refused.
        StoreUnavailableError: Entra does not answer.
    """
    if not _TENANT.fullmatch(tenant):
        raise DatastoreInvalidError(
            f"{tenant[:100]!r} is no tenant.", remedy="Give its id or domain.", location=Location(pointer="/secrets/tenant_id")
        )
    fields = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret, "scope": _SCOPE}
    return request_token(
        f"{authority}/{tenant}/oauth2/v2.0/token",
        fields,
        issuer="Microsoft Entra ID",
        account="service principal",
        remedy="Check tenant_id, client_id and client_secret.",
    )
