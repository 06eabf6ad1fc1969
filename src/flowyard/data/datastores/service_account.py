"""Tokens of a Google service account, for Cloud Storage: the JWT bearer grant of OAuth 2.0 (RFC 7523), as Google's service accounts use it.

Of the account's JSON only the e-mail and the key are used: where tokens come from, it does not say.
"""

import base64
import time
from dataclasses import dataclass, field
from typing import Any

from flowyard.data.datastores.errors import DatastoreInvalidError
from flowyard.data.datastores.tokens import request_token
from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.errors import InvalidInputError, Location

_TOKENS = "https://oauth2.googleapis.com/token"
_SCOPE = "https://www.googleapis.com/auth/devstorage.read_write"
_LIVES_S = 3600


@dataclass(frozen=True, slots=True)
class _Account:
    client_email: str
    private_key: str = field(repr=False)


def check_account(text: str) -> tuple[str, Any]:
    """Return the e-mail and the private key of a service account's JSON.

    Raises:
        DatastoreInvalidError: it is no JSON of a service account.
    """
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        told = decode(text.encode(), _Account)
        key: Any = load_pem_private_key(told.private_key.encode(), password=None)
    except (InvalidInputError, ValueError, TypeError):
        told, key = None, None
    if told is None or not isinstance(key, RSAPrivateKey):
        raise DatastoreInvalidError(
            "The service_account_key is no JSON of a service account.",
            remedy="Give the text of the file that Google gave, for instance ${env:GOOGLE_KEY}.",
            location=Location(pointer="/secrets/service_account_key"),
        )
    return told.client_email, key


def account_token(account: str, *, tokens: str = _TOKENS) -> dict[str, Any]:
    """Return a token and when it expires, as obstore's credential providers give them.

    Raises:
        DatastoreInvalidError: `account` is no JSON of a service account.
        StoreAccessError: the account is refused.
        StoreUnavailableError: Google does not answer.
    """
    email, key = check_account(account)
    fields = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": _assertion(email, key)}
    remedy = "Check that it is there and enabled."
    return request_token(tokens, fields, issuer="Google", account="service account", remedy=remedy)


def _assertion(email: str, key: Any) -> str:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    now = int(time.time())
    claims = {"iss": email, "scope": _SCOPE, "aud": _TOKENS, "iat": now, "exp": now + _LIVES_S}
    said = b".".join(_encoded(to_json(part)) for part in ({"alg": "RS256", "typ": "JWT"}, claims))
    return b".".join([said, _encoded(key.sign(said, PKCS1v15(), SHA256()))]).decode()


def _encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
