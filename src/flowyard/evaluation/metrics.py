"""The metrics of a run: what all rows' scores say together."""

import math
from collections.abc import Sequence
from statistics import fmean
from typing import cast

from flowyard.evaluation.model import Measure, Result
from flowyard.evaluation.statistics import Interval, mean_interval, wilson


def metrics(measures: Sequence[Measure], rows: Sequence[Result]) -> dict[str, float]:
    """Return the metrics of each measure, named by its key. A value that does not exist (a mean of nothing) is left out.

    ``<key>`` is the mean, ``<key>_low`` and ``<key>_high`` its 95 % interval; ``<key>_pass_rate`` is the share of rows that passed, with an
    interval likewise; ``<key>_count`` are the rows that have a score, ``<key>_invalid`` those that have none.
    """
    found: dict[str, float] = {}
    for measure in measures:
        found.update(_of(measure, rows))
    return found


def _of(measure: Measure, rows: Sequence[Result]) -> dict[str, float]:
    key = measure.key
    values = [value for row in rows if (value := score_of(row, key)) is not None]
    verdicts = [row.get(f"{measure.prefix}_result") for row in rows]
    passed, judged = verdicts.count("pass"), verdicts.count("pass") + verdicts.count("fail")
    found: dict[str, float] = {}
    if values:
        found[key] = fmean(values)
        found.update(_bounds(key, mean_interval(values)))
    if judged:
        found[f"{key}_pass_rate"] = passed / judged
        found.update(_bounds(f"{key}_pass_rate", wilson(passed, judged)))
    found[f"{key}_count"] = len(values)
    found[f"{key}_invalid"] = len(rows) - len(values)
    return found


def score_of(row: Result, key: str) -> float | None:
    """Return a row's number of that name, or None where it has no finite one."""
    value = cast("object", row.get(key))
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _bounds(name: str, interval: Interval | None) -> dict[str, float]:
    return {} if interval is None else {f"{name}_low": interval[0], f"{name}_high": interval[1]}
