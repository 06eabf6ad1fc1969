"""Tokens of a service principal of Microsoft Entra ID, for Azure Storage: the client credentials grant of OAuth 2.0 (RFC 6749, 4.4)."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import urllib3

from flowyard.data.datastores.errors import DatastoreInvalidError, StoreAccessError, StoreUnavailableError
from flowyard.foundation.codecs import decode
from flowyard.foundation.errors import InvalidInputError, Location

_AUTHORITY = "https://login.microsoftonline.com"
_SCOPE = "https://storage.azure.com/.default"
_TENANT = re.compile(r"[A-Za-z0-9.-]{1,200}")
_TIMEOUT_S = 20.0


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
    try:
        answer = urllib3.PoolManager().request(
            "POST",
            f"{authority}/{tenant}/oauth2/v2.0/token",
            body=urlencode(fields),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            timeout=_TIMEOUT_S,
            retries=False,
            redirect=False,
        )
        told = decode(answer.data, dict[str, Any])
    except (urllib3.exceptions.HTTPError, InvalidInputError) as error:
        raise StoreUnavailableError(f"Microsoft Entra ID does not answer: {error}.", remedy="Try again.") from error
    if answer.status != 200 or not isinstance(told.get("access_token"), str):
        reason = str(told.get("error_description") or told.get("error") or f"HTTP {answer.status}").partition("\n")[0][:300]
        raise StoreAccessError(
            f"Microsoft Entra ID refuses the service principal: {reason}", remedy="Check tenant_id, client_id and client_secret."
        )
    lives = timedelta(seconds=max(0, int(told.get("expires_in", 0)) - 60))
    return {"token": told["access_token"], "expires_at": datetime.now(UTC) + lives}
