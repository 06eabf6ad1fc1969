"""Limits at the gateway: decided in memory against leased slices, which a task renews beside the requests (see `identity.limits`)."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flowyard.endpoints.errors import BudgetSpentError, LimitedError, LimitReachedError
from flowyard.foundation.clock import NANOSECONDS, to_rfc3339
from flowyard.foundation.ids import new_id
from flowyard.identity.limits import Ask, Grant, LeaseStore, Measure, window_of

log = logging.getLogger(__name__)

_EVERY_S = 0.5
_IDLE_S = 5.0
# So long nobody asks the database again for what it did not have.
_SHORT_S = 0.25
_WAIT_S = 2.0
_TRIES = 4

_WORDS: dict[Measure, str] = {"requests": "requests a minute", "tokens": "tokens a minute", "day": "a day", "month": "a month"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Limits of one subject. `name` is how messages call it, `remedy` the command that changes its limits."""

    subject: str
    name: str
    remedy: str
    bounds: Mapping[Measure, int]


class _Gauge:
    """One count as this gateway knows it: what it may still let through, and what it has not told yet."""

    __slots__ = (
        "beyond",
        "bound",
        "end_ns",
        "granted",
        "measure",
        "need",
        "open",
        "short_until",
        "slice",
        "spent",
        "start_ns",
        "subject",
        "used_at",
    )

    def __init__(self, subject: str, measure: Measure, bound: int, now_ns: int) -> None:
        self.subject = subject
        self.measure: Measure = measure
        self.bound = bound
        self.start_ns, self.end_ns = window_of(measure, now_ns)
        self.granted = self.slice = self.spent = self.need = self.open = 0
        self.beyond = bound
        self.used_at = self.short_until = 0.0

    def look(self, bound: int, now_ns: int) -> None:
        """Take a changed limit, and begin anew with a new window."""
        if now_ns >= self.end_ns or bound != self.bound:
            if now_ns >= self.end_ns:
                self.start_ns, self.end_ns = window_of(self.measure, now_ns)
                self.spent = 0
            self.bound, self.beyond = bound, bound
            self.granted = self.slice = 0
            self.short_until = 0.0

    def left(self) -> int:
        return max(0, min(self.bound, self.granted + self.beyond))

    def take(self, amount: int) -> None:
        self.granted -= amount
        self.spent += amount


