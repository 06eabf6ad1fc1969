"""An endpoint's own keys and tokens: they open that endpoint and nothing else."""

from dataclasses import dataclass
from typing import Literal

from flowyard.wire.endpoints import AuthMode

KeyType = Literal["primary", "secondary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointKey:
    """One of an endpoint's two keys, without its secret: `prefix` is its first characters, to recognise it by."""

    key_type: KeyType
    prefix: str
    created_at: str
    created_by: str
    last_used_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointCredentials:
    """How an endpoint is called. With `auth_mode` ``key``, `keys` are the keys that were made; with ``aml_token`` there are none."""

    auth_mode: AuthMode
    keys: tuple[EndpointKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRegenerate:
    """Make a key, or make it anew; the other one stays valid."""

    key_type: KeyType


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointKeyCreated:
    """A new key with its secret. It is shown this once; the one that it replaces is refused within a second."""

    key: EndpointKey
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointToken:
    """A token that expires. Get the next one from `refresh_after` on: this one works until `expires_at`."""

    access_token: str
    expires_at: str
    refresh_after: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105
