"""Requests that a client may send again: the same ``Idempotency-Key`` starts the work once and gets the first answer again."""

import hashlib
from dataclasses import dataclass
from typing import Protocol

from flowyard.foundation.clock import NANOSECONDS, now_ns
from flowyard.foundation.errors import ConflictError, InvalidInputError

KEEP_NS = 24 * 3600 * NANOSECONDS
# A request that has been in progress for longer than this has lost its process.
STALE_NS = 120 * NANOSECONDS
IN_PROGRESS = 0


class IdempotencyKeyReusedError(InvalidInputError):
    """The key came before with another request."""

    code = "IdempotencyKeyReused"
    title = "This Idempotency-Key belongs to another request"


class IdempotencyInProgressError(ConflictError):
    """The first request with this key has not been answered yet."""

    code = "IdempotencyInProgress"
    title = "The first request is still in progress"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotentRequest:
    """A request as it is kept: `request` is its digest, `status` 0 while it is in progress, `response` the answer's body."""

    workspace_id: str
    key: str
    request: str
    status: int
    response: str
    created_ns: int


class IdempotencyStore(Protocol):
    """Keeps requests by workspace and key."""

    def begin(self, request: IdempotentRequest, *, stale_before_ns: int, forget_before_ns: int) -> IdempotentRequest | None:
        """Keep a request as in progress and return None; or return the one that has the key, and keep nothing.

        A kept request older than `forget_before_ns`, or in progress since before `stale_before_ns`, does not count.
        """
        ...

    def finish(self, workspace_id: str, key: str, status: int, response: str) -> None:
        """Keep the answer."""
        ...

    def forget(self, workspace_id: str, key: str) -> None:
        """Let the key be used again: the request failed."""
        ...


def request_digest(method: str, path: str, body: bytes) -> str:
    """Return what identifies a request's content, 64 hex digits."""
    return hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).hexdigest()


class Idempotency:
    """Decides whether a request is new."""

    def __init__(self, store: IdempotencyStore) -> None:
        self._store = store

    def begin(self, workspace_id: str, key: str, digest: str) -> IdempotentRequest | None:
        """Return None when the request is new and has to be done now; the kept one with its answer when it was done before.

        Raises:
            IdempotencyKeyReusedError: the key was sent with another request.
            IdempotencyInProgressError: the first request has not ended.
        """
        now = now_ns()
        request = IdempotentRequest(workspace_id=workspace_id, key=key, request=digest, status=IN_PROGRESS, response="", created_ns=now)
        present = self._store.begin(request, stale_before_ns=now - STALE_NS, forget_before_ns=now - KEEP_NS)
        if present is None:
            return None
        if present.request != digest:
            raise IdempotencyKeyReusedError(
                f"The Idempotency-Key {key!r} was sent with another request.", remedy="Use a new key for every new request."
            )
        if present.status == IN_PROGRESS:
            raise IdempotencyInProgressError("The first request with this key has not been answered yet.", remedy="Try again soon.")
        return present

    def finish(self, workspace_id: str, key: str, status: int, response: str) -> None:
        """Keep the answer of a request that worked; forget one that failed, so that it can be tried again."""
        if 200 <= status < 300:
            self._store.finish(workspace_id, key, status, response)
        else:
            self._store.forget(workspace_id, key)