class Hold:
    """What one request has reserved. Settle it once with what it really used; what is not settled stays as reserved."""

    __slots__ = ("_taken", "limiter")

    def __init__(self, limiter: "Limiter", taken: list[tuple[_Gauge, int, int]]) -> None:
        self.limiter = limiter
        self._taken = taken

    def settle(self, *, tokens: int | None, cost_micros: int | None) -> None:
        """Put what was used in the place of what was reserved: None, when it is not known, leaves that. A request stays a request."""
        for gauge, amount, start_ns in self._taken:
            gauge.open -= 1
            real = {"requests": amount, "tokens": tokens}.get(gauge.measure, cost_micros)
            if real is not None and gauge.start_ns == start_ns:
                gauge.take(real - amount)
        self._taken = []

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return the headers that tell what is left."""
        return headers_of(gauge for gauge, _, _ in self._taken)


class Limiter:
    """Lets requests through while there is something left. Belongs to one event loop; the store is asked in threads.

    Args:
        store: what is left in the database.
        every_s: how often what was used is told and slices are renewed.
    """

    def __init__(self, store: LeaseStore, *, every_s: float = _EVERY_S) -> None:
        self._store = store
        self._every_s = every_s
        self._holder = new_id()
        self._gauges: dict[tuple[str, Measure], _Gauge] = {}
        self._renewing: asyncio.Task[None] | None = None
        self._asked = False
        self._loop: asyncio.Task[None] | None = None
        self._told_at = time.monotonic()
        #: The database does not answer: each gateway lets through what the limit gives in the time that passes.
        self.local = False
        #: Requests that were refused, by what they were too many of.
        self.refused: Counter[Measure] = Counter()

    async def hold(self, bounds: list[Bound], *, tokens: int = 0, cost_micros: int = 0) -> Hold:
        """Reserve a request with so many tokens and so much cost, of every limit that `bounds` has or of none.

        Only when the slice in memory does not suffice is the database asked, once for all that wait.

        Raises:
            LimitReachedError: a limit of a minute is reached, or smaller than this one request.
            BudgetSpentError: the budget of a day or month is spent.
        """
        amounts: dict[Measure, int] = {"requests": 1, "tokens": tokens, "day": cost_micros, "month": cost_micros}
        now = time.time_ns()
        wanted = [
            (bound, self._gauge(bound, measure, most, now), amounts[measure]) for bound in bounds for measure, most in bound.bounds.items()
        ]
        for attempt in range(_TRIES):
            lacking = next(((bound, gauge, amount) for bound, gauge, amount in wanted if not _suffices(gauge, amount)), None)
            if lacking is None:
                return self._take([(gauge, amount) for _, gauge, amount in wanted])
            bound, gauge, amount = lacking
            if attempt == _TRIES - 1 or gauge.short_until > time.monotonic() or amount > gauge.bound:
                self.refused[gauge.measure] += 1
                refused = _refusal(bound, gauge, amount)
                refused.headers += tuple(headers_of(one for _, one, _ in wanted))
                raise refused
            await self._more(wanted)
        raise AssertionError("unreachable: the last try returns or raises")

    async def close(self) -> None:
        """Tell what was used, and give back what was not."""
        if self._loop is not None:
            self._loop.cancel()
        for gauge in self._gauges.values():
            gauge.used_at, gauge.open = 0.0, 0
        if self._gauges:
            await self._renew()

    def _gauge(self, bound: Bound, measure: Measure, most: int, now: int) -> _Gauge:
        gauge = self._gauges.get((bound.subject, measure))
        if gauge is None:
            gauge = self._gauges[bound.subject, measure] = _Gauge(bound.subject, measure, most, now)
        else:
            gauge.look(most, now)
        return gauge

    def _take(self, wanted: list[tuple[_Gauge, int]]) -> Hold:
        now, early = time.monotonic(), False
        for gauge, amount in wanted:
            gauge.take(amount)
            gauge.open += 1
            gauge.used_at = now
            early = early or gauge.granted * 2 < gauge.slice
        if self._loop is None:
            self._loop = asyncio.create_task(self._run())
        if early and self._renewing is None:
            self._start()
        return Hold(self, [(gauge, amount, gauge.start_ns) for gauge, amount in wanted])

    async def _more(self, wanted: list[tuple[Bound, _Gauge, int]]) -> None:
        """Wait for slices that hold these amounts too."""
        if self._renewing is None or not self._asked:
            for _, gauge, amount in wanted:
                gauge.need += amount
                gauge.used_at = time.monotonic()
        # One that has asked already knows nothing of us; what it brings may suffice all the same.
        await self._wait(self._renewing or self._start())

    async def _wait(self, renewal: "asyncio.Task[None]") -> None:
        done, _ = await asyncio.wait({renewal}, timeout=_WAIT_S)
        if not done:
            self._go_local(TimeoutError(f"no answer for {_WAIT_S} s"))

    def _start(self) -> "asyncio.Task[None]":
        self._asked = False
        self._renewing = asyncio.create_task(self._renew())
        self._renewing.add_done_callback(self._renewed)
        return self._renewing

    def _renewed(self, task: "asyncio.Task[None]") -> None:
        self._renewing = None
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("Limits could not be renewed", exc_info=error)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            if self._gauges and self._renewing is None:
                await self._wait(self._start())

    async def _renew(self) -> None:
        now, at = time.time_ns(), time.monotonic()
        gauges = list(self._gauges.values())
        asks: list[Ask] = []
        for gauge in gauges:
            gauge.look(gauge.bound, now)
            idle = at - gauge.used_at > _IDLE_S and not gauge.open
            if idle:
                del self._gauges[gauge.subject, gauge.measure]
            need = None if idle else gauge.need
            asks.append(
                Ask(subject=gauge.subject, measure=gauge.measure, start_ns=gauge.start_ns, bound=gauge.bound, spent=gauge.spent, need=need)
            )
            gauge.need = 0
        self._asked = True
        try:
            grants = await asyncio.to_thread(self._store.renew, self._holder, asks)
        except Exception as error:  # noqa: BLE001  # whatever the driver raises: requests go on
            self._go_local(error)
            return
        if self.local:
            self.local = False
            log.warning("Limits are leased from the database again")
        self._told_at = at
        for gauge, ask, grant in zip(gauges, asks, grants, strict=True):
            _granted(gauge, ask, grant)

    def _go_local(self, error: Exception) -> None:
        """Let through what the limits give in the time since the last lease."""
        if not self.local:
            self.local = True
            log.error("Limits cannot be leased; this gateway goes on at the rate of each limit until they can be: %s", error)
        at = time.monotonic()
        passed_ns = (at - self._told_at) * NANOSECONDS
        self._told_at = at
        for gauge in self._gauges.values():
            given = int(gauge.bound * passed_ns / (gauge.end_ns - gauge.start_ns))
            given = min(max(given, 1 if gauge.granted <= 0 else 0), gauge.beyond)
            gauge.granted += given
            gauge.beyond -= given
            gauge.need = 0


def headers_of(gauges: Iterable[_Gauge]) -> list[tuple[bytes, bytes]]:
    """Return OpenAI's headers: what the tightest limit of each kind leaves, and when it is whole again."""
    found: list[tuple[bytes, bytes]] = []
    held = list(gauges)
    for measure in ("requests", "tokens"):
        counted = [gauge for gauge in held if gauge.measure == measure]
        if counted:
            found += _headers(measure, min(counted, key=_Gauge.left))
    return found


