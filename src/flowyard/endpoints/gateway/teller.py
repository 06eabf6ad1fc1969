"""Once a second the gateway tells what it knows: the database how it fares and what deployments do, its peers what it counts."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Protocol

log = logging.getLogger(__name__)

_EVERY_S = 1.0


class Account(Protocol):
    """Something that is told. Belongs to the teller's event loop."""

    @property
    def what(self) -> str:
        """What it is, as the beginning of a sentence."""
        ...

    def news(self) -> Callable[[], None] | None:
        """Return a call, made in a thread, that tells what has changed since it was told last; None: nothing has."""
        ...

    def untold(self) -> None:
        """What `news` returned last was not told."""
        ...


class Teller:
    """Tells what is new of several accounts, one after the other. Belongs to one event loop."""

    def __init__(self, accounts: Sequence[Account], *, every_s: float = _EVERY_S) -> None:
        self._accounts = accounts
        self._every_s = every_s
        self._failing: set[str] = set()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to tell."""
        self._loop = asyncio.create_task(self._tell_on())

    async def close(self) -> None:
        """Tell what has not been told yet, and stop. What is silent has ended."""
        if self._loop is not None:
            self._loop.cancel()
            await self.tell()

    async def tell(self) -> None:
        """Tell what is new. Requests go on whatever becomes of it: what was not told is told the next time, whole."""
        for account in self._accounts:
            news = account.news()
            if news is None:
                continue
            try:
                await asyncio.to_thread(news)
            except Exception as error:  # noqa: BLE001  # see above; said once, until it works again
                account.untold()
                if account.what not in self._failing:
                    self._failing.add(account.what)
                    log.warning("%s cannot be told now: %s", account.what, error)
            else:
                self._failing.discard(account.what)

    async def _tell_on(self) -> None:
        while True:
            await self.tell()
            await asyncio.sleep(self._every_s)
