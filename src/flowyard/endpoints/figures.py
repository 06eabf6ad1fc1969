"""What gateways count of deployments: told to the database about once a second, read by scaling, rollouts and whoever looks."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from flowyard.foundation.clock import NANOSECONDS, now_ns

#: Buckets of durations to a doubling: a percentile is known to 4.5 %.
_TO_A_DOUBLING = 8
# Of a gateway that has been silent for so long nothing is under way any more: it writes every second while there is.
_SILENT_NS = 5 * NANOSECONDS


def bucket_of(seconds: float) -> int:
    """Return the number of the bucket that a duration falls into."""
    return math.ceil(math.log2(max(seconds, 0.0001)) * _TO_A_DOUBLING)


def upper_end(bucket: int) -> float:
    """Return the longest duration of a bucket in seconds."""
    return 2.0 ** (bucket / _TO_A_DOUBLING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was counted of one deployment.

    Attributes:
        requests: those that were answered, with errors or without; one whose client went away is none.
        errors: of them, those that ended with an error, by its kind (an HTTP status, or the code of a problem).
        durations: how many took how long, by bucket.
        open_s: the requests under way, waiting ones included, summed over time: its increase is how many there were on average.
        in_flight: requests that replicas answer now.
        waiting: requests that wait for a replica now.
        replicas: requests that each replica answers now, by its name.
    """

    requests: int = 0
    errors: dict[str, int] = field(default_factory=dict[str, int])
    durations: dict[int, int] = field(default_factory=dict[int, int])
    open_s: float = 0.0
    in_flight: int = 0
    waiting: int = 0
    replicas: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def failed(self) -> int:
        """How many requests ended with an error."""
        return sum(self.errors.values())

    def quantile_s(self, share: float) -> float | None:
        """Return the duration in seconds that `share` of the requests stay within; None without requests."""
        left = share * sum(self.durations.values())
        for bucket, count in sorted(self.durations.items()):
            left -= count
            if left <= 0:
                return upper_end(bucket)
        return None

    def slower(self, seconds: float) -> int:
        """Return how many requests took longer, as far as buckets tell."""
        return sum(count for bucket, count in self.durations.items() if bucket > bucket_of(seconds))


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayCounts:
    """What one gateway has counted of one deployment since it started."""

    deployment_id: str
    gateway: str
    counts: Counts
    updated_ns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A request to a deployment with its answer, both as text."""

    deployment_id: str
    request: str
    answer: str


class FigureStore(Protocol):
    """Keeps what gateways count. Calls block."""

    def tell(self, rows: Sequence[GatewayCounts], samples: Sequence[Sample]) -> None:
        """Replace the gateways' rows of these deployments, and add samples."""
        ...

    def read(self, deployment_ids: Iterable[str]) -> Mapping[str, Sequence[GatewayCounts]]:
        """Return what gateways have counted, by deployment."""
        ...

    def take_samples(self, deployment_id: str) -> list[Sample]:
        """Return the samples of a deployment, and forget them."""
        ...

    def forget_before(self, updated_ns: int) -> None:
        """Forget the rows of gateways that have been silent since."""
        ...


def total(rows: Iterable[GatewayCounts], since: Mapping[str, Counts] | None = None) -> Counts:
    """Return the sum over gateways of what was counted after `since` (by gateway), and what is under way now."""
    silent = now_ns() - _SILENT_NS
    return merged(_after(row, (since or {}).get(row.gateway, Counts()), is_silent=row.updated_ns < silent) for row in rows)


def merged(parts: Iterable[Counts]) -> Counts:
    """Return the sum of several counts."""
    whole = list(parts)
    errors: Counter[str] = Counter()
    durations: Counter[int] = Counter()
    replicas: Counter[str] = Counter()
    for part in whole:
        errors.update(part.errors)
        durations.update(part.durations)
        replicas.update(part.replicas)
    return Counts(
        requests=sum(part.requests for part in whole),
        errors=dict(+errors),
        durations=dict(+durations),
        open_s=sum(part.open_s for part in whole),
        in_flight=sum(part.in_flight for part in whole),
        waiting=sum(part.waiting for part in whole),
        replicas=dict(replicas),
    )


def _after(row: GatewayCounts, before: Counts, *, is_silent: bool) -> Counts:
    now = row.counts
    return Counts(
        requests=now.requests - before.requests,
        errors={kind: count - before.errors.get(kind, 0) for kind, count in now.errors.items()},
        durations={bucket: count - before.durations.get(bucket, 0) for bucket, count in now.durations.items()},
        open_s=now.open_s - before.open_s,
        in_flight=0 if is_silent else now.in_flight,
        waiting=0 if is_silent else now.waiting,
        replicas={} if is_silent else now.replicas,
    )
