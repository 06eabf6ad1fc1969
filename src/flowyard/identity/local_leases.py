"""Counts and leases of limits within one process: `identity.limits.LeaseStore` for a gateway that has no database."""

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence

from flowyard.identity.limits import Ask, Grant, Measure


class LocalLeases:
    """`identity.limits.LeaseStore` in memory. Leases end only when they are given back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._used: dict[tuple[str, Measure], tuple[int, int]] = {}
        self._held: defaultdict[tuple[str, Measure, int], dict[str, int]] = defaultdict(dict)

    def renew(self, holder: str, asks: Sequence[Ask]) -> list[Grant]:
        """See `LeaseStore.renew`."""
        with self._lock:
            return [self._renew(holder, ask) for ask in asks]

    def used(self, subjects: Sequence[str]) -> Mapping[str, Mapping[Measure, int]]:
        """See `LeaseStore.used`."""
        found: dict[str, dict[Measure, int]] = {}
        for (subject, measure), (_, used) in self._used.items():
            if subject in subjects:
                found.setdefault(subject, {})[measure] = used
        return found

    def _renew(self, holder: str, ask: Ask) -> Grant:
        place = (ask.subject, ask.measure)
        start_ns, used = self._used.get(place, (ask.start_ns, 0))
        used = ask.spent + (used if start_ns == ask.start_ns else 0)
        self._used[place] = (ask.start_ns, used)
        held = self._held[*place, ask.start_ns]
        held.pop(holder, None)
        left = max(0, ask.bound - used - sum(held.values()))
        amount = 0 if ask.need is None else min(left, max(ask.need, -(-left // 10)))
        held[holder] = amount
        return Grant(amount=amount, beyond=left - amount)
