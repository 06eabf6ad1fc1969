"""A node's ``retry`` and ``timeout_s``: the call is tried as often as it says, each time within its limit.

A generator is tried again until its first piece is there: what a reader has seen cannot be taken back. Its limit covers all of its pieces.
"""

import inspect
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, cast

from flowyard.flows.model import NodeSpec, RetryPolicy
from flowyard.flows.runtime.context import Scrub, active_node
from flowyard.flows.runtime.model_failures import model_failure
from flowyard.flows.runtime.plan import Executable
from flowyard.flows.runtime.record import FailedAttempt
from flowyard.flows.runtime.timeouts import call_within, timeout_error
from flowyard.foundation.errors import FlowyardError

_ONCE = RetryPolicy(max_attempts=1)
_LOOK_S = 0.1
_END = object()


def with_attempts(executable: Executable, node: NodeSpec, scrub: Scrub | None) -> Executable:
    """Return `executable` with the node's retry and time limit, itself when it has neither. Failed attempts go into the node's record."""
    if node.retry is None and node.timeout_s is None:
        return executable
    kind = _AsyncAttempts if executable.is_async else _SyncAttempts
    return replace(executable, call=kind(executable, node, scrub).call, quick=False)


def code_of(error: BaseException) -> str:
    """Return the code under which a failure is known: a model's as its node's record has it, ours, else the exception's class."""
    return model_failure(error) or (error.code if isinstance(error, FlowyardError) else type(error).__name__)


class _Attempts:
    def __init__(self, executable: Executable, node: NodeSpec, scrub: Scrub | None) -> None:
        self._function = executable.call
        self._node = node.name
        self._retry = node.retry or _ONCE
        self._limit_s = node.timeout_s
        self._scrub = scrub

    def _delay_after(self, error: BaseException, attempt: int, started_ns: int) -> float | None:
        """Note a failed attempt (counted from 1) and return the seconds to wait before the next; None when there is none."""
        if attempt >= self._retry.max_attempts or not self._worth_it(error) or _canceled():
            return None
        active = active_node()
        if active is not None:
            text = str(error)
            detail = self._scrub(text) if self._scrub else text
            duration_ns = time.perf_counter_ns() - started_ns
            active.record.failed_attempts.append(FailedAttempt(code=code_of(error), detail=detail, duration_ns=duration_ns))
        return self._retry.delay_s * self._retry.backoff ** (attempt - 1)

    def _worth_it(self, error: BaseException) -> bool:
        names = {kind.__name__ for kind in type(error).__mro__} | {code_of(error)}
        if isinstance(error, FlowyardError):
            names.add(error.code)
        return not self._retry.on or not names.isdisjoint(self._retry.on)


class _SyncAttempts(_Attempts):
    def call(self, **arguments: Any) -> Any:
        attempt = 0
        while True:
            attempt += 1
            started = time.perf_counter_ns()
            try:
                value = self._once(arguments)
                if not isinstance(value, Generator):
                    return value
                pieces = cast("Generator[Any]", value)
                return _rest(next(pieces, _END), pieces)
            except (Exception, SystemExit) as error:
                delay = self._delay_after(error, attempt, started)
                if delay is None or not _pause(delay):
                    raise

    def _once(self, arguments: dict[str, Any]) -> Any:
        if self._limit_s is None:
            return self._function(**arguments)
        return call_within(self._limit_s, self._node, lambda: self._function(**arguments))


class _AsyncAttempts(_Attempts):
    async def call(self, **arguments: Any) -> Any:
        import asyncio

        attempt = 0
        while True:
            attempt += 1
            started = time.perf_counter_ns()
            deadline = None if self._limit_s is None else asyncio.get_running_loop().time() + self._limit_s
            try:
                return await self._once(arguments, deadline)
            except (Exception, SystemExit) as error:
                delay = self._delay_after(error, attempt, started)
                if delay is None:
                    raise
            await asyncio.sleep(delay)

    async def _once(self, arguments: dict[str, Any], deadline: float | None) -> Any:
        async with self._until(deadline):
            value = self._function(**arguments)
            if inspect.isawaitable(value):
                value = await value
            if not isinstance(value, AsyncGenerator):
                return value
            first: Any = await anext(value, _END)  # pyright: ignore[reportUnknownArgumentType]
        return self._rest(first, value, deadline)  # pyright: ignore[reportUnknownArgumentType]

    async def _rest(self, piece: Any, source: AsyncGenerator[Any, Any], deadline: float | None) -> AsyncGenerator[Any, None]:
        try:
            while piece is not _END:
                yield piece
                async with self._until(deadline):
                    piece = await anext(source, _END)
        finally:
            await source.aclose()

    @asynccontextmanager
    async def _until(self, deadline: float | None) -> AsyncGenerator[None, None]:
        """Cancel the block at `deadline` (the loop's time).

        Raises:
            NodeTimeoutError: it was canceled.
        """
        import asyncio

        scope = asyncio.timeout_at(deadline)
        try:
            async with scope:
                yield
        except TimeoutError as error:
            if scope.expired():
                raise timeout_error(self._node, self._limit_s or 0.0) from error
            raise


def _rest(piece: Any, source: Generator[Any, Any, Any]) -> Generator[Any]:
    try:
        while piece is not _END:
            yield piece
            piece = next(source, _END)
    finally:
        source.close()


def _pause(seconds: float) -> bool:
    """Wait; False when the line was canceled meanwhile."""
    until = time.monotonic() + seconds
    while not _canceled() and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, _LOOK_S))
    return not _canceled()


def _canceled() -> bool:
    active = active_node()
    return active is not None and active.record.status == "canceled"
