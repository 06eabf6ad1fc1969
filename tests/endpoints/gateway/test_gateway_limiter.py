"""The limiter alone: slices in memory over a store that tests can break."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import pytest

from flowyard.endpoints.errors import BudgetSpentError, LimitReachedError
from flowyard.endpoints.gateway.limits import Bound, Limiter
from flowyard.identity.limits import Ask, Grant, Measure
from flowyard.storage.sql.limits import SqlLeaseStore


class Store:
    """`LeaseStore` over SQL that counts calls and can be away."""

    def __init__(self, engine: Any) -> None:
        self.inner = SqlLeaseStore(engine)
        self.calls = 0
        self.away = False
        self.slow_s = 0.0

    def renew(self, holder: str, asks: Sequence[Ask]) -> list[Grant]:
        self.calls += 1
        time.sleep(self.slow_s)
        if self.away:
            raise ConnectionError("the database is away")
        return self.inner.renew(holder, asks)

    def used(self, subjects: Sequence[str]) -> Any:
        return self.inner.used(subjects)


def bound(**bounds: int) -> list[Bound]:
    given: dict[Measure, int] = dict(bounds.items())  # type: ignore[misc]
    return [Bound(subject="key:k", name="key 'ci'", remedy="flowyard key update ci", bounds=given)]


@pytest.fixture
def store(engine: Any) -> Store:
    return Store(engine)


async def passed(limiter: Limiter, bounds: list[Bound], times: int, **amounts: int) -> int:
    """Return how many of so many requests at once are let through."""
    done = await asyncio.gather(*(limiter.hold(bounds, **amounts) for _ in range(times)), return_exceptions=True)
    assert all(isinstance(one, LimitReachedError | BudgetSpentError) or not isinstance(one, BaseException) for one in done)
    return sum(not isinstance(one, BaseException) for one in done)


async def test_exactly_the_limit_passes_and_the_refusal_says_which_and_when(store: Store) -> None:
    limiter = Limiter(store)
    assert await passed(limiter, bound(day=25), 40, cost_micros=1) == 25
    with pytest.raises(BudgetSpentError) as refused:
        await limiter.hold(bound(day=25), cost_micros=1)
    assert "key 'ci' has a budget of $2.5e-05 a day" in str(refused.value)
    assert refused.value.extra["resets_at"].endswith("T00:00:00.000000Z")
    assert 0 < refused.value.extra["retry_after_s"] <= 86_400
    assert limiter.refused["day"] == 16
    await limiter.close()


async def test_many_requests_cost_few_calls_of_the_database(store: Store) -> None:
    limiter = Limiter(store, every_s=60)
    for _ in range(500):
        (await limiter.hold(bound(month=10_000_000), cost_micros=100)).settle(tokens=0, cost_micros=100)
    assert store.calls <= 3
    await limiter.close()
    assert store.used(["key:k"]) == {"key:k": {"month": 50_000}}


async def test_what_was_reserved_too_much_comes_back_and_too_little_is_taken(store: Store) -> None:
    limiter = Limiter(store)
    hold = await limiter.hold(bound(day=1000), cost_micros=900)
    with pytest.raises(BudgetSpentError):
        await limiter.hold(bound(day=1000), cost_micros=200)
    hold.settle(tokens=None, cost_micros=10)
    await asyncio.sleep(0.3)
    held = await limiter.hold(bound(day=1000), cost_micros=200)
    held.settle(tokens=None, cost_micros=5000)
    await asyncio.sleep(0.3)
    with pytest.raises(BudgetSpentError):
        await limiter.hold(bound(day=1000), cost_micros=1)
    await limiter.close()
    assert store.used(["key:k"])["key:k"]["day"] == 5010


async def test_two_gateways_together_let_through_the_limit_and_a_killed_one_loses_at_most_its_slice(store: Store) -> None:
    first, second = Limiter(store), Limiter(store)
    counts = [0, 0]

    async def use(limiter: Limiter, index: int, most: int) -> None:
        while counts[index] < most:
            try:
                await limiter.hold(bound(day=2000), cost_micros=1)
            except BudgetSpentError:
                return
            counts[index] += 1
            await asyncio.sleep(0)

    await asyncio.gather(use(first, 0, 600), use(second, 1, 300))
    # Killed: no report and nothing given back. What it let through since its last report nobody knows.
    first._loop.cancel()  # type: ignore[union-attr]
    left_behind = 2000 // 10
    await asyncio.sleep(3.2)
    await use(second, 1, 10_000)
    assert 2000 - left_behind <= sum(counts) <= 2000 + left_behind
    await second.close()


async def test_without_the_database_the_slice_goes_on_and_then_the_limits_own_rate(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    limiter = Limiter(store, every_s=0.1)
    await limiter.hold(bound(day=86_400_000), cost_micros=1)
    await asyncio.sleep(0.05)
    store.away = True
    assert await passed(limiter, bound(day=86_400_000), 100, cost_micros=1000) == 100
    await asyncio.sleep(0.3)
    assert limiter.local
    # The slice is a tenth: what is above comes at 1,000 a second.
    with pytest.raises(BudgetSpentError):
        await limiter.hold(bound(day=86_400_000), cost_micros=9_000_000)
    assert [record.levelname for record in caplog.records].count("ERROR") == 1
    store.away = False
    await asyncio.sleep(0.3)
    assert not limiter.local
    await limiter.hold(bound(day=86_400_000), cost_micros=9_000_000)
    await limiter.close()


async def test_a_changed_limit_holds_at_once(store: Store) -> None:
    limiter = Limiter(store)
    await limiter.hold(bound(day=10), cost_micros=10)
    assert await passed(limiter, bound(day=20), 20, cost_micros=1) == 10
    assert await passed(limiter, bound(day=5), 1, cost_micros=1) == 0
    await limiter.close()


async def test_a_limit_of_nothing_and_a_request_beyond_the_limit_are_refused_without_asking(store: Store) -> None:
    limiter = Limiter(store)
    with pytest.raises(LimitReachedError):
        await limiter.hold(bound(requests=0))
    with pytest.raises(LimitReachedError) as refused:
        await limiter.hold(bound(tokens=100), tokens=101)
    assert "retry_after_s" not in refused.value.extra
    assert "lower max_tokens" in str(refused.value)
    assert store.calls == 0


async def test_a_refused_request_reserves_nothing_of_other_limits(store: Store) -> None:
    limiter = Limiter(store)
    for _ in range(5):
        with pytest.raises(LimitReachedError):
            await limiter.hold(bound(month=100, tokens=10), tokens=11, cost_micros=10)
    assert await passed(limiter, bound(month=100, tokens=1000), 10, tokens=1, cost_micros=10) == 10
    await limiter.close()
