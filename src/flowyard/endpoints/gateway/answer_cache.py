"""Answers that are kept: exact, for the workspace and key that asked, for a stated time, in bounded memory."""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from flowyard.endpoints.gateway.auth import Principal
from flowyard.endpoints.routes.ports import RouteRecord
from flowyard.inference.providers.base import Operation

#: Bytes of all answers that a gateway keeps, and of the largest.
CACHE_BYTES = 64 * 1024 * 1024
LARGEST = 1024 * 1024

# They say who asks, not what is answered.
_ASIDE = frozenset({"model", "user", "safety_identifier", "metadata", "prompt_cache_key"})
_OVERHEAD = 200


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was sent: of a streamed one all its events."""

    data: bytes
    content_type: bytes
    target: bytes
    until: float


class AnswerCache:
    """Belongs to one event loop. What was used longest ago goes first. `clock` tells seconds, for tests."""

    def __init__(self, limit: int = CACHE_BYTES, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._kept: OrderedDict[bytes, KeptAnswer] = OrderedDict()
        self.size = 0
        self.hits = 0
        self.misses = 0

    def get(self, key: bytes) -> KeptAnswer | None:
        """Return an answer that is kept still."""
        kept = self._kept.get(key)
        if kept is not None and kept.until <= self._clock():
            self._drop(key)
            kept = None
        if kept is None:
            self.misses += 1
            return None
        self.hits += 1
        self._kept.move_to_end(key)
        return kept

    def put(self, key: bytes, data: bytes, content_type: bytes, target: bytes, ttl_s: float) -> None:
        """Keep an answer; one that is too large is not kept."""
        if len(data) > min(LARGEST, self._limit):
            return
        if key in self._kept:
            self._drop(key)
        self._kept[key] = KeptAnswer(data, content_type, target, self._clock() + ttl_s)
        self.size += len(data) + _OVERHEAD
        while self.size > self._limit:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: bytes) -> None:
        self.size -= len(self._kept.pop(key).data) + _OVERHEAD


class Slot:
    """Where a call's answer is kept. `pieces` are those of a streamed one that were sent."""

    __slots__ = ("cache", "key", "pieces", "ttl_s")

    def __init__(self, cache: AnswerCache, key: bytes, ttl_s: float) -> None:
        self.cache = cache
        self.key = key
        self.ttl_s = ttl_s
        self.pieces: list[bytes] = []

    def put(self, data: bytes, content_type: bytes, target: str) -> None:
        """Keep a whole answer, and which model gave it."""
        self.cache.put(self.key, data, content_type, target.encode(), self.ttl_s)


def cache_key(route: RouteRecord, principal: Principal, operation: Operation, fields: Mapping[str, msgspec.Raw]) -> bytes | None:
    """Return what an answer is kept under; None when the route keeps none of this request.

    It is a hash over workspace, scope, the route as it was changed last, operation, and the fields of the body in a canonical form: their
    order, white space, and who the end user is make no difference. Whole and streamed answers are kept apart.
    """
    rule = route.spec.cache
    if rule is None or not (rule.sampled or operation in {"embeddings", "rerank"} or _is_zero(fields.get("temperature"))):
        return None
    owner = "" if rule.scope == "workspace" else principal.key_id or principal.actor
    asked: dict[str, Any] = {name: msgspec.json.decode(raw) for name, raw in fields.items() if name not in _ASIDE}
    told = [principal.workspace_id, rule.scope, owner, route.name, str(route.updated_ns), operation, asked]
    return sha256(msgspec.json.encode(told, order="sorted")).digest()


def _is_zero(raw: msgspec.Raw | None) -> bool:
    value: Any = None if raw is None else msgspec.json.decode(raw)
    return isinstance(value, int | float) and not isinstance(value, bool) and value == 0