def _granted(gauge: _Gauge, ask: Ask, grant: Grant) -> None:
    if gauge.start_ns != ask.start_ns:
        return
    gauge.spent -= ask.spent
    if gauge.bound != ask.bound:
        return
    gauge.slice = grant.amount
    # What was let through while the database answered is told next time, and comes off this slice.
    gauge.granted = grant.amount - gauge.spent
    gauge.beyond = grant.beyond
    if grant.beyond <= 0 and grant.amount <= (ask.need or 0):
        gauge.short_until = time.monotonic() + _SHORT_S


def _suffices(gauge: _Gauge, amount: int) -> bool:
    # A limit of zero lets nothing through, not even what costs nothing.
    return gauge.granted >= amount and (gauge.granted > 0 or gauge.bound > 0)


def _refusal(bound: Bound, gauge: _Gauge, amount: int) -> LimitedError:
    wait_s = max(1, -(-(gauge.end_ns - time.time_ns()) // NANOSECONDS))
    extra = {"limit": gauge.measure, "subject": bound.name, "retry_after_s": wait_s, "resets_at": to_rfc3339(gauge.end_ns)}
    if gauge.measure in {"day", "month"}:
        return BudgetSpentError(
            f"The {bound.name} has a budget of ${gauge.bound / 1e6:g} {_WORDS[gauge.measure]}, of which ${gauge.left() / 1e6:g} is left; "
            f"this request may cost ${amount / 1e6:g}.",
            remedy=f"The budget begins anew at {to_rfc3339(gauge.end_ns)}; to raise it: {bound.remedy}",
            extra=extra,
        )
    size = f" and this request may take {amount}" if gauge.measure == "tokens" else ""
    told = f"The {bound.name} may use {gauge.bound} {_WORDS[gauge.measure]}, of which {gauge.left()} are left{size}."
    if amount > gauge.bound > 0:
        del extra["retry_after_s"]
        return LimitReachedError(told, remedy=f"Set a lower max_tokens or send less; to raise the limit: {bound.remedy}", extra=extra)
    return LimitReachedError(told, remedy=f"Try again in {wait_s} s; to raise the limit: {bound.remedy}", extra=extra)


def _headers(measure: str, gauge: _Gauge) -> list[tuple[bytes, bytes]]:
    name = measure.encode()
    reset = max(0, gauge.end_ns - time.time_ns()) // NANOSECONDS
    return [
        (b"x-ratelimit-limit-" + name, b"%d" % gauge.bound),
        (b"x-ratelimit-remaining-" + name, b"%d" % gauge.left()),
        (b"x-ratelimit-reset-" + name, b"%ds" % reset),
    ]
