"""What opens one endpoint and nothing else: its two keys, or tokens that expire."""

from typing import Final

from flowyard.endpoints.errors import AuthModeError
from flowyard.endpoints.online.lookup import find_endpoint
from flowyard.endpoints.online.model import EndpointRecord, endpoint_scope
from flowyard.endpoints.online.ports import EndpointStore
from flowyard.foundation.clock import NANOSECONDS, to_rfc3339
from flowyard.foundation.errors import ForbiddenError
from flowyard.identity.keys import KeyService
from flowyard.identity.model import Caller
from flowyard.wire.endpoint_keys import EndpointCredentials, EndpointKey, EndpointKeyCreated, EndpointToken, KeyType
from flowyard.wire.identity import ApiKey

#: How long a token works, and after what part of it the next one should be fetched.
TOKEN_LASTS_NS: Final = 3600 * NANOSECONDS
_REFRESH_NS: Final = TOKEN_LASTS_NS * 3 // 4
_TOKEN = "token"  # noqa: S105  the name of a kind of key
_KEY_TYPES: tuple[KeyType, ...] = ("primary", "secondary")


class EndpointCredentialService:
    """Keys and tokens of endpoints. Only hashes are kept, so each is shown once, when it is made."""

    def __init__(self, store: EndpointStore, keys: KeyService) -> None:
        self._store = store
        self._keys = keys

    def show(self, caller: Caller, name: str) -> EndpointCredentials:
        """Return how an endpoint is called, and which of its keys there are.

        Raises:
            EndpointUnknownError: there is none of this name.
        """
        record = find_endpoint(self._store, caller, name)
        held = {key.name: key for key in self._keys.of_scope(record.workspace_id, endpoint_scope(record.id))}
        shown = (_shown(key_type, held[found]) for key_type in _KEY_TYPES if (found := _key_name(record, key_type)) in held)
        return EndpointCredentials(auth_mode=record.auth_mode, keys=tuple(shown))

    def regenerate(self, caller: Caller, name: str, key_type: KeyType) -> EndpointKeyCreated:
        """Make a key, or make it anew. The one it replaces is refused within a second; the other one stays as it is.

        Raises:
            EndpointUnknownError: there is none of this name.
            AuthModeError: the endpoint gives tokens.
        """
        record = find_endpoint(self._store, caller, name)
        if record.auth_mode != "key":
            raise AuthModeError(
                f"The endpoint {name!r} has no keys: its auth_mode is {record.auth_mode}.",
                remedy=f"Get a token: flowyard endpoint get-credentials {name}; or: flowyard endpoint update {name} --auth-mode key",
            )
        made = self._keys.regenerate(caller, _key_name(record, key_type), endpoint_scope(record.id), f"endpoints/{name}")
        return EndpointKeyCreated(key=_shown(key_type, made.key), secret=made.secret)

    def token(self, caller: Caller, name: str) -> EndpointToken:
        """Make a token that works for an hour.

        Raises:
            EndpointUnknownError: there is none of this name.
            AuthModeError: the endpoint has keys.
            ForbiddenError: the caller is a process or an endpoint's token: neither gives itself another.
        """
        record = find_endpoint(self._store, caller, name)
        if caller.scope:
            raise ForbiddenError("Tokens are given to people and to keys of the workspace.", remedy="Use a key of your own.")
        if record.auth_mode != "aml_token":
            raise AuthModeError(
                f"The endpoint {name!r} gives no tokens: its auth_mode is {record.auth_mode}.",
                remedy=f"Make a key: flowyard endpoint regenerate-key {name} --key-type primary; or: "
                f"flowyard endpoint update {name} --auth-mode aml_token",
            )
        secret, expires_ns = self._keys.token(
            caller, f"{record.name}/{_TOKEN}", endpoint_scope(record.id), f"endpoints/{name}", TOKEN_LASTS_NS
        )
        refresh_ns = expires_ns - TOKEN_LASTS_NS + _REFRESH_NS
        return EndpointToken(access_token=secret, expires_at=to_rfc3339(expires_ns), refresh_after=to_rfc3339(refresh_ns))


def _key_name(record: EndpointRecord, key_type: KeyType) -> str:
    return f"{record.name}/{key_type}"


def _shown(key_type: KeyType, key: ApiKey) -> EndpointKey:
    return EndpointKey(
        key_type=key_type, prefix=key.prefix, created_at=key.created_at, created_by=key.created_by, last_used_at=key.last_used_at
    )
