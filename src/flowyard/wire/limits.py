"""What a key, and a workspace, may use at the gateway."""

from dataclasses import dataclass
from typing import Literal

UnknownPrice = Literal["allow", "refuse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of use, None without one. Minutes, days and months are those of UTC; amounts are US dollars.

    `unknown_price` says what becomes of calls to models that the price list does not have, where there is a budget: ``allow`` counts
    them as costing nothing, ``refuse`` turns them away.
    """

    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    dollars_per_day: float | None = None
    dollars_per_month: float | None = None
    unknown_price: UnknownPrice = "allow"


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitUse:
    """What was used so far of the present minute, day and month (UTC), by what gateways have told: they do every half second.

    Only what has a limit is counted.
    """

    requests_this_minute: int = 0
    tokens_this_minute: int = 0
    dollars_today: float = 0.0
    dollars_this_month: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLimits:
    """A key's limits, and what it used of them."""

    key: str
    limits: Limits
    used: LimitUse


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceLimits:
    """The limits of a workspace as a whole, what was used of them, and the same of each key that has limits of its own."""

    limits: Limits
    used: LimitUse
    keys: tuple[KeyLimits, ...] = ()
