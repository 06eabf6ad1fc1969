"""Access tokens of OAuth 2.0 (RFC 6749), as obstore's credential providers give them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import urllib3

from flowyard.data.datastores.errors import StoreAccessError, StoreUnavailableError
from flowyard.foundation.codecs import decode
from flowyard.foundation.errors import InvalidInputError

_TIMEOUT_S = 20.0


def request_token(url: str, fields: dict[str, str], *, issuer: str, account: str, remedy: str) -> dict[str, Any]:
    """Ask an issuer for a token and return it with when it expires, a minute early.

    Args:
        url: the issuer's token endpoint.
        fields: of the request.
        issuer: what errors call it.
        account: what errors call who asks.
        remedy: of a refusal.

    Raises:
        StoreAccessError: it is refused.
        StoreUnavailableError: the issuer does not answer.
    """
    try:
        answer = urllib3.PoolManager().request(
            "POST",
            url,
            body=urlencode(fields),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            timeout=_TIMEOUT_S,
            retries=False,
            redirect=False,
        )
        told = decode(answer.data, dict[str, Any])
    except (urllib3.exceptions.HTTPError, InvalidInputError) as error:
        raise StoreUnavailableError(f"{issuer} does not answer: {error}.", remedy="Try again.") from error
    if answer.status != 200 or not isinstance(told.get("access_token"), str):
        reason = str(told.get("error_description") or told.get("error") or f"HTTP {answer.status}").partition("\n")[0][:300]
        raise StoreAccessError(f"{issuer} refuses the {account}: {reason}", remedy=remedy)
    lives = timedelta(seconds=max(0, int(told.get("expires_in", 0)) - 60))
    return {"token": told["access_token"], "expires_at": datetime.now(UTC) + lives}
