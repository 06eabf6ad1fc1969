"""Limits of keys and workspaces: what is counted, how it is leased to gateways, and how limits are read and set.

A gateway decides in memory. What it may still let through it holds as a *lease*: a slice of what is left, cut off in the database for some
seconds. It tells what it used every half second and gets the next slice with the same call. A gateway that dies leaves its last
reports; its slice falls back when the lease ends, so a limit is overrun by no more than one slice a gateway.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Literal, Protocol, get_args

from flowyard.foundation.clock import DAY_NS, NANOSECONDS, now_ns
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.identity.audit import audit_record
from flowyard.identity.model import AuditRecord, Caller
from flowyard.identity.ports import KeyStore
from flowyard.wire.limits import KeyLimits, Limits, LimitUse, WorkspaceLimits

#: What is counted: requests and tokens of a minute, micro-dollars of a day and of a month.
Measure = Literal["requests", "tokens", "day", "month"]
MEASURES: tuple[Measure, ...] = get_args(Measure)

NO_LIMITS = Limits()
MICROS = 1_000_000
_MOST = 10**15
_MINUTE_NS = 60 * NANOSECONDS


def key_subject(key_id: str) -> str:
    """Return the name under which a key's use is counted."""
    return f"key:{key_id}"


def workspace_subject(workspace_id: str) -> str:
    """Return the name under which a workspace's use is counted."""
    return f"workspace:{workspace_id}"


def bounds_of(limits: Limits) -> dict[Measure, int]:
    """Return the bounds that are set, money in micro-dollars."""
    found: dict[Measure, int | None] = {
        "requests": limits.requests_per_minute,
        "tokens": limits.tokens_per_minute,
        "day": None if limits.dollars_per_day is None else round(limits.dollars_per_day * MICROS),
        "month": None if limits.dollars_per_month is None else round(limits.dollars_per_month * MICROS),
    }
    return {measure: bound for measure, bound in found.items() if bound is not None}


def window_of(measure: Measure, at_ns: int) -> tuple[int, int]:
    """Return begin and end (UTC nanoseconds) of the minute, day or month that `at_ns` lies in."""
    if measure in {"requests", "tokens"}:
        start = at_ns - at_ns % _MINUTE_NS
        return start, start + _MINUTE_NS
    if measure == "day":
        start = at_ns - at_ns % DAY_NS
        return start, start + DAY_NS
    at = datetime.fromtimestamp(at_ns // NANOSECONDS, UTC)
    first = datetime(at.year, at.month, 1, tzinfo=UTC)
    after = datetime(at.year + at.month // 12, at.month % 12 + 1, 1, tzinfo=UTC)
    return int(first.timestamp()) * NANOSECONDS, int(after.timestamp()) * NANOSECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A gateway's report and wish for one count: what it used since its last one, and what it needs at least (None: it gives back)."""

    subject: str
    measure: Measure
    start_ns: int
    bound: int
    spent: int
    need: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The slice that a gateway may use now, and what is left for others and later."""

    amount: int
    beyond: int


class LeaseStore(Protocol):
    """Counts what is used, and leases what is left."""

    def renew(self, holder: str, asks: Sequence[Ask]) -> list[Grant]:
        """Add what `holder` has spent, and replace its slices by new ones, all in one transaction; the answers are in the order of `asks`.

        A slice is a tenth of what is left, at least what is needed, and never more than is left when the unexpired slices of
        others are taken off. What is spent above a bound is counted all the same. A count begins anew with its window.
        """
        ...

    def used(self, subjects: Sequence[str]) -> Mapping[str, Mapping[Measure, int]]:
        """Return what each subject has used in the present windows."""
        ...


class LimitStore(Protocol):
    """Keeps the limits of workspaces. Those of keys are kept with the keys."""

    def get(self, workspace_id: str) -> Limits | None:
        """Return a workspace's limits; None when none were set."""
        ...

    def put(self, workspace_id: str, limits: Limits, audit: AuditRecord) -> None:
        """Set a workspace's limits and append the event ``limits``."""
        ...


class LimitService:
    """The limits of the caller's workspace, and what was used."""

    def __init__(self, store: LimitStore, keys: KeyStore, leases: LeaseStore) -> None:
        self._store = store
        self._keys = keys
        self._leases = leases

    def get(self, caller: Caller) -> WorkspaceLimits:
        """Return the workspace's limits and use, and those of each active key that has limits."""
        now = now_ns()
        limited = [key for key in self._keys.in_workspace(caller.workspace_id) if key.limits != NO_LIMITS and key.active(now)]
        whole = workspace_subject(caller.workspace_id)
        used = self._leases.used([whole, *(key_subject(key.id) for key in limited)])
        return WorkspaceLimits(
            limits=self._store.get(caller.workspace_id) or NO_LIMITS,
            used=_use(used.get(whole, {})),
            keys=tuple(KeyLimits(key=key.name, limits=key.limits, used=_use(used.get(key_subject(key.id), {}))) for key in limited),
        )

    def set(self, caller: Caller, limits: Limits) -> WorkspaceLimits:
        """Put the workspace's limits in the place of those before; gateways know them within a second.

        Raises:
            InvalidInputError: a bound is below zero or beyond all reason.
        """
        check_limits(limits)
        self._store.put(caller.workspace_id, limits, audit_record(caller, "limits.set", "limits/workspace", asdict(limits)))
        return self.get(caller)


def check_limits(limits: Limits, pointer: str = "") -> None:
    """Check every bound; `pointer` is where the limits stand in the body.

    Raises:
        InvalidInputError: one is below zero or beyond all reason.
    """
    for name, value in asdict(limits).items():
        # Written so that a NaN is refused too.
        if isinstance(value, int | float) and not 0 <= value * MICROS <= _MOST * MICROS:
            raise InvalidInputError(
                f"{name} is {value}.",
                remedy=f"Give a number from 0 (nothing passes) to {_MOST}, or null for no limit.",
                location=Location(pointer=f"{pointer}/{name}"),
            )


def _use(used: Mapping[Measure, int]) -> LimitUse:
    return LimitUse(
        requests_this_minute=used.get("requests", 0),
        tokens_this_minute=used.get("tokens", 0),
        dollars_today=used.get("day", 0) / MICROS,
        dollars_this_month=used.get("month", 0) / MICROS,
    )
