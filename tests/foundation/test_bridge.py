"""Synchronous calls into asynchronous code."""

import asyncio
from collections.abc import AsyncGenerator
from contextvars import ContextVar

import pytest

from flowyard.foundation import bridge

SPAN: ContextVar[str] = ContextVar("span", default="none")


async def numbers(closed: list[bool]) -> AsyncGenerator[int, None]:
    try:
        for number in range(3):
            await asyncio.sleep(0)
            yield number
    finally:
        closed.append(True)


def test_runs_and_raises() -> None:
    async def fail() -> None:
        raise ValueError("no")

    assert bridge.run(asyncio.sleep(0, "done")) == "done"
    with pytest.raises(ValueError, match="no"):
        bridge.run(fail())


def test_carries_the_callers_context() -> None:
    async def read() -> str:
        return SPAN.get()

    token = SPAN.set("mine")
    try:
        assert bridge.run(read()) == "mine"
    finally:
        SPAN.reset(token)


def test_iterates_and_closes() -> None:
    closed: list[bool] = []
    assert list(bridge.iterate(numbers(closed))) == [0, 1, 2]
    some = bridge.iterate(numbers(closed))
    next(some)
    some.close()  # type: ignore[attr-defined]
    assert closed == [True, True]
