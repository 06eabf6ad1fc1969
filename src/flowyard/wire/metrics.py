"""Which metrics belong together."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricParts:
    """The names of the metrics that say more of one, where there are such.

    Attributes:
        low, high: the bounds of its 95 % interval.
        count: how many rows it rests on.
        invalid: how many rows have none.
    """

    low: str | None = None
    high: str | None = None
    count: str | None = None
    invalid: str | None = None
