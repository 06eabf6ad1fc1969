"""How far a run is, in words."""

from flowyard.wire.runs import RunCounts
from flowyard.wire.shared import Money


def progress_words(counts: RunCounts) -> str:
    """Return what a bar beside the words does not tell: failures, speed, tokens, cost, time left."""
    words = [f"{counts.failed:,} failed"] if counts.failed else []
    if counts.rows_per_second is not None:
        words.append(f"{speed(counts.rows_per_second)} rows/s")
    if counts.prompt_tokens or counts.completion_tokens:
        words.append(f"{counts.prompt_tokens + counts.completion_tokens:,} tokens")
    if counts.cost is not None and counts.cost.micros != "0":
        words.append(f"{money(counts.cost)}{' and unpriced calls' if counts.unpriced_calls else ''}")
    if counts.seconds_left:
        words.append(f"{duration(counts.seconds_left)} left")
    return ", ".join(words)


def speed(rows_per_second: float) -> str:
    """Return a speed with as many digits as mean something."""
    return f"{rows_per_second:,.0f}" if rows_per_second >= 10 else f"{rows_per_second:.1f}"


def money(amount: Money) -> str:
    """Return an amount: cents, and four more digits where it is less than one."""
    value = int(amount.micros) / 1e6
    shown = f"{value:,.2f}" if abs(value) >= 1 or value == 0 else f"{value:.6f}".rstrip("0")
    return f"{shown} {amount.currency}"


def duration(seconds: float) -> str:
    """Return a time as ``8 s``, ``2 min 5 s`` or ``3 h 20 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
