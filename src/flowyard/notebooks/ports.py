"""What notebooks need of other rooms."""

from collections.abc import Sequence
from typing import Protocol

from flowyard.flows.platform_ports import ProcessKeys
from flowyard.identity.model import Principal


class SignIns(Protocol):
    """Who stands behind a session or a key, as `identity.sign_in.SignInService` says it."""

    def by_session_hash(self, session_hash: str) -> Principal:
        """Return who the session is whose secret has this SHA-256; raises BadCredentialError when it has ended."""
        ...

    def by_key_hash(self, key_hash: str) -> Principal:
        """Return who the key is whose secret has this SHA-256; raises BadCredentialError when it opens nothing any more."""
        ...


class NotebookKeys(ProcessKeys, Protocol):
    """Keys for processes, as `identity.keys.KeyService` makes them, and what is left of former ones."""

    def scopes(self, prefix: str) -> Sequence[tuple[str, str]]:
        """Return the scopes of unrevoked keys that begin with `prefix`, each after the id of its workspace."""
        ...
