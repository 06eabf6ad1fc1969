"""A node whose results are kept: a call with a known key gives the kept result, as a stream where it was one, and costs nothing."""

import inspect
import logging
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

from flowyard.flows.runtime.cache_key import NotCacheableError, call_key, is_json
from flowyard.flows.runtime.cache_store import Kept, NodeCache
from flowyard.flows.runtime.context import ActiveNode, Scrub, active_node, set_active
from flowyard.flows.runtime.plan import Executable

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedStep:
    """What the results of one node are kept under.

    Attributes:
        cache: keeps them.
        flow: the flow's name, for who looks at the cache.
        node: the node's name.
        key: the node's own part of the key, as its files were when they were loaded.
        is_llm: the caller decides whether its answer streams, so a whole one and a streamed one are the same.
        scrub: finds secrets; a result that has one is not kept.
    """

    cache: NodeCache
    flow: str
    node: str
    key: str
    is_llm: bool
    scrub: Scrub | None


def with_cache(executable: Executable, step: CachedStep) -> Executable:
    """Return `executable`, asked only when the cache does not have the result."""
    kept = _Cached(executable, step)
    return replace(executable, call=kept.call_async if executable.is_async else kept.call, quick=False)


@dataclass(slots=True)
class _Miss:
    """A call whose result is to be kept: its key, the node (`apart`: as the call itself knew it), and where its record stood before."""

    key: str
    active: ActiveNode
    apart: ActiveNode
    started_ns: int
    logs_before: int
    metrics: dict[str, Any] = field(default_factory=dict[str, Any])


class _Cached:
    def __init__(self, executable: Executable, step: CachedStep) -> None:
        self._function = executable.call
        self._step = step
        self._said: set[str] = set()

    def call(self, **arguments: Any) -> Any:
        active = active_node()
        key = self._key(arguments)
        if active is None or key is None:
            return self._function(**arguments)
        kept = self._step.cache.get(key)
        if kept is not None:
            value = self._replayed(kept, active)
            return iter_of(value) if isinstance(value, _Pieces) else value
        with _metrics_apart(active, key) as miss:
            value = self._function(**arguments)
        if isinstance(value, Generator):
            return self._kept_pieces(value, miss)  # pyright: ignore[reportUnknownArgumentType]
        self._keep(miss, value=value)
        return value

    async def call_async(self, **arguments: Any) -> Any:
        active = active_node()
        key = self._key(arguments)
        if active is None or key is None:
            return await _awaited(self._function(**arguments))
        kept = self._step.cache.get(key)
        if kept is not None:
            value = self._replayed(kept, active)
            return iter_of_async(value) if isinstance(value, _Pieces) else value
        with _metrics_apart(active, key) as miss:
            value = await _awaited(self._function(**arguments))
        if isinstance(value, AsyncGenerator):
            return self._kept_pieces_async(value, miss)  # pyright: ignore[reportUnknownArgumentType]
        if isinstance(value, Generator):
            return self._kept_pieces(value, miss)  # pyright: ignore[reportUnknownArgumentType]
        self._keep(miss, value=value)
        return value

    def _key(self, arguments: dict[str, Any]) -> str | None:
        try:
            return call_key(self._step.key, arguments)
        except NotCacheableError as error:
            self._say(f"an input cannot be part of a key: {error}")
            return None

    def _replayed(self, kept: Kept, active: ActiveNode) -> Any:
        """Fill in the record as the first call did, and return the value, or the pieces where it comes as a stream."""
        record = active.record
        record.cached = True
        record.model = kept.model
        record.saved_prompt_tokens, record.saved_completion_tokens = kept.prompt_tokens, kept.completion_tokens
        if kept.prompt_tokens is not None:
            record.prompt_tokens = record.completion_tokens = 0
        if kept.logs:
            record.logs.append(kept.logs)
        active.metrics.update(kept.metrics)
        if self._step.is_llm and isinstance(kept.value, str) and active.stream:
            return _Pieces([kept.value])
        if self._step.is_llm and kept.pieces is not None and not active.stream:
            return "".join(str(piece) for piece in kept.pieces)
        return kept.value if kept.pieces is None else _Pieces(kept.pieces)

    def _keep(self, miss: _Miss, *, value: Any = None, pieces: list[Any] | None = None) -> None:
        record = miss.active.record
        if miss.active.personal or miss.apart.personal:
            self._say("it depends on who asks")
            return
        if not is_json(value) or (pieces is not None and not is_json(pieces)):
            self._say(f"JSON does not give its result back as it is ({type(value if pieces is None else pieces[-1]).__qualname__})")
            return
        kept = Kept(
            value=value,
            pieces=pieces,
            model=record.model,
            prompt_tokens=record.prompt_tokens,
            completion_tokens=record.completion_tokens,
            logs="".join(record.logs[miss.logs_before :]),
            metrics=miss.metrics,
            seconds=(time.perf_counter_ns() - miss.started_ns) / 1e9,
        )
        if self._step.scrub is not None and _has_secret((value, pieces, kept.logs), self._step.scrub):
            self._say("its result has a secret value in it")
        elif not self._step.cache.put(miss.key, self._step.flow, self._step.node, kept):
            logger.debug("The result of node %r was not kept.", self._step.node)

    def _kept_pieces(self, source: Generator[Any, Any, Any], miss: _Miss) -> Generator[Any]:
        pieces: list[Any] = []
        for piece in source:
            pieces.append(piece)
            yield piece
        self._keep(miss, pieces=pieces)

    async def _kept_pieces_async(self, source: AsyncGenerator[Any, Any], miss: _Miss) -> AsyncGenerator[Any, None]:
        pieces: list[Any] = []
        try:
            async for piece in source:
                pieces.append(piece)
                yield piece
        finally:
            await source.aclose()
        self._keep(miss, pieces=pieces)

    def _say(self, reason: str) -> None:
        """Tell once why results of the node are not kept."""
        if reason not in self._said:
            self._said.add(reason)
            logger.warning("A result of node %r of flow %r is not kept: %s.", self._step.node, self._step.flow, reason)


class _Pieces(list[Any]):
    """The pieces of a stream."""


def iter_of(pieces: list[Any]) -> Generator[Any]:
    """Yield the pieces."""
    yield from pieces


async def iter_of_async(pieces: list[Any]) -> AsyncGenerator[Any, None]:
    """Yield the pieces on an event loop."""
    for piece in pieces:
        yield piece


async def _awaited(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


@contextmanager
def _metrics_apart(active: ActiveNode, key: str) -> Generator[_Miss]:
    """Let the block log its metrics apart, so that they can be kept, and give them to the line after it."""
    apart = copy(active)
    miss = _Miss(key, active, apart, time.perf_counter_ns(), len(active.record.logs))
    apart.metrics = miss.metrics
    set_active(apart)
    try:
        yield miss
    finally:
        active.metrics.update(miss.metrics)
        set_active(active)


def _has_secret(value: Any, scrub: Scrub) -> bool:
    if isinstance(value, str):
        return scrub(value) != value
    if isinstance(value, dict):
        return any(_has_secret(key, scrub) or _has_secret(item, scrub) for key, item in value.items())  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list | tuple):
        return any(_has_secret(item, scrub) for item in value)  # pyright: ignore[reportUnknownVariableType]
    return False
