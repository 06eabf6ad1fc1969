"""How times, amounts and moments of traces are written."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowyard.wire.shared import Money


def duration(ms: float) -> str:
    """Write milliseconds with three figures and the unit that suits them."""
    if ms < 1:
        return f"{ms * 1000:.0f} µs"
    if ms < 1000:
        return f"{ms:.3g} ms" if ms < 100 else f"{ms:.0f} ms"
    return f"{ms / 1000:.2f} s" if ms < 60_000 else f"{int(ms // 60_000)} min {ms % 60_000 / 1000:.0f} s"


def amount(cost: "Money | None") -> str:
    """Write an amount with its currency; one that is not known is ``unknown``."""
    if cost is None:
        return "unknown"
    micros = int(cost.micros)
    return f"{micros / 1_000_000:.6f}".rstrip("0").rstrip(".") + f" {cost.currency}"


def moment(at: str) -> str:
    """Write a time of RFC 3339 to the second."""
    return at[:19].replace("T", " ")
