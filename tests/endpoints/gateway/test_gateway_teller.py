"""What a gateway tells once a second: what is new of each account, and again what was not told."""

import asyncio
import logging
from collections.abc import Callable

import pytest

from flowyard.endpoints.gateway.teller import Teller


class Account:
    """Tells numbers to a list; fails while `away`."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.new = 0
        self.away = False
        self.told: list[int] = []

    def news(self) -> Callable[[], None] | None:
        if not self.new:
            return None
        number, self.new = self.new, 0

        def tell() -> None:
            if self.away:
                raise ConnectionError("the database is away")
            self.told.append(number)

        self._last = number
        return tell

    def untold(self) -> None:
        self.new += self._last


def test_what_is_not_told_is_told_later_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    first, second = Account("What is first"), Account("What is second")
    teller = Teller((first, second))
    first.away, first.new, second.new = True, 1, 7
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            asyncio.run(teller.tell())
    assert (first.told, second.told) == ([], [7])
    assert [record.getMessage() for record in caplog.records] == ["What is first cannot be told now: the database is away"]
    first.away = False
    first.new += 1
    asyncio.run(teller.tell())
    assert first.told == [2]
    first.away, first.new = True, 1
    with caplog.at_level(logging.WARNING):
        asyncio.run(teller.tell())
    assert len(caplog.records) == 2


def test_what_is_new_at_the_end_is_told() -> None:
    account = Account("What is new")

    async def live() -> None:
        teller = Teller((account,), every_s=3600)
        teller.start()
        await asyncio.sleep(0)
        account.new = 5
        await teller.close()

    asyncio.run(live())
    assert account.told == [5]
