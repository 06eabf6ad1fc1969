"""What differences between runs show, in plain sentences: the only place where they are worded, for the studio, commands and reports."""

import math
from collections.abc import Sequence

from flowyard.wire.runs import ComparedName, ComparedSide, ComparedValue

#: The share of a score's range that is taken to matter, where nobody said what does: two points of a hundred.
USUAL_SHARE = 0.02


def usual_least(low: float, high: float) -> float | None:
    """Return the least difference that matters of a score whose values lie between `low` and `high`, in its unit.

    It is `USUAL_SHARE` of its range: from 0 to 1 where all values are in it, else as far as they go. None where they are all the same.
    """
    found = USUAL_SHARE * (1 if 0 <= low <= high <= 1 else high - low)
    return found if found > 0 and math.isfinite(found) else None


def about(count: int) -> str:
    """Return a count that is an estimate in two figures: ``1,200``."""
    return f"{int(float(f'{count:.2g}')):,}"


def shortfall(needed: int | None, rows: int, least: str, *, noun: str = "rows") -> str:
    """Return the end of a sentence that no difference is shown: how many rows would show `least`, which is told with its unit."""
    if needed is None:
        return ""
    return f"; about {about(needed)} {noun} would be needed to see {least}" if needed > rows else f"; the {noun} were enough to see {least}"


def sentences(sides: Sequence[ComparedSide], scores: Sequence[ComparedName], changed: int, total: int) -> tuple[str, ...]:
    """Return what a comparison shows: on how many rows outputs differ, then each score on each side; what is certain stands first.

    Args:
        sides: the first is what the others are compared with.
        scores: with a value for each side.
        changed: how many rows differ.
        total: of how many.
    """
    first, *others = sides
    if not others:
        return ()
    share = f"{100 * changed / max(total, 1):.0f} %"
    differ = (
        f"Outputs differ on {changed:,} of {_rows(total)} ({share})."
        if changed
        else f"The outputs are the same on {'all ' if total > 1 else ''}{_rows(total)}."
    )
    names = {score.name for score in scores}
    found = [
        (text, certain)
        for score in scores
        if score.name.removesuffix("_score") not in names - {score.name}  # evaluators write the score X as X_score, too
        for side, value in zip(others, score.values[1:], strict=True)
        for text, certain in _told(score, value, side.label, first.label)
    ]
    return (differ, *(text for text, certain in found if certain), *(text for text, certain in found if not certain))


def _told(score: ComparedName, value: ComparedValue, side: str, first: str) -> list[tuple[str, bool]]:
    """Return the sentence on a side's score and whether it is certain; none where no two rows have it on both sides."""
    if value.difference is None or value.low is None or value.high is None:
        return []
    name, rows, share = score.name, _rows(value.n or 0), score.share
    interval = f"95 % interval {_amount(value.low, share)} to {_amount(value.high, share)}, {rows}"
    if value.low > 0 or value.high < 0:
        word = "higher" if value.difference > 0 else "lower"
        return [(f"{name} is {_with_unit(abs(value.difference), share)} {word} in {side} than in {first} ({interval}).", True)]
    if value.low == value.high == 0:
        if name.endswith("_threshold"):
            return []  # one and the same setting is no finding
        return [(f"{name} is the same in {side} and {first} on all {rows} that both have.", False)]
    least = "" if score.least_difference is None else _with_unit(score.least_difference, share)
    end = shortfall(value.rows_needed, value.n or 0, least)
    return [(f"{name}: no difference between {side} and {first} is shown ({interval}){end}.", False)]


def _rows(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"


def _amount(value: float, share: bool) -> str:
    if share:
        return f"{100 * value:.1f}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _with_unit(value: float, share: bool) -> str:
    return f"{_amount(value, share)} points" if share else _amount(value, share)
